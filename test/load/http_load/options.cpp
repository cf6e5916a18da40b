#include "options.hpp"

#include <charconv>
#include <stdexcept>
#include <string_view>

namespace lintel::load {

namespace {

template <class Number>
Number number(std::string_view flag, std::string_view text)
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw std::invalid_argument(std::string{flag} + ": '" + std::string{text} +
                                    "' is not a whole number");
    }
    return value;
}

std::chrono::milliseconds milliseconds(std::string_view flag, std::string_view text)
{
    return std::chrono::milliseconds{number<std::uint32_t>(flag, text)};
}

}  // namespace

const char* usage()
{
    return "http_load --port N (--create PATH | --get PREFIX --ids FILE) [--host IPv4] [--connections N]\n"
           "          [--warmup MS] [--duration MS] [--timeout MS] [--name NAME]\n"
           "Closed loop over keep-alive connections; prints one JSON object.\n";
}

Options parse_options(int argc, char** argv)
{
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view flag = argv[i];
        if (i + 1 >= argc) {
            throw std::invalid_argument(std::string{flag} + " needs a value");
        }
        const std::string_view value = argv[i + 1];
        if (flag == "--host") {
            options.host = value;
        } else if (flag == "--port") {
            options.port = number<std::uint16_t>(flag, value);
        } else if (flag == "--connections") {
            options.connections = number<unsigned>(flag, value);
        } else if (flag == "--warmup") {
            options.warmup = milliseconds(flag, value);
        } else if (flag == "--duration") {
            options.duration = milliseconds(flag, value);
        } else if (flag == "--timeout") {
            options.timeout = milliseconds(flag, value);
        } else if (flag == "--create") {
            options.create_path = value;
        } else if (flag == "--get") {
            options.get_prefix = value;
        } else if (flag == "--ids") {
            options.ids_file = value;
        } else if (flag == "--name") {
            options.run_name = value;
        } else {
            throw std::invalid_argument("unknown flag " + std::string{flag});
        }
    }
    if (options.create_path.empty() == options.get_prefix.empty()) {
        throw std::invalid_argument("one of --create and --get is needed");
    }
    return options;
}

}  // namespace lintel::load
