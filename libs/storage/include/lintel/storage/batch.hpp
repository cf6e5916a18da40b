#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <iterator>
#include <mutex>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "lintel/core/completion.hpp"
#include "lintel/core/id.hpp"
#include "lintel/storage/batch_options.hpp"
#include "lintel/storage/pool.hpp"

namespace lintel::storage {

/// Turns concurrent calls of one hot operation into set-based statements: an item goes at once when nothing
/// is under way, otherwise together with all that have come meanwhile. Batching costs no waiting of its own.
///
/// Items must be idempotent by ids made by the application, because a batch whose connection was lost is run
/// again, once. A data error (SQLSTATE class 22 or 23) halves the batch until the bad item fails alone; any
/// other error fails the batch as one. Thread-safe. The pool must outlive it; so must whatever `run` refers
/// to.
template <typename Item, typename Result, typename Key = core::Id>
class Batch {
public:
    using KeyOf = std::function<Key(const Item&)>;
    /// Handles `items`, which are sorted by their distinct keys, and returns one result for each, in order.
    /// Runs on a database thread, perhaps more than once.
    using Run = std::function<std::vector<Result>(Transaction&, std::span<const Item> items)>;

    Batch(Pool& pool, BatchOptions options, KeyOf key_of, Run run)
        : pool_(pool),
          options_(std::move(options)),
          max_items_(options_.max_items.value_or(pool.options().batch_items)),
          queue_limit_(options_.queue_limit.value_or(pool.options().batch_queue_limit)),
          key_of_(std::move(key_of)),
          run_(std::move(run)),
          metrics_(pool.metrics(), options_.name)
    {
    }

    /// Refuses what still waits and waits for the batches under way.
    ~Batch()
    {
        std::unique_lock lock(mutex_);
        is_closed_ = true;
        auto refused = std::exchange(queue_, {});
        idle_.wait(lock, [this] { return in_flight_ == 0; });
        lock.unlock();
        core::Burst ready(pool_.executor());
        for (auto& entry : refused)
            entry.fail(std::make_exception_ptr(detail::batch_is_closed()), ready);
    }
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

    /// The result of `item`, after the commit. Errors as Pool's, and those `run` throws.
    core::Task<Result> submit(telemetry::Context context, Item item)
    {
        core::Completion<Result> done(pool_.executor());
        add(Entry{key_of_(item), std::move(item), {done}, context.deadline});
        auto waiting = done.wait_for_work(context.deadline, detail::kNoTime, detail::kNoAnswer);
        co_return co_await std::move(waiting);
    }

    /// For items whose loss does no harm: nobody waits, nobody hears of an error. False when the queue is
    /// full.
    bool submit_detached(Item item)
    {
        try {
            add(Entry{key_of_(item), std::move(item), {}, core::Deadline::after(options_.detached_deadline)});
            return true;
        } catch (const core::Error&) {
            return false;
        }
    }

private:
    using Waiters = std::vector<core::Completion<Result>>;

    struct Entry {
        Key key;
        Item item;
        /// None for a detached item.
        Waiters waiters;
        core::Deadline deadline;

        /// False when it is of no use any more: whoever waited has been told that nothing has happened.
        bool begin() { return waiters.empty() || waiters.front().begin(); }
        void fail(const std::exception_ptr& error, core::Burst& ready)
        {
            for (auto& waiter : waiters)
                waiter.set_error(error, ready);
        }
    };

    /// A place in the pool's queue; which items it carries is decided when a database thread is there.
    class Turn final : public Job {
    public:
        explicit Turn(Batch& batch) noexcept : batch_(batch) {}
        core::Deadline deadline() const noexcept override
        {
            return core::Deadline(core::Deadline::Clock::time_point::max());
        }
        void run(Runner& runner, core::Burst& ready) noexcept override { batch_.take_turn(runner, ready); }
        void fail(const std::exception_ptr& error, core::Burst& ready) noexcept override
        {
            batch_.fail_turn(error, ready);
        }

    private:
        Batch& batch_;
    };

    /// The items of one turn and what is left of its right to run.
    struct Load {
        std::vector<Item> items;
        std::vector<Key> keys;
        std::vector<Waiters> waiters;
        std::size_t runs_left;
    };

    void add(Entry entry)
    {
        {
            std::lock_guard lock(mutex_);
            if (is_closed_) throw detail::batch_is_closed();
            if (queue_.size() >= queue_limit_) {
                metrics_.refused.add();
                throw detail::batch_is_full();
            }
            queue_.push_back(std::move(entry));
            metrics_.waiting.set(static_cast<double>(queue_.size()));
            if (in_flight_ >= options_.concurrency) return;
            ++in_flight_;
        }
        start_turn();
    }

    void start_turn()
    {
        try {
            pool_.submit(std::make_unique<Turn>(*this), true);
        } catch (const core::Error&) {
            core::Burst ready(pool_.executor());
            fail_turn(std::current_exception(), ready);
        }
    }

    void take_turn(Runner& runner, core::Burst& ready) noexcept
    {
        auto load = take_load(ready);
        if (!load.items.empty()) {
            metrics_.size.observe(static_cast<double>(load.items.size()));
            run_part(runner, load, 0, load.items.size(), ready);
        }
        end_turn(load.keys);
    }

    /// Takes the items that may go together; the others stay in their order.
    Load take_load(core::Burst& ready)
    {
        std::vector<Entry> taken;
        std::deque<Entry> expired;
        {
            std::lock_guard lock(mutex_);
            std::deque<Entry> later;
            std::unordered_map<Key, std::size_t> place;
            const auto now = core::Deadline::Clock::now();
            while (!queue_.empty() && taken.size() < max_items_) {
                auto entry = std::move(queue_.front());
                queue_.pop_front();
                if (entry.deadline.time() <= now)
                    expired.push_back(std::move(entry));
                else if (!join(entry, taken, place))
                    later.push_back(std::move(entry));
            }
            queue_.insert(queue_.begin(), std::move_iterator(later.begin()), std::move_iterator(later.end()));
            metrics_.waiting.set(static_cast<double>(queue_.size()));
        }
        const auto late = std::make_exception_ptr(core::Error(core::ErrorCode::unavailable, detail::kNoTime));
        for (auto& entry : expired)
            entry.fail(late, ready);
        return sorted(std::move(taken));
    }

    /// False when the entry has to wait for another one of its key.
    bool join(Entry& entry, std::vector<Entry>& taken, std::unordered_map<Key, std::size_t>& place)
    {
        const bool waits = options_.same_key == BatchOptions::SameKey::waits;
        if (waits && keys_in_flight_.contains(entry.key)) return false;
        if (!entry.begin()) return true;
        if (waits) {
            keys_in_flight_.insert(entry.key);
        } else if (const auto [found, is_new] = place.try_emplace(entry.key, taken.size()); !is_new) {
            auto& waiters = taken[found->second].waiters;
            std::move(entry.waiters.begin(), entry.waiters.end(), std::back_inserter(waiters));
            return true;
        }
        taken.push_back(std::move(entry));
        return true;
    }

    Load sorted(std::vector<Entry> taken) const
    {
        std::sort(taken.begin(), taken.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
        Load load{{}, {}, {}, options_.max_runs};
        load.items.reserve(taken.size());
        load.keys.reserve(taken.size());
        load.waiters.reserve(taken.size());
        for (auto& entry : taken) {
            load.items.push_back(std::move(entry.item));
            load.keys.push_back(std::move(entry.key));
            load.waiters.push_back(std::move(entry.waiters));
        }
        return load;
    }

    /// Runs the items [begin, end) as one; in halves when a value among them is wrong.
    void run_part(Runner& runner, Load& load, std::size_t begin, std::size_t end, core::Burst& ready) noexcept
    {
        const auto count = end - begin;
        std::exception_ptr error;
        try {
            if (load.runs_left == 0) throw detail::too_many_splits();
            --load.runs_left;
            auto results = run_items(runner, std::span<const Item>(load.items).subspan(begin, count));
            for (std::size_t at = 0; at < count; ++at)
                settle(load.waiters[begin + at], std::move(results[at]), ready);
            return ready.flush();
        } catch (...) {
            error = std::current_exception();
        }
        if (count > 1 && detail::is_data_error(error)) {
            metrics_.splits.add();
            const auto middle = begin + count / 2;
            run_part(runner, load, begin, middle, ready);
            return run_part(runner, load, middle, end, ready);
        }
        for (auto at = begin; at < end; ++at) {
            for (auto& waiter : load.waiters[at])
                waiter.set_error(error, ready);
        }
    }

    std::vector<Result> run_items(Runner& runner, std::span<const Item> items)
    {
        std::vector<Result> results;
        runner.run({options_.mode, true},
                   [&](Transaction& transaction) { results = run_(transaction, items); });
        if (results.size() != items.size()) throw detail::wrong_result_count(options_.name);
        return results;
    }

    static void settle(Waiters& waiters, Result result, core::Burst& ready)
    {
        if (waiters.empty()) return;
        for (std::size_t at = 1; at < waiters.size(); ++at)
            waiters[at].set_value(Result(result), ready);
        waiters.front().set_value(std::move(result), ready);
    }

    void end_turn(const std::vector<Key>& keys)
    {
        {
            std::lock_guard lock(mutex_);
            for (const auto& key : keys)
                keys_in_flight_.erase(key);
            // After a turn that found nothing to take, what waits may be waiting for a key that is under way:
            // the turn that has the key goes on with it. The last turn has to go on in any case, because
            // what came while it ran has started none.
            if (queue_.empty() || (keys.empty() && in_flight_ > 1)) {
                --in_flight_;
                idle_.notify_all();
                return;
            }
        }
        start_turn();
    }

    /// The pool will not run this turn, nor any other: everything that waits fails with it.
    void fail_turn(const std::exception_ptr& error, core::Burst& ready) noexcept
    {
        std::deque<Entry> failed;
        {
            std::lock_guard lock(mutex_);
            failed = std::exchange(queue_, {});
            --in_flight_;
            idle_.notify_all();
        }
        for (auto& entry : failed)
            entry.fail(error, ready);
    }

    Pool& pool_;
    const BatchOptions options_;
    const std::size_t max_items_;
    const std::size_t queue_limit_;
    const KeyOf key_of_;
    const Run run_;
    detail::BatchMetrics metrics_;

    std::mutex mutex_;
    std::condition_variable idle_;
    std::deque<Entry> queue_;
    std::unordered_set<Key> keys_in_flight_;
    std::size_t in_flight_ = 0;
    bool is_closed_ = false;
};

}  // namespace lintel::storage
