#pragma once

#include <map>
#include <set>
#include <string>

#include "simulation/effect_service.hpp"
#include "simulation/memory_store.hpp"

namespace lintel::workflow::simulation {

/// What must hold whatever happens, said once more and in other words than the engine's. Every function
/// throws Violation.
class Checks {
public:
    explicit Checks(const EffectService& service) : service_(service) {}

    /// After each event.
    void follow(const Told& told);
    /// After each operation: claims are held by somebody, letters are on their way.
    void check_store(const MemoryStore& store) const;
    /// Once nothing moves by itself any more.
    void check_at_rest(const MemoryStore& store) const;
    /// Once all runs have ended.
    void check_all_ended(const MemoryStore& store) const;

    /// A signal that the store said it took.
    void expect_signal(const core::Id& run, const Signal& signal);

private:
    void check_step(const Told& told, const StepRun& before, const StepRun& after);
    void check_success(const Told& told, const AttemptSucceeded& event);
    void take_signals(const Told& told);

    const EffectService& service_;
    std::set<std::string> recorded_;
    std::map<core::Id, std::map<std::string, Signal>> signals_;
    std::set<std::pair<core::Id, std::string>> taken_;
    /// Their effects are not all of one story any more.
    std::set<core::Id> rerun_;
};

}  // namespace lintel::workflow::simulation
