// Pick lists, short ones too, on a real Postgres.

#include "inventory_fixture.hpp"

using namespace lintel;
using namespace lintel::inventory;
using contracts::PickState;
using core::ErrorCode;

TEST_CASE("a list is made of a confirmed hold, one at a time")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10);
    replica.stock_up("cup", 10);
    const auto hold = replica.reserve(Lines{{"tea", 2}, {"cup", 1}});
    CHECK(refusal([&] { replica.pick(hold); }).detail == "the hold is held and cannot be picked");
    replica.confirm(hold.id);
    const auto pick = replica.pick(hold, {{"metadata", {{"trolley", 7}}}}, "k");
    CHECK(pick.state == PickState::open);
    CHECK(pick.lines.size() == 2);
    CHECK(pick.lines[1].name == "the cup");
    CHECK_FALSE(pick.lines[1].picked);
    CHECK(core::sync_wait(replica.picks.get(soon(), pick.id)) == contracts::Pick(pick));
    CHECK(replica.pick(hold, {{"metadata", {{"trolley", 7}}}}, "k").is_replay);
    CHECK(refusal([&] { replica.pick(hold); }).code == ErrorCode::conflict);
    auto stranger = contracts::Hold(hold);
    stranger.order_id = core::Id::generate();
    CHECK(refusal([&] { replica.pick(stranger); }).faults == Faults{"/orderId is not the order of the hold"});
    stranger.id = core::Id::generate();
    CHECK(refusal([&] { replica.pick(stranger); }).code == ErrorCode::not_found);

    CHECK(replica.cancel(pick.id).cancelled_at);
    CHECK(replica.cancel(pick.id).version == 2);
    CHECK(replica.pick(hold).id != pick.id);
}

TEST_CASE("lines are marked, again if need be, until all are and the list is completed")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10);
    replica.stock_up("cup", 10);
    const auto pick = replica.pick(replica.take(Lines{{"tea", 2}, {"cup", 1}}));
    CHECK(replica.mark(pick.id, 1, 1, "one is broken").lines[0].note == "one is broken");
    const auto early = refusal([&] { replica.complete(pick.id); });
    CHECK(early.code == ErrorCode::conflict);
    CHECK(early.faults == Faults{"/lines/1/picked line 2 has not been marked"});
    CHECK(refusal([&] { replica.mark(pick.id, 2, 2); }).faults == Faults{"/picked must be at most 1"});
    CHECK(refusal([&] { replica.mark(pick.id, 3, 0); }).code == ErrorCode::not_found);
    CHECK(refusal([&] { replica.mark(core::Id::generate(), 1, 0); }).code == ErrorCode::not_found);
    CHECK_FALSE(replica.mark(pick.id, 1, 2).lines[0].note);
    CHECK(replica.mark(pick.id, 2, 1).version == 4);
    CHECK(replica.mark(pick.id, 2, 1).version == 4);
    CHECK(replica.mark(pick.id, 1, 1, {}, "mark").version == 5);
    CHECK(replica.mark(pick.id, 1, 2).version == 6);
    CHECK(replica.mark(pick.id, 1, 1, {}, "mark").version == 6);
    CHECK(refusal([&] { replica.mark(pick.id, 1, 0, {}, "mark"); }).code == ErrorCode::invalid);

    const auto completed = replica.complete(pick.id, "k");
    CHECK(completed.state == PickState::completed);
    CHECK(completed.completed_at);
    CHECK(replica.complete(pick.id, "k").is_replay);
    CHECK(replica.complete(pick.id).version == completed.version);
    CHECK(refusal([&] { replica.mark(pick.id, 1, 1); }).detail ==
          "the pick list is completed and cannot be marked");
    CHECK(database.stock("tea") == "8/0");
    CHECK(database.query("SELECT count(*) FROM intents") == "0");
    CHECK(replica.cancel(pick.id).state == PickState::cancelled);
    CHECK(refusal([&] { replica.complete(pick.id); }).detail ==
          "the pick list is cancelled and cannot be completed");
}

TEST_CASE("what is short leaves the stock and the hold, and the workflow is told what was picked")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10, 250);
    replica.stock_up("cup", 10, 99);
    const auto workflow = core::Id::generate().to_string();
    const auto hold = replica.take(Lines{{"tea", 5}, {"cup", 2}});
    const auto pick = replica.pick(hold, {{"workflowId", workflow}});
    replica.mark(pick.id, 1, 3);
    replica.mark(pick.id, 2, 2);
    replica.complete(pick.id);
    replica.complete(pick.id);
    CHECK(database.stock("tea") == "5/0");
    CHECK(database.query("SELECT string_agg(kind || on_hand_change, ' ' ORDER BY id) FROM stock_movements "
                         "WHERE pick_id = '" +
                         pick.id.to_string() + "'") == "released2 short-2");
    CHECK(database.wrong_stock().empty());
    CHECK(database.query("SELECT count(*) FROM intents WHERE subject = 'workflows.signal'") == "1");
    CHECK(json::parse(database.query("SELECT payload FROM intents")) ==
          json{{"id", workflow},
               {"signalId", pick.id.to_string()},
               {"name", "picked"},
               {"payload",
                {{"pickId", pick.id.to_string()},
                 {"amount", 3 * 250 + 2 * 99},
                 {"isShort", true},
                 {"lines",
                  {{{"sku", "tea"}, {"quantity", 5}, {"picked", 3}},
                   {{"sku", "cup"}, {"quantity", 2}, {"picked", 2}}}}}}});

    CHECK(replica.show(hold.id).lines[0].short_ == 2);
    CHECK(refusal([&] {
              replica.restock(hold, Lines{{"tea", 4}});
          }).faults == Faults{"/lines/0/quantity 3 of 4 can come back"});
    replica.restock(hold, Lines{{"tea", 1}});
    CHECK(replica.release(hold.id).state == contracts::HoldState::released);
    CHECK(database.stock("tea") == "8/0");
    CHECK(database.stock("cup") == "10/0");
    CHECK(database.wrong_stock().empty());
}

TEST_CASE("a list whose hold was released cannot be completed, but cancelled")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10);
    const auto hold = replica.take(Lines{{"tea", 5}});
    const auto pick = replica.pick(hold);
    replica.mark(pick.id, 1, 0);
    replica.release(hold.id);
    CHECK(refusal([&] { replica.complete(pick.id); }).detail == "the hold is released and cannot be picked");
    CHECK(replica.cancel(pick.id).state == PickState::cancelled);
    CHECK(database.stock("tea") == "10/0");
}

TEST_CASE("lists are found by order, building and state, page by page")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10);
    std::vector<contracts::Pick> made;
    for (int at = 0; at < 4; ++at)
        made.push_back(replica.pick(replica.take(Lines{{"tea", 1}})));
    replica.cancel(made[1].id);
    const auto found = [&](const json& filter) {
        auto request = contracts::parse_pick_list(filter);
        request.page_size = 2;
        std::string all;
        do {
            const auto page = core::sync_wait(replica.picks.list(soon(), request));
            for (const auto& item : page.items)
                for (std::size_t at = 0; at < made.size(); ++at)
                    if (made[at].id == item.id) all += std::to_string(at);
            request.page_token = page.next_page_token;
        } while (request.page_token);
        return all;
    };
    CHECK(found(json::object()) == "3210");
    CHECK(found({{"state", "open"}}) == "320");
    CHECK(found({{"buildingId", replica.building}}) == "3210");
    CHECK(found({{"buildingId", core::Id::generate().to_string()}}).empty());
    CHECK(found({{"orderId", made[2].order_id.to_string()}}) == "2");
}
