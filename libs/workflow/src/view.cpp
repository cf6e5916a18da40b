#include "view.hpp"

#include <charconv>

#include "lintel/core/error.hpp"
#include "turn.hpp"

namespace lintel::workflow {
namespace {

using core::Error;
using core::ErrorCode;
using nlohmann::json;

/// What stands in a run has been checked on its way in; should it not be JSON all the same, then whoever
/// refers to it fails, and no more than that.
json parse(const std::string& text, const std::string& what)
{
    auto value = json::parse(text, nullptr, false);
    if (value.is_discarded()) throw Error{ErrorCode::invalid, what + " is not JSON"};
    return value;
}

json describe(const Run& run)
{
    json workflow{{"id", run.id.to_string()},
                  {"name", run.name},
                  {"definition", run.definition->name},
                  {"version", run.definition->version},
                  {"attributes", parse(run.attributes, "the attributes")},
                  {"createdAt", core::to_rfc3339(run.created_at)}};
    if (!run.key.empty()) workflow["key"] = run.key;
    return workflow;
}

}  // namespace

std::string_view prefix_of(std::string_view path) noexcept
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash + 1);
}

View::View(const Run& run, std::string_view path)
    : run_(run), prefix_(prefix_of(path)), input_(parse(run.input, "the input")), workflow_(describe(run))
{
    references_.input = &input_;
    references_.workflow = &workflow_;
    references_.output = [this](const std::string& step) { return output_of(step); };
    if (is_undo(path)) failure_ = describe_failure(run);
    if (!failure_.is_null()) references_.failure = &failure_;
    if (!prefix_.empty()) find_item();
}

void View::find_item()
{
    const auto bracket = prefix_.rfind('[');
    const auto path = prefix_.substr(0, bracket);
    std::size_t index = 0;
    std::from_chars(prefix_.data() + bracket + 1, prefix_.data() + prefix_.size(), index);
    const Step* step = step_at(*run_.definition, path);
    const auto* loop = step == nullptr ? nullptr : std::get_if<ForEachStep>(&step->kind);
    if (loop == nullptr) throw Error{ErrorCode::invalid, path + " is no forEach"};
    const auto items = View(run_, path).resolve(loop->items);
    if (!items.is_array() || index >= items.size())
        throw Error{ErrorCode::invalid, path + " has no element " + std::to_string(index)};
    item_ = items[index];
    references_.item = &item_;
    references_.index = static_cast<std::int64_t>(index);
}

json View::resolve(const json& mapping) const
{
    return workflow::resolve(mapping, references_);
}

/// The step of that name in the own scope, or in the next one outwards that has it.
const json* View::output_of(const std::string& step) const
{
    for (std::string_view prefix = prefix_;; prefix = prefix_of(prefix.substr(0, prefix.size() - 1))) {
        const auto path = std::string(prefix) + step;
        const auto found = run_.steps.find(path);
        if (found != run_.steps.end()) {
            const auto& record = found->second;
            if (record.state != StepState::completed || !record.output) return nullptr;
            auto [cached, is_new] = outputs_.try_emplace(path);
            if (is_new) cached->second = parse(*record.output, "the output of " + path);
            return &cached->second;
        }
        if (prefix.empty()) return nullptr;
    }
}

}  // namespace lintel::workflow
