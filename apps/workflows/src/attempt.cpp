#include "attempt.hpp"

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"

namespace lintel::workflows {
namespace {

using workflow::AttemptFailed;
using workflow::AttemptSucceeded;
using workflow::StepError;
using workflow::Work;

/// What is kept of the faults that a peer finds: the error is stored with the step and with the run.
constexpr std::size_t kMaxFaults = 100;
constexpr std::size_t kMaxFaultBytes = 16384;
constexpr std::size_t kMaxPointer = 2000;
constexpr std::size_t kMaxDetail = 1000;

workflow::Event failed(const Claim& claim, std::string code, std::string message,
                       std::vector<core::FieldError> faults = {})
{
    return AttemptFailed{claim.path, claim.attempt,
                         StepError{std::move(code), std::move(message), claim.path, std::move(faults)}};
}

/// The first of them, as many as have room.
std::vector<core::FieldError> kept(const std::vector<core::FieldError>& faults)
{
    std::vector<core::FieldError> first;
    std::size_t bytes = 0;
    for (const auto& fault : faults) {
        if (fault.pointer.size() > kMaxPointer || fault.detail.size() > kMaxDetail) continue;
        bytes += fault.pointer.size() + fault.detail.size();
        if (bytes > kMaxFaultBytes || first.size() == kMaxFaults) break;
        first.push_back(fault);
    }
    return first;
}

/// The reply as JSON. One that is none may still have had its effect: asking again with the same key shows.
/// One that is too large will be so again.
std::string output_of(const messaging::Message& reply, const core::JsonLimits& limits)
{
    if (reply.payload.empty()) return "null";
    if (reply.payload.size() > limits.bytes)
        throw core::Error(core::ErrorCode::too_large,
                          "the reply has " + std::to_string(reply.payload.size()) +
                              " bytes; a step may answer " + std::to_string(limits.bytes));
    try {
        core::parse_json(reply.payload, limits);
        return reply.payload;
    } catch (const core::Error& error) {
        throw core::Error(core::ErrorCode::internal,
                          std::string("the reply can't be taken: ") + error.what());
    }
}

core::Task<std::string> perform(messaging::Client& client, const AttemptLimits& limits, const Claim& claim,
                                const Work& work)
{
    telemetry::Context context{telemetry::Trace::from_traceparent(claim.traceparent).child(),
                               core::Deadline::after(work.timeout)};
    if (work.is_event) {
        messaging::Headers headers;
        headers.emplace_back("Idempotency-Key", work.idempotency_key);
        client.publish(context, work.subject, work.payload, std::move(headers));
        co_return "null";
    }
    messaging::RequestOptions options;
    options.idempotency_key = work.idempotency_key;
    const auto reply =
        co_await client.request(std::move(context), work.subject, work.payload, std::move(options));
    co_return output_of(reply, limits.output);
}

}  // namespace

core::Task<workflow::Event> attempt(messaging::Client& client, const AttemptLimits& limits,
                                    const Claim& claim)
{
    if (const auto* error = std::get_if<StepError>(&claim.work))
        co_return failed(claim, error->code, error->message);
    const auto& work = std::get<Work>(claim.work);
    try {
        auto output = co_await perform(client, limits, claim, work);
        co_return AttemptSucceeded{claim.path, claim.attempt, std::move(output)};
    } catch (const core::Error& error) {
        co_return failed(claim, std::string(core::to_string(error.code())), error.what(),
                         kept(error.fields()));
    } catch (const std::exception& error) {
        co_return failed(claim, "internal", error.what());
    }
}

}  // namespace lintel::workflows
