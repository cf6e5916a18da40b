#include "account_endpoints.hpp"
#include "lintel/accounts/sql/migrations.hpp"
#include "lintel/service/host.hpp"
#include "lintel/storage/idempotency.hpp"
#include "transfer_endpoints.hpp"
#include "transfer_expiry.hpp"

namespace lintel::accounts {

class Accounts {
public:
    struct Options {
        TransferService::Options transfers;
        std::chrono::milliseconds transfer_poll = std::chrono::seconds(2);
        std::chrono::milliseconds purge_interval = std::chrono::minutes(10);

        void declare(service::Settings& settings)
        {
            settings.add("TRANSFER_TTL", transfers.transfer_ttl,
                         "When a pending transfer expires that does not say so itself; 0s for never.");
            settings.add("TRANSFER_POLL", transfer_poll, "How often expired transfers are looked for.",
                         std::chrono::milliseconds(10));
            settings.add("STEP_KEY_TTL", transfers.key_ttl,
                         "How long an Idempotency-Key is remembered; a step may be repeated so late.");
            settings.add("PURGE_INTERVAL", purge_interval, "How often expired keys are removed.");
        }
    };

    Accounts(service::Host& host, const Options& options)
        : account_repository_(host.database()),
          transfer_repository_(host.database()),
          batch_(host.database()),
          accounts_(account_repository_, {options.transfers.key_ttl, host.settings().pages}),
          transfers_(transfer_repository_, batch_, with_pages(options.transfers, host)),
          expiry_(transfer_repository_)
    {
        add_account_endpoints(host.endpoints(), accounts_);
        add_transfer_endpoints(host.endpoints(), transfers_);
        host.every(options.transfer_poll, "expire transfers",
                   [this](telemetry::Context context) { return expire(std::move(context)); });
        host.every(options.purge_interval, "purge keys",
                   [&pool = host.database()](telemetry::Context context) {
                       return storage::purge_idempotency_keys(pool, std::move(context));
                   });
    }

private:
    core::Task<void> expire(telemetry::Context context) { co_await expiry_.run(std::move(context)); }

    static TransferService::Options with_pages(TransferService::Options options, const service::Host& host)
    {
        options.pages = host.settings().pages;
        return options;
    }

    AccountRepository account_repository_;
    TransferRepository transfer_repository_;
    TransferBatch batch_;
    AccountService accounts_;
    TransferService transfers_;
    TransferExpiry expiry_;
};

}  // namespace lintel::accounts

int main(int argc, char** argv)
{
    using namespace lintel;
    return service::run<accounts::Accounts>(argc, argv,
                                            {.name = "accounts",
                                             .description = "double-entry ledger",
                                             .migrations = accounts::sql::all_migrations,
                                             .ops_port = 9401});
}
