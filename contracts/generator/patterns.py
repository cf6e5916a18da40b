"""The regular expressions that can be matched without backtracking, compiled to steps of character sets.

Taken: `^`, then literals and character classes, each with an optional `{n}`, `{m,n}`, `{m,}`, `?`, `*` or `+`, then `$`; ASCII only.
"""

import re
from dataclasses import dataclass

UNBOUNDED = None
_QUANTIFIERS = {"?": (0, 1), "*": (0, UNBOUNDED), "+": (1, UNBOUNDED)}


class PatternError(ValueError):
    pass


@dataclass(frozen=True)
class Atom:
    characters: frozenset
    min: int
    max: int | None

    def words(self):
        """The set as two 64-bit words."""
        bits = sum(1 << ord(c) for c in self.characters)
        return bits & (2**64 - 1), bits >> 64


def compile_pattern(text):
    if not (text.startswith("^") and text.endswith("$") and len(text) > 1):
        raise PatternError("must begin with ^ and end with $")
    atoms, rest = [], text[1:-1]
    while rest:
        characters, rest = _characters(rest)
        minimum, maximum, rest = _quantifier(rest)
        if any(ord(c) > 126 for c in characters):
            raise PatternError("only ASCII characters are taken")
        atoms.append(Atom(frozenset(characters), minimum, maximum))
    _check_deterministic(atoms)
    return tuple(atoms)


def _characters(rest):
    if rest[0] == "[":
        end = rest.find("]", 2)
        if end < 0:
            raise PatternError("a [ is not closed")
        return _char_class(rest[1:end]), rest[end + 1:]
    if rest[0] == "\\":
        if len(rest) > 1 and rest[1] in r"\.-+*?()[]{}^$|/":
            return {rest[1]}, rest[2:]
        raise PatternError(f"escape {rest[:2]} is not taken")
    if rest[0] in "(){}|.*+?^$]":
        raise PatternError(f"{rest[0]} is not taken here")
    return {rest[0]}, rest[1:]


def _char_class(body):
    if body.startswith("^") or "\\" in body or "[" in body:
        raise PatternError(f"class [{body}] is not taken: no negation, no escapes")
    characters, at = set(), 0
    while at < len(body):
        if at + 2 < len(body) and body[at + 1] == "-":
            first, last = ord(body[at]), ord(body[at + 2])
            if first > last:
                raise PatternError(f"range {body[at:at + 3]} is empty")
            characters.update(chr(c) for c in range(first, last + 1))
            at += 3
        else:
            characters.add(body[at])
            at += 1
    return characters


def _quantifier(rest):
    if rest[:1] in _QUANTIFIERS and rest:
        return *_QUANTIFIERS[rest[0]], rest[1:]
    counted = re.match(r"\{(\d+)(?:(,)(\d*))?\}", rest)
    if not counted:
        return 1, 1, rest
    minimum = int(counted[1])
    maximum = minimum if not counted[2] else (int(counted[3]) if counted[3] else UNBOUNDED)
    if maximum is not UNBOUNDED and maximum < minimum:
        raise PatternError(f"{counted[0]} is empty")
    return minimum, maximum, rest[counted.end():]


def _check_deterministic(atoms):
    """A step of variable length must not be able to swallow what comes behind it."""
    for at, atom in enumerate(atoms):
        if atom.min == atom.max:
            continue
        for follower in atoms[at + 1:]:
            if atom.characters & follower.characters:
                raise PatternError("a repetition overlaps with what follows it, which would need backtracking")
            if follower.min > 0:
                break
