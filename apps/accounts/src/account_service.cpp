#include "account_service.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/core/version.hpp"

namespace lintel::accounts {
namespace {

using contracts::Account;
using contracts::AccountKind;
using core::Error;
using core::ErrorCode;
using Faults = std::vector<core::FieldError>;

void require_acceptable(Faults faults)
{
    if (!faults.empty()) throw Error(ErrorCode::invalid, "the account is not acceptable", std::move(faults));
}

Faults limit_faults(AccountKind kind, std::int64_t credit_limit)
{
    if (kind == AccountKind::customer || credit_limit == 0) return {};
    return {{"/creditLimit", "must be 0: only customers have credit"}};
}

void check(const contracts::AccountCreate& request)
{
    auto faults = limit_faults(request.kind, request.credit_limit);
    const bool is_customer = request.kind == AccountKind::customer;
    if (is_customer && !request.customer_id)
        faults.push_back({"/customerId", "is missing: the account is a customer's"});
    if (!is_customer && request.customer_id)
        faults.push_back({"/customerId", "must be absent: the account is no customer's"});
    require_acceptable(std::move(faults));
}

contracts::AccountDescription patched(const Account& present, const std::string& patch)
{
    auto document = core::parse_json(contracts::to_json(description_of(present)));
    document.merge_patch(core::parse_json(patch));
    auto after = contracts::parse_account_description(document);
    require_acceptable(limit_faults(present.kind, after.credit_limit));
    const auto used = present.debits_posted + present.debits_pending - present.credits_posted;
    if (present.kind == AccountKind::customer && after.credit_limit < used)
        throw Error(ErrorCode::conflict, "the credit limit cannot be less than what is owed or reserved, " +
                                             std::to_string(used) + " " + present.currency);
    return after;
}

}  // namespace

AccountService::AccountService(AccountRepository& accounts, Options options)
    : accounts_(accounts), options_(options)
{
}

core::Task<contracts::AccountCreated> AccountService::create(telemetry::Context context,
                                                             contracts::AccountCreate request,
                                                             std::string key)
{
    check(request);
    auto used = storage::make_idempotency_key("accounts.create", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    auto created = co_await accounts_.create(std::move(context), std::move(request), std::move(used));
    contracts::AccountCreated answer;
    static_cast<Account&>(answer) = std::move(created.account);
    answer.is_replay = created.is_replay;
    co_return answer;
}

core::Task<Account> AccountService::get(telemetry::Context context, core::Id id)
{
    auto account = co_await accounts_.get(std::move(context), id);
    if (!account) throw no_such_account(id);
    co_return std::move(*account);
}

core::Task<contracts::AccountPage> AccountService::list(telemetry::Context context,
                                                        contracts::AccountList request)
{
    const auto filters = core::page_filters("accounts", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::AccountPage page;
    page.items = co_await accounts_.list(std::move(context), std::move(request), before, size + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<Account> AccountService::update(telemetry::Context context, contracts::AccountUpdate request,
                                           std::string key)
{
    auto used = storage::make_idempotency_key("accounts.update", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    AccountRepository::Change change = [request](const Account& present) {
        core::expect_version(request.expected_versions, present.version, "account");
        return patched(present, request.patch);
    };
    return accounts_.update(std::move(context), request.id, std::move(change), std::move(used));
}

core::Task<contracts::StatementPage> AccountService::statement(telemetry::Context context,
                                                               contracts::StatementGet request)
{
    const auto filters = core::page_filters("statement", request);
    std::optional<core::Id> after;
    if (request.page_token) after = core::parse_page_token(*request.page_token, filters);
    co_await get(context, request.id);
    const auto size = options_.pages.size(request.page_size);
    contracts::StatementPage page;
    page.items = co_await accounts_.statement(std::move(context), std::move(request), after, size + 1);
    const auto kept = std::min(size, core::count_fitting(page.items, options_.pages.bytes));
    if (page.items.size() > kept) {
        page.items.resize(kept);
        page.next_page_token = core::make_page_token(page.items.back().transfer_id, filters);
    }
    co_return page;
}

}  // namespace lintel::accounts
