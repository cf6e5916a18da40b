#pragma once

#include <chrono>
#include <string>

#include "account_repository.hpp"
#include "lintel/core/page_token.hpp"

namespace lintel::accounts {

/// What callers do with accounts. Errors: `not_found`; `invalid` with every fault; `conflict`;
/// `precondition`; `malformed` for a foreign page token; those of the repository. `key` is the caller's
/// Idempotency-Key, empty when there is none.
class AccountService {
public:
    struct Options {
        /// How long a repeated request is recognised.
        /// As long as workflows remember: a step may be repeated so late.
        std::chrono::milliseconds key_ttl = std::chrono::hours(720);
        core::PageLimits pages{};
    };

    AccountService(AccountRepository& accounts, Options options);

    core::Task<contracts::AccountCreated> create(telemetry::Context context, contracts::AccountCreate request,
                                                 std::string key);
    core::Task<contracts::Account> get(telemetry::Context context, core::Id id);
    core::Task<contracts::AccountPage> list(telemetry::Context context, contracts::AccountList request);
    core::Task<contracts::Account> update(telemetry::Context context, contracts::AccountUpdate request,
                                          std::string key);
    core::Task<contracts::StatementPage> statement(telemetry::Context context,
                                                   contracts::StatementGet request);

private:
    AccountRepository& accounts_;
    const Options options_;
};

}  // namespace lintel::accounts
