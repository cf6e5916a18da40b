#include "contact_info_service.hpp"

#include <memory>
#include <ranges>

#include "contact_info_rules.hpp"

namespace lintel::customers {
namespace {

using contracts::ContactInfo;
using contracts::Customer;
using core::Error;
using core::ErrorCode;

ContactInfo& find_used(Customer& customer, const core::Id& id)
{
    try {
        return find_contact_info(customer, id);
    } catch (const Error&) {
        throw Error(ErrorCode::conflict,
                    "the contact info of this Idempotency-Key was added and has been deleted");
    }
}

}  // namespace

ContactInfoService::ContactInfoService(CustomerRepository& customers, ServiceOptions options)
    : customers_(customers), options_(options)
{
}

core::Task<contracts::ContactInfoCreated> ContactInfoService::create(telemetry::Context context,
                                                                     contracts::ContactInfoCreate request,
                                                                     std::string key)
{
    const auto id = core::Id::generate();
    CustomerRepository::Use use{storage::make_idempotency_key("contactInfos.create", std::move(key),
                                                              contracts::to_json(request), options_.key_ttl),
                                id};
    CustomerRepository::Change change = [request, id](Customer& customer) {
        add_contact_info(customer, id, request, core::now());
    };
    auto changed = co_await customers_.change(std::move(context), request.customer_id, std::move(change),
                                              std::move(use));
    contracts::ContactInfoCreated answer;
    answer.is_replay = changed.replayed.has_value();
    static_cast<ContactInfo&>(answer) = find_used(changed.customer, changed.replayed.value_or(id));
    co_return answer;
}

core::Task<ContactInfo> ContactInfoService::get(telemetry::Context context, contracts::ContactInfoGet request)
{
    auto customer = co_await customers_.get(std::move(context), request.customer_id);
    if (!customer) throw no_such_customer(request.customer_id);
    co_return find_contact_info(*customer, request.id);
}

core::Task<contracts::ContactInfoPage> ContactInfoService::list(telemetry::Context context,
                                                                contracts::ContactInfoList request)
{
    const auto filters = core::page_filters("contactInfos", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    const auto customer = co_await customers_.get(std::move(context), request.customer_id);
    if (!customer) throw no_such_customer(request.customer_id);
    contracts::ContactInfoPage page;
    for (const auto& contact : customer->contact_infos | std::views::reverse)
        if (contact.id < before && (!request.kind || contact.kind == *request.kind))
            page.items.push_back(contact);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<ContactInfo> ContactInfoService::update(telemetry::Context context,
                                                   contracts::ContactInfoUpdate request, std::string key)
{
    CustomerRepository::Use use{storage::make_idempotency_key("contactInfos.update", std::move(key),
                                                              contracts::to_json(request), options_.key_ttl),
                                request.id};
    CustomerRepository::Change change = [request](Customer& customer) {
        patch_contact_info(customer, request, core::now());
    };
    auto changed = co_await customers_.change(std::move(context), request.customer_id, std::move(change),
                                              std::move(use));
    co_return find_contact_info(changed.customer, request.id);
}

core::Task<ContactInfo> ContactInfoService::remove(telemetry::Context context,
                                                   contracts::ContactInfoDelete request, std::string key)
{
    CustomerRepository::Use use{storage::make_idempotency_key("contactInfos.delete", std::move(key),
                                                              contracts::to_json(request), options_.key_ttl),
                                request.id};
    // The body may run again; what it removed at last is what was removed.
    auto removed = std::make_shared<ContactInfo>();
    CustomerRepository::Change change = [request, removed](Customer& customer) {
        *removed = remove_contact_info(customer, request, core::now());
    };
    const auto changed =
        co_await customers_.change(context, request.customer_id, std::move(change), std::move(use));
    if (!changed.replayed) co_return *removed;
    auto known = co_await customers_.get_deleted_contact_info(std::move(context), request.id);
    if (!known) throw Error(ErrorCode::not_found, "there is no contact info " + request.id.to_string());
    co_return std::move(*known);
}

}  // namespace lintel::customers
