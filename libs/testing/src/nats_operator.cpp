#include "lintel/testing/nats_operator.hpp"

#include "nats_key.hpp"

namespace lintel::testing {
namespace {

long long seconds_of(std::chrono::system_clock::time_point time)
{
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// Claims that every token has, and `nats`, the text of those of its kind.
std::string claims(const NatsKey& issuer, const NatsKey& subject, const std::string& nats,
                   std::chrono::system_clock::time_point expires = {})
{
    const auto now = seconds_of(std::chrono::system_clock::now());
    return R"({"jti":")" + subject.public_key() + R"(","iat":)" + std::to_string(now) +
           (expires == std::chrono::system_clock::time_point()
                ? ""
                : R"(,"exp":)" + std::to_string(seconds_of(expires))) +
           R"(,"iss":")" + issuer.public_key() + R"(","name":"lintel","sub":")" + subject.public_key() +
           R"(","nats":)" + nats + "}";
}

}  // namespace

struct NatsOperator::State {
    NatsKey operator_key{NatsKey::Kind::operators};
    NatsKey account{NatsKey::Kind::account};
};

NatsOperator::NatsOperator() : state_(std::make_unique<State>())
{
}
NatsOperator::~NatsOperator() = default;

std::string NatsOperator::server_config() const
{
    const auto& [operator_key, account] = *state_;
    const auto limits = R"({"limits":{"subs":-1,"data":-1,"payload":-1,"imports":-1,"exports":-1,)"
                        R"("wildcards":true,"conn":-1,"leaf":-1},"type":"account","version":2})";
    return "operator: \"" +
           operator_key.token(claims(operator_key, operator_key, R"({"type":"operator","version":2})")) +
           "\"\nresolver: MEMORY\nresolver_preload: { " + account.public_key() + ": \"" +
           operator_key.token(claims(operator_key, account, limits)) + "\" }\n";
}

std::string NatsOperator::new_credentials(std::chrono::system_clock::time_point expires) const
{
    const NatsKey user(NatsKey::Kind::user);
    const auto token = state_->account.token(claims(
        state_->account, user, R"({"subs":-1,"data":-1,"payload":-1,"type":"user","version":2})", expires));
    return "-----BEGIN NATS USER JWT-----\n" + token +
           "\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n" + user.seed() +
           "\n------END USER NKEY SEED------\n";
}

}  // namespace lintel::testing
