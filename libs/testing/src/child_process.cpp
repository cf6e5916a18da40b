#include "lintel/testing/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "account.hpp"
#include "lintel/testing/eventually.hpp"

namespace lintel::testing {
namespace {

/// Everything that needs memory is made before the fork; between fork and exec only system calls are safe.
struct Prepared {
    std::vector<char*> arguments;
    std::vector<std::string> environment_text;
    std::vector<char*> environment;
    std::string log;
    std::string directory;
    const passwd* user = nullptr;
    std::vector<gid_t> groups;
};

std::vector<gid_t> groups_of(const passwd& user)
{
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count) < 0)
        throw std::runtime_error("the user " + std::string(user.pw_name) + " is in too many groups");
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

/// By system calls: the library's functions take locks that another thread may have held at the fork.
bool switch_user(const Prepared& ready)
{
    return syscall(SYS_setgroups, ready.groups.size(), ready.groups.data()) == 0 &&
           syscall(SYS_setgid, ready.user->pw_gid) == 0 && syscall(SYS_setuid, ready.user->pw_uid) == 0;
}

Prepared prepare(const ProcessOptions& options)
{
    if (options.command.empty()) throw std::invalid_argument("a process needs a command");
    Prepared ready;
    for (const auto& argument : options.command)
        ready.arguments.push_back(const_cast<char*>(argument.c_str()));
    ready.arguments.push_back(nullptr);

    for (char** entry = environ; *entry; ++entry) {
        const std::string text(*entry);
        if (!options.environment.contains(text.substr(0, text.find('='))))
            ready.environment_text.push_back(text);
    }
    for (const auto& [name, value] : options.environment)
        ready.environment_text.push_back(name + "=" + value);
    for (auto& text : ready.environment_text)
        ready.environment.push_back(text.data());
    ready.environment.push_back(nullptr);

    ready.log = options.log.empty() ? "/dev/null" : options.log.string();
    ready.directory = options.working_directory.string();
    if (!options.user.empty() && geteuid() == 0) {
        ready.user = find_account(options.user);
        if (!ready.user) throw std::runtime_error("there is no user '" + options.user + "' on this machine");
        ready.groups = groups_of(*ready.user);
    }
    return ready;
}

[[noreturn]] void become(const Prepared& ready, pid_t parent)
{
    const int log = open(ready.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (log < 0 || nothing < 0 || dup2(nothing, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) _exit(126);
    if (!ready.directory.empty() && chdir(ready.directory.c_str()) != 0) _exit(126);
    if (ready.user && !switch_user(ready)) _exit(126);
    // After the change of user, which would clear it.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(126);
    execvpe(ready.arguments[0], ready.arguments.data(), ready.environment.data());
    _exit(127);
}

int exit_code(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ChildProcess::ChildProcess(const ProcessOptions& options)
{
    const Prepared ready = prepare(options);
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ < 0) throw std::system_error(errno, std::system_category(), "fork");
    if (pid_ == 0) become(ready, parent);
}

ChildProcess::~ChildProcess()
{
    if (pid_ > 0) kill();
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(std::exchange(other.status_, std::nullopt))
{
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept
{
    std::swap(pid_, other.pid_);
    std::swap(status_, other.status_);
    return *this;
}

bool ChildProcess::is_running()
{
    return !wait_for(std::chrono::milliseconds(0));
}

void ChildProcess::signal(int number) const
{
    if (pid_ > 0 && !status_) ::kill(pid_, number);
}

int ChildProcess::terminate(std::chrono::milliseconds patience)
{
    signal(SIGTERM);
    if (const auto status = wait_for(patience)) return *status;
    kill();
    return *status_;
}

void ChildProcess::kill()
{
    signal(SIGKILL);
    wait_for(std::chrono::seconds(10));
}

std::optional<int> ChildProcess::wait_for(std::chrono::milliseconds patience)
{
    eventually(patience, [this] {
        if (status_) return true;
        int status = 0;
        const pid_t ended = waitpid(pid_, &status, WNOHANG);
        if (ended == 0) return false;
        status_ = ended == pid_ ? exit_code(status) : 255;
        return true;
    });
    return status_;
}

int run(const ProcessOptions& options, std::chrono::milliseconds patience)
{
    ChildProcess process(options);
    const auto status = process.wait_for(patience);
    if (!status) throw std::runtime_error(options.command.front() + " did not end in time");
    return *status;
}

}  // namespace lintel::testing
