#include "connect_options.hpp"

#include <algorithm>
#include <random>

#include "lintel/telemetry/log.hpp"

namespace lintel::messaging {
namespace {

constexpr int kIoBufferBytes = 64 << 10;

void log_error(natsConnection*, natsSubscription*, natsStatus status, void*)
{
    telemetry::log(telemetry::LogLevel::warn, "broker reports an error",
                   {{"reason", natsStatus_GetText(status)}});
}

void log_lame_duck(natsConnection*, void*)
{
    telemetry::log(telemetry::LogLevel::info, "broker is about to shut down");
}

/// `user:password`, or a token, of the first server that has one; empty when none has.
std::string user_info(const std::string& urls)
{
    const auto at = urls.find('@');
    if (at == std::string::npos) return {};
    const auto scheme = urls.rfind("://", at);
    const auto comma = urls.rfind(',', at);
    auto from = comma == std::string::npos ? 0 : comma + 1;
    if (scheme != std::string::npos && scheme + 3 > from) from = scheme + 3;
    return urls.substr(from, at - from);
}

/// Servers that the cluster has told us about come without a user name; they take the same as the others.
void set_user_info(natsOptions* options, const std::string& info)
{
    const auto colon = info.find(':');
    if (info.empty()) return;
    if (colon == std::string::npos)
        check(natsOptions_SetToken(options, info.c_str()), "setting the token");
    else
        check(natsOptions_SetUserInfo(options, info.substr(0, colon).c_str(), info.substr(colon + 1).c_str()),
              "setting the user");
}

}  // namespace

std::vector<std::string> servers_of(const std::string& urls)
{
    std::vector<std::string> servers;
    for (std::size_t from = 0; from < urls.size();) {
        const auto end = std::min(urls.find(',', from), urls.size());
        const auto first = urls.find_first_not_of(' ', from);
        if (first < end)
            servers.push_back(urls.substr(first, urls.find_last_not_of(' ', end - 1) + 1 - first));
        from = end + 1;
    }
    return servers;
}

std::vector<std::string> shuffled_servers(const std::string& urls)
{
    auto servers = servers_of(urls);
    std::ranges::shuffle(servers, std::minstd_rand(std::random_device{}()));
    return servers;
}

bool wants_tls(const ConnectionOptions& options)
{
    return !options.ca_file.empty() || options.url.find("tls://") != std::string::npos;
}

std::string without_secrets(const std::string& url)
{
    const auto scheme_end = url.find("://");
    const auto from = scheme_end == std::string::npos ? 0 : scheme_end + 3;
    const auto at = url.rfind('@');
    return at == std::string::npos || at < from ? url : url.substr(0, from) + url.substr(at + 1);
}

OptionsHandle make_nats_options(const ConnectionOptions& options, const std::string& server)
{
    natsOptions* made = nullptr;
    check(natsOptions_Create(&made), "making NATS options");
    OptionsHandle handle(made);
    check(natsOptions_SetURL(made, server.c_str()), "NATS_URL");
    check(natsOptions_SetName(made, options.name.c_str()), "naming the connection");
    check(natsOptions_SetTimeout(made, options.connect_timeout.count()), "setting the connect timeout");
    check(natsOptions_SetWriteDeadline(made, options.write_deadline.count()), "setting the write deadline");
    check(natsOptions_SetIOBufSize(made, kIoBufferBytes), "setting the buffer size");
    // A lost connection is given up with all it holds and a new one is made; see Link.
    check(natsOptions_SetAllowReconnect(made, false), "turning nats.c's reconnect off");
    // nats.c's flusher thread and its ping timer have nothing to do here.
    check(natsOptions_SetSendAsap(made, true), "turning the flusher off");
    check(natsOptions_SetPingInterval(made, 0), "turning nats.c's ping off");
    check(natsOptions_SetErrorHandler(made, log_error, nullptr), "setting the error handler");
    check(natsOptions_SetLameDuckModeCB(made, log_lame_duck, nullptr), "setting the lame duck handler");
    if (!options.creds_file.empty())
        check(natsOptions_SetUserCredentialsFromFiles(made, options.creds_file.c_str(), nullptr),
              "NATS_CREDS");
    set_user_info(made, user_info(options.url));
    if (wants_tls(options)) check(natsOptions_SetSecure(made, true), "turning TLS on");
    if (!options.ca_file.empty())
        check(natsOptions_LoadCATrustedCertificates(made, options.ca_file.c_str()), "NATS_CA");
    return handle;
}

}  // namespace lintel::messaging
