#include "simulation/definitions.hpp"

#include "builder.hpp"

namespace lintel::workflow::simulation {
namespace {

using namespace workflow::test;
using nlohmann::json;
using std::chrono::milliseconds;

/// A definition made by chance: every kind of step, two levels deep, with whatever policies.
class Dice {
public:
    explicit Dice(Random& random) : random_(random) {}

    Scope scope(int depth, std::size_t most)
    {
        Scope steps;
        for (auto count = 1 + random_.below(most); count > 0; --count) {
            std::vector<std::size_t> after;
            for (std::size_t before = 0; before < steps.size(); ++before)
                if (random_.percent(before + 1 == steps.size() ? 70 : 25)) after.push_back(before);
            auto next = step(depth, after.empty() ? "" : steps[after.back()].name);
            next.after = after;
            steps.push_back(std::move(next));
        }
        return steps;
    }

private:
    /// `before`: a step that this one comes after; may be empty.
    Step step(int depth, const std::string& before)
    {
        auto made = request("s" + std::to_string(++last_));
        made.input = {{"n", ref("/input/n")}};
        if (!before.empty())
            made.input["before"] = {{"$ref", "/steps/" + before + "/output"}, {"default", nullptr}};
        made.retry = {.initial_interval = milliseconds{50 + random_.below(1000)},
                      .backoff_coefficient = 2,
                      .maximum_interval = milliseconds{4000},
                      .maximum_attempts = static_cast<std::int64_t>(random_.below(5)),
                      .jitter = 0.2};
        if (random_.percent(30)) made.on_exhausted = OnExhausted::dead_letter;
        if (random_.percent(40)) made = undoable(std::move(made));
        made.kind = kind(depth, before);
        return made;
    }

    decltype(Step::kind) kind(int depth, const std::string& before)
    {
        const auto chance = random_.below(100);
        if (chance < 8) return EmitStep{"test.emit"};
        if (chance < 16) return SleepStep{.duration = milliseconds{random_.below(3000)}, .until = {}};
        if (chance < 26) return signal();
        if (chance < 32) return ChildStep{.definition = random_.percent(95) ? "leaf" : "missing"};
        if (chance < 40 && depth > 0) return choice(depth, before);
        if (chance < 50 && depth > 0) return loop(depth, before);
        return RequestStep{"test.request"};
    }

    SignalStep signal()
    {
        SignalStep made{.signal = random_.percent(50) ? "go" : "stop"};
        if (random_.percent(40)) made.timeout = milliseconds{random_.below(5000)};
        made.continues_on_timeout = random_.percent(60);
        return made;
    }

    json value_of(const std::string& before, const std::string& name)
    {
        if (before.empty() || random_.percent(40)) return test::ref("/input/" + name);
        return {{"$ref", "/steps/" + before + "/output/" + name},
                {"default", name == "items" ? json::array({1}) : json(0)}};
    }

    SwitchStep choice(int depth, const std::string& before)
    {
        SwitchStep made{.value = value_of(before, "way"), .cases = {}, .otherwise = {}};
        for (std::size_t i = 0; i < 2; ++i)
            made.cases.push_back({i, scope(depth - 1, 2)});
        if (random_.percent(50)) made.otherwise = scope(depth - 1, 2);
        return made;
    }

    ForEachStep loop(int depth, const std::string& before)
    {
        return {.items = value_of(before, "items"),
                .max_concurrency = random_.below(3),
                .steps = scope(depth - 1, 2)};
    }

    Random& random_;
    int last_ = 0;
};

Step with_input(Step step, json input)
{
    step.input = std::move(input);
    return step;
}

std::shared_ptr<Definition> order()
{
    return define(chain({undoable(attempts(request("reserve"), 3)), undoable(attempts(request("charge"), 5)),
                         sleep_for("cool-down", milliseconds{1500}), attempts(request("deliver"), 4)}),
                  "order");
}

std::shared_ptr<Definition> sale()
{
    return define(chain({undoable(attempts(request("hold"), 3)), pivot(attempts(request("hand-over"), 3)),
                         attempts(request("bill"), 2), emit("sold")}),
                  "sale");
}

std::shared_ptr<Definition> approval()
{
    const SignalStep patient{.signal = "go", .timeout = milliseconds{8000}, .continues_on_timeout = false};
    return define(
        chain({undoable(request("draft")), wait_for("first", "go"), with(request("second"), patient),
               attempts(request("publish"), 2, OnExhausted::dead_letter)}),
        "approval");
}

std::shared_ptr<Definition> fan_out()
{
    const auto pick =
        with_input(undoable(request("pick")), {{"item", ref("/item")}, {"index", ref("/index")}});
    const ForEachStep loop{
        .items = ref("/input/items"), .max_concurrency = 2, .steps = chain({pick, request("pack")})};
    const SwitchStep choice{
        .value = ref("/input/way"),
        .cases = {{0, {undoable(request("fast"))}}, {1, chain({request("slow"), emit("told")})}},
        .otherwise = {}};
    auto steps = Scope{with(request("each"), loop), with(request("choice"), choice), request("end")};
    steps[2].after = {0, 1};
    return define(steps, "fan-out");
}

std::shared_ptr<Definition> parent()
{
    const auto input =
        json{{"n", ref("/input/n")}, {"way", ref("/input/way")}, {"items", ref("/input/items")}};
    auto steps = Scope{undoable(request("before")), undoable(with_input(child("one", "leaf"), input)),
                       with_input(child("two", "order"), input), with_input(child("three", "sale"), input),
                       request("after")};
    steps[1].after = {0};
    steps[2].after = {0};
    steps[3].after = {0};
    steps[4].after = {1, 2, 3};
    return define(steps, "parent");
}

}  // namespace

MemoryStore::Catalog make_catalog(Random& random)
{
    MemoryStore::Catalog catalog{{"order", order()},
                                 {"sale", sale()},
                                 {"approval", approval()},
                                 {"fan-out", fan_out()},
                                 {"parent", parent()}};
    catalog["leaf"] =
        define(chain({undoable(attempts(request("leaf-a"), 4)), attempts(request("leaf-b"), 4)}), "leaf");
    for (int i = 0; i < 3; ++i) {
        const auto name = "random-" + std::to_string(i);
        catalog[name] = define(Dice(random).scope(2, 4), name);
    }
    return catalog;
}

std::string make_input(Random& random)
{
    auto items = json::array();
    for (auto left = random.below(5); left > 0; --left)
        items.push_back(left);
    return json{{"n", random.below(10)}, {"way", random.below(3)}, {"items", items}}.dump();
}

}  // namespace lintel::workflow::simulation
