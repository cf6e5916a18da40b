# Everything comes from Debian 12's packages; scripts/lib/packages.sh names them.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(cpprestsdk REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(cxxopts REQUIRED)
find_package(doctest REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(valijson REQUIRED)

# Debian's cnats CMake package names a static library that the package does not ship.
pkg_check_modules(libnats REQUIRED IMPORTED_TARGET libnats)
pkg_check_modules(libpqxx REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)

# The interpreter of the generators: Debian's, because it is the one that has python3-yaml.
find_program(LINTEL_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
