// Usage: nest_call URL SUBJECT JSON [CALLS]
//
// Calls a handler of a NestJS server CALLS times at once and prints one line of JSON for each answer:
// {"value": …}, or
// {"error": {"code", "detail", "errors"}}. The tests start it against unmodified NestJS servers.

#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "lintel/core/completion.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/executor.hpp"
#include "lintel/core/json.hpp"
#include "lintel/core/task.hpp"
#include "lintel/messaging/client.hpp"
#include "lintel/messaging/connection.hpp"
#include "lintel/telemetry/context.hpp"
#include "lintel/telemetry/metrics.hpp"

namespace {

using lintel::core::Task;
using nlohmann::json;

constexpr std::chrono::seconds kConnectWithin{5};
constexpr std::chrono::seconds kAnswerWithin{3};

json describe(const lintel::core::Error& error)
{
    json fields = json::array();
    for (const auto& field : error.fields())
        fields.push_back({{"pointer", field.pointer}, {"detail", field.detail}});
    return {{"error", {{"code", to_string(error.code())}, {"detail", error.what()}, {"errors", fields}}}};
}

Task<void> call(lintel::messaging::Client& client, std::string subject, json data,
                lintel::core::Completion<json> answer)
{
    try {
        auto context = lintel::telemetry::Context::start(kAnswerWithin);
        json value = co_await client.request_nest(std::move(context), std::move(subject), std::move(data));
        answer.set_value({{"value", std::move(value)}});
    } catch (const lintel::core::Error& error) {
        answer.set_value(describe(error));
    }
}

Task<void> wait_for_connection(lintel::core::Executor& executor,
                               const lintel::messaging::Connection& connection)
{
    const auto deadline = lintel::core::Deadline::after(kConnectWithin);
    while (!connection.is_connected() && !deadline.has_passed())
        co_await executor.sleep(std::chrono::milliseconds{5});
}

Task<void> call_all(lintel::core::Executor& executor, lintel::messaging::Connection& connection,
                    std::string subject, json data, std::size_t calls)
{
    lintel::messaging::Client client{connection};
    co_await wait_for_connection(executor, connection);
    std::vector<lintel::core::Completion<json>> answers;
    for (std::size_t i = 0; i < calls; ++i) {
        answers.emplace_back(executor);
        lintel::core::spawn(call(client, subject, data, answers.back()));
    }
    for (auto& answer : answers) {
        const json line = co_await answer.wait(lintel::core::Deadline::after(2 * kAnswerWithin));
        std::puts(lintel::core::dump_json(line).c_str());
    }
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 4 || argc > 5) {
        std::fputs("nest_call URL SUBJECT JSON [CALLS]\n", stderr);
        return 2;
    }
    try {
        lintel::core::IoThreads threads{1};
        lintel::telemetry::Metrics metrics;
        lintel::messaging::ConnectionOptions options;
        options.url = argv[1];
        options.name = "nest_call";
        lintel::messaging::Connection connection{threads.executor(), metrics, options};
        const std::size_t calls = argc == 5 ? std::stoul(argv[4]) : 1;
        lintel::core::sync_wait(
            call_all(threads.executor(), connection, argv[2], lintel::core::parse_json(argv[3]), calls));
        connection.close();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "nest_call: %s\n", error.what());
        return 1;
    }
}
