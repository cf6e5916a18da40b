#include "lintel/storage/outbox.hpp"

#include "lintel/storage/sql/queries.hpp"
#include "relay.hpp"

namespace lintel::storage {
namespace {

/// Longer than any delivery or statement may take.
constexpr std::chrono::seconds kEndTimeout{20};

}  // namespace

Outbox::Outbox(Pool& pool, OutboxOptions options, Deliver deliver)
    : relay_(std::make_unique<Relay>(pool, options, std::move(deliver)))
{
}

Outbox::~Outbox()
{
    relay_->stop();
    // What is still under way then, on an executor that does not run any more, had better find its relay.
    if (!relay_->wait_until_idle(kEndTimeout)) static_cast<void>(relay_.release());
}

void Outbox::start()
{
    relay_->start();
}

void Outbox::wake() noexcept
{
    relay_->wake();
}

core::Task<void> Outbox::close(telemetry::Context context, core::Id id)
{
    return relay_->close(std::move(context), id);
}

void Outbox::close_later(core::Id id)
{
    relay_->close_later(id);
}

core::Task<std::vector<IntentView>> Outbox::list(telemetry::Context context,
                                                 std::optional<IntentView::State> state, core::Id after,
                                                 std::size_t limit)
{
    return relay_->list(std::move(context), state, after, limit);
}

core::Task<std::optional<IntentView>> Outbox::retry(telemetry::Context context, core::Id id)
{
    return relay_->retry(std::move(context), id);
}

core::Task<bool> Outbox::drain(core::Deadline deadline)
{
    return relay_->drain(deadline);
}

void insert_intents(Transaction& transaction, std::span<const NewIntent> intents)
{
    if (intents.empty()) return;
    transaction.exec(sql::insert_intents, array_of(intents, &NewIntent::id),
                     array_of(intents, &NewIntent::subject), array_of(intents, &NewIntent::payload),
                     array_of(intents, &NewIntent::idempotency_key),
                     array_of(intents, &NewIntent::resource_id), array_of(intents, &NewIntent::due_at));
}

}  // namespace lintel::storage
