# How everything here is compiled. Presets choose among the LINTEL_ options.

option(LINTEL_WERROR "Treat warnings as errors" OFF)
option(LINTEL_FUZZ "Build the libFuzzer targets (clang only)" OFF)
option(LINTEL_FAILPOINTS "Compile in the points at which tests crash or delay a service" OFF)
set(LINTEL_SANITIZE "" CACHE STRING "address (with undefined) or thread; empty for none")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(LINTEL_LLD ld.lld)
if(LINTEL_LLD)
    add_link_options(-fuse-ld=lld)
endif()

if(LINTEL_SANITIZE STREQUAL "address")
    # The check of virtual tables does not know those of uninstrumented libraries, and it opens a pipe to look at memory,
    # which a process without free descriptors cannot.
    add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
elseif(LINTEL_SANITIZE STREQUAL "thread")
    # g++ warns that it does not see the fences of the standard library.
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    add_link_options(-fsanitize=thread)
elseif(LINTEL_SANITIZE)
    message(FATAL_ERROR "LINTEL_SANITIZE is '${LINTEL_SANITIZE}'; it must be empty, address or thread.")
endif()

if(LINTEL_FUZZ)
    # clang 14 cannot emit the marks of the function check for coroutines.
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=vptr,function
        -fno-sanitize-recover=all)
    add_link_options(-fsanitize=address,undefined)
endif()

add_library(lintel_options INTERFACE)
add_library(lintel::options ALIAS lintel_options)
target_compile_features(lintel_options INTERFACE cxx_std_20)
# Implicit json conversions hide type errors, and the switch changes types: it is the same for every target.
target_compile_definitions(lintel_options INTERFACE JSON_USE_IMPLICIT_CONVERSIONS=0)
if(LINTEL_FAILPOINTS)
    target_compile_definitions(lintel_options INTERFACE LINTEL_FAILPOINTS)
endif()
target_compile_options(lintel_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
        -Wold-style-cast -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough>
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -fcoroutines>
    $<$<BOOL:${LINTEL_WERROR}>:-Werror>)
# What a designated initializer does not name keeps its default, on purpose.
target_compile_options(lintel_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>)
# g++ 12 reports these inside the standard library: the first two at -O2, the third with a sanitizer.
target_compile_options(lintel_options INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-null-dereference $<$<BOOL:${LINTEL_SANITIZE}>:-Wno-maybe-uninitialized>>)
