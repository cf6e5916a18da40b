#include "order_reasons.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "facts.hpp"
#include "lintel/core/error.hpp"

namespace lintel::main {
namespace {

using contracts::OrderReason;
using contracts::WorkflowFailure;

constexpr std::size_t kMaxReasons = 100;

/// What it means that a step of the workflows of orders failed so.
struct Meaning {
    std::string_view step;
    std::string_view code;
    std::string_view reason;
};

constexpr std::array<Meaning, 9> kMeanings{{{"customer", "not_found", "unknownCustomer"},
                                            {"hold", "invalid", "unknownSku"},
                                            {"hold", "conflict", "noStock"},
                                            {"payment", "conflict", "noFunds"},
                                            {"confirmHold", "conflict", "noStock"},
                                            {"packed", "conflict", "nothingPicked"},
                                            {"delivering", "conflict", "cancelled"},
                                            {"proof", "conflict", "notDelivered"},
                                            {"refund", "conflict", "noFunds"}}};

std::string_view meaning_of(const WorkflowFailure& failure)
{
    for (const auto& meaning : kMeanings)
        if (failure.step == meaning.step && failure.code == meaning.code) return meaning.reason;
    return "other";
}

/// `/lines/2` of `/lines/2/quantity`: the lines that were asked for are those of the order. Nothing for what
/// is about no line.
std::optional<std::string> line_of(std::string_view pointer)
{
    constexpr std::string_view kLines = "/lines/";
    if (!pointer.starts_with(kLines)) return std::nullopt;
    return std::string(pointer.substr(0, pointer.find('/', kLines.size())));
}

WorkflowFailure parse(std::string_view text)
{
    return parse_fact("/failure", text, contracts::parse_workflow_failure);
}

}  // namespace

std::vector<OrderReason> reasons_of(std::string_view text)
{
    const auto failure = parse(text);
    if (failure.status == contracts::WorkflowStatus::cancelled)
        return {{"cancelled", failure.reason.value_or("the workflow was cancelled"), std::nullopt}};
    const std::string code(meaning_of(failure));
    std::vector<OrderReason> reasons;
    if (failure.errors) {
        for (const auto& fault : *failure.errors)
            if (auto line = line_of(fault.pointer); line && reasons.size() < kMaxReasons)
                reasons.push_back({code, fault.detail, std::move(line)});
    }
    if (reasons.empty()) reasons.push_back({code, failure.message.value_or("unknown"), std::nullopt});
    return reasons;
}

bool is_cancellation(std::string_view failure)
{
    return parse(failure).status == contracts::WorkflowStatus::cancelled;
}

}  // namespace lintel::main
