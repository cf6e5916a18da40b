# One function for each kind of target.

include(embed_sql)

# lintel_library(name SOURCES a.cpp ... [PUBLIC libs ...] [PRIVATE libs ...])
# The library lintel::<name>, with its public headers in include/.
function(lintel_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(lintel_${name} STATIC ${ARG_SOURCES})
    add_library(lintel::${name} ALIAS lintel_${name})
    target_include_directories(lintel_${name} PUBLIC include PRIVATE src)
    target_link_libraries(lintel_${name} PUBLIC ${ARG_PUBLIC} PRIVATE lintel::options ${ARG_PRIVATE})
    target_compile_features(lintel_${name} PUBLIC cxx_std_20)
endfunction()

# lintel_app(name SOURCES src/a.cpp ... LIBS libs ...)
# The program lintel-<name>, installed as the component <name>: main.cpp, the library lintel::<name>_app of SOURCES for
# its tests to link, and what sql/ holds, as <lintel/<name>/sql/queries.hpp> and .../migrations.hpp.
function(lintel_app name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
    add_library(lintel_${name}_app STATIC ${ARG_SOURCES})
    add_library(lintel::${name}_app ALIAS lintel_${name}_app)
    target_include_directories(lintel_${name}_app PUBLIC src)
    target_link_libraries(lintel_${name}_app PUBLIC ${ARG_LIBS} PRIVATE lintel::options)
    lintel_embed_sql(lintel_${name}_app NAMESPACE lintel::${name}::sql
        QUERIES sql/queries MIGRATIONS sql/migrations)
    add_executable(lintel-${name} main.cpp)
    target_link_libraries(lintel-${name} PRIVATE lintel::options lintel::${name}_app)
    # Requests are made on one thread and freed on another, which costs the C library's allocator a tenth of the
    # processor time. Sanitizers bring their own.
    if(NOT LINTEL_SANITIZE)
        target_link_libraries(lintel-${name} PRIVATE PkgConfig::jemalloc)
    endif()
    install(TARGETS lintel-${name} RUNTIME COMPONENT ${name})
endfunction()

# lintel_example(name SOURCES ... LIBS ...)
# A small program that shows a library; built with everything else so that it cannot rot.
function(lintel_example name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
    if(BUILD_TESTING)
        add_executable(${name} ${ARG_SOURCES})
        target_link_libraries(${name} PRIVATE lintel::options ${ARG_LIBS})
    endif()
endfunction()

# lintel_test(name LABEL unit|component|tidy SOURCES ... LIBS ... [TIMEOUT seconds] [CONCURRENT])
# A doctest program, run by ctest as one test. CONCURRENT ones also run under ThreadSanitizer (label tsan).
function(lintel_test name)
    cmake_parse_arguments(ARG "CONCURRENT" "LABEL;TIMEOUT" "SOURCES;LIBS" ${ARGN})
    if(NOT BUILD_TESTING)
        return()
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE lintel::options lintel::test_main ${ARG_LIBS})
    add_test(NAME ${name} COMMAND ${name})
    set(labels ${ARG_LABEL})
    if(ARG_CONCURRENT)
        list(APPEND labels tsan)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT ${ARG_TIMEOUT})
endfunction()
