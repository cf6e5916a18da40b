#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "building_service.hpp"
#include "lintel/http/server.hpp"
#include "lintel/messaging/service.hpp"
#include "lintel/testing/nats_server.hpp"
#include "order_service.hpp"
#include "refused_promises.hpp"

namespace lintel::main::test {

/// What a worker was asked.
struct Asked {
    nlohmann::json document;
    std::string idempotency_key;
};

/// A worker of the set: a process of its own as far as messaging goes. It answers what it has been told to.
class Worker {
public:
    explicit Worker(const std::string& url);
    ~Worker();

    template <typename Endpoint>
    void answers(std::function<typename Endpoint::Reply(const typename Endpoint::Request&)> answer)
    {
        service_.serve<Endpoint>(
            [this, answer](const messaging::Request& request, typename Endpoint::Request asked) {
                note(request);
                return reply<Endpoint>(answer, std::move(asked));
            });
    }

    /// Returns once the broker knows what it answers.
    void start();
    /// All requests on a subject, the oldest first.
    std::vector<Asked> asked(std::string_view subject) const;

private:
    template <typename Endpoint>
    static core::Task<typename Endpoint::Reply> reply(
        const std::function<typename Endpoint::Reply(const typename Endpoint::Request&)>& answer,
        typename Endpoint::Request asked)
    {
        co_return answer(asked);
    }
    void note(const messaging::Request& request);

    telemetry::Metrics metrics_;
    core::IoThreads threads_{2};
    messaging::Connection connection_;
    messaging::Service service_;
    mutable std::mutex mutex_;
    std::multimap<std::string, Asked, std::less<>> asked_;
};

struct Answer {
    int status = 0;
    std::string head;
    nlohmann::json body;

    /// Empty when there is none.
    std::string header(std::string_view name) const;
};

/// Main's routes on a port of their own, with a client to a broker that has no other members than the test's
/// worker.
class Rest {
public:
    Rest();
    ~Rest();

    Answer ask(std::string_view method, std::string_view path, std::string_view body = {},
               std::string_view headers = {}) const;
    Answer get(std::string_view path, std::string_view headers = {}) const
    {
        return ask("GET", path, {}, headers);
    }
    Answer post(std::string_view path, std::string_view body = {}, std::string_view headers = {}) const
    {
        return ask("POST", path, body, headers);
    }

    testing::NatsServer broker;
    Worker worker{broker.url()};
    /// A building that is there.
    contracts::Building building;

    /// To be called once the worker knows its answers.
    void start();

    /// Whoever carries orders out talks to this.
    OrderService& orders();
    /// What a stop does first.
    void end_waits();
    /// The relay of main's promises does.
    RefusedPromises& refused();
    /// What a statement says of main's database.
    std::string query(const std::string& text) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lintel::main::test
