#include "simulation/simulation.hpp"

#include <algorithm>

#include "simulation/checks.hpp"
#include "simulation/definitions.hpp"
#include "simulation/effect_service.hpp"
#include "simulation/operator.hpp"
#include "simulation/violation.hpp"
#include "simulation/worker.hpp"

namespace lintel::workflow::simulation {
namespace {

constexpr std::size_t kActions = 250;
constexpr std::size_t kWorkers = 3;
/// How often everybody may have a turn until nothing moves any more.
constexpr int kRounds = 2000;

class World {
public:
    World(std::uint64_t seed, Defect defect, Verdict& verdict)
        : verdict_(verdict), random_(seed), defect_(defect)
    {
        for (std::size_t i = 0; i < kWorkers; ++i)
            workers_.emplace_back("worker " + std::to_string(i), store_, service_, clock_, random_);
    }

    void live()
    {
        for (std::size_t i = 0; i < kActions; ++i) {
            note(act());
            checks_.check_store(store_);
        }
        heal();
        finish();
        // What has failed is mended, and some of what has ended is done again.
        for (int round = 0; round < 2; ++round) {
            operator_.mend_all();
            finish();
        }
    }

private:
    /// Serves everybody until all runs have ended.
    void finish()
    {
        settle();
        checks_.check_at_rest(store_);
        for (int round = 0; operator_.serve_all(); ++round) {
            check(round < kRounds, "somebody has to be served over and over");
            settle();
            checks_.check_at_rest(store_);
        }
        checks_.check_all_ended(store_);
    }

    std::string act()
    {
        const auto chance = random_.below(100);
        if (chance < 15) return pass();
        if (chance < 20) return std::to_string(store_.expire_sessions()) + " sessions expire";
        if (chance < 30) return std::to_string(store_.fire_timers(1 + random_.below(5))) + " timers fire";
        if (chance < 40) return deliver();
        if (chance < 43) return service_.arrive() ? "a late request arrives" : "";
        if (chance < 46) return operator_.repeat_something();
        if (chance < 60) return operator_.act();
        return workers_[random_.below(workers_.size())].act();
    }

    std::string pass()
    {
        const auto next = store_.next_due();
        // Often to the very moment, or just before it.
        if (next && *next > clock_ && random_.percent(30)) {
            clock_ = *next - std::chrono::milliseconds{random_.below(2)};
        } else {
            clock_ += std::chrono::milliseconds{random_.below(700)};
        }
        return "it is " + core::to_rfc3339(clock_);
    }

    std::string deliver()
    {
        auto letter = static_cast<std::int64_t>(1 + random_.below(100));
        const auto ready = store_.deliverable();
        if (!ready.empty() && random_.percent(80)) {
            letter = random_.of(ready);
        } else if (!store_.was_delivered(letter)) {
            return {};
        }
        store_.deliver(letter);
        return "letter " + std::to_string(letter) + " is delivered";
    }

    void heal()
    {
        note("everything is healed");
        service_.heal();
        operator_.release_all();
        for (auto& worker : workers_)
            worker.wake();
    }

    /// Until nothing is left to do but what somebody has to ask for.
    void settle()
    {
        for (int round = 0; round < kRounds; ++round) {
            bool moved = service_.arrive();
            for (const auto letter : store_.deliverable()) {
                store_.deliver(letter);
                moved = true;
            }
            for (auto& worker : workers_)
                moved = worker.work() || moved;
            moved = store_.expire_sessions() > 0 || moved;
            moved = store_.fire_timers(100) > 0 || moved;
            if (moved) continue;
            checks_.check_store(store_);
            const auto next = store_.next_timer();
            if (!next && store_.claims().empty()) return;
            clock_ = next ? std::max(*next, clock_) : clock_ + kLease / 2;
        }
        throw Violation{"it never settles"};
    }

    void follow(const Told& told)
    {
        checks_.follow(told);
        for (const auto& entry : told.effects.history)
            ++verdict_.history[entry.type];
    }

    void note(std::string what)
    {
        if (!what.empty()) verdict_.trace.push_back(std::move(what));
    }

    Verdict& verdict_;
    Random random_;
    Defect defect_;
    core::Timestamp clock_ = *core::parse_rfc3339("2026-11-20T08:00:00Z");
    MemoryStore::Catalog catalog_ = make_catalog(random_);
    EffectService service_{random_};
    Checks checks_{service_};
    MemoryStore store_{catalog_,
                       clock_,
                       {.lease = kLease,
                        .limits = {.lease_losses = 2, .items = 4},
                        .defect = defect_,
                        .chance = [this] { return random_.fraction(); },
                        .on_event = [this](const Told& told) { follow(told); }}};
    Operator operator_{store_, catalog_, checks_, clock_, random_};
    std::vector<Worker> workers_;
};

}  // namespace

Verdict simulate(std::uint64_t seed, Defect defect)
{
    Verdict verdict;
    try {
        World(seed, defect, verdict).live();
    } catch (const std::exception& error) {
        verdict.violation = error.what();
    }
    return verdict;
}

}  // namespace lintel::workflow::simulation
