# lintel_contracts(name DIRECTORY dir)
# Generates C++ from the contracts in dir into the build tree, again whenever one of them or the generator changes, and
# makes the library lintel::<name> of it. Its public headers are <lintel/contracts/*.hpp>, one for each context and one
# for each AsyncAPI document; a program that links two such libraries needs their names to differ.
function(lintel_contracts name)
    cmake_parse_arguments(ARG "" "DIRECTORY" "" ${ARGN})
    cmake_path(SET contracts NORMALIZE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../contracts)
    set(generator ${contracts}/generator)
    set(runtime ${contracts}/runtime)
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}/generated)
    file(GLOB inputs CONFIGURE_DEPENDS
        ${ARG_DIRECTORY}/openapi.yaml ${ARG_DIRECTORY}/asyncapi/*.yaml ${ARG_DIRECTORY}/schemas/*/*.yaml
        ${ARG_DIRECTORY}/examples/*/*.json ${generator}/*.py)
    # What is written depends on what is in the files, so a change in one of them configures again.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${inputs})

    # -B: no __pycache__ in the source tree.
    set(generate ${LINTEL_PYTHON} -B ${generator}/generate.py --contracts ${ARG_DIRECTORY} --out ${generated})
    execute_process(COMMAND ${generate} --list
        OUTPUT_VARIABLE outputs ERROR_VARIABLE fault RESULT_VARIABLE result OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(result)
        message(FATAL_ERROR "${fault}")
    endif()
    string(REPLACE "\n" ";" outputs "${outputs}")

    # A stamp, because a file that comes out as it was keeps its time.
    set(stamp ${generated}/stamp)
    add_custom_command(OUTPUT ${stamp} BYPRODUCTS ${outputs}
        COMMAND ${generate} COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
        DEPENDS ${inputs} COMMENT "Generating ${name}" VERBATIM)
    add_custom_target(lintel_${name}_generated DEPENDS ${stamp})

    if(NOT TARGET lintel_contracts_runtime)
        add_library(lintel_contracts_runtime STATIC
            ${runtime}/pattern.cpp ${runtime}/query.cpp ${runtime}/reader.cpp ${runtime}/writer.cpp)
        target_include_directories(lintel_contracts_runtime PUBLIC ${contracts}/include PRIVATE ${runtime})
        target_link_libraries(lintel_contracts_runtime PUBLIC lintel::core PRIVATE lintel::options)
    endif()

    set(sources ${outputs})
    list(FILTER sources INCLUDE REGEX "/generated/src/.*\\.cpp$")
    add_library(lintel_${name} STATIC ${sources})
    add_library(lintel::${name} ALIAS lintel_${name})
    add_dependencies(lintel_${name} lintel_${name}_generated)
    target_include_directories(lintel_${name}
        PUBLIC ${generated}/include
        PRIVATE ${generated}/src ${runtime})
    target_link_libraries(lintel_${name} PUBLIC lintel_contracts_runtime PRIVATE lintel::options)

    # For tests that go over every generated type.
    set(registry ${outputs})
    list(FILTER registry INCLUDE REGEX "/generated/test/.*\\.cpp$")
    add_library(lintel_${name}_registry STATIC EXCLUDE_FROM_ALL ${registry})
    add_dependencies(lintel_${name}_registry lintel_${name}_generated)
    target_include_directories(lintel_${name}_registry PUBLIC ${generated}/test)
    target_link_libraries(lintel_${name}_registry PUBLIC lintel::${name} PRIVATE lintel::options)
endfunction()
