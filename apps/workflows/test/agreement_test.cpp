// The SQL is held to the store in memory that the simulation checks: the same random operations on both must
// come to the same, operation by operation.

#include <cstdlib>
#include <random>

#include "postgres_store.hpp"

using namespace lintel;
using namespace lintel::workflows;
using workflow::simulation::MemoryStore;

namespace {

constexpr auto kLease = 10min;
/// So few signals may wait that the limit is met.
constexpr workflow::RunLimits kLimits{.signals = 1};
constexpr int kSeeds = 6;
constexpr int kOperations = 120;

const char* const kDocuments[] = {
    R"({"name":"chain","version":1,"steps":[
        {"name":"a","request":{"subject":"s.a"},"retry":{"initialInterval":"20m","maximumAttempts":3,"jitter":0},
         "compensate":{"request":{"subject":"s.undo-a"},
                       "retry":{"initialInterval":"20m","maximumAttempts":2,"jitter":0}}},
        {"name":"nap","sleep":{"for":"30m"}},
        {"name":"b","emit":{"subject":"s.b"}},
        {"name":"c","request":{"subject":"s.c"},"onExhausted":"deadLetter",
         "retry":{"initialInterval":"20m","maximumAttempts":2,"jitter":0},
         "compensate":{"request":{"subject":"s.undo-c"}}}]})",
    R"({"name":"wait","version":1,"steps":[
        {"name":"go","signal":{"name":"go","timeout":"2h","onTimeout":"continue"}},
        {"name":"x","request":{"subject":"s.x"},"input":{"$ref":"/steps/go/output"}},
        {"name":"stop","signal":{"name":"stop","timeout":"3h"}}]})",
    R"({"name":"fan","version":1,"steps":[
        {"name":"each","forEach":{"items":{"$literal":[1,2,3]},"maxConcurrency":2,"steps":[
            {"name":"one","request":{"subject":"s.one"},"input":{"$ref":"/item"},
             "retry":{"initialInterval":"20m","jitter":0},"compensate":{"request":{"subject":"s.undo-one"}}}]}},
        {"name":"side","after":[],"request":{"subject":"s.side"},"retry":{"initialInterval":"20m","jitter":0}},
        {"name":"which","after":["each","side"],"switch":{"value":{"$ref":"/steps/side/output/n"},
            "cases":[{"equals":1,"steps":[{"name":"left","request":{"subject":"s.left"}}]}],
            "default":{"steps":[{"name":"right","sleep":{"for":"25m"}}]}}}]})",
    R"({"name":"parent","version":1,"steps":[
        {"name":"kid","workflow":{"definition":"wait"}},
        {"name":"after","request":{"subject":"s.after"},"compensate":{"request":{"subject":"s.undo-after"}}}]})",
};

/// Both stores, and what has been done with them.
class Pair {
public:
    explicit Pair(std::uint64_t seed) : random_(seed)
    {
        for (const auto* document : kDocuments) {
            postgres_.define(document);
            const auto definition = workflow::parse_definition(json::parse(document));
            catalog_.emplace(definition->name, definition);
        }
        for (auto& session : sessions_)
            open(session);
    }

    /// One random operation on both. What it was, for the report.
    std::string step()
    {
        using Operation = std::string (Pair::*)();
        static constexpr std::pair<int, Operation> kOperationsByWeight[] = {
            {12, &Pair::start}, {25, &Pair::claim},  {40, &Pair::finish}, {8, &Pair::pass},
            {8, &Pair::fire},   {10, &Pair::signal}, {8, &Pair::control}, {10, &Pair::deliver},
            {4, &Pair::expire}, {3, &Pair::reopen},
        };
        int total = 0;
        for (const auto& [weight, operation] : kOperationsByWeight)
            total += weight;
        auto chosen = below(total);
        for (const auto& [weight, operation] : kOperationsByWeight) {
            if (chosen < weight) return (this->*operation)();
            chosen -= weight;
        }
        return "nothing";
    }

    json memory() { return sorted(memory_.dump()); }
    json postgres() { return sorted(postgres_.dump()); }
    std::size_t stuck() { return postgres_.stuck().size(); }

private:
    struct Held {
        core::Id session, run;
        std::string path;
        std::int64_t attempt;
    };

    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
    bool chance(int percent) { return below(100) < percent; }
    core::Id fresh_id() { return core::Id::derive(core::Id(), std::to_string(random_())); }
    core::Id any_run()
    {
        auto at = memory_.runs().begin();
        std::advance(at, below(static_cast<int>(memory_.runs().size())));
        return at->first;
    }
    /// Without the signals of runs that can take none: the engine does not load those.
    static json sorted(json runs)
    {
        for (auto& run : runs)
            if (run.at("definition") != "wait") run.erase("signals");
        std::sort(runs.begin(), runs.end(),
                  [](const json& a, const json& b) { return a.at("id") < b.at("id"); });
        return runs;
    }

    /// The outcome of an operation on one store, also when it throws.
    template <typename Operation>
    static std::string told(Operation operation)
    {
        try {
            return operation() == workflow::Outcome::applied ? "applied" : "stale";
        } catch (const core::Error& error) {
            return std::string(core::to_string(error.code()));
        }
    }
    template <typename OnMemory, typename OnPostgres>
    std::string both(const std::string& what, OnMemory on_memory, OnPostgres on_postgres)
    {
        const auto memory = told(on_memory);
        const auto postgres = told(on_postgres);
        CHECK_MESSAGE(memory == postgres, what);
        return what + ": " + memory;
    }

    std::string start()
    {
        static const char* const names[] = {"chain", "wait", "fan", "parent"};
        workflow::simulation::StartRequest request;
        request.id = fresh_id();
        request.definition = names[below(4)];
        if (chance(40)) request.key = "k" + std::to_string(below(3));
        CHECK(memory_.start(request) == postgres_.start(request));
        return "start " + request.definition + " " + request.key;
    }

    std::string claim()
    {
        const auto& session = sessions_[static_cast<std::size_t>(below(3))];
        std::vector<std::pair<core::Id, std::string>> claimed;
        for (const auto& each : memory_.claim(session, 1000)) {
            claimed.emplace_back(each.run, each.path);
            held_.push_back({session, each.run, each.path, each.attempt});
        }
        std::sort(claimed.begin(), claimed.end());
        CHECK(postgres_.claim(session) == claimed);
        return "claim " + std::to_string(claimed.size());
    }

    /// Of what was claimed at any time, by whom it was claimed or by somebody else.
    std::string finish()
    {
        if (held_.empty()) return "nothing";
        const auto at = static_cast<std::size_t>(below(static_cast<int>(held_.size())));
        auto held = held_[at];
        if (chance(80)) held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(at));
        if (chance(10)) held.session = sessions_[static_cast<std::size_t>(below(3))];
        const auto end = outcome(held);
        const auto event = std::visit([](const auto& kind) { return workflow::Event(kind); }, end);
        return both(
            "finish " + held.path, [&] { return memory_.finish(held.session, held.run, end); },
            [&] { return postgres_.finish(held.session, held.run, event); });
    }

    workflow::simulation::AttemptEnd outcome(const Held& held)
    {
        static const char* const codes[] = {"unavailable", "deadline_exceeded", "conflict", "internal"};
        const auto kind = below(100);
        if (kind < 65)
            return workflow::AttemptSucceeded{held.path, held.attempt,
                                              R"({"n":)" + std::to_string(below(2)) + "}"};
        if (kind < 92)
            return workflow::AttemptFailed{held.path, held.attempt, {codes[below(4)], "so it is", held.path}};
        return workflow::HandedBack{held.path, held.attempt};
    }

    std::string pass()
    {
        const std::chrono::milliseconds time = std::chrono::minutes(1 + below(25));
        postgres_.pass(time);
        // Leases that are over are declared so before anything else: who renews when is not what is compared
        // here.
        return "pass, " + expire();
    }
    std::string fire()
    {
        memory_.fire_timers(1000);
        postgres_.fire_timers();
        return "fire timers";
    }
    std::string expire()
    {
        memory_.expire_sessions();
        postgres_.expire_sessions();
        for (auto& session : sessions_) {
            if (memory_.renew(session))
                postgres_.renew(session);
            else
                open(session);
        }
        return "expire";
    }
    std::string reopen()
    {
        auto& session = sessions_[static_cast<std::size_t>(below(3))];
        memory_.close_session(session);
        postgres_.close_session(session);
        open(session);
        return "close a session";
    }
    void open(core::Id& session)
    {
        session = fresh_id();
        memory_.open_session(session);
        postgres_.open_session(session);
    }

    std::string signal()
    {
        const workflow::Signal signal{"s" + std::to_string(below(6)), chance(50) ? "go" : "stop",
                                      R"({"n":1})"};
        if (chance(20)) {
            const std::string key = "k" + std::to_string(3 + below(3));
            const auto definition = chance(50) ? "wait" : "chain";
            memory_.signal(definition, key, signal);
            postgres_.signal_early(definition, key, signal);
            return "early signal";
        }
        if (memory_.runs().empty()) return "nothing";
        const auto run = any_run();
        const workflow::SignalReceived event{signal};
        return both(
            "signal " + signal.name, [&] { return memory_.signal(run, signal); },
            [&] { return postgres_.tell(run, event); });
    }

    std::string control()
    {
        if (memory_.runs().empty()) return "nothing";
        const auto run = any_run();
        static const char* const steps[] = {"a", "b", "x", "each", "after", "nobody"};
        const workflow::Event events[] = {
            workflow::Cancel{"so"},
            workflow::Terminate{"so"},
            workflow::Pause{},
            workflow::Resume{},
            workflow::Resume{},
            workflow::Retry{},
            workflow::Rerun{steps[below(6)]},
            workflow::Replay{"c", chance(50) ? std::optional<std::string>("1") : std::nullopt}};
        const auto& event = events[below(8)];
        return both(
            "control " + std::to_string(event.index()), [&] { return memory_.control(run, event); },
            [&] { return postgres_.tell(run, event); });
    }

    std::string deliver()
    {
        for (auto letters = memory_.deliverable(); !letters.empty(); letters = memory_.deliverable())
            memory_.deliver(letters.front());
        postgres_.deliver_all();
        return "deliver";
    }

    std::mt19937_64 random_;
    MemoryStore::Catalog catalog_;
    PostgresStore postgres_{kLease, kLimits};
    // One clock for both.
    MemoryStore memory_{catalog_, postgres_.clock(), {.lease = kLease, .limits = kLimits}};
    std::array<core::Id, 3> sessions_;
    std::vector<Held> held_;
};

void tell_story(std::uint64_t seed)
{
    Pair pair(seed);
    std::vector<std::string> story;
    for (int at = 0; at < kOperations; ++at) {
        story.push_back(pair.step());
        const auto memory = pair.memory();
        const auto postgres = pair.postgres();
        CHECK_MESSAGE(pair.stuck() == 0, story.back());
        if (memory == postgres) continue;
        std::string all;
        for (const auto& line : story)
            all += "\n  " + line;
        const auto difference = json::diff(memory, postgres);
        FAIL("seed ", seed, ", operation ", at, ": ", difference.dump(2), all,
             "\nLINTEL_AGREEMENT_SEED=", seed, " tells it again");
    }
}

}  // namespace

TEST_CASE("Postgres and the store in memory agree, operation by operation")
{
    if (const char* only = std::getenv("LINTEL_AGREEMENT_SEED"))
        return tell_story(std::strtoull(only, nullptr, 10));
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed)
        tell_story(seed);
}
