#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

namespace lintel::workflow {

class InputSchema;

/// How a failed attempt is repeated. The n-th wait is initial_interval × backoff_coefficient^(n-1), at most
/// maximum_interval, made shorter by a random part of up to `jitter` of it.
struct RetryPolicy {
    std::chrono::milliseconds initial_interval{1000};
    double backoff_coefficient = 2.0;
    /// Of a document that does not say: a hundred times initial_interval.
    std::chrono::milliseconds maximum_interval{100000};
    /// 0: as often as it takes.
    std::int64_t maximum_attempts = 0;
    /// 0 to 1.
    double jitter = 0.2;
    /// Codes that end the step at once, beside those that are never worth repeating (see
    /// is_worth_retrying()).
    std::vector<std::string> non_retryable;
};

/// What becomes of a step whose attempts are used up.
enum class OnExhausted {
    /// The step, and with it the workflow, fails; what was done is compensated.
    fail,
    /// The step waits, as a dead letter, for somebody to mend and replay it.
    dead_letter,
};

/// A call that undoes a completed step.
struct Compensation {
    std::string subject;
    nlohmann::json input;
    std::chrono::milliseconds timeout{5000};
    RetryPolicy retry;
};

struct Step;

/// Steps that refer to one another by `after`; each runs once all of those have been settled. Each stands
/// behind those that it comes after, and otherwise where it stands in the document.
using Scope = std::vector<Step>;

/// NATS request-reply; the reply is the output.
struct RequestStep {
    std::string subject;
};
/// A message that nobody answers; the output is null.
struct EmitStep {
    std::string subject;
};
/// Completes after `duration`, or, without one, at the RFC 3339 time that `until` resolves to.
struct SleepStep {
    std::optional<std::chrono::milliseconds> duration;
    nlohmann::json until;
};
/// Completes with the payload of the next signal of this name that no other step has taken. Without one in
/// time, completes with null or fails with `deadline_exceeded`.
struct SignalStep {
    std::string signal;
    std::optional<std::chrono::milliseconds> timeout;
    bool continues_on_timeout = false;
};
/// Runs the first case whose `equals` is what `value` resolves to, else `otherwise`; all other cases are
/// skipped. The output is the index of the case, or null.
struct SwitchStep {
    struct Case {
        nlohmann::json equals;
        Scope steps;
    };
    nlohmann::json value;
    std::vector<Case> cases;
    Scope otherwise;
};
/// Runs `steps` for each element of the array that `items` resolves to, at most `max_concurrency` (0: all; 10
/// in a document that does not say) at once. The output is the array of the outputs of the last step of each.
struct ForEachStep {
    nlohmann::json items;
    std::size_t max_concurrency = 0;
    Scope steps;
};
/// Starts another workflow and completes with its output when that has completed. Fails when that fails.
struct ChildStep {
    std::string definition;
    /// 0: the newest when the step begins.
    std::int64_t version = 0;
};

struct Step {
    /// Unique in the whole definition.
    std::string name;
    std::variant<RequestStep, EmitStep, SleepStep, SignalStep, SwitchStep, ForEachStep, ChildStep> kind;
    /// Indexes into the step's own scope, all smaller than its own.
    std::vector<std::size_t> after;
    /// A template, see resolve(): what is sent, or what a child starts with; {} in a document that does not
    /// say.
    nlohmann::json input;
    /// Of one attempt.
    std::chrono::milliseconds timeout{5000};
    RetryPolicy retry;
    OnExhausted on_exhausted = OnExhausted::fail;
    /// Only of requests and sleeps.
    std::optional<Compensation> compensate;
    /// The point of no return: once it has begun the run cannot be cancelled, and once it is completed
    /// nothing is undone; what fails for good after that is a dead letter. Only of the outermost list, where
    /// everything that it does not come after is a request or an event.
    bool is_pivot = false;
    std::string description;
};

/// Limits that hold over all runs of a definition, and over those with the same limit key.
struct Limits {
    /// Runs under way at once; 0: no limit.
    std::int64_t concurrency = 0;
    std::int64_t concurrency_per_key = 0;
    /// Starts per period; 0: no limit.
    std::int64_t rate = 0;
    std::int64_t rate_per_key = 0;
    std::chrono::milliseconds period{1000};
    /// A template that resolves to a string on the workflow's input; null: one key for all.
    nlohmann::json key;

    bool any() const noexcept
    {
        return concurrency > 0 || concurrency_per_key > 0 || rate > 0 || rate_per_key > 0;
    }
};

/// What a workflow does. Immutable; a run keeps the one that it was started with.
struct Definition {
    std::string name;
    std::int64_t version = 0;
    std::string description;
    /// JSON Schema draft 7 as README.md narrows it, or null: any input.
    nlohmann::json input_schema;
    /// input_schema as check_input() uses it; parse_definition() makes both.
    std::shared_ptr<const InputSchema> input_check;
    Scope steps;
    /// A template; without one, the output of the last step.
    std::optional<nlohmann::json> output;
    Limits limits;
};

/// What a definition may be at most.
struct DefinitionLimits {
    /// Written without spaces.
    std::size_t bytes = 256 * 1024;
    /// In all of its lists together.
    std::size_t steps = 500;
    /// Lists of steps within lists of steps.
    std::size_t nesting = 8;
    /// Of the document, in levels of JSON.
    std::size_t depth = 64;
};

/// The definition that `document` describes, after contracts/schemas/definitions/WorkflowDefinition.yaml.
/// `version` is 0 when the document has none. Throws Error{invalid} with every fault and its pointer,
/// Error{too_large} and Error{malformed} for a document beyond its bytes and depth.
std::shared_ptr<const Definition> parse_definition(const nlohmann::json& document,
                                                   const DefinitionLimits& limits = {});

/// Throws Error{invalid} with every fault, its pointers beginning with `/input`, when `input` is not what the
/// definition's schema asks for. May be called on any thread at any time.
void check_input(const Definition& definition, const nlohmann::json& input);

/// The step of that name, in whatever scope; nullptr when there is none.
const Step* find_step(const Definition& definition, std::string_view name) noexcept;

}  // namespace lintel::workflow
