#include "load.hpp"

#include <string>
#include <thread>

#include <nlohmann/json.hpp>

#include "lintel/contracts/workflows_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::load {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kDrain = 30s;
constexpr auto kAfterRefusal = 20ms;

telemetry::Context soon()
{
    return telemetry::Context::start(10s);
}

long microseconds_since_1970()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

double seconds(std::chrono::steady_clock::duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

void say(const std::string& line)
{
    std::puts(line.c_str());
    std::fflush(stdout);
}

}  // namespace

Load::Load(Options options)
    : options_(std::move(options)),
      connection_(threads_.executor(), metrics_, {.url = options_.nats_url, .name = "workflow-load"}),
      service_(connection_, {"bench", "1.0.0", "does the steps of a load", {}, {}}),
      step_log_(options_.step_log.empty() ? nullptr : std::fopen(options_.step_log.c_str(), "w"),
                &std::fclose)
{
}

void Load::run()
{
    prepare();
    if (options_.duration > 0ms)
        run_window();
    else
        run_count();
}

void Load::prepare()
{
    messaging::EndpointOptions steps;
    steps.name = "bench-step";
    steps.subject = kStepSubject;
    steps.queue_group = "bench-service";
    steps.max_in_flight = 100000;
    service_.add_endpoint(std::move(steps),
                          [this](messaging::Request request) { return do_step(std::move(request)); });
    service_.start();
    for (const auto until = Clock::now() + 10s; !connection_.is_connected() && Clock::now() < until;)
        std::this_thread::sleep_for(5ms);
    core::sync_wait(connection_.flush(core::Deadline::after(5s)));
    core::sync_wait(client_.call<contracts::DefinitionsCreate>(soon(), {definition_document(options_)}));
    began_ = Clock::now();
}

void Load::run_window()
{
    if (options_.rate == 0)
        for (int at = 0; at < options_.in_flight; ++at)
            core::spawn(start_one());
    pass_time(began_ + options_.warmup);
    const auto from = microseconds_since_1970();
    say("open");
    pass_time(began_ + options_.warmup + options_.duration);
    const auto until = microseconds_since_1970();
    say("close");
    is_over_ = true;
    const bool all_ended = wait_for_ends(kDrain);
    auto result = counts();
    result["from"] = from;
    result["until"] = until;
    result["allEnded"] = all_ended;
    say(result.dump());
}

void Load::run_count()
{
    for (int at = 0; at < std::min(options_.in_flight, options_.count); ++at)
        core::spawn(start_one());
    while (answered_ < options_.count)
        std::this_thread::sleep_for(1ms);
    const auto took = Clock::now() - began_;
    auto result = counts();
    result["startsPerSecond"] = options_.count / seconds(took);
    say(result.dump());
}

/// Meanwhile starts what the rate asks for.
void Load::pass_time(Clock::time_point until)
{
    while (Clock::now() < until) {
        while (next_ < options_.rate * seconds(Clock::now() - began_))
            core::spawn(start_one());
        std::this_thread::sleep_for(1ms);
    }
}

bool Load::wait_for_ends(std::chrono::seconds timeout)
{
    const auto until = Clock::now() + timeout;
    while (Clock::now() < until) {
        {
            std::lock_guard lock(mutex_);
            if (static_cast<int>(ended_.size()) + failed_ >= next_) return true;
        }
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

core::Task<std::string> Load::do_step(messaging::Request request)
{
    const auto number = request.data().at("n").get<int>();
    const bool is_last = request.data().at("at").get<int>() == options_.steps;
    if (step_log_) log_step(request.data());
    if (options_.step_time > 0ms) co_await threads_.executor().sleep(options_.step_time);
    steps_.fetch_add(1, std::memory_order_relaxed);
    if (is_last) ended(number);
    co_return core::dump_json({{"done", number}});
}

core::Task<void> Load::start_one()
{
    const auto number = next_++;
    if (options_.duration == 0ms && number >= options_.count) co_return;
    co_await threads_.executor().schedule();
    json input{{"n", number}, {"at", microseconds_since_1970()}};
    if (!options_.until.empty()) input["until"] = options_.until;
    contracts::WorkflowStart start;
    start.definition = options_.definition;
    start.input = core::dump_json(input);
    bool has_failed = false;
    try {
        co_await client_.call<contracts::WorkflowsStart>(soon(), start);
    } catch (const core::Error& error) {
        has_failed = true;
        if (failed_++ == 0) std::fprintf(stderr, "a start failed: %s\n", error.what());
    }
    ++answered_;
    if (has_failed) co_await threads_.executor().sleep(kAfterRefusal);
    if (options_.duration == 0ms) core::spawn(start_one());
    if (options_.duration > 0ms && has_failed && options_.rate == 0 && !is_over_) core::spawn(start_one());
}

/// Of a step that was asked for twice, only the first time counts.
void Load::ended(int number)
{
    {
        std::lock_guard lock(mutex_);
        if (!ended_.insert(number).second) return;
    }
    if (options_.rate == 0 && !is_over_) core::spawn(start_one());
}

void Load::log_step(const json& data)
{
    std::lock_guard lock(mutex_);
    std::fprintf(step_log_.get(), "%ld %s step%d\n", microseconds_since_1970(),
                 data.at("workflow").get<std::string>().c_str(), data.at("at").get<int>());
    std::fflush(step_log_.get());
}

json Load::counts() const
{
    std::lock_guard lock(mutex_);
    return {{"started", answered_ - failed_},
            {"failed", failed_.load()},
            {"ended", ended_.size()},
            {"steps", steps_.load()},
            {"seconds", seconds(Clock::now() - began_)}};
}

}  // namespace lintel::load
