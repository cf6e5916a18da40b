// A reply and a deadline race for one wait; exactly one of them wins.

#include <chrono>
#include <iostream>
#include <thread>

#include "lintel/core/completion.hpp"

using namespace lintel::core;
using namespace std::chrono_literals;

namespace {

/// Answers from a thread of its own after `delay`, as a network library would.
Task<std::string> ask(Executor& executor, std::chrono::milliseconds delay)
{
    Completion<std::string> reply(executor);
    std::jthread peer([reply, delay]() mutable {
        std::this_thread::sleep_for(delay);
        reply.set_value("forty-two");
    });
    peer.detach();
    co_return co_await reply.wait(Deadline::after(100ms), "nobody answered in time");
}

}  // namespace

int main()
{
    IoThreads threads;
    std::cout << sync_wait(ask(threads.executor(), 10ms)) << "\n";
    try {
        sync_wait(ask(threads.executor(), 200ms));
    } catch (const Error& error) {
        std::cout << to_string(error.code()) << ": " << error.what() << "\n";
    }
    // The late answer loses its race, but it still needs the executor to be there.
    std::this_thread::sleep_for(200ms);
}
