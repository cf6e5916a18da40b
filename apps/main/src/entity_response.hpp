#pragma once

#include <string>
#include <utility>

#include "lintel/http/response.hpp"

namespace lintel::main {

/// Adds `Idempotency-Replayed` when nothing was done now.
void mark_replay(http::Response& response, bool is_replay);

/// The entity as JSON, its version as ETag. Name the type where what is given derives from it: what an answer
/// of the workers says beside the entity is not for the client.
template <typename Entity>
http::Response rendered(int status, const Entity& entity)
{
    return http::Response::json(status, to_json(entity)).with_etag(entity.version);
}

/// 201 with its Location.
template <typename Entity, typename Created>
http::Response created_at(std::string location, const Created& created)
{
    auto response = rendered<Entity>(201, created).with_location(std::move(location));
    mark_replay(response, created.is_replay);
    return response;
}

/// 200 after something was done with it.
template <typename Entity, typename Changed>
http::Response changed_to(const Changed& changed)
{
    auto response = rendered<Entity>(200, changed);
    mark_replay(response, changed.is_replay);
    return response;
}

}  // namespace lintel::main
