#pragma once

#include <netinet/in.h>

#include <chrono>
#include <string>
#include <vector>

#include "options.hpp"
#include "response_parser.hpp"
#include "results.hpp"
#include "workload.hpp"

namespace lintel::load {

/// Keeps one request in flight on every connection, from one thread over epoll.
class Generator {
public:
    /// Connects. Throws std::system_error when the server is not there.
    explicit Generator(const Options& options);
    ~Generator();
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    /// Runs warm-up and window, and returns the report as JSON.
    std::string run();

private:
    using Clock = std::chrono::steady_clock;

    struct Connection {
        int fd = -1;
        Clock::time_point sent_at;
        std::string request;
        std::string received;
        ResponseParser parser;
    };

    void open(Connection& connection);
    void replace(Connection& connection, const std::string& why);
    void send_next(Connection& connection);
    void receive(Connection& connection);
    void finish(Connection& connection);
    void replace_overdue(Clock::time_point now);
    bool is_measured(Clock::time_point now) const { return now >= measured_from_ && now < measured_until_; }

    const Options& options_;
    sockaddr_in address_{};
    int epoll_ = -1;
    Workload workload_;
    Results results_;
    std::vector<Connection> connections_;
    Clock::time_point measured_from_;
    Clock::time_point measured_until_;
};

}  // namespace lintel::load
