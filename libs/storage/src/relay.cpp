#include "relay.hpp"

#include <algorithm>

#include "lintel/storage/sql/queries.hpp"
#include "lintel/telemetry/log.hpp"

namespace lintel::storage {
namespace {

using core::Deadline;
using core::Error;
using telemetry::log;
using telemetry::LogLevel;

/// Between two rounds: while there is work, and while wake() is called without there being any.
constexpr std::chrono::milliseconds kBusyPause{10};
constexpr std::chrono::milliseconds kIdlePause{100};
constexpr std::chrono::seconds kStatementPatience{10};

std::vector<bool> close_intents(Transaction& transaction, std::span<const core::Id> ids)
{
    transaction.exec(sql::close_intents, array_of(ids));
    return std::vector<bool>(ids.size(), true);
}

telemetry::Counter attempts(Pool& pool, const char* outcome)
{
    return pool.metrics().counter("lintel_intent_attempts_total", "Deliveries of intents by the relay.",
                                  {{"outcome", outcome}});
}

telemetry::Gauge intents(Pool& pool, const char* state)
{
    return pool.metrics().gauge("lintel_intents", "Intents that are not answered yet.", {{"state", state}});
}

}  // namespace

Outbox::Relay::Relay(Pool& pool, OutboxOptions options, Deliver deliver)
    : waker_(std::make_shared<Waker>()),
      pool_(pool),
      options_(options),
      deliver_(std::move(deliver)),
      closes_(
          pool,
          {.name = "close_intents", .queue_limit = options.close_queue_limit, .mode = Mode::single_statement},
          [](const core::Id& id) { return id; }, close_intents),
      set_backs_(
          pool, {.name = "set_back_intents", .mode = Mode::single_statement},
          [](const SetBack& what) { return what.id; }, write_set_backs),
      pending_(intents(pool, "pending")),
      failed_(intents(pool, "failed")),
      oldest_age_(
          pool.metrics().gauge("lintel_intents_oldest_age_seconds", "Age of the oldest pending intent.")),
      delivered_count_(attempts(pool, "delivered")),
      refused_count_(attempts(pool, "refused")),
      retry_count_(attempts(pool, "retry")),
      claim_limit_(options.concurrency)
{
    waker_->relay = this;
}

std::vector<bool> Outbox::Relay::write_set_backs(Transaction& transaction, std::span<const SetBack> items)
{
    transaction.exec(sql::set_back_intents, array_of(items, &SetBack::id), array_of(items, &SetBack::attempt),
                     array_of(items, &SetBack::state),
                     array_of(items, [](const SetBack& item) { return item.wait.count(); }),
                     array_of(items, &SetBack::reason));
    return std::vector<bool>(items.size(), true);
}

Outbox::Relay::~Relay()
{
    std::lock_guard lock(waker_->mutex);
    waker_->relay = nullptr;
}

void Outbox::Relay::start()
{
    begin();
    pool_.on_availability_change([waker = waker_](bool available) {
        if (available) waker->wake();
    });
    core::spawn(run());
}

core::Task<void> Outbox::Relay::run()
{
    co_await pool_.executor().schedule();
    for (;;) {
        bool may_be_more = false;
        try {
            may_be_more = co_await round();
        } catch (const Error& error) {
            log(LogLevel::debug, "intents not claimed", {{"reason", error.what()}});
        }
        {
            std::lock_guard lock(mutex_);
            if (is_stopping_) break;
        }
        const auto [until, earliest] = next_round(may_be_more);
        co_await rest(until, earliest);
    }
    end();
}

core::Task<bool> Outbox::Relay::round()
{
    if (Clock::now() >= next_measure_) co_await measure();
    const auto limit = claim_limit();
    if (limit == 0) co_return true;
    auto claimed = co_await claim(limit);
    last_claimed_ = claimed.size();
    for (auto& intent : claimed) {
        begin();
        core::spawn(deliver_one(std::move(intent)));
    }
    co_return claimed.size() == limit;
}

core::Task<std::vector<Intent>> Outbox::Relay::claim(std::size_t limit)
{
    const auto context = telemetry::Context::start(kStatementPatience);
    const auto duration = options_.delivery_timeout + options_.claim_margin;
    const auto rows = co_await pool_.execute(context, sql::claim_intents, limit, duration.count());
    std::vector<Intent> claimed;
    claimed.reserve(rows.size());
    for (const auto& row : rows) {
        Intent intent;
        intent.id = row.get<core::Id>(0);
        intent.subject = row.get<std::string>(1);
        intent.payload = row.get<std::string>(2);
        intent.idempotency_key = row.get<std::string>(3);
        intent.resource_id = row.get<core::Id>(4);
        intent.attempt = row.get<std::int32_t>(5);
        intent.created_at = row.get<core::Timestamp>(6);
        claimed.push_back(std::move(intent));
    }
    co_return claimed;
}

core::Task<void> Outbox::Relay::measure()
{
    next_measure_ = Clock::now() + options_.measure_interval;
    const auto context = telemetry::Context::start(kStatementPatience);
    const auto rows = co_await pool_.query(context, sql::measure_intents);
    const auto row = rows.one();
    pending_.set(static_cast<double>(row.get<std::int64_t>(0)));
    failed_.set(static_cast<double>(row.get<std::int64_t>(1)));
    oldest_age_.set(row.get<double>(2));
}

core::Task<void> Outbox::Relay::rest(Deadline until, Deadline earliest)
{
    core::Completion<bool> woken(pool_.executor());
    {
        std::lock_guard lock(mutex_);
        if (is_stopping_ || std::exchange(is_woken_, false))
            until = earliest;
        else
            resting_ = woken;
    }
    auto timer = pool_.executor().call_at(until, [woken]() mutable { woken.set_value(false); });
    auto waiting = woken.wait(Deadline::after(options_.poll_interval + std::chrono::hours(1)));
    co_await std::move(waiting);
    timer.cancel();
    bool is_stopping = false;
    {
        std::lock_guard lock(mutex_);
        resting_.reset();
        is_woken_ = false;
        is_stopping = is_stopping_;
    }
    if (!is_stopping && !earliest.has_passed()) co_await pool_.executor().sleep(earliest.remaining());
}

std::pair<Deadline, Deadline> Outbox::Relay::next_round(bool may_be_more)
{
    std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if (failures_in_a_row_ > 0) {
        const Deadline retry(now + backoff(failures_in_a_row_));
        return {retry, retry};
    }
    const Deadline earliest(now + (last_claimed_ > 0 ? kBusyPause : kIdlePause));
    if (may_be_more && under_way_ <= options_.concurrency) return {Deadline(now), Deadline(now)};
    return {Deadline(now + options_.poll_interval), earliest};
}

void Outbox::Relay::Waker::wake() noexcept
{
    std::lock_guard lock(mutex);
    if (relay) relay->wake();
}

void Outbox::Relay::wake_in(std::chrono::milliseconds wait)
{
    pool_.executor().call_at(Deadline::after(wait), [waker = waker_] { waker->wake(); });
}

void Outbox::Relay::wake() noexcept
{
    std::lock_guard lock(mutex_);
    is_woken_ = true;
    if (resting_) resting_->set_value(true);
}

void Outbox::Relay::stop() noexcept
{
    std::lock_guard lock(mutex_);
    is_stopping_ = true;
    if (resting_) resting_->set_value(true);
}

core::Task<bool> Outbox::Relay::drain(Deadline deadline)
{
    stop();
    bool is_idle = false;
    while (!is_idle && !deadline.has_passed()) {
        {
            std::lock_guard lock(mutex_);
            is_idle = under_way_ == 0;
        }
        if (!is_idle) co_await pool_.executor().sleep(kBusyPause);
    }
    // Closes go in the order in which they came: once this one, of no intent, is done, so are all before it.
    telemetry::Context context = telemetry::Context::start(kStatementPatience);
    context.deadline = std::min(context.deadline, deadline);
    try {
        co_await close(context, core::Id());
    } catch (const Error&) {
        is_idle = false;
    }
    co_return is_idle;
}

bool Outbox::Relay::wait_until_idle(std::chrono::milliseconds patience)
{
    std::unique_lock lock(mutex_);
    return idle_.wait_for(lock, patience, [this] { return under_way_ == 0; });
}

core::Task<void> Outbox::Relay::close(telemetry::Context context, core::Id id)
{
    auto closing = closes_.submit(std::move(context), id);
    co_await std::move(closing);
}

void Outbox::Relay::begin() noexcept
{
    std::lock_guard lock(mutex_);
    ++under_way_;
}

void Outbox::Relay::end() noexcept
{
    std::lock_guard lock(mutex_);
    --under_way_;
    idle_.notify_all();
    // The loop itself counts as one.
    if (under_way_ == options_.concurrency && resting_) resting_->set_value(true);
}

std::size_t Outbox::Relay::claim_limit() const
{
    std::lock_guard lock(mutex_);
    const auto deliveries = under_way_ - 1;
    const auto room = options_.concurrency - std::min(deliveries, options_.concurrency);
    return is_stopping_ ? 0 : std::min(room, claim_limit_);
}

std::chrono::milliseconds Outbox::Relay::backoff(int failures) const noexcept
{
    constexpr int kMaxDoublings = 16;
    const auto doublings = std::clamp(failures - 1, 0, kMaxDoublings);
    return std::min(options_.backoff * (1 << doublings), options_.backoff_max);
}

}  // namespace lintel::storage
