// Generated from contracts/. Do not edit.
#include "lintel/contracts/parcels.hpp"

#include "internal.hpp"
#include "query.hpp"
#include "reader.hpp"
#include "writer.hpp"

namespace lintel::contracts {

namespace detail {

void read(const Node& node, Size& out)
{
    read_enum(node, out, size_from_string,
              "small, extraLarge, default");
}

void append_json(std::string& out, Size value)
{
    out += '"';
    out += to_string(value);
    out += '"';
}

constexpr std::string_view kPartFields[] = {
    "id",
};

void read_members(Object& object, Part& out)
{
    object.required("id", [&](const Node& node) {
        read_id(node, out.id);
    });
}

void read(const Node& node, Part& out)
{
    Object object{node};
    read_members(object, out);
    object.finish(kPartFields);
}

void append_members(std::string& out, const Part& value)
{
    out += R"("id":)";
    append_id(out, value.id);
    out += ',';
}

constexpr PatternAtom kParcelCodePattern[] = {
    {{0x0U, 0x7fffffeU}, 3, 3},
    {{0x200000000000U, 0x0U}, 1, 1},
    {{0x3ff000000000000U, 0x0U}, 1, std::numeric_limits<std::size_t>::max()},
};

constexpr PatternAtom kParcelLabelsPattern[] = {
    {{0x0U, 0x7fffffe00000000U}, 1, std::numeric_limits<std::size_t>::max()},
};

constexpr std::string_view kParcelFields[] = {
    "code",
    "size",
    "weight",
    "fragile",
    "copies",
    "labels",
    "parts",
    "note",
    "extra",
    "keep",
    "turnAfter",
    "seal",
    "mark",
    "sentAt",
};

void read_members(Object& object, Parcel& out)
{
    object.required("code", [&](const Node& node) {
        read_string_or_integer(node, out.code, {.pattern = kParcelCodePattern, .pattern_text = "^[A-Z]{3}-[0-9]+$"}, {.minimum = 1});
    });
    object.optional("size", [&](const Node& node) {
        read(node, out.size);
    });
    object.required("weight", [&](const Node& node) {
        read_number(node, out.weight, {.exclusive_minimum = 0.0, .exclusive_maximum = 1000.0});
    });
    object.optional("fragile", [&](const Node& node) {
        read_boolean(node, out.fragile);
    });
    object.optional("copies", [&](const Node& node) {
        read_integer(node, out.copies, {.minimum = 1, .clamp_maximum = 10});
    });
    object.optional("labels", [&](const Node& node) {
        read_array(node, out.labels.emplace(), {.min_items = 1, .max_items = 3}, [](const Node& element, auto& item) {
            read_string(element, item, {.pattern = kParcelLabelsPattern, .pattern_text = "^[a-z]+$"});
        });
    });
    object.optional("parts", [&](const Node& node) {
        read_array(node, out.parts, {.max_items = 2}, [](const Node& element, auto& item) {
            read(element, item);
        });
    });
    object.optional("note", [&](const Node& node) {
        if (!node.value.is_null()) read_string(node, out.note.emplace(), {.max_length = 20});
    });
    object.optional("extra", [&](const Node& node) {
        read_free_object(node, out.extra.emplace(), {.max_bytes = 20, .max_depth = 2});
    });
    object.optional("keep", [&](const Node& node) {
        read_duration(node, out.keep);
    });
    object.optional("turnAfter", [&](const Node& node) {
        read_duration(node, out.turn_after.emplace());
    });
    object.optional("seal", [&](const Node& node) {
        read_free_value(node, out.seal.emplace(), {.max_bytes = 20, .max_depth = 1});
    });
    object.optional("mark", [&](const Node& node) {
        read_free_value(node, out.mark, {.max_bytes = 20, .max_depth = 1});
    });
    object.required("sentAt", [&](const Node& node) {
        if (!node.value.is_null()) read_timestamp(node, out.sent_at.emplace());
    });
}

void read(const Node& node, Parcel& out)
{
    Object object{node};
    read_members(object, out);
    object.finish(kParcelFields);
}

void append_members(std::string& out, const Parcel& value)
{
    out += R"("code":)";
    append_string_or_integer(out, value.code);
    out += ',';
    out += R"("size":)";
    append_json(out, value.size);
    out += ',';
    out += R"("weight":)";
    append_number(out, value.weight);
    out += ',';
    out += R"("fragile":)";
    append_boolean(out, value.fragile);
    out += ',';
    out += R"("copies":)";
    append_integer(out, value.copies);
    out += ',';
    if (value.labels) {
        out += R"("labels":)";
        out += '[';
        for (const auto& item : *value.labels) {
            append_json_string(out, item);
            out += ',';
        }
        close(out, ']');
        out += ',';
    }
    out += R"("parts":)";
    out += '[';
    for (const auto& item : value.parts) {
        append_json(out, item);
        out += ',';
    }
    close(out, ']');
    out += ',';
    out += R"("note":)";
    if (value.note) {
        append_json_string(out, *value.note);
    } else {
        out += "null";
    }
    out += ',';
    if (value.extra) {
        out += R"("extra":)";
        append_free_object(out, *value.extra);
        out += ',';
    }
    out += R"("keep":)";
    append_duration(out, value.keep);
    out += ',';
    if (value.turn_after) {
        out += R"("turnAfter":)";
        append_duration(out, *value.turn_after);
        out += ',';
    }
    if (value.seal) {
        out += R"("seal":)";
        append_free_value(out, *value.seal);
        out += ',';
    }
    out += R"("mark":)";
    append_free_value(out, value.mark);
    out += ',';
    out += R"("sentAt":)";
    if (value.sent_at) {
        append_timestamp(out, *value.sent_at);
    } else {
        out += "null";
    }
    out += ',';
}

constexpr std::string_view kParcelListFields[] = {
    "size",
    "heavierThan",
    "fragile",
    "notLongerThan",
    "extra",
    "copies",
};

void read_members(Object& object, ParcelList& out)
{
    object.optional("size", [&](const Node& node) {
        read(node, out.size.emplace());
    });
    object.optional("heavierThan", [&](const Node& node) {
        read_number(node, out.heavier_than.emplace(), {});
    });
    object.optional("fragile", [&](const Node& node) {
        read_boolean(node, out.fragile.emplace());
    });
    object.optional("notLongerThan", [&](const Node& node) {
        read_duration(node, out.not_longer_than.emplace());
    });
    object.optional("extra", [&](const Node& node) {
        read_object_text(node, out.extra.emplace(), {.max_length = 30, .max_depth = 2});
    });
    object.optional("copies", [&](const Node& node) {
        read_integer(node, out.copies.emplace(), {});
    });
}

void read(const Node& node, ParcelList& out)
{
    Object object{node};
    read_members(object, out);
    object.finish(kParcelListFields);
}

void append_members(std::string& out, const ParcelList& value)
{
    if (value.size) {
        out += R"("size":)";
        append_json(out, *value.size);
        out += ',';
    }
    if (value.heavier_than) {
        out += R"("heavierThan":)";
        append_number(out, *value.heavier_than);
        out += ',';
    }
    if (value.fragile) {
        out += R"("fragile":)";
        append_boolean(out, *value.fragile);
        out += ',';
    }
    if (value.not_longer_than) {
        out += R"("notLongerThan":)";
        append_duration(out, *value.not_longer_than);
        out += ',';
    }
    if (value.extra) {
        out += R"("extra":)";
        append_json_string(out, *value.extra);
        out += ',';
    }
    if (value.copies) {
        out += R"("copies":)";
        append_integer(out, *value.copies);
        out += ',';
    }
}

constexpr std::string_view kTrackedPartFields[] = {
    "id",
    "operator",
};

void read_members(Object& object, TrackedPart& out)
{
    read_members(object, static_cast<Part&>(out));
    object.optional("operator", [&](const Node& node) {
        read_string(node, out.operator_.emplace(), {.max_length = 20});
    });
}

void read(const Node& node, TrackedPart& out)
{
    Object object{node};
    read_members(object, out);
    object.finish(kTrackedPartFields);
    object.at_least(2);
}

void append_members(std::string& out, const TrackedPart& value)
{
    append_members(out, static_cast<const Part&>(value));
    if (value.operator_) {
        out += R"("operator":)";
        append_json_string(out, *value.operator_);
        out += ',';
    }
}

}  // namespace detail

std::string_view to_string(Size value) noexcept
{
    switch (value) {
        case Size::small: return "small";
        case Size::extra_large: return "extraLarge";
        case Size::default_: return "default";
    }
    return {};
}

std::optional<Size> size_from_string(std::string_view text) noexcept
{
    if (text == "small") return Size::small;
    if (text == "extraLarge") return Size::extra_large;
    if (text == "default") return Size::default_;
    return std::nullopt;
}

Part parse_part(const nlohmann::json& json, UnknownFields unknown)
{
    return detail::parse<Part>(json, unknown, "Part");
}

void append_json(std::string& out, const Part& value)
{
    out += '{';
    detail::append_members(out, value);
    detail::close(out, '}');
}

std::string to_json(const Part& value)
{
    std::string out;
    out.reserve(48);
    append_json(out, value);
    return out;
}

Parcel parse_parcel(const nlohmann::json& json, UnknownFields unknown)
{
    return detail::parse<Parcel>(json, unknown, "Parcel");
}

void append_json(std::string& out, const Parcel& value)
{
    out += '{';
    detail::append_members(out, value);
    detail::close(out, '}');
}

std::string to_json(const Parcel& value)
{
    std::string out;
    out.reserve(992);
    append_json(out, value);
    return out;
}

ParcelList parse_parcel_list(const nlohmann::json& json, UnknownFields unknown)
{
    return detail::parse<ParcelList>(json, unknown, "ParcelList");
}

ParcelList parse_parcel_list_query(QueryParameters query)
{
    static constexpr detail::QueryField kFields[] = {
        {"heavierThan", detail::QueryKind::number},
        {"fragile", detail::QueryKind::boolean},
        {"copies", detail::QueryKind::integer},
    };
    return detail::parse_query<ParcelList>(query, kFields, "ParcelList");
}

void append_json(std::string& out, const ParcelList& value)
{
    out += '{';
    detail::append_members(out, value);
    detail::close(out, '}');
}

std::string to_json(const ParcelList& value)
{
    std::string out;
    out.reserve(184);
    append_json(out, value);
    return out;
}

TrackedPart parse_tracked_part(const nlohmann::json& json, UnknownFields unknown)
{
    return detail::parse<TrackedPart>(json, unknown, "TrackedPart");
}

void append_json(std::string& out, const TrackedPart& value)
{
    out += '{';
    detail::append_members(out, value);
    detail::close(out, '}');
}

std::string to_json(const TrackedPart& value)
{
    std::string out;
    out.reserve(92);
    append_json(out, value);
    return out;
}

}  // namespace lintel::contracts
