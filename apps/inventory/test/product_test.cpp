// Products, and stock as people count it, on a real Postgres.

#include "inventory_fixture.hpp"

using namespace lintel;
using namespace lintel::inventory;
using core::ErrorCode;

namespace {

json product(const std::string& sku, const json& more = json::object())
{
    json request = {{"sku", sku}, {"name", "the " + sku}, {"price", 100}, {"currency", "EUR"}};
    request.update(more);
    return request;
}

contracts::Product patch(Replica& replica, const std::string& sku, const json& patch,
                         std::optional<std::vector<std::int64_t>> versions = {}, const std::string& key = {})
{
    return core::sync_wait(
        replica.products.update(soon(), {sku, core::dump_json(patch), std::move(versions)}, key));
}

std::string skus(Replica& replica, const json& filter)
{
    auto request = contracts::parse_product_list(filter);
    request.page_size = 2;
    std::string all;
    do {
        const auto page = core::sync_wait(replica.products.list(soon(), request));
        for (const auto& item : page.items)
            all += item.sku + ' ';
        request.page_token = page.next_page_token;
    } while (request.page_token);
    return all;
}

}  // namespace

TEST_CASE("a product is created, changed for a version, and deleted; then its sku is free")
{
    const Database database;
    Replica replica(database);
    const auto made =
        replica.create(product("85123A", {{"category", "lights"}, {"attributes", {{"colour", "red"}}}}));
    CHECK(core::sync_wait(replica.products.get(soon(), "85123A")) == contracts::Product(made));
    CHECK(refusal([&] { replica.create(product("85123A")); }).code == ErrorCode::conflict);

    const auto changed = patch(replica, "85123A", {{"price", 120}, {"category", nullptr}}, {{1}});
    CHECK(changed.price == 120);
    CHECK_FALSE(changed.category);
    CHECK(changed.attributes == R"({"colour":"red"})");
    CHECK(changed.version == 2);
    CHECK(patch(replica, "85123A", {{"price", 120}}).version == 2);
    CHECK(refusal([&] {
              patch(replica, "85123A", {{"price", 130}}, {{1}});
          }).code == ErrorCode::precondition);
    CHECK(refusal([&] { patch(replica, "85123A", {{"price", 0}, {"currency", "e"}}); }).faults.size() == 2);
    CHECK(refusal([&] {
              patch(replica, "85123A", {{"sku", "other"}});
          }).faults == Faults{"/sku cannot be changed"});

    CHECK(refusal([&] {
              core::sync_wait(replica.products.remove(soon(), {"85123A", {{1}}}, {}));
          }).code == ErrorCode::precondition);
    CHECK(core::sync_wait(replica.products.remove(soon(), {"85123A", {}}, {})).deleted_at);
    CHECK(refusal([&] { core::sync_wait(replica.products.get(soon(), "85123A")); }).code ==
          ErrorCode::not_found);
    CHECK(refusal([&] { patch(replica, "85123A", {{"price", 1}}); }).code == ErrorCode::not_found);
    CHECK(skus(replica, json::object()).empty());
    CHECK(replica.create(product("85123A")).id != made.id);
}

TEST_CASE("a repeated request creates one product")
{
    const Database database;
    Replica replica(database);
    const auto first = replica.create(product("a"), "k");
    patch(replica, "a", {{"price", 7}});
    const auto again = replica.create(product("a"), "k");
    CHECK(again.id == first.id);
    CHECK(again.is_replay);
    CHECK(again.price == 7);
    CHECK(refusal([&] { replica.create(product("b"), "k"); }).code == ErrorCode::invalid);
    core::sync_wait(replica.products.remove(soon(), {"a", {}}, {}));
    CHECK(refusal([&] { replica.create(product("a"), "k"); }).code == ErrorCode::conflict);
}

TEST_CASE("a repeated request changes or deletes a product once, and is answered twice")
{
    const Database database;
    Replica replica(database);
    const auto made = replica.create(product("a"));
    CHECK(patch(replica, "a", {{"price", 7}}, {{1}}, "patch").version == 2);
    patch(replica, "a", {{"price", 8}});
    const auto again = patch(replica, "a", {{"price", 7}}, {{1}}, "patch");
    CHECK(again.version == 3);
    CHECK(again.price == 8);
    CHECK(refusal([&] { patch(replica, "a", {{"price", 9}}, {{1}}, "patch"); }).code == ErrorCode::invalid);

    const auto remove = [&](const std::string& key) {
        return core::sync_wait(replica.products.remove(soon(), {"a", {{3}}}, key));
    };
    const auto gone = remove("delete");
    CHECK(gone.deleted_at);
    CHECK(remove("delete") == gone);
    // What was refused may be asked for again: its key has not been used.
    CHECK(refusal([&] { remove("another"); }).code == ErrorCode::not_found);
    CHECK(refusal([&] { remove("another"); }).code == ErrorCode::not_found);
    // Another product of that name is not the one that the key was used for.
    CHECK(replica.create(product("a")).id != made.id);
    CHECK(remove("delete") == gone);
}

TEST_CASE("products are found by category and by how their name begins")
{
    const Database database;
    Replica replica(database);
    replica.create(product("a", {{"name", "White mug"}, {"category", "mugs"}}));
    replica.create(product("b", {{"name", "White hat"}}));
    replica.create(product("c", {{"name", "white mouse"}, {"category", "mice"}}));
    replica.create(product("d", {{"name", "White_%"}, {"category", "mugs"}}));
    CHECK(skus(replica, json::object()) == "d c b a ");
    CHECK(skus(replica, {{"category", "mugs"}}) == "d a ");
    CHECK(skus(replica, {{"namePrefix", "White "}}) == "b a ");
    CHECK(skus(replica, {{"namePrefix", "White_"}}) == "d ");
    CHECK(skus(replica, {{"namePrefix", "White"}, {"category", "mugs"}}) == "d a ");
    contracts::ProductList foreign;
    foreign.page_token = "edited";
    CHECK(refusal([&] { core::sync_wait(replica.products.list(soon(), foreign)); }).code ==
          ErrorCode::malformed);
}

TEST_CASE("stock is counted up and down, never below what is reserved")
{
    const Database database;
    Replica replica(database);
    replica.create(product("tea"));
    const auto initial = replica.adjust("tea", 10, "initial");
    CHECK(initial.kind == contracts::MovementKind::initial);
    CHECK(initial.on_hand == 10);
    CHECK(initial.available == 10);
    replica.reserve(Lines{{"tea", 7}});
    const auto damaged = replica.adjust("tea", -3, "damage");
    CHECK(damaged.kind == contracts::MovementKind::adjusted);
    CHECK(damaged.reason == contracts::AdjustmentReason::damage);
    CHECK(damaged.reserved == 7);
    const auto refused = refusal([&] { replica.adjust("tea", -1, "count"); });
    CHECK(refused.code == ErrorCode::conflict);
    CHECK(refused.detail == "only 0 of 'tea' are there that are not reserved");
    CHECK(refusal([&] { replica.adjust("rum", 1, "count"); }).faults ==
          Faults{"/sku there is no product 'rum'"});
    CHECK(refusal([&] { replica.adjust("tea", 0, "count"); }).faults == Faults{"/quantity must not be 0"});

    const auto bought = replica.adjust("tea", 5, "purchase", "k");
    const auto again = replica.adjust("tea", 5, "purchase", "k");
    CHECK(again.is_replay);
    CHECK(again.id == bought.id);
    CHECK(refusal([&] { replica.adjust("tea", 6, "purchase", "k"); }).code == ErrorCode::invalid);
    CHECK(database.stock("tea") == "12/7");
    CHECK(database.query("SELECT count(*) FROM stock WHERE sku = 'rum'") == "0");
    CHECK(database.wrong_stock().empty());
}

TEST_CASE("stock and its movements are listed by sku, building and order")
{
    const Database database;
    Replica replica(database);
    replica.stock_up("tea", 10);
    replica.stock_up("cup", 10);
    replica.building = core::Id::generate().to_string();
    replica.adjust("tea", 5, "initial");
    const auto hold = replica.reserve(Lines{{"tea", 2}});
    const auto stock = [&](const json& filter) {
        std::string all;
        for (const auto& level :
             core::sync_wait(replica.stock.list(soon(), contracts::parse_stock_level_list(filter))).items)
            all += level.sku + std::to_string(level.available) + ' ';
        return all;
    };
    CHECK(stock(json::object()) == "tea3 cup10 tea10 ");
    CHECK(stock({{"sku", "tea"}}) == "tea3 tea10 ");
    CHECK(stock({{"buildingId", replica.building}}) == "tea3 ");
    CHECK(stock({{"buildingId", replica.building}, {"sku", "cup"}}).empty());
    const auto moved = [&](const json& filter) {
        std::string all;
        for (const auto& movement :
             core::sync_wait(replica.stock.movements(soon(), contracts::parse_stock_movement_list(filter)))
                 .items)
            all += movement.sku + std::to_string(movement.on_hand_change) + '/' +
                   std::to_string(movement.reserved_change) + ' ';
        return all;
    };
    CHECK(moved(json::object()) == "tea0/2 tea5/0 cup10/0 tea10/0 ");
    CHECK(moved({{"sku", "tea"}, {"buildingId", replica.building}}) == "tea0/2 tea5/0 ");
    CHECK(moved({{"orderId", hold.order_id.to_string()}}) == "tea0/2 ");
}
