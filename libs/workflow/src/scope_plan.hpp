#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "document.hpp"

namespace lintel::workflow {

/// What the names and `after` of a list of steps say before anything else of them is read. Numbers are those
/// of the document.
struct ScopePlan {
    /// Where a step is that others may refer to: in this list, or in a switch of it.
    struct Place {
        std::size_t sibling = 0;
        bool is_in_switch = false;
    };

    /// What each step directly comes after.
    std::vector<std::vector<std::size_t>> after;
    /// The steps in an order in which each stands behind what it comes after; that of the document where it
    /// is free.
    std::vector<std::size_t> order;
    /// ancestors[a][b]: b is settled before a begins.
    std::vector<std::vector<bool>> ancestors;
    std::unordered_map<std::string, Place> places;
};

/// Reads names and `after` leniently (whoever reads the steps reports what is wrong with names), and reports
/// what is wrong with `after`: the step of `steps[n]` is at pointer/n.
ScopePlan plan_scope(const nlohmann::json::array_t& steps, const std::string& pointer, Faults& faults);

/// The names of all steps in and below a list of steps.
void collect_names(const nlohmann::json& steps, bool into_for_each, std::vector<std::string>& names);

}  // namespace lintel::workflow
