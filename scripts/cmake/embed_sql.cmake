# lintel_embed_sql(target NAMESPACE lintel::buildings::sql [QUERIES dir] [MIGRATIONS dir])
# Compiles the .sql files of the directories into <target>, which must link lintel::storage. Its sources, and those of
# targets that link it, include the result by the namespace: "lintel/buildings/sql/queries.hpp" and ".../migrations.hpp".
function(lintel_embed_sql target)
    cmake_parse_arguments(ARG "" "NAMESPACE;QUERIES;MIGRATIONS" "" ${ARGN})
    string(REPLACE "::" "/" path ${ARG_NAMESPACE})
    set(root ${CMAKE_CURRENT_BINARY_DIR}/embedded_sql)
    foreach(kind QUERIES MIGRATIONS)
        if(NOT ARG_${kind})
            continue()
        endif()
        string(TOLOWER ${kind} name)
        get_filename_component(directory ${ARG_${kind}} ABSOLUTE)
        # A file that is added or removed is noticed by the next build.
        file(GLOB files CONFIGURE_DEPENDS ${directory}/*.sql)
        set(output ${root}/${path}/${name})
        add_custom_command(
            OUTPUT ${output}.cpp ${output}.hpp
            COMMAND ${LINTEL_PYTHON} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_sql.py ${name} ${ARG_NAMESPACE}
                    ${output} ${files}
            DEPENDS ${files} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_sql.py
            COMMENT "Embedding ${name} of ${ARG_NAMESPACE}"
            VERBATIM)
        target_sources(${target} PRIVATE ${output}.cpp ${output}.hpp)
    endforeach()
    target_include_directories(${target} PUBLIC ${root})
endfunction()
