#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lintel/workflow/transition.hpp"
#include "simulation/random.hpp"

namespace lintel::workflow::simulation {

/// The peer of all steps: has each effect once for each Idempotency-Key and gives the same answer for it ever
/// after. Loses replies, refuses, is unavailable; never while it is healthy.
class EffectService {
public:
    explicit EffectService(Random& random) : random_(random) {}

    struct Effect {
        std::string subject;
        std::string payload;
        /// Absent: it was refused.
        std::optional<std::string> output;
    };

    /// What the caller gets to see. An error that leaves the outcome unknown may come from a request that
    /// arrives later, see arrive().
    std::variant<std::string, StepError> call(const Work& work);
    /// Lets a request that nobody waits for any more have its effect. False when there is none.
    bool arrive();
    /// A request of a worker that dies before it sees the answer.
    void leave_on_the_way(const Work& work) { on_the_way_.push_back(work); }

    void heal() { is_healthy_ = true; }
    const std::map<std::string, Effect>& effects() const { return effects_; }

private:
    const Effect& have_effect(const Work& work);

    Random& random_;
    bool is_healthy_ = false;
    std::map<std::string, Effect> effects_;
    std::vector<Work> on_the_way_;
};

}  // namespace lintel::workflow::simulation
