"""Durations as settings write them too; libs/core/duration.hpp reads the same."""

import re

PATTERN = "^[0-9]{1,9}(ms|s|m|h|d)$"
_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def is_duration(text):
    return isinstance(text, str) and re.match(PATTERN, text) is not None


def milliseconds(text):
    count = re.match("[0-9]+", text)[0]
    return int(count) * _MILLISECONDS[text.removeprefix(count)]
