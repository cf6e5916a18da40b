#include "preconditions.hpp"

#include <algorithm>
#include <charconv>

#include "lintel/core/error.hpp"

namespace lintel::main {
namespace {

struct EntityTag {
    std::string opaque;
    bool is_weak = false;
};

struct EntityTags {
    bool any = false;
    std::vector<EntityTag> listed;
};

void skip_spaces(std::string_view& text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
}

/// Reads `"a", W/"b"` or `*`.
EntityTags parse_entity_tags(std::string_view name, std::string_view text)
{
    const core::Error refused(core::ErrorCode::malformed,
                              std::string(name) + " must be * or a list of entity tags such as \"1\"");
    EntityTags tags;
    skip_spaces(text);
    if (text == "*") {
        tags.any = true;
        return tags;
    }
    while (true) {
        EntityTag tag;
        tag.is_weak = text.starts_with("W/");
        if (tag.is_weak) text.remove_prefix(2);
        if (!text.starts_with('"')) throw refused;
        const auto end = text.find('"', 1);
        if (end == text.npos) throw refused;
        tag.opaque = text.substr(1, end - 1);
        tags.listed.push_back(std::move(tag));
        text.remove_prefix(end + 1);
        skip_spaces(text);
        if (text.empty()) return tags;
        if (text.front() != ',') throw refused;
        text.remove_prefix(1);
        skip_spaces(text);
    }
}

}  // namespace

core::ExpectedVersions expected_versions(const http::Request& request)
{
    const auto header = request.headers.find("If-Match");
    if (!header) return std::nullopt;
    const auto tags = parse_entity_tags("If-Match", *header);
    if (tags.any) return std::nullopt;
    std::vector<std::int64_t> versions;
    for (const auto& tag : tags.listed) {
        std::int64_t version = 0;
        std::from_chars(tag.opaque.data(), tag.opaque.data() + tag.opaque.size(), version);
        if (!tag.is_weak && tag.opaque == std::to_string(version)) versions.push_back(version);
    }
    return versions;
}

bool has_current(const http::Request& request, std::int64_t version)
{
    const auto header = request.headers.find("If-None-Match");
    if (!header) return false;
    const auto tags = parse_entity_tags("If-None-Match", *header);
    return tags.any || std::ranges::any_of(tags.listed, [&](const EntityTag& tag) {
               return tag.opaque == std::to_string(version);
           });
}

http::Response not_modified(std::int64_t version)
{
    http::Response response;
    response.status = 304;
    return std::move(response).with_etag(version);
}

}  // namespace lintel::main
