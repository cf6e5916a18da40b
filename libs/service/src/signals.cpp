#include "signals.hpp"

#include <pthread.h>
#include <signal.h>

namespace lintel::service {
namespace {

sigset_t stop_signals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

}  // namespace

StopSignals::StopSignals()
{
    const auto set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    // A peer that has gone is seen by the failing write.
    signal(SIGPIPE, SIG_IGN);
}

void StopSignals::wait()
{
    const auto set = stop_signals();
    while (sigwaitinfo(&set, nullptr) < 0)
        continue;
}

bool StopSignals::wait_for(std::chrono::milliseconds patience)
{
    const auto set = stop_signals();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
    const timespec time{.tv_sec = seconds.count(),
                        .tv_nsec = std::chrono::nanoseconds(patience - seconds).count()};
    return sigtimedwait(&set, nullptr, &time) > 0;
}

void StopSignals::end_at_once()
{
    const auto set = stop_signals();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace lintel::service
