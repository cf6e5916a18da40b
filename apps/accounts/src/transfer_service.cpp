#include "transfer_service.hpp"

#include "lintel/core/error.hpp"
#include "transfer_check.hpp"

namespace lintel::accounts {
namespace {

using contracts::Transfer;
using contracts::TransferState;
using core::Error;
using core::ErrorCode;

NewTransfer new_transfer(const contracts::LinkedTransfer& request)
{
    NewTransfer made;
    made.debit = {request.debit_account_id, request.debit};
    made.credit = {request.credit_account_id, request.credit};
    auto& transfer = made.transfer;
    transfer.id = core::Id::generate();
    transfer.state = request.is_pending ? TransferState::pending : TransferState::posted;
    transfer.amount = request.amount;
    transfer.currency = request.currency;
    transfer.order_id = request.order_id;
    transfer.description = request.description;
    transfer.owner = request.owner;
    transfer.attributes = request.attributes;
    transfer.metadata = request.metadata;
    return made;
}

void require_done(const TransferOutcome& outcome)
{
    if (outcome.refusal) throw *outcome.refusal;
}

}  // namespace

TransferService::TransferService(TransferRepository& transfers, TransferBatch& batch, Options options)
    : transfers_(transfers), batch_(batch), options_(options)
{
}

MakeTransfers TransferService::transfers_of(const contracts::TransferCreate& request) const
{
    MakeTransfers make;
    const auto add = [&](const contracts::LinkedTransfer& each) {
        make.transfers.push_back(new_transfer(each));
        auto& made = make.transfers.back();
        const auto expires_in = each.expires_in.value_or(options_.transfer_ttl);
        if (each.is_pending && expires_in.count() > 0) made.expires_in = expires_in;
    };
    add(request);
    for (const auto& each : request.linked) {
        add(each);
        make.transfers.back().transfer.linked_to = make.transfers.front().transfer.id;
    }
    return make;
}

core::Task<contracts::TransferCreated> TransferService::create(telemetry::Context context,
                                                               contracts::TransferCreate request,
                                                               std::string key)
{
    check_transfers(request);
    TransferCommand command;
    command.what = transfers_of(request);
    command.key = storage::make_idempotency_key("transfers.create", std::move(key),
                                                contracts::to_json(request), options_.key_ttl);
    auto outcome = co_await batch_.submit(std::move(context), std::move(command));
    require_done(outcome);
    contracts::TransferCreated answer;
    static_cast<Transfer&>(answer) = std::move(outcome.transfers.front());
    outcome.transfers.erase(outcome.transfers.begin());
    if (!outcome.transfers.empty()) answer.linked = std::move(outcome.transfers);
    answer.is_replay = outcome.is_replay;
    co_return answer;
}

core::Task<Transfer> TransferService::get(telemetry::Context context, core::Id id)
{
    auto transfer = co_await transfers_.get(std::move(context), id);
    if (!transfer) throw Error(ErrorCode::not_found, "there is no transfer " + id.to_string());
    co_return std::move(*transfer);
}

core::Task<contracts::TransferPage> TransferService::list(telemetry::Context context,
                                                          contracts::TransferList request)
{
    const auto filters = core::page_filters("transfers", request);
    const auto before = core::page_start(request.page_token, filters);
    const auto size = options_.pages.size(request.page_size);
    contracts::TransferPage page;
    page.items = co_await transfers_.list(std::move(context), std::move(request), before, size + 1);
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<contracts::TransferChanged> TransferService::post(telemetry::Context context,
                                                             contracts::TransferPost request, std::string key)
{
    auto used = storage::make_idempotency_key("transfers.post", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    ResolveTransfer what{request.id, {TransferState::posted, request.amount}};
    co_return co_await resolve(std::move(context), std::move(what), std::move(used));
}

core::Task<contracts::TransferChanged> TransferService::cancel(telemetry::Context context,
                                                               contracts::TransferVoid request,
                                                               std::string key)
{
    auto used = storage::make_idempotency_key("transfers.void", std::move(key), contracts::to_json(request),
                                              options_.key_ttl);
    ResolveTransfer what{request.id, {TransferState::voided, std::nullopt}};
    co_return co_await resolve(std::move(context), std::move(what), std::move(used));
}

core::Task<contracts::TransferChanged> TransferService::resolve(telemetry::Context context,
                                                                ResolveTransfer what,
                                                                std::optional<storage::IdempotencyKey> key)
{
    TransferCommand command;
    command.what = std::move(what);
    command.key = std::move(key);
    auto outcome = co_await batch_.submit(std::move(context), std::move(command));
    require_done(outcome);
    contracts::TransferChanged answer;
    static_cast<Transfer&>(answer) = std::move(outcome.transfers.front());
    answer.is_replay = outcome.is_replay;
    co_return answer;
}

}  // namespace lintel::accounts
