#include <algorithm>
#include <iostream>

#include "healthcheck.hpp"
#include "lintel/core/error.hpp"
#include "lintel/service/host.hpp"
#include "lintel/storage/migrator.hpp"
#include "lintel/telemetry/log.hpp"
#include "process.hpp"
#include "signals.hpp"
#include "version.hpp"

namespace lintel::service {
namespace {

/// sysexits.h EX_CONFIG: the process was told something it cannot work with; starting it again will not help.
constexpr int kBadSettings = 78;

void print_help(const ServiceInfo& info, const Settings& settings)
{
    std::cout << "lintel-" << info.name << " " << kVersion << ": " << info.description
              << "\n\nSettings, as environment variables or flags; a flag wins:\n"
              << settings.help()
              << "\nSwitches:\n"
                 "  --help          show this\n"
                 "  --version       show the version\n"
                 "  --migrate-only  bring the schema up to date and exit\n"
                 "  --healthcheck   exit 0 if the process with these settings is ready\n";
}

int run_read(const ServiceInfo& info, const Settings& settings, CommonSettings& common,
             const std::vector<std::string>& switches, StopSignals& signals, const BuildApplication& build)
{
    const auto has = [&](std::string_view name) {
        return std::ranges::find(switches, name) != switches.end();
    };
    if (has("help")) {
        print_help(info, settings);
        return 0;
    }
    if (has("version")) {
        std::cout << "lintel-" << info.name << " " << kVersion << "\n";
        return 0;
    }
    if (has("healthcheck")) return is_ready(common.ops.host, common.ops.port) ? 0 : 1;
    common.complete(info.name);
    telemetry::init_log(common.log);
    if (has("migrate-only")) {
        storage::Migrator(common.database.url).run(info.migrations);
        return 0;
    }
    return Process(info, common, signals).serve(build);
}

}  // namespace

int run(int argc, const char* const* argv, const ServiceInfo& info, const DeclareSettings& declare,
        const BuildApplication& build)
{
    StopSignals signals;
    Settings settings;
    CommonSettings common;
    common.ops.port = info.ops_port;
    common.rest.port = 8080;
    common.declare(settings, info.serves_rest);
    declare(settings);
    try {
        const auto switches = settings.read(argc, argv, {"help", "version", "migrate-only", "healthcheck"});
        return run_read(info, settings, common, switches, signals, build);
    } catch (const core::Error& error) {
        std::cerr << "lintel-" << info.name << ": " << error.what() << "\n";
        return error.code() == core::ErrorCode::invalid ? kBadSettings : 1;
    } catch (const std::exception& error) {
        std::cerr << "lintel-" << info.name << ": " << error.what() << "\n";
        return 1;
    }
}

}  // namespace lintel::service
