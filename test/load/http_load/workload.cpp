#include "workload.hpp"

#include <array>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace lintel::load {

namespace {

constexpr std::array<std::string_view, 6> kKinds{"office",      "store",  "warehouse",
                                                 "residential", "school", "hotel"};
constexpr std::array<std::string_view, 4> kStreets{"Pine St", "Olive Way", "5th Ave", "Union St"};
constexpr std::array<std::string_view, 4> kCategories{"Mid-Rise Multifamily", "Large Office", "Retail Store",
                                                      "Small- and Mid-Sized Office"};

}  // namespace

Workload::Workload(const Options& options) : options_{options}
{
    if (options.get_prefix.empty()) {
        return;
    }
    std::ifstream file{options.ids_file};
    for (std::string line; std::getline(file, line);) {
        ids_.push_back(line);
    }
    if (ids_.empty()) {
        throw std::runtime_error("no ids in '" + options.ids_file + "'");
    }
}

void Workload::next(std::string& out)
{
    ++count_;
    out.clear();
    if (ids_.empty()) {
        create(out);
    } else {
        get(out);
    }
}

/// A building as large as the Seattle data set's, with everything that a form would fill in.
void Workload::create(std::string& out)
{
    const std::uint64_t n = count_;
    body_.clear();
    body_.append(R"({"name":")").append(options_.run_name).append(" ").append(std::to_string(n));
    body_.append(R"(","kind":")").append(kKinds[n % kKinds.size()]);
    body_.append(R"(","category":")").append(kCategories[n % kCategories.size()]);
    body_.append(R"(","address":{"street":")").append(std::to_string(100 + n % 9000)).append(" ");
    body_.append(kStreets[n % kStreets.size()]);
    body_.append(R"(","city":"Seattle","region":"WA","postalCode":"98101","country":"US"},)");
    body_.append(R"("location":{"latitude":47.6)").append(std::to_string(1000 + n % 9000));
    body_.append(R"(,"longitude":-122.3)").append(std::to_string(1000 + n % 9000));
    body_.append(R"(},"yearBuilt":)").append(std::to_string(1900 + n % 120));
    body_.append(R"(,"floorAreaM2":)").append(std::to_string(200 + n % 50000));
    body_.append(R"(,"floors":)").append(std::to_string(1 + n % 60)).append("}");

    out.append("POST ").append(options_.create_path).append(" HTTP/1.1\r\nHost: ").append(options_.host);
    out.append("\r\nContent-Type: application/json\r\nContent-Length: ").append(std::to_string(body_.size()));
    out.append("\r\n\r\n").append(body_);
}

void Workload::get(std::string& out)
{
    // A stride that shares no factor with the usual number of ids spreads neighbours over the table.
    const std::string& id = ids_[(count_ * 7919) % ids_.size()];
    out.append("GET ").append(options_.get_prefix).append(id).append(" HTTP/1.1\r\nHost: ");
    out.append(options_.host).append("\r\n\r\n");
}

}  // namespace lintel::load
