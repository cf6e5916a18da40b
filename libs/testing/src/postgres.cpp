#include "lintel/testing/postgres.hpp"

#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "lintel/testing/child_process.hpp"
#include "lintel/testing/eventually.hpp"
#include "lintel/testing/tcp_client.hpp"
#include "lintel/testing/temp_dir.hpp"

namespace lintel::testing {
namespace {

constexpr auto kBinaries = "/usr/lib/postgresql/15/bin/";
/// Postgres refuses to run as root; Debian's package makes this user.
constexpr auto kUser = "postgres";

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The direct children of `parent`, which is all that a Postgres server ever has.
std::vector<pid_t> children_of(pid_t parent)
{
    const auto task = std::to_string(parent);
    std::istringstream list(read_file("/proc/" + task + "/task/" + task + "/children"));
    std::vector<pid_t> children;
    for (pid_t child = 0; list >> child;)
        children.push_back(child);
    return children;
}

}  // namespace

struct Postgres::State {
    TempDir directory{"lintel-postgres-", kUser};
    std::uint16_t port = free_port();
    std::optional<ChildProcess> process;

    std::filesystem::path data() const { return directory.path() / "data"; }
    std::filesystem::path log() const { return directory.path() / "log"; }

    ProcessOptions command(std::vector<std::string> words, const std::filesystem::path& output) const
    {
        words.front().insert(0, kBinaries);
        return {.command = std::move(words),
                .environment = {},
                .log = output,
                .user = kUser,
                .working_directory = directory.path()};
    }

    void signal_all(int number) const
    {
        const auto children = children_of(process->pid());
        process->signal(number);
        for (const pid_t child : children)
            ::kill(child, number);
    }
};

Postgres::Postgres(const PostgresOptions& options) : state_(std::make_unique<State>())
{
    const auto initdb = state_->command({"initdb", "-D", state_->data(), "-A", "trust", "-U", "postgres",
                                         "-E", "UTF8", "--locale=C", "--no-sync"},
                                        state_->log());
    if (run(initdb) != 0)
        throw std::runtime_error("initdb fails; is Debian's package postgresql-15 installed? " +
                                 read_file(state_->log()));
    std::ofstream config(state_->data() / "postgresql.conf", std::ios::app);
    config << "listen_addresses = '127.0.0.1'\nport = " << state_->port << "\nunix_socket_directories = ''\n"
           << "max_connections = " << options.max_connections << "\nshared_buffers = 32MB\n"
           << "shared_preload_libraries = 'pg_stat_statements'\n";
    if (!options.durable) config << "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";
    config.close();
    start();
}

Postgres::~Postgres()
{
    if (state_->process) kill();
}

std::string Postgres::url(const std::string& database) const
{
    return "postgresql://postgres@127.0.0.1:" + std::to_string(state_->port) + "/" + database;
}

std::uint16_t Postgres::port() const noexcept
{
    return state_->port;
}

std::string Postgres::create_database(const std::string& name)
{
    query("CREATE DATABASE \"" + name + "\"");
    return url(name);
}

std::string Postgres::query(const std::string& sql, const std::string& database) const
{
    const TempDir output("lintel-psql-", kUser);
    const auto log = output.path() / "out";
    const int status =
        run(state_->command({"psql", "-XqAtv", "ON_ERROR_STOP=1", "-d", url(database), "-c", sql}, log));
    std::string text = read_file(log);
    if (status != 0) throw std::runtime_error("psql: " + text);
    return text.substr(0, text.find('\n'));
}

void Postgres::kill()
{
    state_->signal_all(SIGKILL);
    state_->process.reset();
}

void Postgres::start()
{
    std::error_code ignored;
    std::filesystem::remove(state_->data() / "postmaster.pid", ignored);
    state_->process.emplace(state_->command({"postgres", "-D", state_->data()}, state_->log()));
    const auto ready = [this] {
        if (!state_->process->is_running()) return true;
        return run(state_->command(
                   {"pg_isready", "-q", "-h", "127.0.0.1", "-p", std::to_string(state_->port)}, {})) == 0;
    };
    if (!eventually(std::chrono::seconds(60), ready) || !state_->process->is_running())
        throw std::runtime_error("postgres does not start: " + read_file(state_->log()));
}

void Postgres::stop()
{
    state_->process->signal(SIGQUIT);
    state_->process->wait_for(std::chrono::seconds(30));
    state_->process.reset();
}

void Postgres::pause()
{
    state_->signal_all(SIGSTOP);
}

void Postgres::resume()
{
    state_->signal_all(SIGCONT);
}

}  // namespace lintel::testing
