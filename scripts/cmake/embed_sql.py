"""Turns .sql files into C++: see lintel_embed_sql() in embed_sql.cmake.

usage: embed_sql.py queries|migrations NAMESPACE OUTPUT FILE...

Writes OUTPUT.hpp and OUTPUT.cpp. A file that breaks a rule stops the build with one line that says which.
"""

import hashlib
import pathlib
import re
import sys

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*\Z")
MIGRATION = re.compile(r"(\d{4})_([a-z][a-z0-9_]*)\Z")
LEADING_COMMENT = re.compile(r"\A(?:\s*--[^\n]*\n)+")
TRANSACTION_CONTROL = re.compile(r"^\s*(?:BEGIN|COMMIT|ROLLBACK|END)\s*;", re.IGNORECASE | re.MULTILINE)
# Postgres cuts longer names of prepared statements.
MAX_NAME = 63
DELIMITER = "lintel_sql"


class Refused(Exception):
    def __init__(self, path, reason):
        super().__init__(f"{path}: {reason}")


def raw_string(text):
    return f'R"{DELIMITER}({text}){DELIMITER}"'


def read(path):
    text = path.read_text(encoding="utf-8")
    if f'){DELIMITER}"' in text:
        raise Refused(path, "holds the delimiter of the generated code")
    if not LEADING_COMMENT.match(text):
        raise Refused(path, "must begin with a comment that says why it is as it is (locks, index relied upon)")
    return text


def queries(files):
    entries = []
    for path in files:
        if not IDENTIFIER.match(path.stem) or len(path.stem) > MAX_NAME:
            raise Refused(path, "must be named verb_noun.sql, in lower case")
        body = LEADING_COMMENT.sub("", read(path)).strip().rstrip(";")
        if ";" in re.sub(r"'[^']*'|--[^\n]*", "", body):
            raise Refused(path, "must hold one statement: it is prepared")
        # The name stands in the text for whoever reads pg_stat_activity.
        entries.append((path.stem, raw_string(f"/* {path.stem} */ {body}")))
    names = [name for name, _ in entries]
    declarations = [f"extern const lintel::storage::Query {name};" for name in names]
    declarations.append(f"extern const std::array<lintel::storage::Query, {len(names)}> all_queries;")
    definitions = [f'const lintel::storage::Query {name}{{"{name}", {text}}};' for name, text in entries]
    definitions.append(f"const std::array<lintel::storage::Query, {len(names)}> all_queries{{{', '.join(names)}}};")
    return declarations, definitions


def migrations(files):
    steps = []
    for path in files:
        match = MIGRATION.match(path.stem)
        if not match or int(match[1]) != len(steps) + 1:
            raise Refused(path, f"must be named {len(steps) + 1:04}_what_it_does.sql: numbers are consecutive")
        text = read(path)
        if TRANSACTION_CONTROL.search(text):
            raise Refused(path, "must not control the transaction: each migration is one")
        checksum = hashlib.sha256(text.encode("utf-8")).hexdigest()
        steps.append(f'lintel::storage::Migration{{{int(match[1])}, "{match[2]}", {raw_string(text)}, "{checksum}"}}')
    kind = f"std::array<lintel::storage::Migration, {len(steps)}>"
    return [f"extern const {kind} all_migrations;"], [f"const {kind} all_migrations{{{', '.join(steps)}}};"]


def write_if_changed(path, text):
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def generate(kind, namespace, output, files):
    declarations, definitions = {"queries": queries, "migrations": migrations}[kind](files)
    opening = f"namespace {namespace} {{\n\n"
    closing = f"\n\n}}  // namespace {namespace}\n"
    write_if_changed(
        output.with_suffix(".hpp"),
        "#pragma once\n\n#include <array>\n\n#include \"lintel/storage/query.hpp\"\n\n"
        + opening + "\n".join(declarations) + closing)
    include = "/".join(namespace.split("::")) + f"/{kind}.hpp"
    write_if_changed(
        output.with_suffix(".cpp"), f'#include "{include}"\n\n' + opening + "\n\n".join(definitions) + closing)


def main(kind, namespace, output, *files):
    try:
        generate(kind, namespace, pathlib.Path(output), sorted(map(pathlib.Path, files)))
    except (Refused, UnicodeDecodeError) as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main(*sys.argv[1:])
