#include "hold_rules.hpp"

#include <algorithm>

namespace lintel::inventory {
namespace {

using contracts::Hold;
using contracts::HoldLine;
using contracts::HoldState;
using contracts::MovementKind;
using core::Error;
using core::ErrorCode;
using core::FieldError;

std::string pointer(std::size_t line, const char* field)
{
    return "/lines/" + std::to_string(line) + "/" + field;
}

Movement movement_of(const Hold& hold, const std::string& sku, MovementKind kind, core::Timestamp now)
{
    Movement movement;
    movement.place = {hold.building_id, sku};
    movement.kind = kind;
    movement.at = now;
    movement.order = hold.order_id;
    movement.hold = hold.id;
    return movement;
}

void move(const Hold& hold, const HoldLine& line, MovementKind kind, std::int64_t on_hand,
          std::int64_t reserved, StockBook& book, core::Timestamp now)
{
    if (on_hand == 0 && reserved == 0) return;
    auto movement = movement_of(hold, line.sku, kind, now);
    movement.on_hand = on_hand;
    movement.reserved = reserved;
    book.move(std::move(movement));
}

void has_changed(Hold& hold, core::Timestamp now)
{
    ++hold.version;
    hold.updated_at = now;
}

/// What was taken for the line and has not come back.
std::int64_t outstanding(const HoldLine& line)
{
    return line.quantity - line.short_ - line.returned;
}

void expect_offers(const contracts::HoldReserve& request, const Offers& offers)
{
    std::vector<FieldError> faults;
    for (std::size_t at = 0; at < request.lines.size(); ++at) {
        const auto& sku = request.lines[at].sku;
        const auto offer = offers.find(sku);
        if (offer == offers.end())
            faults.push_back({pointer(at, "sku"), "there is no product '" + sku + "'"});
        else if (offer->second.currency != request.currency)
            faults.push_back({pointer(at, "sku"), "the price of '" + sku + "' is in " +
                                                      offer->second.currency + ", not in " +
                                                      request.currency});
    }
    if (!faults.empty()) throw Error(ErrorCode::invalid, "this cannot be held", std::move(faults));
}

/// An answer that is too large for its caller would leave a hold that nobody knows of.
void expect_fitting(const contracts::HoldReserve& request, const Offers& offers)
{
    constexpr std::size_t kMostBytes = 240U << 10U;
    constexpr std::size_t kNumbersOfALine = 160;
    std::size_t bytes = request.attributes.size() + request.metadata.size();
    for (const auto& line : request.lines)
        bytes += kNumbersOfALine + line.sku.size() + offers.find(line.sku)->second.name.size();
    if (bytes > kMostBytes)
        throw Error(ErrorCode::invalid,
                    "the lines with the names of their products are too large for one hold; order in parts",
                    {{"/lines", "would have " + std::to_string(bytes) + " bytes; at most " +
                                    std::to_string(kMostBytes)}});
}

/// Every line gets what the lines before it have left.
template <typename Lines>
void expect_available(core::Id building, const Lines& lines, const StockBook& book)
{
    std::map<std::string, std::int64_t> left;
    std::vector<FieldError> faults;
    for (std::size_t at = 0; at < lines.size(); ++at) {
        const auto& line = lines[at];
        auto& available = left.try_emplace(line.sku, book.available({building, line.sku})).first->second;
        if (available < line.quantity)
            faults.push_back({pointer(at, "quantity"), std::to_string(available) + " of " +
                                                           std::to_string(line.quantity) + " are available"});
        available -= std::min(available, line.quantity);
    }
    if (!faults.empty()) throw Error(ErrorCode::conflict, "there is not enough stock", std::move(faults));
}

HoldLine line_of(std::size_t at, const contracts::QuantityOfSku& asked, const Offer& offer)
{
    HoldLine line;
    line.line = static_cast<std::int64_t>(at) + 1;
    line.sku = asked.sku;
    line.name = offer.name;
    line.quantity = asked.quantity;
    line.unit_price = offer.price;
    line.amount = offer.price * asked.quantity;
    return line;
}

/// The lines of a return, and where they are found faulty: each takes what those before it have left.
void expect_returnable(const Hold& hold, const contracts::HoldRestock& request)
{
    std::map<std::string, std::int64_t> left;
    for (const auto& line : hold.lines)
        left[line.sku] += outstanding(line);
    std::vector<FieldError> unknown;
    std::vector<FieldError> faults;
    for (std::size_t at = 0; at < request.lines.size(); ++at) {
        const auto& line = request.lines[at];
        const auto found = left.find(line.sku);
        if (found == left.end()) {
            unknown.push_back({pointer(at, "sku"), "'" + line.sku + "' is not in the hold"});
            continue;
        }
        if (found->second < line.quantity)
            faults.push_back({pointer(at, "quantity"), std::to_string(found->second) + " of " +
                                                           std::to_string(line.quantity) + " can come back"});
        found->second -= std::min(found->second, line.quantity);
    }
    if (!unknown.empty()) throw Error(ErrorCode::invalid, "this cannot come back", std::move(unknown));
    if (!faults.empty())
        throw Error(ErrorCode::conflict, "more than was taken cannot come back", std::move(faults));
}

}  // namespace

Hold reserve(const contracts::HoldReserve& request, core::Id id, core::Timestamp expires_at,
             const Offers& offers, StockBook& book, core::Timestamp now)
{
    expect_offers(request, offers);
    expect_fitting(request, offers);
    expect_available(request.building_id, request.lines, book);
    Hold hold;
    hold.id = id;
    hold.order_id = request.order_id;
    hold.building_id = request.building_id;
    hold.currency = request.currency;
    hold.expires_at = expires_at;
    hold.owner = request.owner;
    hold.attributes = request.attributes;
    hold.metadata = request.metadata;
    hold.created_at = now;
    has_changed(hold, now);
    for (const auto& asked : request.lines) {
        const auto& line =
            hold.lines.emplace_back(line_of(hold.lines.size(), asked, offers.find(asked.sku)->second));
        hold.total += line.amount;
        move(hold, line, MovementKind::reserved, 0, line.quantity, book, now);
    }
    return hold;
}

void confirm(Hold& hold, StockBook& book, core::Timestamp now)
{
    if (hold.state == HoldState::confirmed) return;
    if (hold.state == HoldState::released) throw hold_is(hold, "confirmed");
    const bool is_reserved = hold.state == HoldState::held;
    if (!is_reserved) expect_available(hold.building_id, hold.lines, book);
    for (const auto& line : hold.lines)
        move(hold, line, MovementKind::confirmed, -line.quantity, is_reserved ? -line.quantity : 0, book,
             now);
    hold.state = HoldState::confirmed;
    hold.confirmed_at = now;
    hold.ended_at.reset();
    has_changed(hold, now);
}

void release(Hold& hold, const std::optional<std::string>& reason, StockBook& book, core::Timestamp now)
{
    if (hold.state == HoldState::released) return;
    // An expired one has nothing any more, but a confirmation that comes late must not take it anew.
    if (hold.state == HoldState::held)
        for (const auto& line : hold.lines)
            move(hold, line, MovementKind::released, 0, -line.quantity, book, now);
    if (hold.state == HoldState::confirmed)
        for (const auto& line : hold.lines)
            move(hold, line, MovementKind::released, outstanding(line), 0, book, now);
    hold.state = HoldState::released;
    hold.release_reason = reason;
    hold.ended_at = now;
    has_changed(hold, now);
}

void expire(Hold& hold, StockBook& book, core::Timestamp now)
{
    for (const auto& line : hold.lines)
        move(hold, line, MovementKind::expired, 0, -line.quantity, book, now);
    hold.state = HoldState::expired;
    hold.ended_at = now;
    has_changed(hold, now);
}

void restock(Hold& hold, const contracts::HoldRestock& request, StockBook& book, core::Timestamp now)
{
    if (request.order_id != hold.order_id)
        throw Error(ErrorCode::invalid, "this cannot come back",
                    {{"/orderId", "is not the order of the hold"}});
    if (hold.state != HoldState::confirmed) throw hold_is(hold, "given back in part");
    expect_returnable(hold, request);
    for (const auto& asked : request.lines) {
        auto left = asked.quantity;
        for (auto& line : hold.lines) {
            const auto part = line.sku == asked.sku ? std::min(left, outstanding(line)) : 0;
            move(hold, line, MovementKind::returned, part, 0, book, now);
            line.returned += part;
            left -= part;
        }
    }
    has_changed(hold, now);
}

void take_short(Hold& hold, const std::map<std::int64_t, std::int64_t>& quantity_of_line, core::Id pick,
                StockBook& book, core::Timestamp now)
{
    for (auto& line : hold.lines) {
        const auto found = quantity_of_line.find(line.line);
        if (found == quantity_of_line.end()) continue;
        const auto quantity = std::min(found->second, outstanding(line));
        for (const auto kind : {MovementKind::released, MovementKind::short_}) {
            auto movement = movement_of(hold, line.sku, kind, now);
            movement.on_hand = kind == MovementKind::released ? quantity : -quantity;
            movement.pick = pick;
            book.move(std::move(movement));
        }
        line.short_ += quantity;
    }
    has_changed(hold, now);
}

std::set<StockPlace> places_of(const Hold& hold)
{
    std::set<StockPlace> places;
    for (const auto& line : hold.lines)
        places.insert({hold.building_id, line.sku});
    return places;
}

Error hold_is(const Hold& hold, const std::string& what)
{
    return Error(ErrorCode::conflict,
                 "the hold is " + std::string(contracts::to_string(hold.state)) + " and cannot be " + what);
}

}  // namespace lintel::inventory
