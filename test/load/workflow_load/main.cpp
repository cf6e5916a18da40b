// Starts workflows over NATS, so many at a time or a second, and answers what their steps ask for.

#include <cstdio>
#include <exception>

#include "load.hpp"

int main(int argc, char** argv)
{
    try {
        lintel::load::Load(lintel::load::parse_options(argc, argv)).run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "workflow_load: %s\n", error.what());
        return 1;
    }
    return 0;
}
