#pragma once

#include <memory>

#include <cpprest/http_listener.h>

#include "engine/exchange.hpp"

namespace lintel::http::engine {

/// Carries an exchange through cpprestsdk: from the engine into an http_request, and from its http_response
/// back.
struct ExchangeContext final : web::http::details::_http_server_context {
    explicit ExchangeContext(std::shared_ptr<Exchange> of) noexcept : exchange(std::move(of)) {}
    std::shared_ptr<Exchange> exchange;
};

/// A request that has its method and its ExchangeContext, and nothing that would only be copied from one to
/// the other.
web::http::http_request make_bare_request(std::shared_ptr<Exchange> exchange);

/// A request as any user of http_listener expects it. Throws web::uri_exception for a target that is no URI.
web::http::http_request make_full_request(std::shared_ptr<Exchange> exchange);

/// The exchange of a request that came from the engine.
std::shared_ptr<Exchange> exchange_of(const web::http::http_request& request);

/// Sends what a handler replied through cpprestsdk's API; the task ends when it has been sent.
pplx::task<void> send_response(web::http::http_response response);

}  // namespace lintel::http::engine
