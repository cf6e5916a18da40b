#!/usr/bin/env python3
"""Turns contracts/ into C++ below the directory --out."""

import argparse
import json
import sys
from pathlib import Path

import bundle
import cpp_endpoints
import cpp_header
import cpp_registry
import cpp_source
from documents import ContractError, Documents
from endpoints import read_endpoints
from schemas import Schemas


def outputs(documents):
    """Every file to be written, by its path below the output directory."""
    schemas = Schemas(documents)
    types = schemas.types
    contexts = sorted({schema.context for schema in types.values()})
    files = {}
    for context in contexts:
        files[f"include/lintel/contracts/{context}.hpp"] = cpp_header.header(context, types)
        files[f"src/{context}.cpp"] = cpp_source.source(context, types)
    files["src/internal.hpp"] = cpp_source.internal(contexts, types)
    for service, endpoints in read_endpoints(documents, schemas).items():
        files[f"include/lintel/contracts/{service}_endpoints.hpp"] = cpp_endpoints.header(endpoints, types)
    if documents.names(bundle.OPENAPI):
        files["include/lintel/contracts/openapi.hpp"] = bundle.HEADER
        files["src/openapi.cpp"] = bundle.source(documents, schemas)
    files["test/registry.hpp"] = cpp_registry.HEADER
    files["test/registry.cpp"] = cpp_registry.source(contexts, types)
    return files


def write(path, text):
    """What has not changed keeps its time, so that nothing is compiled again for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", required=True, type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--list", action="store_true", help="only print the paths of what would be written")
    parser.add_argument("--openapi", action="store_true", help="only print the bundled OpenAPI document")
    arguments = parser.parse_args()
    if arguments.out is None and not arguments.openapi:
        parser.error("--out is required")
    documents = Documents(arguments.contracts)
    try:
        if arguments.openapi:
            print(json.dumps(bundle.bundle(documents, Schemas(documents)), ensure_ascii=False))
            return
        for name, text in outputs(documents).items():
            if arguments.list:
                print(arguments.out / name)
            else:
                write(arguments.out / name, text)
    except ContractError as error:
        sys.exit(f"contracts: {error}")


if __name__ == "__main__":
    main()
