#include "engine/listener_set.hpp"

#include <algorithm>
#include <mutex>
#include <stdexcept>

#include "engine/bridge.hpp"
#include "lintel/core/error.hpp"
#include "lintel/http/problem.hpp"

namespace lintel::http::engine {
namespace {

std::vector<std::string> segments_of(const web::uri& uri)
{
    return web::uri::split_path(web::uri::decode(uri.path()));
}

void answer(Exchange& exchange, core::ErrorCode code, const char* detail)
{
    exchange.reply(problem(core::Error(code, detail), {}, {}));
}

}  // namespace

void ListenerSet::add(Listener& listener)
{
    auto segments = segments_of(listener.uri());
    const std::unique_lock lock(mutex_);
    for (const auto& entry : entries_)
        if (entry.segments == segments)
            throw std::invalid_argument("an http_listener is open at " + listener.uri().to_string());
    entries_.push_back({std::move(segments), &listener});
}

bool ListenerSet::remove(Listener& listener)
{
    const std::unique_lock lock(mutex_);
    std::erase_if(entries_, [&](const Entry& entry) { return entry.listener == &listener; });
    return entries_.empty();
}

ListenerSet::Listener* ListenerSet::find(const std::vector<std::string>& segments) const noexcept
{
    const Entry* best = nullptr;
    for (const auto& entry : entries_) {
        const bool is_prefix = entry.segments.size() <= segments.size() &&
                               std::equal(entry.segments.begin(), entry.segments.end(), segments.begin());
        if (is_prefix && (!best || best->segments.size() < entry.segments.size())) best = &entry;
    }
    return best ? best->listener : nullptr;
}

void ListenerSet::dispatch(std::shared_ptr<Exchange> exchange) noexcept
{
    try {
        // Held while the handler runs, so that remove() can wait for it.
        const std::shared_lock lock(mutex_);
        if (is_native_) {
            if (!entries_.empty())
                return entries_.front().listener->handle_request(make_bare_request(exchange));
            return answer(*exchange, core::ErrorCode::unavailable, "the server is stopping");
        }
        auto request = make_full_request(exchange);
        Listener* listener = find(segments_of(request.request_uri()));
        if (!listener) return answer(*exchange, core::ErrorCode::not_found, "nothing is served here");
        request._set_listener_path(listener->uri().path());
        listener->handle_request(request);
    } catch (const web::uri_exception&) {
        answer(*exchange, core::ErrorCode::malformed, "the request target is not a URI");
    } catch (...) {
        answer(*exchange, core::ErrorCode::internal, "the handler failed");
    }
}

}  // namespace lintel::http::engine
