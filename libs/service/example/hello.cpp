// The smallest service: one endpoint without a table. Needs a database all the same, as every service does.
//   DATABASE_URL=postgresql://127.0.0.1/postgres lintel-hello-example
//   nats request hello.greet '"Ada"'

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/service/host.hpp"

using namespace lintel;

namespace {

class Hello {
public:
    struct Options {
        std::string greeting = "Hello";

        void declare(service::Settings& settings)
        {
            settings.add("GREETING", greeting, "What comes before the name.");
        }
    };

    Hello(service::Host& host, const Options& options) : greeting_(options.greeting)
    {
        host.endpoints().add_endpoint(
            {.name = "hello-greet", .subject = "hello.greet", .queue_group = "hello-service"},
            [this](messaging::Request request) { return greet(std::move(request)); });
    }

private:
    core::Task<std::string> greet(messaging::Request request) const
    {
        if (!request.data().is_string())
            throw core::Error(core::ErrorCode::invalid, "a name is expected", {{"", "must be a string"}});
        co_return core::dump_json(greeting_ + ", " + request.data().get<std::string>() + "!");
    }

    const std::string greeting_;
};

}  // namespace

int main(int argc, char** argv)
{
    return service::run<Hello>(
        argc, argv,
        {.name = "hello", .description = "greets whoever asks", .migrations = {}, .ops_port = 9801});
}
