#include "lintel/service/health.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/json.hpp"

namespace lintel::service {
namespace {

using nlohmann::json;

json up()
{
    return {{"status", "up"}};
}

json down(const std::string& why)
{
    return {{"status", "down"}, {"message", why}};
}

}  // namespace

void Health::add_check(std::string name, Check check)
{
    std::lock_guard lock(mutex_);
    checks_.emplace_back(std::move(name), std::move(check));
}

void Health::set_started()
{
    std::lock_guard lock(mutex_);
    if (phase_ == Phase::starting) phase_ = Phase::started;
}

void Health::set_draining()
{
    std::lock_guard lock(mutex_);
    phase_ = Phase::draining;
}

Health::Report Health::live() const
{
    const json body{
        {"status", "ok"}, {"info", json::object()}, {"error", json::object()}, {"details", json::object()}};
    return {true, core::dump_json(body)};
}

Health::Report Health::ready() const
{
    std::lock_guard lock(mutex_);
    json info = json::object();
    json error = json::object();
    for (const auto& [name, check] : checks_) {
        const auto why = check();
        if (why.empty())
            info[name] = up();
        else
            error[name] = down(why);
    }
    if (phase_ == Phase::starting) error["process"] = down("starting");
    if (phase_ == Phase::draining) error["process"] = down("draining");
    if (phase_ == Phase::started) info["process"] = up();

    const bool is_ok = error.empty();
    json details = info;
    details.update(error);
    const char* status = is_ok ? "ok" : phase_ == Phase::draining ? "shutting_down" : "error";
    const json body{{"status", status}, {"info", info}, {"error", error}, {"details", details}};
    return {is_ok, core::dump_json(body)};
}

}  // namespace lintel::service
