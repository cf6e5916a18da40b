// What the doctor finds: runs whose rows are broken by hand, as no transition would leave them.

#include "postgres_store.hpp"

using namespace lintel;
using namespace lintel::workflows;

namespace {

const core::Id kRun = core::Id::derive(core::Id(), "run");
const core::Id kWorker = core::Id::derive(core::Id(), "worker");

constexpr const char* kDocuments[] = {
    R"({"name":"plain","version":1,"steps":[
        {"name":"a","request":{"subject":"s.a"},"retry":{"maximumAttempts":1},"onExhausted":"deadLetter"}]})",
    R"({"name":"loop","version":1,"steps":[
        {"name":"each","forEach":{"items":{"$literal":[1,2]},"steps":[
            {"name":"one","request":{"subject":"s.one"}}]}}]})",
    R"({"name":"choice","version":1,"steps":[
        {"name":"which","switch":{"value":1,"cases":[
            {"equals":1,"steps":[{"name":"left","request":{"subject":"s.left"}}]}]}}]})",
    R"({"name":"nap","version":1,"steps":[{"name":"nap","sleep":{"for":"20m"}}]})",
    R"({"name":"wait","version":1,"steps":[{"name":"go","signal":{"name":"go"}}]})",
    R"({"name":"parent","version":1,"steps":[{"name":"kid","workflow":{"definition":"wait"}}]})",
};

using Operation = void (*)(PostgresStore&);

void nothing(PostgresStore&)
{
}
void claim(PostgresStore& store)
{
    REQUIRE(!store.claim(kWorker).empty());
}
void bury(PostgresStore& store)
{
    claim(store);
    store.finish(kWorker, kRun, workflow::AttemptFailed{"a", 1, {"unavailable", "so it is", "a"}});
}
void start_child(PostgresStore& store)
{
    store.deliver_all();
}
/// The parent has not heard of it.
void end_child(PostgresStore& store)
{
    store.deliver_all();
    const auto child = core::Id::parse(store.query("SELECT id FROM workflows WHERE parent_id IS NOT NULL"));
    REQUIRE(child);
    store.tell(*child, workflow::SignalReceived{{"s1", "go", "1"}});
}

struct Case {
    const char* name;
    const char* definition;
    Operation operation;
    /// SQL; none: nothing is broken.
    const char* damage = "";
};

void prepare(PostgresStore& store, const Case& of)
{
    store.clear();
    store.open_session(kWorker);
    store.start({kRun, of.definition, {}, "{}", {}});
    of.operation(store);
    if (*of.damage != 0) store.query(of.damage);
}

}  // namespace

TEST_CASE("the doctor finds what nothing will move, and only that")
{
    PostgresStore store(10min);
    for (const auto* document : kDocuments)
        store.define(document);
    for (const auto& [name, definition, operation, damage] : {
             Case{"ready", "plain", nothing},
             Case{"claimed", "plain", claim},
             Case{"dead", "plain", bury},
             Case{"asleep", "nap", nothing},
             Case{"ready in a loop", "loop", nothing},
             Case{"claimed in a switch", "choice", claim},
             Case{"for a signal", "wait", nothing},
             Case{"for a child on its way", "parent", nothing},
             Case{"for a child", "parent", start_child},
             Case{"for the news of a child", "parent", end_child},
             Case{"a lease that is just over", "plain", claim,
                  "UPDATE sessions SET expires_at = now() - interval '5 seconds'"},
         }) {
        CAPTURE(name);
        prepare(store, {name, definition, operation, damage});
        CHECK(store.stuck().empty());
    }
    for (const auto& [name, definition, operation, damage] : {
             Case{"no step", "plain", nothing, "DELETE FROM steps"},
             Case{"all done", "plain", nothing, "UPDATE steps SET state = 'completed'"},
             Case{"held", "plain", nothing, "UPDATE steps SET state = 'held'"},
             Case{"claimed by nobody", "plain", claim, "DELETE FROM sessions"},
             Case{"a lease that is long over", "plain", claim,
                  "UPDATE sessions SET expires_at = now() - interval '1 minute'"},
             Case{"claimed by nobody, in a loop", "loop", claim, "DELETE FROM sessions"},
             Case{"claimed by nobody, in a switch", "choice", claim, "DELETE FROM sessions"},
             Case{"done, in a loop", "loop", nothing,
                  "UPDATE steps SET state = 'completed' WHERE path <> 'each'"},
             Case{"a sleep without an end", "nap", nothing, "UPDATE steps SET due_at = NULL"},
             Case{"a child that was never started", "parent", nothing, "DELETE FROM mail"},
             Case{"a child that is gone", "parent", start_child,
                  "DELETE FROM workflows WHERE parent_id IS NOT NULL"},
             Case{"a child whose end was not told", "parent", end_child, "DELETE FROM mail"},
         }) {
        CAPTURE(name);
        prepare(store, {name, definition, operation, damage});
        const auto found = store.stuck();
        REQUIRE(found.size() == 1);
        CHECK(found[0].id == kRun);
        CHECK(found[0].definition == definition);
        const bool waits = found[0].status == contracts::WorkflowStatus::waiting;
        CHECK(found[0].finding == (waits ? "it waits for nothing" : "no step is ready, under way or due"));
    }
}
