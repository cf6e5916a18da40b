// The definitions of orders, carried out in memory: every request is read as the contract of its receiver has
// it.
#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include <nlohmann/json.hpp>

#include "lintel/contracts/accounts_endpoints.hpp"
#include "lintel/contracts/customers_endpoints.hpp"
#include "lintel/contracts/deliveries_endpoints.hpp"
#include "lintel/contracts/inventory_endpoints.hpp"
#include "lintel/contracts/main_endpoints.hpp"
#include "lintel/core/json.hpp"
#include "lintel/workflow/transition.hpp"

using namespace lintel;
using nlohmann::json;
using workflow::Run;
using Strings = std::vector<std::string>;

namespace {

const std::string kId = "019a9f5e-6f21-7d10-8a44-c20b9e6f7001";
const json kIdOnly{{"id", kId}};

/// Reads requests as their receivers do.
class Receivers {
public:
    Receivers()
    {
        add<contracts::OrdersGet>();
        add<contracts::OrdersTransition>();
        add<contracts::CustomersGet>();
        add<contracts::InventoryReserve>();
        add<contracts::InventoryConfirm>();
        add<contracts::InventoryRelease>();
        add<contracts::InventoryRestock>();
        add<contracts::TransfersCreate>();
        add<contracts::TransfersPost>();
        add<contracts::TransfersVoid>();
        add<contracts::PicksCreate>();
        add<contracts::PicksCancel>();
        add<contracts::DeliveriesCreate>();
        add<contracts::DeliveriesCancel>();
    }

    void read(const workflow::Work& work) const
    {
        CAPTURE(work.payload);
        REQUIRE(parsers_.contains(work.subject));
        CHECK_NOTHROW(parsers_.at(work.subject)(core::parse_json(work.payload)));
    }

private:
    template <typename Endpoint>
    void add()
    {
        parsers_[std::string(Endpoint::kSubject)] = [](const json& document) {
            Endpoint::parse_request(document);
        };
    }

    std::map<std::string, std::function<void(const json&)>> parsers_;
};

std::shared_ptr<const workflow::Definition> shipped(const std::string& name)
{
    std::ifstream file(std::string(DEFINITIONS) + "/" + name + ".json", std::ios::binary);
    return workflow::parse_definition(
        core::parse_json(std::string(std::istreambuf_iterator<char>(file), {})));
}

/// A run of one of the definitions, whose steps are answered here.
struct Story {
    Story(const std::string& definition, const json& input)
    {
        run.id = core::Id::generate();
        run.definition = shipped(definition);
        run.name = definition;
        run.input = input.dump();
        workflow::check_input(*run.definition, input);
        workflow::begin(run, moment, effects);
    }

    /// Answers all requests; the step `failing` with `code`, and `cancels` the run before the step of that
    /// name. Signals come as steps wait for them. Returns the steps in the order in which they were asked
    /// for.
    Strings tell(const std::string& failing = {}, const std::string& code = {},
                 const std::string& cancels = {})
    {
        Strings told;
        while (!workflow::is_final(run.status)) {
            const auto path = next();
            if (path.empty()) break;
            auto& step = run.steps.at(path);
            if (path == cancels && run.ending == workflow::Ending::none) {
                workflow::apply(run, workflow::Cancel{"ordered twice"}, moment, effects);
                continue;
            }
            if (step.state == workflow::StepState::waiting) {
                told.push_back(path);
                const workflow::Signal signal{path, path, signals.at(path).dump()};
                workflow::apply(run, workflow::SignalReceived{signal}, moment, effects);
                continue;
            }
            workflow::claim(step, moment.now);
            const auto work = std::get<workflow::Work>(workflow::work_of(run, path));
            receivers.read(work);
            payloads[path] = json::parse(work.payload);
            told.push_back(path);
            if (path == failing)
                workflow::apply(run, workflow::AttemptFailed{path, step.attempt, {code, "said so", path, {}}},
                                moment, effects);
            else
                workflow::apply(run, workflow::AttemptSucceeded{path, step.attempt, answer(path).dump()},
                                moment, effects);
        }
        return told;
    }

    std::string next() const
    {
        for (const auto& [path, step] : run.steps)
            if (step.state == workflow::StepState::ready || step.state == workflow::StepState::waiting)
                return path;
        return {};
    }
    json answer(const std::string& path) const
    {
        const auto found = answers.find(path);
        return found == answers.end() ? kIdOnly : found->second;
    }

    Receivers receivers;
    Run run;
    workflow::Moment moment{};
    workflow::Effects effects;
    std::map<std::string, json> payloads;
    std::map<std::string, json> answers{
        {"order",
         json::parse(R"({"id":"019a9f5e-6f21-7d10-8a44-c20b9e6f7001","currency":"GBP","status":"placed",
            "customerId":"019a9f5e-6f21-7d10-8a44-c20b9e6f7c01","buildingId":"019a9f5e-6f21-7d10-8a44-c20b9e6f7b01",
            "lines":[{"sku":"a","quantity":6}]})")},
        {"customer", json::parse(R"({"id":"019a9f5e-6f21-7d10-8a44-c20b9e6f7c01","name":"Ada",
            "postalAddress":{"city":"Seattle"}})")},
        {"hold", json::parse(R"({"id":"019a9f5e-6f21-7d10-8a44-c20b9e6f7001","total":600,
            "lines":[{"line":1,"sku":"a","name":"A","unitPrice":100,"amount":600}]})")},
        {"packed", json::parse(R"({"id":"019a9f5e-6f21-7d10-8a44-c20b9e6f7001","version":4,"status":"picking",
            "parcel":[{"sku":"a","quantity":5}]})")}};
    std::map<std::string, json> signals{
        {"picked", json::parse(R"({"amount":500,"lines":[{"sku":"a","quantity":6,"picked":5}]})")},
        {"dispatched", json::parse(R"({"carrier":"post"})")},
        {"delivered", json::parse(R"({"isDelivered":true})")}};
};

const json kOrder{{"orderId", kId}};
const json kReturn{{"orderId", kId},
                   {"returnId", kId},
                   {"customerId", kId},
                   {"holdId", kId},
                   {"currency", "GBP"},
                   {"amount", 100},
                   {"lines", {{{"sku", "a"}, {"quantity", 1}}}}};

}  // namespace

TEST_CASE("an order is fulfilled step by step, and every request is what its receiver takes")
{
    Story story("order-fulfilment", kOrder);
    CHECK(story.tell() == Strings{"order", "customer", "hold", "payment", "confirmHold", "confirmed", "pick",
                                  "picking", "picked", "packed", "delivery", "dispatched", "delivering",
                                  "delivered", "proof", "charge", "completed"});
    CHECK(story.run.status == workflow::RunStatus::completed);
    CHECK(story.payloads["payment"].at("amount") == 600);
    CHECK(story.payloads["charge"].at("amount") == 500);
    CHECK(story.payloads["delivery"].at("address") == json{{"city", "Seattle"}});
    CHECK(json::parse(story.run.output.value()).at("charged") == 500);
}

TEST_CASE("the order's own address comes before the customer's, and there may be neither")
{
    Story story("order-fulfilment", kOrder);
    story.answers["order"]["deliveryAddress"] = {{"city", "Bern"}};
    story.tell();
    CHECK(story.payloads["delivery"].at("address") == json{{"city", "Bern"}});
    Story other("order-fulfilment", kOrder);
    other.answers["customer"].erase("postalAddress");
    other.tell();
    CHECK(other.payloads["delivery"].at("address") == json::object());
}

TEST_CASE("whatever fails, what was done is undone in reverse, and the order hears why at last")
{
    const std::map<std::string, Strings> undoings{
        {"order", {"begun~undo"}},
        {"customer", {"begun~undo"}},
        {"hold", {"begun~undo"}},
        {"payment", {"hold~undo", "begun~undo"}},
        {"confirmed", {"payment~undo", "hold~undo", "begun~undo"}},
        {"packed", {"pick~undo", "payment~undo", "hold~undo", "begun~undo"}},
        {"proof", {"delivery~undo", "pick~undo", "payment~undo", "hold~undo", "begun~undo"}}};
    for (const auto& [step, expected] : undoings) {
        CAPTURE(step);
        Story story("order-fulfilment", kOrder);
        const auto told = story.tell(step, "conflict");
        const auto failed = std::find(told.begin(), told.end(), step);
        CHECK(Strings(std::next(failed), told.end()) == expected);
        CHECK(story.run.status == workflow::RunStatus::failed);
        const auto& failure = story.payloads["begun~undo"].at("failure");
        CHECK(failure.at("step") == step);
        CHECK(failure.at("code") == "conflict");
    }
}

TEST_CASE("what the customer has is not undone any more: a payment that somebody voided is a dead letter")
{
    Story story("order-fulfilment", kOrder);
    CHECK(story.tell("charge", "conflict").back() == "charge");
    CHECK(story.run.steps.at("charge").state == workflow::StepState::dead);
    CHECK(story.run.status == workflow::RunStatus::waiting);
    CHECK_THROWS_AS(workflow::apply(story.run, workflow::Cancel{}, story.moment, story.effects), core::Error);
    // Somebody makes another payment and says that it is to be taken.
    const json mended{{"id", "019a9f5e-6f21-7d10-8a44-c20b9e6f7a99"}, {"amount", 500}};
    workflow::apply(story.run, workflow::Replay{"charge", mended.dump()}, story.moment, story.effects);
    story.answers["charge"] = {{"id", mended.at("id")}};
    CHECK(story.tell() == Strings{"charge", "completed"});
    CHECK(story.payloads["charge"] == mended);
    CHECK(story.payloads["completed"].at("transferId") == mended.at("id"));
}

TEST_CASE("payments never expire by a setting of the accounts")
{
    Story story("order-fulfilment", kOrder);
    story.tell();
    CHECK(story.payloads["payment"].at("expiresIn") == "0s");
}

TEST_CASE("an order whose delivery was cancelled before a carrier had it is undone")
{
    Story story("order-fulfilment", kOrder);
    story.signals["dispatched"] = {{"isDispatched", false}, {"reason", "ordered twice"}};
    story.tell("delivering", "conflict");
    CHECK(story.payloads["delivering"].at("dispatch") == story.signals["dispatched"]);
    CHECK(story.run.status == workflow::RunStatus::failed);
}

TEST_CASE("a cancelled order is undone, however far it is")
{
    for (const auto* step : {"order", "customer", "confirmed", "picked", "dispatched"}) {
        CAPTURE(step);
        Story story("order-fulfilment", kOrder);
        CHECK(story.tell({}, {}, step).back() == "begun~undo");
        CHECK(story.run.status == workflow::RunStatus::cancelled);
        CHECK(story.payloads["begun~undo"].at("failure") ==
              json{{"status", "cancelled"}, {"reason", "ordered twice"}});
    }
}

TEST_CASE("what comes back is paid and in stock again, or neither")
{
    Story story("order-return", kReturn);
    CHECK(story.tell() == Strings{"refund", "restock", "pay", "returned"});
    CHECK(story.run.status == workflow::RunStatus::completed);
    Story refused("order-return", kReturn);
    CHECK(refused.tell("restock", "conflict") == Strings{"refund", "restock", "refund~undo", "begun~undo"});
    CHECK(refused.payloads["begun~undo"].at("returnId") == kId);
    Story first("order-return", kReturn);
    CHECK(first.tell("refund", "conflict") == Strings{"refund", "begun~undo"});
}

TEST_CASE("goods that are in stock again are paid back: a return is cancelled before that, or not at all")
{
    Story early("order-return", kReturn);
    CHECK(early.tell({}, {}, "refund").back() == "begun~undo");
    Story story("order-return", kReturn);
    story.tell("pay", "conflict");
    CHECK(story.payloads["restock"].at("returnId") == kId);
    CHECK(story.payloads["refund"].at("expiresIn") == "0s");
    CHECK(story.run.steps.at("pay").state == workflow::StepState::dead);
    CHECK_THROWS_AS(workflow::apply(story.run, workflow::Cancel{}, story.moment, story.effects), core::Error);
}
