#include "lintel/telemetry/log.hpp"
#include "relay.hpp"

namespace lintel::storage {
namespace {

using core::Error;
using core::ErrorCode;
using telemetry::log;
using telemetry::LogLevel;

constexpr std::chrono::seconds kStatementPatience{10};

DeliveryOutcome::Kind kind_of(ErrorCode code) noexcept
{
    using Kind = DeliveryOutcome::Kind;
    if (code == ErrorCode::unavailable || code == ErrorCode::deadline_exceeded) return Kind::unanswered;
    return core::is_refusal(code) ? Kind::refused : Kind::retry;
}

DeliveryOutcome outcome_of(const Error& error)
{
    return {kind_of(error.code()), std::string(core::to_string(error.code())) + ": " + error.what()};
}

}  // namespace

core::Task<void> Outbox::Relay::deliver_one(Intent intent)
{
    const auto id = intent.id;
    const auto number = intent.attempt;
    auto attempting = attempt(std::move(intent));
    auto outcome = co_await std::move(attempting);
    auto settling = settle(id, number, std::move(outcome));
    co_await std::move(settling);
    end();
}

core::Task<DeliveryOutcome> Outbox::Relay::attempt(Intent intent)
{
    DeliveryOutcome outcome;
    try {
        auto delivery = deliver_(telemetry::Context::start(options_.delivery_timeout), std::move(intent));
        outcome = co_await std::move(delivery);
    } catch (const Error& error) {
        outcome = outcome_of(error);
    } catch (const std::exception& error) {
        log(LogLevel::error, "delivery of an intent failed", {{"reason", error.what()}});
        outcome.reason = error.what();
    }
    co_return outcome;
}

core::Task<void> Outbox::Relay::settle(core::Id id, int attempt, DeliveryOutcome outcome)
{
    switch (outcome.kind) {
        case Kind::delivered:
            close_later(id);
            [[fallthrough]];
        case Kind::closed:
            delivered_count_.add();
            was_answered();
            co_return;
        case Kind::refused: {
            refused_count_.add();
            was_answered();
            log(LogLevel::warn, "intent refused", {{"intent", id.to_string()}, {"reason", outcome.reason}});
            auto failing = set_back({id, attempt, "failed", std::chrono::milliseconds(0), outcome.reason});
            co_return co_await std::move(failing);
        }
        case Kind::retry:
        case Kind::unanswered: {
            retry_count_.add();
            if (outcome.kind == Kind::retry)
                was_answered();
            else
                was_not_answered();
            const auto wait = backoff(attempt);
            auto waiting = set_back({id, attempt, "pending", wait, outcome.reason});
            co_await std::move(waiting);
            wake_in(wait);
        }
    }
}

core::Task<void> Outbox::Relay::set_back(SetBack what)
{
    try {
        auto writing = set_backs_.submit(telemetry::Context::start(kStatementPatience), std::move(what));
        co_await std::move(writing);
    } catch (const Error& error) {
        // The claim runs out by itself, and the intent is due again.
        log(LogLevel::debug, "intent not set back", {{"reason", error.what()}});
    }
}

void Outbox::Relay::was_answered()
{
    std::lock_guard lock(mutex_);
    failures_in_a_row_ = 0;
    claim_limit_ = std::min(claim_limit_ * 2, options_.concurrency);
}

void Outbox::Relay::was_not_answered()
{
    std::lock_guard lock(mutex_);
    ++failures_in_a_row_;
    claim_limit_ = 1;
}

}  // namespace lintel::storage
