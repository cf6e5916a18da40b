#include "transitions.hpp"

namespace lintel::workflows {
namespace {

storage::BatchOptions batch_options()
{
    storage::BatchOptions options;
    options.name = "transitions";
    return options;
}

}  // namespace

Transitions::Transitions(storage::Pool& pool, DefinitionCatalog& catalog, const Session& session,
                         const Slots& slots, workflow::RunLimits limits)
    : pool_(pool),
      catalog_(catalog),
      session_(session),
      slots_(slots),
      rules_{limits, {}, {}},
      batch_(
          pool, batch_options(),
          [](const Numbered& item) {
              return EventKey{item.event.run, item.number};
          },
          [this](storage::Transaction& transaction, std::span<const Numbered> items) {
              std::vector<RunEvent> events;
              for (const auto& item : items)
                  events.push_back(item.event);
              return transit(transaction, catalog_, events, claimant(), rules_);
          })
{
}

Claimant Transitions::claimant() const
{
    Claimant claimant;
    claimant.session = session_.id();
    claimant.slots = &slots_;
    return claimant;
}

core::Task<RunResult> Transitions::submit(telemetry::Context context, RunEvent event)
{
    if (!event.sendings) event.sendings = std::make_shared<Sendings>();
    return batch_.submit(std::move(context),
                         {std::move(event), numbers_.fetch_add(1, std::memory_order_relaxed)});
}

core::Task<std::vector<RunResult>> Transitions::submit_found(telemetry::Context context, Find find)
{
    return pool_.transact(std::move(context),
                          [this, find = std::move(find)](storage::Transaction& transaction) {
                              const auto events = find(transaction);
                              if (events.empty()) return std::vector<RunResult>();
                              return transit(transaction, catalog_, events, claimant(), rules_);
                          });
}

}  // namespace lintel::workflows
