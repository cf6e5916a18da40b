#!/usr/bin/env python3
"""Prints `N passed, N failed, N skipped` for a JUnit file of ctest.

A doctest program is one test to ctest; its own summary line, when its output has one, gives the cases that count.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

SUMMARY = re.compile(r"\[doctest\] test cases: +\d+ \| +(\d+) passed \| +(\d+) failed \| +(\d+) skipped")


def count(test):
    """(passed, failed, skipped) of one testcase element."""
    status = test.get("status")
    if status in ("notrun", "disabled"):
        return (0, 0, 1) if test.find("skipped") is not None or status == "disabled" else (0, 1, 0)
    cases = [tuple(map(int, match)) for match in SUMMARY.findall(test.findtext("system-out") or "")]
    passed, failed, skipped = (sum(column) for column in zip(*cases)) if cases else (0, 0, 0)
    if status == "fail" and failed == 0:
        failed = 1
    if status == "run" and passed + failed == 0:
        passed = 1
    return passed, failed, skipped


def main():
    root = ElementTree.parse(sys.argv[1]).getroot()
    counts = {test.get("name"): count(test) for test in root.iter("testcase")}
    for name, (_, failed, _) in sorted(counts.items()):
        if failed:
            print(f"FAILED: {name} ({failed})")
    totals = [sum(column) for column in zip(*counts.values())] or [0, 0, 0]
    print("{} passed, {} failed, {} skipped".format(*totals))


if __name__ == "__main__":
    main()
