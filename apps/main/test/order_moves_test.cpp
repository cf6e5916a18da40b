// What moves and returns make of an order, and what its end is called.
#include "order_moves.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "order_reasons.hpp"
#include "order_return.hpp"

using namespace lintel;
using contracts::OrderMove;
using contracts::OrderStatus;
using core::ErrorCode;
using nlohmann::json;

namespace {

const core::Id kWorkflow = core::Id::generate();
const core::Id kHold = core::Id::generate();

main::OrderDraft placed()
{
    main::OrderDraft draft;
    draft.order.id = core::Id::generate();
    draft.order.currency = "GBP";
    draft.order.lines = {{"a", 6}, {"b", 2}, {"a", 1}};
    return draft;
}

contracts::OrderTransition wish(OrderMove to)
{
    contracts::OrderTransition one;
    one.to = to;
    one.workflow_id = kWorkflow;
    return one;
}

json line(const char* sku, int price, int amount)
{
    return {{"sku", sku}, {"name", sku}, {"unitPrice", price}, {"amount", amount}, {"line", 1}};
}

void confirm(main::OrderDraft& draft)
{
    auto move = wish(OrderMove::confirmed);
    move.hold = json{{"id", kHold.to_string()},
                     {"state", "held"},
                     {"total", 750},
                     {"lines", {line("a", 100, 600), line("b", 25, 50), line("a", 100, 100)}}}
                    .dump();
    move.transfer_id = core::Id::generate();
    main::move_order(draft, move);
}

void pick(main::OrderDraft& draft, int a, int b, int more, int amount)
{
    auto move = wish(OrderMove::picking);
    move.pick_id = core::Id::generate();
    main::move_order(draft, move);
    move = wish(OrderMove::packed);
    move.pick = json{{"amount", amount},
                     {"isShort", true},
                     {"lines",
                      {{{"sku", "a"}, {"quantity", 6}, {"picked", a}},
                       {{"sku", "b"}, {"quantity", 2}, {"picked", b}},
                       {{"sku", "a"}, {"quantity", 1}, {"picked", more}}}}}
                    .dump();
    main::move_order(draft, move);
}

void complete(main::OrderDraft& draft)
{
    auto move = wish(OrderMove::delivering);
    move.delivery_id = core::Id::generate();
    main::move_order(draft, move);
    move = wish(OrderMove::delivered);
    move.delivery = R"({"deliveryId":"x","isDelivered":true})";
    main::move_order(draft, move);
    main::move_order(draft, wish(OrderMove::completed));
}

main::OrderDraft completed()
{
    auto draft = placed();
    confirm(draft);
    pick(draft, 5, 2, 0, 550);
    complete(draft);
    return draft;
}

template <typename Action>
std::string refusal(Action action)
{
    try {
        action();
    } catch (const core::Error& error) {
        std::string text(core::to_string(error.code()));
        for (const auto& field : error.fields())
            text += " " + field.pointer + ": " + field.detail;
        return text;
    }
    return "none";
}

}  // namespace

TEST_CASE("an order gets its prices from the hold and its charge from the pick list")
{
    auto draft = placed();
    confirm(draft);
    CHECK(draft.order.status == OrderStatus::confirmed);
    CHECK(draft.order.workflow_id == kWorkflow);
    CHECK(draft.order.hold_id == kHold);
    CHECK(draft.order.total == 750);
    CHECK(draft.order.lines[1] == contracts::OrderLine{"b", 2, "b", 25, 50, {}, {}});
    pick(draft, 5, 2, 0, 550);
    CHECK(draft.order.status == OrderStatus::picking);
    CHECK(main::parcel_of(draft.order) == std::vector<contracts::QuantityOfSku>{{"a", 5}, {"b", 2}});
    CHECK_FALSE(draft.order.charged);
    complete(draft);
    CHECK(draft.order.status == OrderStatus::completed);
    CHECK(draft.order.charged == 550);
}

TEST_CASE("what came of a step may be a conflict, and what is missing is named")
{
    auto draft = placed();
    CHECK(refusal([&] { main::move_order(draft, wish(OrderMove::confirmed)); }) ==
          "invalid /hold: is a must for this move");
    auto other = wish(OrderMove::confirmed);
    other.hold = json{{"id", kHold.to_string()}, {"total", 1}, {"lines", {line("b", 1, 1)}}}.dump();
    CHECK(refusal([&] { main::move_order(draft, other); }) ==
          "invalid /hold/lines: must have the lines of the order, in their order");
    confirm(draft);
    CHECK(refusal([&] { confirm(draft); }) == "conflict");
    CHECK(refusal([&] { main::move_order(draft, wish(OrderMove::picking)); }) ==
          "invalid /pickId: is a must for this move");
    auto short_of_all = draft;
    CHECK(refusal([&] { pick(short_of_all, 0, 0, 0, 0); }) == "conflict");
    auto wrong = draft;
    CHECK(refusal([&] { pick(wrong, 1, 0, 0, 90); }) == "invalid /pick/amount: must be 100");
    pick(draft, 5, 2, 0, 550);
    auto move = wish(OrderMove::delivering);
    move.delivery_id = core::Id::generate();
    main::move_order(draft, move);
    move = wish(OrderMove::delivered);
    move.delivery = R"({"isDelivered":false,"reason":"nobody was at home"})";
    CHECK(refusal([&] { main::move_order(draft, move); }) == "conflict");
}

TEST_CASE("an order that was not carried out says why")
{
    auto draft = placed();
    auto undone = wish(OrderMove::undone);
    undone.failure = R"({"status":"failed","step":"hold","code":"conflict","message":"too little","errors":
        [{"pointer":"/lines/1/quantity","detail":"1 of 2 are available"}]})";
    main::move_order(draft, undone);
    CHECK(draft.order.status == OrderStatus::rejected);
    CHECK(draft.order.reasons ==
          std::vector<contracts::OrderReason>{{"noStock", "1 of 2 are available", "/lines/1"}});
    const auto code = [](const char* failure) { return main::reasons_of(failure).at(0).code; };
    CHECK(code(R"({"status":"failed","step":"customer","code":"not_found"})") == "unknownCustomer");
    CHECK(code(R"({"status":"failed","step":"hold","code":"invalid"})") == "unknownSku");
    CHECK(code(R"({"status":"failed","step":"payment","code":"conflict"})") == "noFunds");
    CHECK(code(R"({"status":"failed","step":"packed","code":"conflict"})") == "nothingPicked");
    CHECK(code(R"({"status":"failed","step":"proof","code":"conflict"})") == "notDelivered");
    CHECK(code(R"({"status":"failed","step":"payment","code":"too_large"})") == "other");
    CHECK(code(R"({"status":"cancelled","reason":"ordered twice"})") == "cancelled");
    CHECK(refusal([] { main::reasons_of("{}"); }) == "invalid /failure/status: is required");
}

TEST_CASE(
    "undoing leaves what was cancelled as it is, and a workflow that is not the order's own undoes nothing")
{
    auto draft = placed();
    confirm(draft);
    auto foreign = wish(OrderMove::undone);
    foreign.workflow_id = core::Id::generate();
    foreign.failure = R"({"status":"failed","code":"conflict","message":"it is confirmed"})";
    CHECK(main::move_order(draft, foreign).empty());
    CHECK(draft.order.status == OrderStatus::confirmed);
    foreign.to = OrderMove::picking;
    CHECK(refusal([&] { main::move_order(draft, foreign); }) == "conflict");

    draft.order.status = OrderStatus::cancelled;
    draft.order.reasons = {{"cancelled", "ordered twice", {}}};
    auto undone = wish(OrderMove::undone);
    undone.failure = R"({"status":"failed","code":"conflict","message":"it is cancelled"})";
    CHECK_FALSE(main::move_order(draft, undone).empty());
    CHECK(draft.order.status == OrderStatus::cancelled);
    CHECK(draft.order.reasons.at(0).detail == "ordered twice");
}

TEST_CASE("no more comes back than was picked, and all of it makes a returned order")
{
    auto draft = completed();
    const auto ask = [&](std::vector<contracts::QuantityOfSku> lines) {
        contracts::OrderReturnCreate request;
        request.lines = std::move(lines);
        draft.order_return = main::request_return(draft.order, request, core::now());
    };
    const auto settle = [&](OrderMove move) {
        auto one = wish(move);
        one.return_id = draft.order_return->id;
        one.refund_id = core::Id::generate();
        one.failure = R"({"status":"failed","step":"refund","code":"conflict","message":"no money"})";
        main::move_order(draft, one);
    };
    ask({{"a", 2}, {"b", 1}});
    CHECK(draft.order_return->amount == 225);
    CHECK(draft.order.lines[0].returned == 2);
    CHECK(draft.order.status == OrderStatus::completed);
    const auto before = draft;
    CHECK(refusal([&] { ask({{"a", 4}, {"b", 1}}); }) == "conflict /lines/0/quantity: 3 of 4 can come back");
    draft = before;
    CHECK(refusal([&] { ask({{"c", 1}}); }) == "invalid /lines/0/sku: is not in the order");
    settle(OrderMove::returned);
    CHECK(draft.order.status == OrderStatus::partially_returned);
    CHECK(draft.order.refunded == 225);
    CHECK(refusal([&] { settle(OrderMove::returned); }) == "conflict");

    ask({{"a", 3}, {"b", 1}});
    settle(OrderMove::undone);
    CHECK(draft.order_return->status == contracts::OrderReturnStatus::refused);
    CHECK(draft.order_return->reasons.at(0).code == "noFunds");
    CHECK(draft.order.status == OrderStatus::partially_returned);
    ask({{"a", 3}, {"b", 1}});
    settle(OrderMove::returned);
    CHECK(draft.order.status == OrderStatus::returned);
    CHECK(draft.order.refunded == draft.order.charged);
    CHECK(refusal([&] { ask({{"a", 1}}); }) == "conflict");
}
