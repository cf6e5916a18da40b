#pragma once

#include <string>
#include <unordered_set>

#include "document.hpp"
#include "lintel/workflow/definition.hpp"
#include "lintel/workflow/mapping.hpp"
#include "scope_plan.hpp"

namespace lintel::workflow {

/// Where in a definition something stands, for what it may refer to.
struct Position {
    const Position* outer = nullptr;
    const ScopePlan* plan = nullptr;
    /// The step of `plan` that is being read; nothing: what comes after all of them.
    std::optional<std::size_t> step;
    /// A compensation refers to the step that it undoes.
    const std::string* own = nullptr;
    bool is_in_for_each = false;
    std::size_t nesting = 1;
};

/// Reads lists of steps, and reports every fault in them.
class StepReader {
public:
    /// `all_names` are the names of every step of the document.
    StepReader(const DefinitionLimits& limits, std::unordered_set<std::string> all_names, Faults& faults);

    /// The steps at `pointer`, of which there are at least `minimum`, in order; `plan` becomes theirs.
    Scope read_scope(const nlohmann::json& steps, const std::string& pointer, std::size_t minimum,
                     const Position* outer, ScopePlan& plan);

    void check(const nlohmann::json& mapping, const std::string& pointer, const Position& from) const;

private:
    Step read_step(const nlohmann::json& value, const std::string& pointer, const Position& from);
    void read_name(Fields& fields, Step& step);
    void read_pivot(Fields& fields, Step& step, const Position& from);
    /// What may happen at the same time as a pivot, or after it, must be able to wait as a dead letter.
    void check_pivots(const Scope& steps, const std::string& pointer, const ScopePlan& plan);
    void read_kind(Fields& fields, Step& step, const Position& from);
    void read_attempts(Fields& fields, Step& step, const Position& from);
    void read_compensation(const nlohmann::json& value, Step& step, std::string pointer,
                           const Position& from);
    nlohmann::json read_input(Fields& fields, const Position& from) const;

    std::string read_subject(const nlohmann::json& value, std::string pointer) const;
    SleepStep read_sleep(const nlohmann::json& value, std::string pointer, const Position& from) const;
    SignalStep read_signal(const nlohmann::json& value, std::string pointer) const;
    SwitchStep read_switch(const nlohmann::json& value, std::string pointer, const Position& from);
    void read_cases(const nlohmann::json::array_t& cases, const std::string& pointer, const Position& from,
                    SwitchStep& chosen);
    ForEachStep read_for_each(const nlohmann::json& value, std::string pointer, const Position& from);
    ChildStep read_child(const nlohmann::json& value, std::string pointer) const;
    Scope read_inner(Fields& fields, std::size_t minimum, const Position& from);

    const DefinitionLimits& limits_;
    const std::unordered_set<std::string> all_names_;
    Faults& faults_;
    std::unordered_set<std::string> used_names_;
    std::size_t count_ = 0;
};

}  // namespace lintel::workflow
