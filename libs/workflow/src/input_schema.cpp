#include "input_schema.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "lintel/core/id.hpp"
#include "lintel/core/json.hpp"
#include "lintel/core/time.hpp"
#include "pattern.hpp"
#include "schema_rules.hpp"

namespace lintel::workflow {
namespace {

using nlohmann::json;
using valijson::adapters::Adapter;
using valijson::adapters::NlohmannJsonAdapter;

bool has_format(const std::string& text, const std::string& format)
{
    if (format == "uuid") return core::Id::parse(text).has_value();
    if (format == "date") return text.size() == 10 && core::parse_rfc3339(text + "T00:00:00Z").has_value();
    return core::parse_rfc3339(text).has_value();
}

bool is_multiple(double value, double divisor)
{
    const double quotient = value / divisor;
    constexpr double kRelativeError = 1e-9;  // 0.3 is a multiple of 0.1, which no double says exactly
    return std::isfinite(quotient) &&
           std::abs(quotient - std::round(quotient)) <= kRelativeError * std::max(1.0, std::abs(quotient));
}

/// The keywords that rewrite_schema() has put under kOwnKeywords.
class OwnKeywords : public valijson::constraints::PolyConstraint {
public:
    explicit OwnKeywords(const json& keywords) : keywords_(keywords)
    {
        std::string why;
        if (const auto pattern = keywords.find("pattern"); pattern != keywords.end())
            pattern_ = Pattern::parse(pattern->get_ref<const std::string&>(), why);
    }

    bool validate(const Adapter& target, const std::vector<std::string>& context,
                  valijson::ValidationResults* results) const override
    {
        const auto fault = target.isString() ? fault_of(target.asString()) : fault_of_number(target);
        if (!fault.empty() && results) results->pushError(context, fault);
        return fault.empty();
    }

private:
    std::string fault_of(const std::string& text) const
    {
        if (pattern_ && !pattern_->matches(text)) return "must match " + keyword("pattern");
        if (keywords_.contains("format") && !has_format(text, keyword("format")))
            return "must be a " + keyword("format");
        return {};
    }

    std::string fault_of_number(const Adapter& target) const
    {
        const auto divisor = keywords_.find("multipleOf");
        double value = 0;
        if (divisor == keywords_.end() || !target.isNumber() || !target.asDouble(value)) return {};
        return is_multiple(value, divisor->get<double>())
                   ? ""
                   : "must be a multiple of " + core::dump_json(*divisor);
    }

    const std::string& keyword(const char* name) const
    {
        return keywords_[name].get_ref<const std::string&>();
    }

    Constraint* cloneInto(void* memory) const override { return new (memory) OwnKeywords(*this); }
    std::size_t sizeOf() const override { return sizeof(OwnKeywords); }

    json keywords_;
    std::optional<Pattern> pattern_;
};

class OwnKeywordsBuilder : public valijson::ConstraintBuilder {
public:
    valijson::constraints::Constraint* make(const Adapter& keywords) const override
    {
        return new OwnKeywords(json::parse(keywords.asString()));  // the parser that has asked owns it
    }
};

/// Of the elements ("[key]") that valijson names, from the root on.
std::string pointer_of(const std::vector<std::string>& context)
{
    std::string pointer = "/input";
    for (std::size_t at = 1; at < context.size(); ++at)
        core::append_pointer_step(pointer, std::string_view(context[at]).substr(1, context[at].size() - 2));
    return pointer;
}

core::FieldError fault_of(const valijson::ValidationResults::Error& error)
{
    constexpr std::string_view kMissing = "Missing required property '";
    auto pointer = pointer_of(error.context);
    const std::string_view text = error.description;
    if (!text.starts_with(kMissing)) return {std::move(pointer), error.description};
    const auto name = text.substr(kMissing.size(), text.rfind('\'') - kMissing.size());
    return {pointer_to(std::move(pointer), name), "is missing"};
}

/// valijson says of everything that a fault is in that it has failed, too.
bool only_repeats(const core::FieldError& fault, const Faults& earlier)
{
    return fault.detail.starts_with("Failed to validate") &&
           std::ranges::any_of(earlier, [&fault](const auto& inner) {
               return inner.pointer.size() > fault.pointer.size() &&
                      inner.pointer.starts_with(fault.pointer + "/");
           });
}

/// valijson reads an integer that only an unsigned one holds as a negative one, and would judge by that.
void refuse_unsigned(const json& value, const std::string& pointer, Faults& faults)
{
    if (value.is_number_integer() && !core::exact_integer(value))
        faults.push_back({pointer, "does not fit into a signed integer of 64 bits"});
    if (value.is_array()) {
        for (std::size_t at = 0; at < value.size(); ++at)
            refuse_unsigned(value[at], pointer_to(pointer, at), faults);
    } else if (value.is_object()) {
        for (const auto& [key, member] : value.items())
            refuse_unsigned(member, pointer_to(pointer, key), faults);
    }
}

class CompiledSchema : public InputSchema {
public:
    explicit CompiledSchema(const json& rewritten)
    {
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.addConstraintBuilder(kOwnKeywords, new OwnKeywordsBuilder());  // it owns its builders
        parser.populateSchema(NlohmannJsonAdapter(rewritten), schema_);
    }

    Faults check(const json& input) const override
    {
        Faults faults;
        refuse_unsigned(input, "/input", faults);
        if (!faults.empty()) return faults;
        valijson::ValidationResults results;
        valijson::Validator validator;
        const NlohmannJsonAdapter target(input);
        if (validator.validate(schema_, target, nullptr)) return {};
        validator.validate(schema_, target, &results);
        for (const auto& error : results) {
            auto fault = fault_of(error);
            if (!only_repeats(fault, faults)) faults.push_back(std::move(fault));
            if (faults.size() == kMaxFaults) break;
        }
        if (faults.empty()) faults.push_back({"/input", "is not what the schema asks for"});
        return faults;
    }

private:
    static constexpr std::size_t kMaxFaults = 100;

    valijson::Schema schema_;
};

}  // namespace

std::shared_ptr<const InputSchema> InputSchema::compile(const json& schema, const std::string& pointer,
                                                        Faults& faults)
{
    const auto before = faults.size();
    const auto rewritten = rewrite_schema(schema, pointer, faults);
    if (faults.size() > before) return nullptr;
    try {
        return std::make_shared<CompiledSchema>(rewritten);
    } catch (const std::exception& error) {
        faults.push_back({pointer, std::string("is not a schema that can be used: ") + error.what()});
        return nullptr;
    }
}

}  // namespace lintel::workflow
