#include "engine_metrics.hpp"

#include "lintel/telemetry/log.hpp"

namespace lintel::workflows {
namespace {

using workflow::RunStatus;

/// What somebody may have to look into is always logged; the rest when it is asked for.
telemetry::LogLevel level_of(RunStatus status)
{
    const bool is_usual =
        status == RunStatus::running || status == RunStatus::waiting || status == RunStatus::completed;
    return is_usual ? telemetry::LogLevel::debug : telemetry::LogLevel::info;
}

}  // namespace

EngineMetrics::EngineMetrics(telemetry::Metrics& metrics)
    : metrics_(metrics),
      claims_(
          metrics.counter("lintel_workflow_claims_total", "Steps that this replica has taken to work on.")),
      attempts_(metrics.histogram("lintel_workflow_attempt_duration_seconds",
                                  "Time from the request of a step to its answer.",
                                  telemetry::kRequestSeconds)),
      in_flight_(metrics.gauge("lintel_workflow_attempts", "Steps that this replica is working on.")),
      ready_(metrics.gauge("lintel_workflow_ready_steps", "Steps that wait for a worker, up to 10,000.")),
      oldest_(metrics.gauge("lintel_workflow_oldest_ready_age_seconds",
                            "How long the oldest of them has waited.")),
      overdue_(metrics.gauge("lintel_workflow_timer_lag_seconds",
                             "How late the oldest timer is that has not fired.")),
      dead_(metrics.gauge("lintel_workflow_dead_letters", "Steps that wait to be mended, up to 10,000.")),
      retrying_(metrics.gauge(
          "lintel_workflow_retrying_steps",
          "Steps that are tried again after STEP_RETRYING_AFTER failed attempts or more, up to 10,000."))
{
}

telemetry::Counter& EngineMetrics::counter(const std::string& event)
{
    std::lock_guard lock(mutex_);
    const auto known = events_.find(event);
    if (known != events_.end()) return known->second;
    return events_
        .emplace(event, metrics_.counter("lintel_workflow_events_total",
                                         "What happened to workflows and their steps.", {{"event", event}}))
        .first->second;
}

void EngineMetrics::told(const RunResult& result)
{
    for (const auto& event : result.told)
        counter(event).add();
    if (!result.claims.empty()) claims_.add(static_cast<double>(result.claims.size()));
    if (!result.change) return;
    const auto& change = *result.change;
    telemetry::log(level_of(result.status), telemetry::Trace::from_traceparent(change.traceparent),
                   "workflow " + std::string(workflow::to_string(result.status)),
                   {{"workflowId", change.run.to_string()},
                    {"definition", change.definition},
                    {"was", workflow::to_string(change.was)},
                    {"error", change.error}});
}

void EngineMetrics::attempted(std::chrono::steady_clock::duration took)
{
    attempts_.observe(std::chrono::duration<double>(took).count());
}

void EngineMetrics::found(const storage::Row& look)
{
    ready_.set(static_cast<double>(look.get<std::int64_t>("ready")));
    oldest_.set(look.get<double>("oldest_ready_age"));
    overdue_.set(look.get<double>("timer_lag"));
    dead_.set(static_cast<double>(look.get<std::int64_t>("dead")));
    retrying_.set(static_cast<double>(look.get<std::int64_t>("retrying")));
}

void EngineMetrics::working_on(std::size_t attempts)
{
    in_flight_.set(static_cast<double>(attempts));
}

}  // namespace lintel::workflows
