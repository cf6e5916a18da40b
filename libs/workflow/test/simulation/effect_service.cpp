#include "simulation/effect_service.hpp"

#include "simulation/violation.hpp"

namespace lintel::workflow::simulation {

std::variant<std::string, StepError> EffectService::call(const Work& work)
{
    const auto fate = is_healthy_ ? 0 : random_.below(100);
    if (fate >= 94) return StepError{"unavailable", "nothing has happened", {}};
    if (fate >= 90) return StepError{"rate_limited", "nothing has happened", {}};
    if (fate >= 84) {
        on_the_way_.push_back(work);
        return StepError{"deadline_exceeded", "the request is late", {}};
    }
    const auto& effect = have_effect(work);
    if (fate >= 78) return StepError{"deadline_exceeded", "the reply is lost", {}};
    if (fate >= 74) return StepError{"internal", "the reply is lost", {}};
    if (!effect.output) return StepError{"no_luck", "refused", {}};
    return *effect.output;
}

bool EffectService::arrive()
{
    if (on_the_way_.empty()) return false;
    const auto at = random_.below(on_the_way_.size());
    const auto work = on_the_way_[at];
    on_the_way_.erase(on_the_way_.begin() + static_cast<std::ptrdiff_t>(at));
    have_effect(work);
    return true;
}

const EffectService::Effect& EffectService::have_effect(const Work& work)
{
    const auto [found, is_new] = effects_.try_emplace(work.idempotency_key);
    auto& effect = found->second;
    if (is_new) {
        effect.subject = work.subject;
        effect.payload = work.payload;
        const bool is_refused = !is_healthy_ && !work.is_event && random_.percent(6);
        if (!is_refused) {
            auto items = nlohmann::json::array();
            for (auto left = random_.below(4); left > 0; --left)
                items.push_back(left);
            effect.output =
                nlohmann::json{{"key", work.idempotency_key}, {"way", random_.below(3)}, {"items", items}}
                    .dump();
        }
    }
    check(effect.subject == work.subject && effect.payload == work.payload,
          "one Idempotency-Key for two effects: " + work.idempotency_key);
    return effect;
}

}  // namespace lintel::workflow::simulation
