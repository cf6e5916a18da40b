#pragma once

#include <nlohmann/json.hpp>

#include "entity_response.hpp"
#include "lintel/http/router.hpp"
#include "preconditions.hpp"
#include "request_parts.hpp"
#include "workers.hpp"

// What the routes have in common that forward to a worker set.

namespace lintel::main {

/// Adds routes whose handlers ask workers: (const Workers&, http::Request) -> Task<Response>.
class ForwardingRoutes {
public:
    ForwardingRoutes(http::Router& routes, Workers workers) : routes_(routes), workers_(workers) {}

    template <typename Handler>
    void serve(http::Method method, std::string_view path, Handler handler)
    {
        routes_.add(method, path, [workers = workers_, handler](http::Request request) {
            return handler(workers, std::move(request));
        });
    }

private:
    http::Router& routes_;
    Workers workers_;
};

/// A page of a list; `parse_query` reads the request to the workers from the URL's query.
template <typename Endpoint, auto parse_query>
core::Task<http::Response> forward_list(const Workers& workers, http::Request request)
{
    auto asked = parse_query(request.query.parameters());
    const auto page = co_await workers.read_page<Endpoint>(request.context, std::move(asked));
    co_return http::Response::json(200, to_json(page));
}

/// An entity, unless the client has this version already.
template <typename Endpoint>
core::Task<http::Response> forward_get(const Workers& workers, http::Request request,
                                       typename Endpoint::Request asked)
{
    request.query.require_known({});
    const auto entity = co_await workers.read<Endpoint>(request.context, asked);
    co_return has_current(request, entity.version) ? not_modified(entity.version) : rendered(200, entity);
}

/// The merge patch (RFC 7396) of the body, for what `asked` names: the workers are sent both, clients see
/// only the patch.
template <typename Endpoint>
core::Task<http::Response> forward_patch(const Workers& workers, http::Request request, nlohmann::json asked)
{
    request.query.require_known({});
    request.require_content_type({"application/merge-patch+json", "application/json"});
    asked["patch"] = core::parse_json(request.body, request.json_limits);
    try {
        auto update = Endpoint::parse_request(asked);
        update.expected_versions = expected_versions(request);
        const auto entity = co_await workers.change<Endpoint>(request.context, update);
        co_return rendered(200, entity);
    } catch (const core::Error& error) {
        throw seen_from("/patch", error);
    }
}

/// 204 once what `asked` names is deleted.
template <typename Endpoint>
core::Task<http::Response> forward_delete(const Workers& workers, http::Request request,
                                          typename Endpoint::Request asked)
{
    request.query.require_known({});
    asked.expected_versions = expected_versions(request);
    co_await workers.change<Endpoint>(request.context, asked);
    co_return http::Response::no_content();
}

}  // namespace lintel::main
