#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>

#include "lintel/core/error.hpp"
#include "lintel/storage/job.hpp"
#include "lintel/telemetry/metrics.hpp"

namespace lintel::storage {

struct BatchOptions {
    /// The label of its metrics.
    std::string name;
    /// The most items of one batch; what the pool's options say when nothing is said here.
    std::optional<std::size_t> max_items{};
    /// Items that wait, more are refused at once; the pool's likewise.
    std::optional<std::size_t> queue_limit{};
    /// Batches under way at the same time. One makes the largest batches and is right for writes; reads may
    /// use two.
    std::size_t concurrency = 1;
    /// In `single_statement` mode a batch costs one round trip; its body must consist of one statement.
    Mode mode = Mode::transaction;
    /// What becomes of an item whose key is already in the batch, or in one under way. Writes wait their
    /// turn, so that the guards of one key are evaluated in the order in which they came. Reads share the one
    /// result.
    enum class SameKey { waits, shares } same_key = SameKey::waits;
    /// How often one batch may be run in all, in parts, to single out the items whose values are wrong.
    std::size_t max_runs = 64;
    /// For items that nobody waits for.
    std::chrono::milliseconds detached_deadline{10000};
};

namespace detail {

/// The numbers of one Batch.
class BatchMetrics {
public:
    BatchMetrics(telemetry::Metrics& metrics, const std::string& batch);

    telemetry::Histogram size;
    telemetry::Gauge waiting;
    telemetry::Counter splits;
    telemetry::Counter refused;
};

core::Error batch_is_full();
core::Error batch_is_closed();
core::Error too_many_splits();
core::Error wrong_result_count(const std::string& batch);
bool is_data_error(const std::exception_ptr& error) noexcept;

}  // namespace detail

}  // namespace lintel::storage
