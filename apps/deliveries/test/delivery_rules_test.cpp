// What becomes of a delivery: every state and every command.
#include <doctest/doctest.h>

#include <array>

#include <nlohmann/json.hpp>

#include "delivery_rules.hpp"
#include "lintel/core/error.hpp"

using namespace lintel;
using namespace lintel::deliveries;
using contracts::Delivery;
using contracts::DeliveryEventKind;
using contracts::DeliveryState;
using nlohmann::json;

namespace {

const core::Timestamp kNow = *core::parse_rfc3339("2026-11-20T08:30:00.000Z");

Delivery some_delivery(bool has_workflow = true)
{
    contracts::DeliveryCreate request;
    request.order_id = core::Id::generate();
    if (has_workflow) request.workflow_id = core::Id::generate();
    return planned(request, kNow);
}

contracts::DeliveryDispatch by(std::optional<std::string> carrier, std::optional<std::string> reference = {})
{
    contracts::DeliveryDispatch said;
    said.carrier = std::move(carrier);
    said.carrier_reference = std::move(reference);
    return said;
}

contracts::DeliveryFail because(const std::string& reason, bool is_final = false)
{
    contracts::DeliveryFail said;
    said.reason = reason;
    said.is_final = is_final;
    return said;
}

template <typename Call>
std::string refusal(Call call)
{
    try {
        call();
    } catch (const core::Error& error) {
        CHECK(error.code() == core::ErrorCode::conflict);
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("every command in every state is carried out, changes nothing or is refused")
{
    constexpr auto kDo = Verdict::carry_out;
    constexpr auto kKeep = Verdict::as_it_is;
    constexpr auto kRefuse = Verdict::refuse;
    struct Row {
        DeliveryState state;
        bool is_final;
        std::array<Verdict, 5> verdicts;
    };
    constexpr std::array kCommands{Command::dispatch, Command::deliver, Command::fail, Command::give_up,
                                   Command::cancel};
    // clang-format off
    constexpr std::array kTable{
        //                                      dispatch deliver  fail     give up  cancel
        Row{DeliveryState::planned,    false, {kDo,     kRefuse, kRefuse, kRefuse, kDo}},
        Row{DeliveryState::dispatched, false, {kKeep,   kDo,     kDo,     kDo,     kDo}},
        Row{DeliveryState::failed,     false, {kDo,     kRefuse, kKeep,   kDo,     kDo}},
        Row{DeliveryState::failed,     true,  {kRefuse, kRefuse, kKeep,   kKeep,   kDo}},
        Row{DeliveryState::delivered,  false, {kRefuse, kKeep,   kRefuse, kRefuse, kRefuse}},
        Row{DeliveryState::cancelled,  false, {kRefuse, kRefuse, kRefuse, kRefuse, kKeep}},
    };
    // clang-format on
    for (const auto& row : kTable)
        for (std::size_t at = 0; at < kCommands.size(); ++at) {
            CAPTURE(contracts::to_string(row.state));
            CAPTURE(at);
            CHECK(judge(row.state, row.is_final, kCommands[at]) == row.verdicts[at]);
        }
}

TEST_CASE("a delivery that goes well tells its workflow twice")
{
    auto delivery = some_delivery();
    const auto first = dispatch(delivery, by("Swiss Post", "99.1"), kNow);
    REQUIRE(first);
    CHECK(first->id == delivery.workflow_id);
    CHECK(first->name == "dispatched");
    CHECK(first->signal_id == delivery.id.to_string() + "/dispatched");
    CHECK(json::parse(first->payload) == json{{"deliveryId", delivery.id.to_string()},
                                              {"isDispatched", true},
                                              {"carrier", "Swiss Post"},
                                              {"carrierReference", "99.1"}});
    contracts::DeliveryDeliver said;
    said.received_by = "A. Muster";
    const auto second = deliver(delivery, said, kNow);
    REQUIRE(second);
    CHECK(second->signal_id == delivery.id.to_string() + "/delivered");
    CHECK(json::parse(second->payload) ==
          json{{"deliveryId", delivery.id.to_string()}, {"isDelivered", true}});
    CHECK(delivery.state == DeliveryState::delivered);
    CHECK(delivery.version == 3);
    REQUIRE(delivery.events.size() == 3);
    CHECK(delivery.events[2].received_by == "A. Muster");
    CHECK_FALSE(deliver(delivery, {}, kNow));
    CHECK(delivery.version == 3);
}

TEST_CASE(
    "a failed delivery is dispatched again, of which the workflow is not told, or given up, of which it is")
{
    auto delivery = some_delivery();
    CHECK(dispatch(delivery, by("Swiss Post", "99.1"), kNow));
    CHECK_FALSE(fail(delivery, because("nobody at home"), kNow));
    CHECK(delivery.is_final == false);
    CHECK_FALSE(dispatch(delivery, by("Courier"), kNow));
    CHECK(delivery.attempts == 2);
    CHECK(delivery.carrier == "Courier");
    CHECK_FALSE(delivery.carrier_reference);
    CHECK_FALSE(delivery.is_final);
    CHECK_FALSE(fail(delivery, because("nobody at home"), kNow));
    const auto told = fail(delivery, because("refused", true), kNow);
    REQUIRE(told);
    CHECK(told->name == "delivered");
    CHECK(json::parse(told->payload) ==
          json{{"deliveryId", delivery.id.to_string()}, {"isDelivered", false}, {"reason", "refused"}});
    CHECK(delivery.is_final == true);
    const auto version = delivery.version;
    CHECK_FALSE(fail(delivery, because("refused", true), kNow));
    CHECK(delivery.version == version);
    CHECK(refusal([&] { dispatch(delivery, by({}), kNow); }) ==
          "the delivery is failed, finally, and cannot be dispatched");
}

TEST_CASE("a dispatch that says something else contradicts the one before")
{
    auto delivery = some_delivery();
    dispatch(delivery, by("Swiss Post", "99.1"), kNow);
    for (const auto& same : {by({}), by("Swiss Post"), by("Swiss Post", "99.1")})
        CHECK_FALSE(dispatch(delivery, same, kNow));
    CHECK(delivery.attempts == 1);
    for (const auto& other : {by("Courier"), by("Swiss Post", "99.2")})
        CHECK(refusal([&] { dispatch(delivery, other, kNow); }) ==
              "the delivery is dispatched, with another carrier or reference");
}

TEST_CASE("what is cancelled on its way is recalled, and the workflow hears of what it will not see any more")
{
    auto early = some_delivery();
    const auto told = cancel(early, {}, kNow);
    REQUIRE(told);
    CHECK(told->signal_id == early.id.to_string() + "/dispatched");
    CHECK(json::parse(told->payload) == json{{"deliveryId", early.id.to_string()},
                                             {"isDispatched", false},
                                             {"reason", "no reason was given"}});
    CHECK(early.events.back().kind == DeliveryEventKind::cancelled);
    CHECK_FALSE(cancel(early, {}, kNow));
    CHECK(early.events.size() == 2);

    auto late = some_delivery();
    dispatch(late, by({}), kNow);
    contracts::DeliveryCancel said;
    said.reason = "ordered twice";
    const auto recalled = cancel(late, said, kNow);
    REQUIRE(recalled);
    CHECK(recalled->signal_id == late.id.to_string() + "/delivered");
    CHECK(json::parse(recalled->payload) == json{{"deliveryId", late.id.to_string()},
                                                 {"isDelivered", false},
                                                 {"reason", "it was called back: ordered twice"}});
    CHECK(late.events.back().kind == DeliveryEventKind::recalled);
    CHECK(late.events.back().reason == "ordered twice");
    CHECK(refusal([&] { deliver(late, {}, kNow); }) == "the delivery is cancelled, and cannot be delivered");
}

TEST_CASE("whoever cancels may leave what a carrier has had, and the two exclude each other")
{
    contracts::DeliveryCancel said;
    said.unless_dispatched = true;
    auto gone = some_delivery();
    dispatch(gone, by({}), kNow);
    CHECK(refusal([&] { cancel(gone, said, kNow); }) ==
          "a carrier has had the delivery, which is dispatched now");
    fail(gone, because("nobody at home"), kNow);
    CHECK(refusal([&] { cancel(gone, said, kNow); }) ==
          "a carrier has had the delivery, which is failed now");
    auto there = some_delivery();
    CHECK(cancel(there, said, kNow));
    CHECK(refusal([&] { dispatch(there, by({}), kNow); }) ==
          "the delivery is cancelled, and cannot be dispatched");
    CHECK_FALSE(cancel(there, said, kNow));

    auto late = some_delivery();
    dispatch(late, by({}), kNow);
    deliver(late, {}, kNow);
    CHECK(refusal([&] { cancel(late, {}, kNow); }) ==
          "the delivery is delivered, and cannot be cancelled; the customer has the goods: charge them by "
          "hand, "
          "or have them sent back");
}

TEST_CASE("nobody is told who has not asked, and nothing is tried for ever")
{
    auto delivery = some_delivery(false);
    for (std::int64_t attempt = 0; attempt < kMostAttempts; ++attempt) {
        CHECK_FALSE(dispatch(delivery, by({}), kNow));
        CHECK_FALSE(fail(delivery, because("nobody at home"), kNow));
    }
    CHECK(refusal([&] { dispatch(delivery, by({}), kNow); }) ==
          "the delivery has been dispatched 100 times; that is enough");
    CHECK_FALSE(fail(delivery, because("enough", true), kNow));
    CHECK(contracts::parse_delivery(json::parse(contracts::to_json(delivery))) == delivery);
}
