#pragma once

#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "contact_info_service.hpp"
#include "customer_rules.hpp"
#include "customer_service.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/customers/sql/migrations.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/testing/database.hpp"

namespace lintel::customers {

using namespace std::chrono_literals;
using nlohmann::json;

inline telemetry::Context soon()
{
    return telemetry::Context::start(10s);
}

struct Database : testing::Database {
    Database() : testing::Database("customers") { storage::Migrator(url()).run(sql::all_migrations); }
};

/// One replica, as far as callers are concerned.
struct Replica {
    explicit Replica(const Database& database) : pool(threads.executor(), metrics, {.url = database.url()}) {}

    contracts::CustomerCreated create(const json& request, const std::string& key = {})
    {
        return core::sync_wait(customers.create(soon(), contracts::parse_customer_create(request), key));
    }
    contracts::Customer show(const core::Id& id) { return core::sync_wait(customers.get(soon(), id)); }
    contracts::Customer patch(const core::Id& id, const json& patch, core::ExpectedVersions versions = {},
                              const std::string& key = {})
    {
        contracts::CustomerUpdate request{id, core::dump_json(patch), std::move(versions)};
        return core::sync_wait(customers.update(soon(), std::move(request), key));
    }
    contracts::Customer remove(const core::Id& id, core::ExpectedVersions versions = {},
                               const std::string& key = {})
    {
        return core::sync_wait(customers.remove(soon(), {id, std::move(versions)}, key));
    }
    contracts::CustomerPage list(const json& filter)
    {
        return core::sync_wait(customers.list(soon(), contracts::parse_customer_list(filter)));
    }
    /// The names of all pages, in their order.
    std::string names(json filter, int page_size = 50)
    {
        std::string all;
        filter["pageSize"] = page_size;
        for (bool more = true; more;) {
            const auto page = list(filter);
            for (const auto& customer : page.items)
                all += customer.name + ' ';
            more = page.next_page_token.has_value();
            if (more) filter["pageToken"] = *page.next_page_token;
        }
        return all;
    }

    contracts::ContactInfoCreated add(const core::Id& customer, json request, const std::string& key = {})
    {
        request["customerId"] = customer.to_string();
        return core::sync_wait(contacts.create(soon(), contracts::parse_contact_info_create(request), key));
    }
    contracts::ContactInfo patch(const contracts::ContactInfo& contact, const json& patch,
                                 core::ExpectedVersions versions = {}, const std::string& key = {})
    {
        contracts::ContactInfoUpdate request{core::dump_json(patch), contact.customer_id, contact.id,
                                             std::move(versions)};
        return core::sync_wait(contacts.update(soon(), std::move(request), key));
    }
    contracts::ContactInfo remove(const contracts::ContactInfo& contact, core::ExpectedVersions versions = {},
                                  const std::string& key = {})
    {
        return core::sync_wait(
            contacts.remove(soon(), {contact.customer_id, contact.id, std::move(versions)}, key));
    }

    telemetry::Metrics metrics;
    core::IoThreads threads{2};
    storage::Pool pool;
    CustomerRepository repository{pool};
    CustomerService customers{repository, {}};
    ContactInfoService contacts{repository, {}};
};

/// The values of the primary contact infos.
inline std::string primaries(const contracts::Customer& customer)
{
    std::string all;
    for (const auto& contact : customer.contact_infos)
        if (contact.is_primary) all += contact.value.value_or("(address)") + ' ';
    return all;
}

/// With what code, and what faults, something is refused.
struct Refusal {
    core::ErrorCode code{};
    std::string pointers;
};

template <typename Call>
Refusal refusal(Call call)
{
    try {
        call();
    } catch (const core::Error& error) {
        Refusal refused{error.code(), {}};
        for (const auto& field : error.fields())
            refused.pointers += field.pointer + ' ';
        return refused;
    }
    FAIL("was not refused");
    return {};
}

inline json email(const std::string& value, bool is_primary = false)
{
    return {{"kind", "email"}, {"value", value}, {"isPrimary", is_primary}};
}

inline json postal(const std::string& city)
{
    return {{"kind", "postal"}, {"address", {{"city", city}}}};
}

}  // namespace lintel::customers
