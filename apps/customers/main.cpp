#include "customer_endpoints.hpp"
#include "lintel/customers/sql/migrations.hpp"
#include "lintel/service/host.hpp"
#include "lintel/storage/idempotency.hpp"

namespace lintel::customers {

class Customers {
public:
    struct Options {
        std::chrono::milliseconds key_ttl = std::chrono::hours(24);
        std::chrono::milliseconds purge_interval = std::chrono::minutes(10);

        void declare(service::Settings& settings)
        {
            settings.add("IDEMPOTENCY_TTL", key_ttl, "How long an Idempotency-Key is remembered.");
            settings.add("PURGE_INTERVAL", purge_interval, "How often expired keys are removed.");
        }
    };

    Customers(service::Host& host, const Options& options)
        : repository_(host.database()),
          customers_(repository_, {.key_ttl = options.key_ttl, .pages = host.settings().pages}),
          contact_infos_(repository_, {.key_ttl = options.key_ttl, .pages = host.settings().pages})
    {
        add_customer_endpoints(host.endpoints(), customers_);
        add_contact_info_endpoints(host.endpoints(), contact_infos_);
        host.every(options.purge_interval, "purge keys", [&host](telemetry::Context context) {
            return storage::purge_idempotency_keys(host.database(), std::move(context));
        });
    }

private:
    CustomerRepository repository_;
    CustomerService customers_;
    ContactInfoService contact_infos_;
};

}  // namespace lintel::customers

int main(int argc, char** argv)
{
    using namespace lintel;
    return service::run<customers::Customers>(argc, argv,
                                              {.name = "customers",
                                               .description = "customers and how to reach them",
                                               .migrations = customers::sql::all_migrations,
                                               .ops_port = 9301});
}
