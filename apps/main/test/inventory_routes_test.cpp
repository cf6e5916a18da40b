// Main's routes to products, stock, holds and pick lists over a real broker: what reaches a worker, and what
// the client is answered.
#include <doctest/doctest.h>

#include "lintel/contracts/inventory_endpoints.hpp"
#include "lintel/core/error.hpp"
#include "worker_fixture.hpp"

using namespace lintel;
using main::test::Rest;
using nlohmann::json;

namespace {

const core::Id kId = *core::Id::parse("019a9f5e-ad30-7e41-8f52-3a6b7c8d9ea0");

template <typename T = contracts::Product>
T product(std::string sku = "85123A")
{
    T one;
    one.id = kId;
    one.version = 3;
    one.sku = std::move(sku);
    one.name = "T-light holder";
    one.price = 255;
    one.currency = "GBP";
    return one;
}

template <typename T = contracts::Pick>
T pick()
{
    T one;
    one.id = kId;
    one.version = 3;
    return one;
}

}  // namespace

TEST_CASE("a product is found by its sku, whatever that is made of")
{
    Rest rest;
    rest.worker.answers<contracts::ProductsCreate>(
        [](const contracts::ProductCreate& asked) { return product<contracts::ProductCreated>(asked.sku); });
    rest.worker.answers<contracts::ProductsGet>([](const auto& asked) { return product(asked.sku); });
    rest.worker.answers<contracts::ProductsList>([](const auto&) { return contracts::ProductPage(); });
    rest.start();
    const auto created =
        rest.post("/v1/products", R"({"sku":"a/b%?","name":"x","price":255,"currency":"GBP"})",
                  "Idempotency-Key: k-1\r\n");
    CHECK(created.status == 201);
    CHECK(created.header("ETag") == "\"3\"");
    CHECK_FALSE(created.body.contains("isReplay"));
    CHECK(rest.worker.asked("products.create").at(0).idempotency_key == "k-1");
    CHECK(created.header("Location") == "/v1/products/a%2Fb%25%3F");
    CHECK(rest.get(created.header("Location")).body.at("sku") == "a/b%?");
    CHECK(rest.get("/v1/products/85123A", "If-None-Match: \"3\"\r\n").status == 304);
    CHECK(rest.get("/v1/products/a%20b").status == 404);
    CHECK(rest.get("/v1/products?category=mugs&namePrefix=White%20").status == 200);
    CHECK(rest.worker.asked("products.list").at(0).document ==
          json{{"category", "mugs"}, {"namePrefix", "White "}, {"pageSize", 50}});
    CHECK(rest.get("/v1/products?sku=x").status == 422);
    const auto refused = rest.post("/v1/products", R"({"sku":"a b","name":"x","price":0})");
    CHECK(refused.status == 422);
    CHECK(refused.body.at("errors").size() == 3);
}

TEST_CASE("a product is changed by a patch that the worker applies, for the versions that If-Match lists")
{
    Rest rest;
    rest.worker.answers<contracts::ProductsUpdate>([](const contracts::ProductUpdate& asked) {
        if (asked.patch == R"({"price":0})")
            throw core::Error(core::ErrorCode::invalid, "no", {{"/price", "must be at least 1"}});
        return product();
    });
    rest.worker.answers<contracts::ProductsDelete>([](const auto&) { return product(); });
    rest.start();
    const std::string path = "/v1/products/85123A";
    CHECK(rest.ask("PATCH", path, R"({"price":300})", "If-Match: \"3\"\r\n").header("ETag") == "\"3\"");
    CHECK(rest.worker.asked("products.update").at(0).document ==
          json{{"sku", "85123A"}, {"patch", {{"price", 300}}}, {"expectedVersions", {3}}});
    CHECK(rest.ask("PATCH", path, R"({"price":0})").body.at("errors").at(0).at("pointer") == "/price");
    CHECK(rest.ask("PATCH", path, "7").body.at("errors").at(0).at("pointer") == "");
    CHECK(rest.ask("DELETE", path).status == 204);
}

TEST_CASE("stock is looked at and adjusted")
{
    Rest rest;
    rest.worker.answers<contracts::StockList>([](const auto&) { return contracts::StockLevelPage(); });
    rest.worker.answers<contracts::StockMovements>(
        [](const auto&) { return contracts::StockMovementPage(); });
    rest.worker.answers<contracts::StockAdjust>([](const contracts::StockAdjustment& asked) {
        if (asked.quantity < 0) throw core::Error(core::ErrorCode::conflict, "only 0 are there");
        contracts::StockAdjusted adjusted;
        adjusted.id = kId;
        adjusted.sku = asked.sku;
        adjusted.on_hand = adjusted.available = asked.quantity;
        adjusted.is_replay = asked.quantity == 7;
        return adjusted;
    });
    rest.start();
    CHECK(rest.get("/v1/stock?sku=85123A&buildingId=" + kId.to_string()).status == 200);
    CHECK(rest.worker.asked("stock.list").at(0).document ==
          json{{"sku", "85123A"}, {"buildingId", kId.to_string()}, {"pageSize", 50}});
    CHECK(rest.get("/v1/stock/movements?orderId=" + kId.to_string()).status == 200);
    CHECK(rest.get("/v1/stock?orderId=" + kId.to_string()).status == 422);
    const auto adjust = [&](int quantity) {
        const json body = {{"sku", "85123A"},
                           {"buildingId", kId.to_string()},
                           {"quantity", quantity},
                           {"reason", "purchase"}};
        return rest.post("/v1/stock/adjustments", body.dump(), "Idempotency-Key: k-1\r\n");
    };
    const auto adjusted = adjust(6);
    CHECK(adjusted.status == 201);
    CHECK(adjusted.body.at("onHand") == 6);
    CHECK_FALSE(adjusted.body.contains("isReplay"));
    CHECK(rest.worker.asked("stock.adjust").at(0).idempotency_key == "k-1");
    CHECK(adjust(7).header("Idempotency-Replayed") == "true");
    const auto refused = adjust(-1);
    CHECK(refused.status == 409);
    CHECK(refused.body.at("detail") == "only 0 are there");
}

TEST_CASE("holds are looked at")
{
    Rest rest;
    rest.worker.answers<contracts::InventoryHold>([](const contracts::HoldGet& asked) {
        contracts::Hold hold;
        hold.id = asked.id;
        hold.version = 2;
        hold.currency = "GBP";
        contracts::HoldLine line;
        line.line = line.quantity = 1;
        line.sku = "85123A";
        hold.lines.push_back(line);
        return hold;
    });
    rest.worker.answers<contracts::InventoryHolds>([](const auto&) { return contracts::HoldPage(); });
    rest.start();
    const auto path = "/v1/holds/" + kId.to_string();
    CHECK(rest.get(path).header("ETag") == "\"2\"");
    CHECK(rest.get(path, "If-None-Match: \"2\"\r\n").status == 304);
    CHECK(rest.get("/v1/holds/x").status == 404);
    CHECK(rest.get("/v1/holds?state=held").status == 200);
    CHECK(rest.get("/v1/holds?state=lost").status == 422);
    CHECK(rest.post("/v1/holds", "{}").status == 405);
}

TEST_CASE("lines of a pick list are marked, and the list is completed under the caller's key")
{
    Rest rest;
    rest.worker.answers<contracts::PicksGet>([](const auto&) { return pick(); });
    rest.worker.answers<contracts::PicksList>([](const auto&) { return contracts::PickPage(); });
    rest.worker.answers<contracts::PicksMark>([](const auto&) { return pick(); });
    rest.worker.answers<contracts::PicksComplete>([](const auto&) {
        auto one = pick<contracts::PickChanged>();
        one.is_replay = true;
        return one;
    });
    rest.start();
    const auto path = "/v1/picks/" + kId.to_string();
    CHECK(rest.get(path).header("ETag") == "\"3\"");
    CHECK(rest.get("/v1/picks?state=open").status == 200);
    CHECK(rest.ask("PATCH", path + "/lines/2", R"({"picked":5,"note":"one is broken"})").status == 200);
    CHECK(rest.worker.asked("picks.mark").at(0).document ==
          json{{"id", kId.to_string()}, {"line", 2}, {"picked", 5}, {"note", "one is broken"}});
    for (const auto* line : {"0", "x", "1001", "1.0", "+1", "99999999999999999999"})
        CHECK_MESSAGE(rest.ask("PATCH", path + "/lines/" + line, R"({"picked":5})").status == 404, line);
    CHECK(rest.ask("PATCH", path + "/lines/2", R"({"picked":-1})").body.at("errors").at(0).at("pointer") ==
          "/picked");
    const auto completed = rest.post(path + "/complete", "", "Idempotency-Key: k-1\r\n");
    CHECK(completed.status == 200);
    CHECK(completed.header("Idempotency-Replayed") == "true");
    CHECK(rest.worker.asked("picks.complete").at(0).idempotency_key == "k-1");
    CHECK(rest.post(path + "/complete", R"({"by":"me"})").status == 422);
    CHECK(rest.post("/v1/picks/x/complete").status == 404);
}
