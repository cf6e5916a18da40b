#include "lintel/messaging/check_options.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "connect_options.hpp"
#include "lintel/core/error.hpp"

namespace lintel::messaging {
namespace {

[[noreturn]] void refuse(const std::string& what)
{
    throw core::Error(core::ErrorCode::invalid, what);
}

bool is_port(std::string_view text)
{
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

/// `host`, `host:port` or `[address]:port`, behind nothing, a scheme that nats.c knows, and who connects.
bool is_server(std::string_view text)
{
    const auto scheme_end = text.find("://");
    if (scheme_end != std::string_view::npos) {
        const auto scheme = text.substr(0, scheme_end);
        if (scheme != "nats" && scheme != "tls") return false;
        text.remove_prefix(scheme_end + 3);
    }
    if (const auto at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
    if (text.ends_with('/')) text.remove_suffix(1);
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const auto host = text.substr(0, colon);
    const bool is_named = !host.empty() && std::ranges::none_of(host, [](char c) {
        return c <= ' ' || c == '/' || c == ',' || c == '\x7f';
    });
    return is_named && (colon == std::string_view::npos || is_port(text.substr(colon + 1)));
}

void check_credentials(const std::string& name)
{
    std::ifstream file(name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.find("BEGIN NATS USER JWT") == std::string::npos ||
        text.find("BEGIN USER NKEY SEED") == std::string::npos)
        refuse("NATS_CREDS is '" + name + "', which has no user JWT and seed in it, as a .creds file has");
}

void check_certificates(const std::string& name)
{
    natsOptions* made = nullptr;
    check(natsOptions_Create(&made), "making NATS options");
    const OptionsHandle options(made);
    if (natsOptions_LoadCATrustedCertificates(made, name.c_str()) != NATS_OK)
        refuse("NATS_CA is '" + name + "', which has no certificates in it, as a PEM file has");
}

}  // namespace

void check_options(const ConnectionOptions& options)
{
    const auto servers = servers_of(options.url);
    if (servers.empty()) refuse("NATS_URL lists no server; it must be such as nats://127.0.0.1:4222");
    for (const auto& server : servers) {
        if (!is_server(server))
            refuse("NATS_URL lists '" + without_secrets(server) +
                   "'; each server must be such as nats://127.0.0.1:4222 or tls://host:4222");
    }
    if (!options.creds_file.empty()) check_credentials(options.creds_file);
    if (!options.ca_file.empty()) check_certificates(options.ca_file);
}

}  // namespace lintel::messaging
