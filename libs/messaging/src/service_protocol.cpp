#include "service_protocol.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>

namespace lintel::messaging {
namespace {

using Json = nlohmann::ordered_json;

bool is_name(std::string_view text) noexcept
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

/// The expression semver.org recommends.
bool is_semantic_version(const std::string& text)
{
    static const std::regex kSemantic(
        R"((0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*))"
        R"((-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?)"
        R"((\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?)");
    return std::regex_match(text, kSemantic);
}

Json metadata_of(const ServiceInfo& info)
{
    Json metadata = Json::object();
    for (const auto& [name, value] : info.metadata)
        metadata[name] = value;
    // The services client for JavaScript insists on an entry.
    metadata.emplace("framework", "lintel");
    return metadata;
}

Json describe(const Endpoint& endpoint)
{
    const auto& options = endpoint.options();
    return {{"name", options.name}, {"subject", options.subject}, {"queue_group", options.queue_group}};
}

Json infos(const std::vector<std::shared_ptr<Endpoint>>& endpoints)
{
    Json list = Json::array();
    for (const auto& endpoint : endpoints) {
        list.push_back(describe(*endpoint));
        list.back()["metadata"] = Json::object();
    }
    return list;
}

Json statistics(const std::vector<std::shared_ptr<Endpoint>>& endpoints)
{
    Json list = Json::array();
    for (const auto& endpoint : endpoints) {
        const auto stats = endpoint->stats();
        const auto nanoseconds = stats.processing_time.count();
        const auto requests = static_cast<std::int64_t>(stats.requests);
        list.push_back(describe(*endpoint));
        list.back().update(Json{{"num_requests", requests},
                                {"num_errors", stats.errors},
                                {"last_error", stats.last_error},
                                {"processing_time", nanoseconds},
                                {"average_processing_time", requests == 0 ? 0 : nanoseconds / requests}});
    }
    return list;
}

}  // namespace

std::string_view to_string(ServiceVerb verb) noexcept
{
    switch (verb) {
        case ServiceVerb::ping:
            return "ping";
        case ServiceVerb::info:
            return "info";
        case ServiceVerb::stats:
            return "stats";
    }
    return "ping";
}

std::vector<std::string> service_subjects(ServiceVerb verb, const ServiceInfo& info)
{
    std::string all = "$SRV.";
    for (const char c : to_string(verb))
        all += static_cast<char>(c - 'a' + 'A');
    return {all, all + '.' + info.name, all + '.' + info.name + '.' + info.instance_id};
}

void check_service_info(const ServiceInfo& info)
{
    if (!is_name(info.name)) throw std::invalid_argument("'" + info.name + "' is no service name (ADR-32)");
    if (!is_name(info.instance_id))
        throw std::invalid_argument("'" + info.instance_id +
                                    "' is no instance id: letters, digits, - and _ only");
    if (!is_semantic_version(info.version))
        throw std::invalid_argument("'" + info.version + "' is no semantic version, such as 1.2.3");
}

void check_endpoint_options(const EndpointOptions& options)
{
    if (!is_name(options.name))
        throw std::invalid_argument("'" + options.name + "' is no endpoint name (ADR-32)");
    for (const auto& text : {options.subject, options.queue_group}) {
        if (text.find_first_of(" \t\r\n") != std::string::npos)
            throw std::invalid_argument("'" + text + "' has a space, which NATS does not allow");
    }
    if (options.subject.empty())
        throw std::invalid_argument("the endpoint " + options.name + " has no subject");
}

std::string service_answer(ServiceVerb verb, const ServiceInfo& info, core::Timestamp started,
                           const std::vector<std::shared_ptr<Endpoint>>& endpoints)
{
    Json answer{{"type", "io.nats.micro.v1." + std::string(to_string(verb)) + "_response"},
                {"name", info.name},
                {"id", info.instance_id},
                {"version", info.version},
                {"metadata", metadata_of(info)}};
    if (verb == ServiceVerb::info) {
        answer["description"] = info.description;
        answer["endpoints"] = infos(endpoints);
    } else if (verb == ServiceVerb::stats) {
        answer["started"] = core::to_rfc3339(started);
        answer["endpoints"] = statistics(endpoints);
    }
    return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lintel::messaging
