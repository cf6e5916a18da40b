#include "lintel/storage/batch.hpp"

namespace lintel::storage::detail {

using core::Error;
using core::ErrorCode;

BatchMetrics::BatchMetrics(telemetry::Metrics& metrics, const std::string& batch)
    : size(metrics.histogram("lintel_storage_batch_size", "Items per batch.", telemetry::kSizes,
                             {{"batch", batch}})),
      waiting(
          metrics.gauge("lintel_storage_batch_waiting", "Items that wait for a batch.", {{"batch", batch}})),
      splits(metrics.counter("lintel_storage_batch_splits_total", "Batches halved because of a wrong value.",
                             {{"batch", batch}})),
      refused(metrics.counter("lintel_storage_batch_refused_total", "Items refused by a full queue.",
                              {{"batch", batch}}))
{
}

Error batch_is_full()
{
    return Error(ErrorCode::unavailable, "too many requests wait for the database")
        .with_retry_after(std::chrono::seconds(1));
}

Error batch_is_closed()
{
    return Error(ErrorCode::unavailable, "this replica is shutting down");
}

Error too_many_splits()
{
    return Error(ErrorCode::unavailable,
                 "too many requests with wrong values came at once; nothing has happened")
        .with_retry_after(std::chrono::seconds(1));
}

Error wrong_result_count(const std::string& batch)
{
    return Error(ErrorCode::internal, "batch " + batch + " did not return one result for each item");
}

bool is_data_error(const std::exception_ptr& error) noexcept
{
    try {
        std::rethrow_exception(error);
    } catch (const DatabaseError& thrown) {
        return thrown.cause() == Cause::data;
    } catch (...) {
        return false;
    }
}

}  // namespace lintel::storage::detail
