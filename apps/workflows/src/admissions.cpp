#include "admissions.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/telemetry/log.hpp"
#include "lintel/workflow/mapping.hpp"
#include "lintel/workflows/sql/queries.hpp"

namespace lintel::workflows {
namespace {

constexpr std::int64_t kAtOnce = 128;
/// Keys that are looked at together, and how often one admission goes on to others when these have no room.
constexpr std::int64_t kKeysAtOnce = 1000;
constexpr int kLooks = 10;
constexpr std::chrono::milliseconds kDeadline{5000};

}  // namespace

std::optional<std::string> limit_key(const workflow::Run& run)
{
    const auto& limits = run.definition->limits;
    if (!limits.any()) return std::nullopt;
    if (limits.key.is_null()) return std::string();
    const auto input = core::parse_json(run.input);
    workflow::References references;
    references.input = &input;
    const auto key = workflow::resolve(limits.key, references);
    if (!key.is_string())
        throw core::Error(core::ErrorCode::invalid,
                          "the limits of '" + run.definition->name +
                              "' go by a key that is no string here: " + core::dump_json(key).substr(0, 100));
    return key.get<std::string>();
}

Admissions::Admissions(core::Executor& executor, DefinitionCatalog& catalog, Transitions& transitions,
                       Take take)
    : executor_(executor), catalog_(catalog), transitions_(transitions), take_(std::move(take))
{
}

void Admissions::admit(const std::string& definition)
{
    auto pass = work_.try_enter();
    if (!pass) return;
    {
        std::lock_guard lock(mutex_);
        const auto [place, is_first] = under_way_.try_emplace(definition, false);
        if (!is_first) {
            place->second = true;
            return;
        }
    }
    core::spawn(run(definition, std::move(*pass)));
}

core::Task<void> Admissions::stop(core::Deadline deadline)
{
    co_await work_.drain(executor_, deadline);
}

core::Task<void> Admissions::run(std::string definition, core::Gate::Pass pass)
{
    // Left before the frame goes, and with it everything that may be gone then.
    const auto until_the_end = std::move(pass);
    co_await executor_.schedule();
    int looks = 0;
    for (bool goes_on = true; goes_on;) {
        bool is_full = false;
        try {
            is_full = co_await admit_some(definition, looks);
        } catch (const core::Error& error) {
            telemetry::log(telemetry::LogLevel::warn, "pending workflows are left to the poll",
                           {{"definition", definition}, {"why", error.what()}});
        }
        std::lock_guard lock(mutex_);
        auto& again = under_way_.at(definition);
        goes_on = is_full || again;
        again = false;
        if (!goes_on) under_way_.erase(definition);
    }
}

/// True when there may be more.
core::Task<bool> Admissions::admit_some(std::string definition, int& looks)
{
    Transitions::Find find = [this, definition](storage::Transaction& transaction) {
        return admissible(transaction, definition);
    };
    auto results = co_await transitions_.submit_found(telemetry::Context::start(kDeadline), std::move(find));
    const bool is_full = results.size() == static_cast<std::size_t>(kAtOnce);
    const bool looks_on = results.empty() && has_other_keys(definition) && ++looks < kLooks;
    take_(std::move(results));
    co_return is_full || looks_on;
}

/// The page of keys after the last one, so that those that come first do not keep the others out.
std::vector<std::string> Admissions::next_keys(storage::Transaction& transaction,
                                               const std::string& definition)
{
    std::string from;
    {
        std::lock_guard lock(mutex_);
        if (const auto found = last_keys_.find(definition); found != last_keys_.end()) from = found->second;
    }
    std::vector<std::string> keys;
    for (const auto row : transaction.exec(sql::find_pending_keys, definition, from, kKeysAtOnce))
        keys.push_back(row.get<std::string>("key"));
    std::lock_guard lock(mutex_);
    if (keys.size() < static_cast<std::size_t>(kKeysAtOnce))
        last_keys_.erase(definition);
    else
        last_keys_[definition] = keys.back();
    return keys;
}

bool Admissions::has_other_keys(const std::string& definition)
{
    std::lock_guard lock(mutex_);
    return last_keys_.contains(definition);
}

std::vector<RunEvent> Admissions::admissible(storage::Transaction& transaction, const std::string& definition)
{
    // The newest version's limits hold for the runs of all.
    const auto limits = catalog_.get(transaction, definition, 0).definition->limits;
    transaction.exec(sql::lock_limits, definition);
    const auto keys = next_keys(transaction, definition);
    if (keys.empty()) return {};
    const auto rows = transaction.exec(sql::find_admissible_runs, definition, limits.concurrency,
                                       limits.concurrency_per_key, limits.rate, limits.rate_per_key,
                                       limits.period.count(), kAtOnce, storage::array_of(keys));
    std::vector<RunEvent> events;
    for (const auto row : rows) {
        RunEvent event;
        event.run = row.get<core::Id>("id");
        event.event = workflow::Admit{};
        events.push_back(std::move(event));
    }
    return events;
}

}  // namespace lintel::workflows
