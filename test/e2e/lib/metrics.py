"""Reads Prometheus's text format, strictly: what a scraper would refuse is an error here."""
import re

from story import hand, replicas

_SERIES = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)(?: -?\d+)?$')
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)')


class Metrics:
    def __init__(self, text):
        self.types = {}
        self.series = []
        if not text.endswith("\n"):
            raise ValueError("the last line has no end")
        for line in text.splitlines():
            self._read(line)

    def _read(self, line):
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            if name in self.types:
                raise ValueError(f"a second TYPE for {name}")
            if kind not in ("counter", "gauge", "histogram", "summary", "untyped"):
                raise ValueError(f"unknown type: {line}")
            self.types[name] = kind
        elif line and not line.startswith("#"):
            match = _SERIES.fullmatch(line)
            if not match:
                raise ValueError(f"not a sample: {line}")
            name, labels, value = match.groups()
            if self.family(name) not in self.types:
                raise ValueError(f"no TYPE before {line}")
            self.series.append((name, _labels(labels or "", line), float(value)))

    def family(self, name):
        """A histogram's samples have a suffix that its TYPE has not."""
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        return base if self.types.get(base) == "histogram" else name

    def has(self, family):
        return family in self.types

    def sum(self, name, **labels):
        """Over every series of that name which has these labels."""
        return sum(value for found, has, value in self.series
                   if found == name and labels.items() <= has.items())


def _labels(text, line):
    labels = {}
    at = 0
    while at < len(text):
        match = _LABEL.match(text, at)
        if not match:
            raise ValueError(f"bad labels: {line}")
        labels[match[1]] = match[2]
        at = match.end()
    return labels


def scrape(service, index):
    return Metrics(hand("ops", service, index, "/metrics"))


def scrape_all(service):
    return {index: scrape(service, index) for index in replicas(service)}
