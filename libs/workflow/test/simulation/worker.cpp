#include "simulation/worker.hpp"

#include "simulation/violation.hpp"

namespace lintel::workflow::simulation {
namespace {

std::string describe(const Claimed& claimed)
{
    return claimed.run.to_string().substr(0, 8) + "/" + claimed.path + "#" + std::to_string(claimed.attempt);
}

}  // namespace

std::string Worker::act()
{
    if (clock_ < asleep_until_) return {};
    if (!session_) return open();
    const auto chance = random_.below(100);
    if (chance < 20) return renew();
    if (chance < 45) return claim();
    if (chance < 90) return do_job();
    if (chance < 93) return crash();
    if (chance < 95) return stop();
    asleep_until_ = clock_ + std::chrono::milliseconds{random_.below(9000)};
    return name_ + " falls asleep";
}

void Worker::wake()
{
    asleep_until_ = {};
    if (!session_) open();
}

bool Worker::work()
{
    wake();
    // What it has in hand from before may not be its own any more: that is for the store to say.
    if (!store_.renew(*session_)) open();
    renewed_at_ = clock_;
    for (auto& claimed : store_.claim(*session_, 10))
        jobs_.push_back({std::move(claimed), std::nullopt});
    const bool had_work = !jobs_.empty();
    while (!jobs_.empty())
        do_job();
    return had_work;
}

std::string Worker::open()
{
    session_ = random_.id();
    renewed_at_ = clock_;
    store_.open_session(*session_);
    return name_ + " opens " + session_->to_string().substr(0, 8);
}

std::string Worker::renew()
{
    if (store_.renew(*session_)) {
        renewed_at_ = clock_;
        return name_ + " renews";
    }
    session_.reset();
    // Some finish what they have in hand all the same, in vain.
    if (random_.percent(50)) jobs_.clear();
    return name_ + " has lost its session";
}

std::string Worker::claim()
{
    auto told = name_ + " claims";
    for (auto& claimed : store_.claim(*session_, 1 + random_.below(3))) {
        told += " " + describe(claimed);
        jobs_.push_back({std::move(claimed), std::nullopt});
    }
    return told;
}

std::string Worker::do_job()
{
    if (jobs_.empty()) return {};
    auto& job = jobs_.front();
    if (!job.end) {
        send(job);
        auto told = name_ + " sends " + describe(job.claimed);
        if (const auto* failed = std::get_if<AttemptFailed>(&*job.end)) told += ": " + failed->error.code;
        return told;
    }
    auto done = std::move(job);
    jobs_.pop_front();
    return finish(std::move(done));
}

void Worker::send(Job& job)
{
    const auto& claimed = job.claimed;
    if (const auto* error = std::get_if<StepError>(&claimed.work)) {
        job.end = AttemptFailed{claimed.path, claimed.attempt, *error};
        return;
    }
    const auto& work = std::get<Work>(claimed.work);
    const auto answer = service_.call(work);
    if (const auto* error = std::get_if<StepError>(&answer)) {
        job.end = AttemptFailed{claimed.path, claimed.attempt, *error};
    } else {
        job.end = AttemptSucceeded{claimed.path, claimed.attempt,
                                   work.is_event ? "null" : std::get<std::string>(answer)};
    }
}

std::string Worker::finish(Job job)
{
    const auto& claimed = job.claimed;
    const auto& step = store_.runs().at(claimed.run).steps.at(claimed.path);
    const bool may_write = clock_ < renewed_at_ + kLease && step.attempt == claimed.attempt;
    auto told = name_ + " finishes " + describe(job.claimed);
    // The commit may have happened although the connection broke: said once more, it must change nothing.
    for (auto times = 1 + (random_.percent(10) ? 1 : 0); times > 0; --times) {
        const auto outcome = store_.finish(session_.value_or(SessionId{}), job.claimed.run, *job.end);
        check(may_write || outcome == Outcome::stale,
              "a worker has written what is not its own any more: " + describe(job.claimed));
        told += outcome == Outcome::applied ? " (applied)" : " (stale)";
    }
    return told;
}

std::string Worker::crash()
{
    for (auto& job : jobs_) {
        const auto* work = std::get_if<Work>(&job.claimed.work);
        if (!job.end && work != nullptr && random_.percent(50)) service_.leave_on_the_way(*work);
    }
    jobs_.clear();
    session_.reset();
    return name_ + " dies";
}

std::string Worker::stop()
{
    for (const auto& job : jobs_)
        if (!job.end)
            store_.finish(*session_, job.claimed.run,
                          HandedBack{job.claimed.path, job.claimed.attempt, false});
    store_.close_session(*session_);
    jobs_.clear();
    session_.reset();
    return name_ + " stops";
}

}  // namespace lintel::workflow::simulation
