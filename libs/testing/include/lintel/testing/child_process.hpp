#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lintel::testing {

struct ProcessOptions {
    std::vector<std::string> command;
    /// Set on top of this process's own environment.
    std::map<std::string, std::string> environment;
    /// Where stdout and stderr go; /dev/null when empty.
    std::filesystem::path log;
    /// Run as this user, if this process is root; otherwise as whoever runs the test.
    std::string user;
    std::filesystem::path working_directory;
};

/// A program that a test runs beside itself. It dies with the test, however the test dies.
/// Used by one thread at a time.
class ChildProcess {
public:
    /// Starts the program; throws std::system_error when it cannot be started.
    explicit ChildProcess(const ProcessOptions& options);
    /// Kills and reaps what still runs.
    ~ChildProcess();
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;

    pid_t pid() const noexcept { return pid_; }
    bool is_running();

    void signal(int number) const;
    /// SIGTERM, then SIGKILL once `patience` is over. The exit status, or 128 + the signal that ended it.
    int terminate(std::chrono::milliseconds patience = std::chrono::seconds(30));
    /// SIGKILL.
    void kill();
    /// The exit status, if the program ends within `patience`.
    std::optional<int> wait_for(std::chrono::milliseconds patience);

private:
    pid_t pid_ = -1;
    std::optional<int> status_;
};

/// Runs a program to its end and returns its exit status; its output goes to `options.log`.
int run(const ProcessOptions& options, std::chrono::milliseconds patience = std::chrono::minutes(1));

}  // namespace lintel::testing
