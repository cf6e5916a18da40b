"""Loading of YAML documents and resolution of references between them."""

from dataclasses import dataclass
from pathlib import Path

import yaml


class ContractError(Exception):
    """Something in a contract that the generator does not take, with the file and the pointer of it."""

    def __init__(self, place, message):
        super().__init__(f"{place}: {message}")
        self.place = place


@dataclass(frozen=True)
class Place:
    """A value inside a document: the file, relative to contracts/, and the JSON pointer."""

    file: str
    pointer: str = ""

    def __truediv__(self, step):
        escaped = str(step).replace("~", "~0").replace("/", "~1")
        return Place(self.file, f"{self.pointer}/{escaped}")

    def __str__(self):
        return f"{self.file}#{self.pointer}"


class _Loader(yaml.SafeLoader):
    """YAML as JSON understands it: no dates, no yes and no, no key twice."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers
            if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile(r"^(?:true|false)$"), "tf")


def _mapping(loader, node):
    keys = [loader.construct_object(key) for key, _ in node.value]
    for key in keys:
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is not a string", node.start_mark)
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is given twice", node.start_mark)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class Documents:
    """The documents of a contracts directory, each read once."""

    def __init__(self, root):
        self.root = Path(root).resolve()
        self._cache = {}

    def names(self, pattern):
        return sorted(str(path.relative_to(self.root)) for path in self.root.glob(pattern))

    def load(self, file, referrer=None):
        if file not in self._cache:
            try:
                self._cache[file] = yaml.load((self.root / file).read_text(encoding="utf-8"), _Loader)
            except FileNotFoundError:
                raise ContractError(referrer or Place(file), f"there is no file {file}") from None
            except yaml.YAMLError as error:
                raise ContractError(Place(file), f"is not YAML: {error}") from None
        return self._cache[file]

    def at(self, place, referrer=None):
        value = self.load(place.file, referrer)
        for step in place.pointer.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(value, dict) or key not in value:
                raise ContractError(referrer or place, f"refers to {place}, which does not exist")
            value = value[key]
        return value

    def target(self, place, reference):
        """The place a `$ref` written at `place` refers to. Checked to exist."""
        file, _, pointer = reference.partition("#")
        if file:
            path = ((self.root / place.file).parent / file).resolve()
            if not path.is_relative_to(self.root):
                raise ContractError(place, f"$ref {reference} leads out of the contracts")
            file = str(path.relative_to(self.root))
        target = Place(file or place.file, pointer)
        self.at(target, place)
        return target
