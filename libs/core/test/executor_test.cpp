#include "lintel/core/executor.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "lintel/core/completion.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/gate.hpp"

using namespace lintel::core;
using namespace std::chrono_literals;

namespace {

Task<int> twice(int value)
{
    co_return 2 * value;
}

Task<int> fails()
{
    throw Error(ErrorCode::conflict, "no");
    co_return 0;
}

Task<int> sum_to(int count)
{
    int sum = 0;
    for (int i = 1; i <= count; ++i)
        sum += co_await twice(i);
    co_return sum;
}

Task<void> count_down(std::atomic<int>& left)
{
    --left;
    co_return;
}

}  // namespace

TEST_CASE("a task hands its result, or its exception, to who awaits it")
{
    CHECK(sync_wait(sum_to(1000)) == 1'001'000);
    CHECK_THROWS_AS(sync_wait(fails()), Error);
}

TEST_CASE("a task that is never awaited never runs")
{
    std::atomic<int> left = 1;
    {
        const auto dropped = count_down(left);
    }
    CHECK(left == 1);
}

TEST_CASE("a timer is never early and may be cancelled")
{
    IoThreads threads;
    auto& executor = threads.executor();
    std::atomic<int> fired = 0;

    for (const auto wait : {0ms, 1ms, 7ms, 40ms}) {
        const auto deadline = Deadline::after(wait);
        std::promise<bool> late_enough;
        executor.call_at(deadline, [&] { late_enough.set_value(deadline.has_passed()); });
        CHECK(late_enough.get_future().get());
    }
    auto cancelled = executor.call_at(Deadline::after(50ms), [&] { ++fired; });
    CHECK(cancelled.cancel());
    CHECK(!cancelled.cancel());
    sync_wait(executor.sleep(80ms));
    CHECK(fired == 0);
    CHECK(!TimerHandle().cancel());
}

TEST_CASE("a timer of a later round of the wheel waits for its round")
{
    IoThreads threads;
    auto& executor = threads.executor();
    std::atomic<bool> fired = false;
    // One round is 1024 ticks: this one shares a slot with what is due in five seconds less.
    const auto far =
        executor.call_at(Deadline::after(1024 * Executor::kTimerTick + 20ms), [&] { fired = true; });
    sync_wait(executor.sleep(100ms));
    CHECK(!fired);
    CHECK(TimerHandle(far).cancel());
}

TEST_CASE("many timers at once all fire")
{
    IoThreads threads;
    std::atomic<int> left = 20'000;
    std::promise<void> done;
    for (int i = 0; i < 20'000; ++i) {
        threads.executor().call_at(Deadline::after(std::chrono::microseconds(i)), [&] {
            if (--left == 0) done.set_value();
        });
    }
    CHECK(done.get_future().wait_for(20s) == std::future_status::ready);
}

TEST_CASE("of a value, an error and a deadline exactly one wins")
{
    IoThreads threads(4);
    auto& executor = threads.executor();
    for (int round = 0; round < 2000; ++round) {
        Completion<int> completion(executor);
        std::atomic<int> winners = 0;
        std::jthread offer([completion, &winners]() mutable { winners += completion.set_value(7); });
        std::jthread refusal([completion, &winners]() mutable {
            winners +=
                completion.set_error(std::make_exception_ptr(Error(ErrorCode::unavailable, "shutdown")));
        });
        const auto outcome = [&] {
            try {
                return sync_wait(completion.wait(Deadline::after(10s))) == 7;
            } catch (const Error& error) {
                return error.code() == ErrorCode::unavailable;
            }
        }();
        offer.join();
        refusal.join();
        REQUIRE(outcome);
        REQUIRE(winners == 1);
    }
}

TEST_CASE("a wait ends at its deadline, and a late offer changes nothing")
{
    IoThreads threads;
    Completion<int> completion(threads.executor());
    const auto begin = std::chrono::steady_clock::now();
    CHECK_THROWS_WITH_AS(sync_wait(completion.wait(Deadline::after(30ms), "no reply")), "no reply", Error);
    CHECK(std::chrono::steady_clock::now() - begin >= 30ms);
    CHECK(!completion.set_value(1));
}

TEST_CASE("work that has not begun by the deadline never begins, and its waiter knows")
{
    IoThreads threads;
    auto& executor = threads.executor();
    const auto outcome_of = [](Completion<int>& completion) {
        try {
            sync_wait(completion.wait_for_work(Deadline::after(20ms), "not begun", "begun"));
        } catch (const Error& error) {
            return std::string(to_string(error.code())) + ": " + error.what();
        }
        return std::string("a value");
    };
    Completion<int> late(executor);
    CHECK(outcome_of(late) == "unavailable: not begun");
    CHECK_FALSE(late.begin());

    Completion<int> slow(executor);
    CHECK(slow.begin());
    CHECK(slow.begin());
    CHECK(outcome_of(slow) == "deadline_exceeded: begun");
    CHECK_FALSE(slow.begin());

    Completion<int> done(executor);
    CHECK(done.begin());
    CHECK(done.set_value(1));
    CHECK(outcome_of(done) == "a value");
}

TEST_CASE("a beginning and a deadline agree on which came first")
{
    IoThreads threads(2);
    auto& executor = threads.executor();
    for (int round = 0; round < 500; ++round) {
        Completion<int> completion(executor);
        bool has_begun = false;
        std::jthread worker([completion, &has_begun]() mutable {
            std::this_thread::sleep_for(1ms);
            has_begun = completion.begin();
        });
        auto code = ErrorCode::internal;
        try {
            sync_wait(completion.wait_for_work(Deadline::after(1ms), "", ""));
        } catch (const Error& error) {
            code = error.code();
        }
        worker.join();
        REQUIRE(code == (has_begun ? ErrorCode::deadline_exceeded : ErrorCode::unavailable));
    }
}

TEST_CASE("a burst resumes everything that waits, on the executor")
{
    IoThreads threads;
    auto& executor = threads.executor();
    std::vector<Completion<std::thread::id>> completions;
    std::atomic<int> left = 100;
    std::promise<void> done;
    for (int i = 0; i < 100; ++i)
        completions.emplace_back(executor);
    const auto wait_for_one = [&](Completion<std::thread::id> completion) -> Task<void> {
        const auto offered_on = co_await completion.wait(Deadline::after(10s));
        CHECK(offered_on != std::this_thread::get_id());
        if (--left == 0) done.set_value();
    };
    for (auto& completion : completions)
        spawn(wait_for_one(completion));
    {
        Burst burst(executor);
        for (auto& completion : completions)
            CHECK(completion.set_value(std::this_thread::get_id(), burst));
    }
    CHECK(done.get_future().wait_for(20s) == std::future_status::ready);
}

TEST_CASE("a gate refuses over its limit and after it was closed")
{
    Gate gate(2);
    auto first = gate.try_enter();
    auto second = gate.try_enter();
    CHECK(first);
    CHECK(second);
    CHECK(!gate.try_enter());
    second.reset();
    CHECK(gate.try_enter());
    gate.close();
    CHECK(!gate.try_enter());
    CHECK(gate.in_flight() == 1);
}

TEST_CASE("draining waits for the last one, but not past its deadline")
{
    IoThreads threads;
    auto& executor = threads.executor();
    Gate gate(10);
    auto pass = gate.try_enter();
    CHECK(!sync_wait(gate.drain(executor, Deadline::after(20ms))));
    executor.call_at(Deadline::after(20ms), [&] { pass.reset(); });
    CHECK(sync_wait(gate.drain(executor, Deadline::after(10s))));
    CHECK(sync_wait(gate.drain(executor, Deadline::after(10s))));
}
