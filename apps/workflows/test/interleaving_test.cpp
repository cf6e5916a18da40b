// Two transactions on the same run, one held up in the middle: whatever the other does meanwhile, in the end
// it is as if one had come after the other.

#include <future>

#include "postgres_store.hpp"

using namespace lintel;
using namespace lintel::workflows;
using Phase = TransitRules::Phase;

namespace {

constexpr auto kLease = 10min;
/// By then the second transaction is done, or waits for the first.
constexpr auto kHeldUp = 300ms;

const core::Id kRun = core::Id::derive(core::Id(), "run");
const core::Id kHolder = core::Id::derive(core::Id(), "holder");
const core::Id kOther = core::Id::derive(core::Id(), "other");

constexpr const char* kDocument = R"({"name":"race","version":1,"steps":[
    {"name":"a","request":{"subject":"s.a"}},
    {"name":"after-a","request":{"subject":"s.after-a"}},
    {"name":"c","after":[],"signal":{"name":"go"}},
    {"name":"after-c","request":{"subject":"s.after-c"}},
    {"name":"d","after":[],"sleep":{"for":"20m"}},
    {"name":"after-d","request":{"subject":"s.after-d"}}]})";

/// A run of which `a` is claimed by the holder, `c` waits for a signal and `d` for the time; and one that is
/// all ready.
void set_up(PostgresStore& store)
{
    store.clear();
    store.open_session(kHolder);
    store.open_session(kOther);
    store.start({kRun, "race", {}, "{}", {}});
    REQUIRE(store.claim(kHolder).size() == 1);
    store.start({core::Id::derive(core::Id(), "ready"), "race", {}, "{}", {}});
}

using Operation = void (*)(PostgresStore&);

void finish(PostgresStore& store)
{
    store.finish(kHolder, kRun, workflow::AttemptSucceeded{"a", 1, "1"});
}
void claim(PostgresStore& store)
{
    store.claim(kOther);
}
void expire(PostgresStore& store)
{
    store.end_lease(kHolder);
    store.expire_sessions();
}
/// Both leave, and somebody else clears up behind them.
void leave(PostgresStore& store)
{
    store.leave(kHolder);
    store.leave(kOther);
    store.expire_sessions();
}
void signal(PostgresStore& store)
{
    store.tell(kRun, workflow::SignalReceived{{"s1", "go", "1"}});
}
void fire(PostgresStore& store)
{
    store.pass(21min);
    store.open_session(kHolder);
    store.open_session(kOther);
    store.fire_timers();
}
void cancel(PostgresStore& store)
{
    store.tell(kRun, workflow::Cancel{"so"});
}

struct Named {
    const char* name;
    Operation operation;
    /// What passes over a run that somebody has locked, or a session that is at work, comes again with the
    /// next poll.
    Operation poll = [](PostgresStore&) {};
};
const Named kOperations[] = {{"finish", finish},
                             {"claim", claim, claim},
                             {"expire", expire, [](PostgresStore& store) { store.expire_sessions(); }},
                             {"leave", leave, [](PostgresStore& store) { store.expire_sessions(); }},
                             {"signal", signal},
                             {"fire", fire, [](PostgresStore& store) { store.fire_timers(); }},
                             {"cancel", cancel}};

/// Twice, because one finds what the other has left.
void settle(PostgresStore& store, const Named& first, const Named& second)
{
    for (const auto* each : {&first, &second, &first, &second})
        each->poll(store);
}

json one_after_the_other(PostgresStore& store, const Named& first, const Named& second)
{
    set_up(store);
    first.operation(store);
    second.operation(store);
    settle(store, first, second);
    return store.dump();
}

json interleaved(PostgresStore& store, const Named& first, const Named& second, Phase phase)
{
    set_up(store);
    std::promise<void> arrived;
    std::promise<void> released;
    auto may_go_on = released.get_future().share();
    auto is_first_time = std::make_shared<std::atomic<bool>>(true);
    const std::function<void(Phase)> hold = [&, is_first_time](Phase at) {
        if (at != phase || !is_first_time->exchange(false)) return;
        arrived.set_value();
        may_go_on.wait();
    };
    auto held_up = std::async(std::launch::async, [&] {
        PostgresStore::on_phase = &hold;
        first.operation(store);
        PostgresStore::on_phase = nullptr;
    });
    // An operation that finds nothing to do does not come by.
    auto came = arrived.get_future();
    while (came.wait_for(10ms) != std::future_status::ready &&
           held_up.wait_for(0ms) != std::future_status::ready) {
    }
    auto meanwhile = std::async(std::launch::async, [&] { second.operation(store); });
    meanwhile.wait_for(kHeldUp);
    released.set_value();
    held_up.get();
    meanwhile.get();
    CHECK(store.orphans() == 0);
    settle(store, first, second);
    return store.dump();
}

}  // namespace

TEST_CASE("two transactions on one run come to what one after the other does")
{
    PostgresStore store(kLease);
    store.define(kDocument);
    for (const auto& first : kOperations) {
        for (const auto& second : kOperations) {
            if (first.operation == second.operation) continue;
            const json serial[] = {one_after_the_other(store, first, second),
                                   one_after_the_other(store, second, first)};
            for (const auto phase : {Phase::locked, Phase::applied, Phase::written}) {
                const auto found = interleaved(store, first, second, phase);
                const bool is_serial = found == serial[0] || found == serial[1];
                CHECK_MESSAGE(is_serial, std::string(first.name), " held up in phase ",
                              static_cast<int>(phase), " by ", std::string(second.name), ": ",
                              json::diff(serial[0], found).dump());
            }
        }
    }
}
