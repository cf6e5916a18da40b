"""Rules about the source tree that a review should not have to look for. ARCHITECTURE.md gives their reasons."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Who may use whom, directly or not: a library's headers may be included by the places that name it.
ALLOWED = {
    "core": set(),
    "telemetry": {"core"},
    "workflow": {"core"},
    "contracts": {"core"},
    "messaging": {"core", "telemetry"},
    "storage": {"core", "telemetry"},
    "http": {"core", "telemetry"},
    "service": {"core", "telemetry", "messaging", "storage", "http"},
    "testing": set(),
}
APP_MAY_USE = {"core", "telemetry", "messaging", "storage", "http", "workflow", "service", "contracts"}

# Slow or intrusive third-party headers and the only places that include them, never in a public header.
FIREWALL = {
    "nats.h": ["libs/messaging/src"],
    "nats/": ["libs/messaging/src"],
    "pqxx/": ["libs/storage/src"],
    "cpprest/": ["libs/http/src", "libs/http/test"],
    "pplx/": ["libs/http/src", "libs/http/test"],
    "boost/beast": ["libs/http/src"],
    "boost/asio": ["libs/core/src", "libs/http/src", "libs/messaging/src"],
    "spdlog/": ["libs/telemetry/src"],
    "prometheus/": ["libs/telemetry/src"],
    "cxxopts.hpp": ["libs/service/src"],
    "valijson/": ["libs/workflow/src"],
}

# Libraries whose values are documents: whoever uses them works with JSON anyway.
JSON_IN_HEADERS = {"workflow"}

MAX_COLUMNS = 120
MAX_LINES = 350

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def tracked(*suffixes):
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listing.stdout.splitlines():
        path = ROOT / name
        if path.suffix in suffixes and path.is_file():
            yield pathlib.PurePosixPath(name), path.read_text(encoding="utf-8")


def sources():
    """What people write; what the generator is expected to write stands under golden/."""
    for name, text in tracked(".hpp", ".cpp", ".h", ".c"):
        if "golden" not in name.parts:
            yield name, text


def library_of(name):
    """The library a file belongs to, or None for apps and tests."""
    parts = name.parts
    if parts[0] == "libs":
        return parts[1]
    return "contracts" if parts[0] == "contracts" else None


def is_product(name):
    return not {"test", "example", "fuzz", "bench"} & set(name.parts)


def app_of(name):
    return name.parts[1] if name.parts[0] == "apps" else None


class Dependencies(unittest.TestCase):
    def test_libraries_include_only_what_is_below_them(self):
        for name, text in sources():
            own = library_of(name)
            if own is None or not is_product(name):
                continue
            for include in INCLUDE.findall(text):
                match = re.match(r"lintel/(\w+)/", include)
                if match and match[1] != own:
                    with self.subTest(file=str(name), include=include):
                        self.assertIn(match[1], ALLOWED[own])

    def test_apps_never_include_apps(self):
        apps = {path.name for path in (ROOT / "apps").iterdir() if path.is_dir()}
        for name, text in sources():
            own = app_of(name)
            if own is None or not is_product(name):
                continue
            for include in INCLUDE.findall(text):
                match = re.match(r"lintel/(\w+)/", include)
                if match:
                    with self.subTest(file=str(name), include=include):
                        self.assertIn(match[1], APP_MAY_USE | {own})
                self.assertFalse(any(f"apps/{app}/" in include for app in apps), f"{name}: {include}")

    def test_third_party_headers_stay_behind_their_library(self):
        for name, text in sources():
            for include in INCLUDE.findall(text):
                for prefix, places in FIREWALL.items():
                    if not include.startswith(prefix):
                        continue
                    if name.parts[0] == "test":  # programs that are peers of ours on purpose
                        continue
                    with self.subTest(file=str(name), include=include):
                        self.assertTrue(any(str(name).startswith(place + "/") for place in places))

    def test_json_is_only_forward_declared_in_public_headers(self):
        for name, text in sources():
            if "include" in name.parts and library_of(name) not in JSON_IN_HEADERS:
                with self.subTest(file=str(name)):
                    self.assertNotIn("nlohmann/json.hpp", INCLUDE.findall(text))


class Shape(unittest.TestCase):
    def test_lines_and_files_are_short(self):
        for name, text in sources():
            lines = text.splitlines()
            with self.subTest(file=str(name)):
                self.assertLessEqual(len(lines), MAX_LINES)
                self.assertLessEqual(max(map(len, lines), default=0), MAX_COLUMNS)

    def test_headers_are_guarded(self):
        for name, text in sources():
            if name.suffix == ".hpp":
                with self.subTest(file=str(name)):
                    self.assertIn("#pragma once", text.splitlines()[:3])

    def test_nothing_is_left_for_later(self):
        marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
        for name, text in tracked(".hpp", ".cpp", ".c", ".py", ".sh", ".cmake", ".sql", ".yaml", ".md"):
            with self.subTest(file=str(name)):
                self.assertIsNone(marks.search(text))

    def test_no_path_of_one_machine(self):
        for name, text in tracked(".hpp", ".cpp", ".py", ".sh", ".cmake", ".yaml", ".yml", ".md", ".json", ".ts", ".js"):
            with self.subTest(file=str(name)):
                self.assertNotRegex(text, r"(?<![\w.])/(home|Users|root|work)/\w")

    def test_every_library_and_app_introduces_itself(self):
        for parent in ("libs", "apps"):
            for folder in sorted((ROOT / parent).iterdir()):
                if not (folder / "CMakeLists.txt").exists():
                    continue
                with self.subTest(folder=f"{parent}/{folder.name}"):
                    self.assertTrue((folder / "README.md").exists())
                    if parent == "libs":
                        self.assertTrue(any((folder / "example").glob("*.cpp")))


class Licences(unittest.TestCase):
    def test_every_query_is_used(self):
        code = {}
        for name, text in sources():
            code.setdefault(name.parts[:2], []).append(text)
        unused = [str(name) for name, _ in tracked(".sql") if name.parts[-2] == "queries" and
                  not any(re.search(rf"\bsql::{name.stem}\b", text) for text in code.get(name.parts[:2], []))]
        self.assertEqual(unused, [])

    def test_lock_files_name_no_registry(self):
        for name, text in tracked(".json"):
            if name.name == "package-lock.json":
                with self.subTest(file=str(name)):
                    self.assertNotIn('"resolved"', text)


if __name__ == "__main__":
    unittest.main()
