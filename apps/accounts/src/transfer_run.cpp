#include "transfer_run.hpp"

#include <algorithm>
#include <set>

#include "transfer_names.hpp"

namespace lintel::accounts {
namespace {

using contracts::Transfer;
using core::Error;
using core::ErrorCode;
using storage::IdempotencyKeys;
using Shared = std::shared_ptr<const TransferCommand>;

/// A command on its way to its outcome.
struct Slot {
    const TransferCommand* command = nullptr;
    /// What is to be made, once its accounts are known.
    std::vector<NewTransfer> making;
    TransferOutcome outcome;
    bool is_open = true;

    const MakeTransfers* make() const { return std::get_if<MakeTransfers>(&command->what); }
    const ResolveTransfer* resolve() const { return std::get_if<ResolveTransfer>(&command->what); }
    /// The transfer that it is about.
    const core::Id& subject() const { return make() ? make()->transfers.front().transfer.id : resolve()->id; }
    void refuse(Error why)
    {
        outcome.refusal = std::move(why);
        is_open = false;
    }
    void answer(std::vector<Transfer> transfers)
    {
        outcome.transfers = std::move(transfers);
        is_open = false;
    }
};

class Run {
public:
    Run(storage::Transaction& transaction, std::span<const Shared> commands, Contention contention)
        : transaction_(transaction), tables_(transaction), contention_(contention)
    {
        for (const auto& command : commands) {
            Slot slot;
            slot.command = command.get();
            if (const auto* make = slot.make()) slot.making = make->transfers;
            slots_.push_back(std::move(slot));
        }
        for (auto& slot : slots_)
            in_order_.push_back(&slot);
        std::stable_sort(in_order_.begin(), in_order_.end(), [](const Slot* a, const Slot* b) {
            return a->command->number < b->command->number;
        });
    }

    std::vector<TransferOutcome> outcomes()
    {
        look_up();
        lock();
        if (is_any_open()) carry_out();
        std::vector<TransferOutcome> all;
        for (auto& slot : slots_)
            all.push_back(std::move(slot.outcome));
        return all;
    }

private:
    void look_up();
    void lock();
    void carry_out();
    void claim(IdempotencyKeys& keys);
    std::optional<Error> decide(Slot& slot);
    std::optional<Error> make(Slot& slot);

    void know(std::vector<Transfer> transfers)
    {
        for (auto& transfer : transfers)
            known_.insert_or_assign(transfer.id, std::move(transfer));
    }
    /// A transfer with those that were made with it.
    std::vector<Transfer> family(const core::Id& id) const
    {
        std::vector<Transfer> all{known_.at(id)};
        for (const auto& [other, transfer] : known_)
            if (transfer.linked_to == id) all.push_back(transfer);
        return all;
    }
    std::vector<core::Id> accounts_of(const Slot& slot) const;
    bool is_any_open() const
    {
        return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.is_open; });
    }

    storage::Transaction& transaction_;
    LedgerTables tables_;
    const Contention contention_;
    std::vector<Slot> slots_;
    std::vector<Slot*> in_order_;
    std::map<core::Id, Transfer> known_;
    std::optional<Book> book_;
};

/// What the commands name, of which all that matters here never changes.
void Run::look_up()
{
    std::vector<core::Id> subjects;
    std::vector<core::Id> made;
    TransferNames names;
    for (const auto& slot : slots_) {
        subjects.push_back(slot.subject());
        if (!slot.make()) continue;
        made.push_back(slot.subject());
        names.ask(*slot.make());
    }
    know(tables_.find_transfers(subjects, made));
    names.find(tables_);
    for (auto& slot : slots_) {
        const bool is_known = known_.contains(slot.subject());
        if (slot.resolve() && !is_known) {
            slot.refuse(Error(ErrorCode::not_found, "there is no transfer " + slot.subject().to_string()));
        } else if (slot.make() && is_known) {
            // Made by this very command, of whose commit nobody heard.
            slot.answer(family(slot.subject()));
        } else if (slot.make()) {
            if (auto refusal = names.resolve(slot.making)) slot.refuse(std::move(*refusal));
        }
    }
}

std::vector<core::Id> Run::accounts_of(const Slot& slot) const
{
    std::vector<core::Id> ids;
    const auto add = [&](const Transfer& transfer) {
        ids.push_back(transfer.debit_account_id);
        ids.push_back(transfer.credit_account_id);
    };
    if (slot.resolve()) add(known_.at(slot.subject()));
    for (const auto& each : slot.making)
        add(each.transfer);
    return ids;
}

void Run::lock()
{
    std::set<core::Id> wanted;
    for (const auto& slot : slots_)
        if (slot.is_open)
            for (const auto& id : accounts_of(slot))
                wanted.insert(id);
    if (wanted.empty()) return;
    book_.emplace(tables_.open({wanted.begin(), wanted.end()}, contention_ == Contention::wait));
    for (auto& slot : slots_) {
        if (!slot.is_open) continue;
        const auto accounts = accounts_of(slot);
        slot.is_open = std::all_of(accounts.begin(), accounts.end(),
                                   [&](const core::Id& id) { return book_->find(id) != nullptr; });
        slot.outcome.is_deferred = !slot.is_open;
    }
}

void Run::carry_out()
{
    std::vector<IdempotencyKeys::Use> uses;
    for (const auto& slot : slots_)
        if (slot.is_open && slot.command->key)
            uses.push_back({&*slot.command->key, slot.subject(), core::now()});
    IdempotencyKeys keys(transaction_, std::move(uses));
    claim(keys);
    for (auto* slot : in_order_) {
        if (!slot->is_open) continue;
        const auto resolved = book_->resolved().size();
        slot->outcome.refusal = decide(*slot);
        slot->outcome.has_resolved = book_->resolved().size() > resolved;
        if (slot->outcome.refusal && slot->command->key) keys.release(*slot->command->key);
    }
    tables_.save(*book_);
    keys.finish();
}

/// What the keys say of the commands, and how things stand now that the accounts are locked.
void Run::claim(IdempotencyKeys& keys)
{
    using Finding = IdempotencyKeys::Finding;
    std::map<Slot*, core::Id> replays;
    std::vector<core::Id> again;
    std::vector<core::Id> made;
    for (auto* slot : in_order_) {
        if (!slot->is_open) continue;
        const auto finding = slot->command->key ? keys.take(*slot->command->key) : Finding::fresh;
        if (finding == Finding::other_request) {
            slot->refuse(storage::key_of_another_request());
        } else if (finding == Finding::replay) {
            const auto resource = *keys.resource(*slot->command->key);
            replays.emplace(slot, resource);
            again.push_back(resource);
            if (slot->make()) made.push_back(resource);
        } else if (slot->resolve()) {
            again.push_back(slot->subject());
        }
    }
    if (!again.empty()) know(tables_.find_transfers(again, made));
    for (const auto& [slot, resource] : replays) {
        slot->answer(slot->make() ? family(resource) : std::vector<Transfer>{known_.at(resource)});
        slot->outcome.is_replay = true;
    }
}

std::optional<Error> Run::decide(Slot& slot)
{
    if (slot.make()) return make(slot);
    auto& transfer = known_.at(slot.subject());
    auto refusal = book_->resolve(transfer, slot.resolve()->resolution);
    if (!refusal) slot.answer({transfer});
    return refusal;
}

std::optional<Error> Run::make(Slot& slot)
{
    std::vector<Transfer> transfers;
    for (auto& each : slot.making) {
        if (each.expires_in) each.transfer.expires_at = book_->now() + *each.expires_in;
        transfers.push_back(each.transfer);
    }
    auto refusal = book_->make(transfers);
    if (!refusal) slot.answer(std::move(transfers));
    return refusal;
}

}  // namespace

std::vector<TransferOutcome> run_transfers(storage::Transaction& transaction,
                                           std::span<const Shared> commands, Contention contention)
{
    return Run(transaction, commands, contention).outcomes();
}

}  // namespace lintel::accounts
