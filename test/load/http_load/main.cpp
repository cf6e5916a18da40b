#include <cstdio>
#include <exception>
#include <stdexcept>

#include "generator.hpp"

int main(int argc, char** argv)
{
    using namespace lintel::load;
    try {
        const Options options = parse_options(argc, argv);
        Generator generator{options};
        std::puts(generator.run().c_str());
        return 0;
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "http_load: %s\n%s", error.what(), usage());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "http_load: %s\n", error.what());
        return 1;
    }
}
