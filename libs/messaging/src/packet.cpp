#include "packet.hpp"

#include <array>
#include <utility>

#include "lintel/core/problem.hpp"

namespace lintel::messaging {
namespace {

using core::Error;
using core::ErrorCode;
using nlohmann::json;

/// Looks only for the top-level keys that make a NestJS packet, builds nothing and needs no stack for
/// nesting.
class EnvelopeFinder : public nlohmann::json_sax<json> {
public:
    Envelope result() const
    {
        Envelope envelope;
        if (!has_pattern_ || !has_data_) return envelope;
        envelope.kind = id_.empty() ? PacketKind::nest_event : PacketKind::nest_request;
        envelope.id = id_;
        return envelope;
    }

    bool null() override { return value("null"); }
    bool boolean(bool flag) override { return value(flag ? "true" : "false"); }
    bool number_integer(number_integer_t number) override { return value(std::to_string(number)); }
    bool number_unsigned(number_unsigned_t number) override { return value(std::to_string(number)); }
    bool number_float(number_float_t, const string_t& text) override { return value(text); }
    bool string(string_t& text) override
    {
        if (depth_ == 1 && key_ == "pattern") has_pattern_ = true;
        std::string quoted;
        if (depth_ == 1 && key_ == "id") core::append_json_string(quoted, text);
        return value(std::move(quoted));
    }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(); }
    bool start_array(std::size_t) override { return depth_ > 0 && open(); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override
    {
        if (depth_ == 1) key_ = std::move(name);
        if (depth_ == 1 && key_ == "data") has_data_ = true;
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override
    {
        return false;
    }

private:
    bool value(std::string text)
    {
        if (depth_ == 1 && key_ == "id") id_ = std::move(text);
        return depth_ > 0;
    }
    bool open()
    {
        ++depth_;
        return true;
    }
    bool close()
    {
        --depth_;
        return true;
    }

    std::size_t depth_ = 0;
    std::string key_;
    bool has_pattern_ = false;
    bool has_data_ = false;
    std::string id_;
};

std::string text_member(const json& object, const char* name)
{
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

std::vector<core::FieldError> field_errors(const json& object)
{
    std::vector<core::FieldError> fields;
    const auto errors = object.find("errors");
    if (errors == object.end() || !errors->is_array()) return fields;
    for (const auto& error : *errors) {
        if (error.is_object())
            fields.push_back({text_member(error, "pointer"), text_member(error, "detail")});
    }
    return fields;
}

ErrorCode code_of(const json& object, int status)
{
    const auto named = core::error_code_from_string(text_member(object, "code"));
    return named ? *named : core::error_code_from_status(status);
}

}  // namespace

Packet parse_packet(std::string_view payload, const core::JsonLimits& limits)
{
    Packet packet;
    packet.data = core::parse_json(payload, limits);
    if (!packet.data.is_object()) return packet;
    const auto pattern = packet.data.find("pattern");
    const auto data = packet.data.find("data");
    if (pattern == packet.data.end() || !pattern->is_string() || data == packet.data.end()) return packet;
    if (const auto id = packet.data.find("id"); id != packet.data.end()) {
        packet.envelope.kind = PacketKind::nest_request;
        packet.envelope.id = core::dump_json(*id);
    } else {
        packet.envelope.kind = PacketKind::nest_event;
    }
    // In two steps: assigning a part of a document to the whole would free it while it is moved.
    auto inner = std::move(*data);
    packet.data = std::move(inner);
    return packet;
}

Envelope guess_envelope(std::string_view payload)
{
    EnvelopeFinder finder;
    return json::sax_parse(payload, &finder) ? finder.result() : Envelope();
}

Error with_pointers_into_data(const Error& error)
{
    constexpr std::string_view kData = "/data";
    auto fields = error.fields();
    for (auto& field : fields) {
        if (field.pointer == kData || field.pointer.starts_with("/data/"))
            field.pointer.erase(0, kData.size());
    }
    return Error(error.code(), error.what(), std::move(fields));
}

std::string nest_reply(std::string_view id, std::string_view response)
{
    std::string out = "{\"response\":";
    out += response;
    out += ",\"isDisposed\":true,\"id\":";
    out += id;
    out += '}';
    return out;
}

std::string nest_error(std::string_view id, const Error& error)
{
    std::string out =
        "{\"err\":{\"status\":\"error\",\"statusCode\":" + std::to_string(http_status(error.code()));
    core::append_member(out, "message", error.what());
    core::append_member(out, "code", to_string(error.code()));
    core::append_field_errors(out, error);
    out += "},\"isDisposed\":true,\"id\":";
    out += id;
    out += '}';
    return out;
}

Error error_from_problem(int status, std::string_view description, std::string_view body)
{
    json problem = json::object();
    try {
        if (!body.empty()) problem = core::parse_json(body);
    } catch (const Error&) {
        // A peer that is not ours may say anything in the body; the headers say enough.
    }
    if (!problem.is_object()) problem = json::object();
    auto detail = text_member(problem, "detail");
    if (detail.empty()) detail = description.empty() ? "the service answered with an error" : description;
    return Error(code_of(problem, status), detail, field_errors(problem));
}

Error error_from_nest(const json& err)
{
    if (err.is_string()) return Error(ErrorCode::internal, err.get<std::string>());
    if (!err.is_object()) return Error(ErrorCode::internal, core::dump_json(err));
    const auto status = err.find("statusCode");
    const bool has_status = status != err.end() && status->is_number_integer();
    auto message = text_member(err, "message");
    if (message.empty()) message = core::dump_json(err);
    return Error(code_of(err, has_status ? status->get<int>() : 500), message, field_errors(err));
}

}  // namespace lintel::messaging
