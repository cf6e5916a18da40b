import re
import unittest

from patterns import PatternError, compile_pattern


def matches(atoms, text):
    """What contracts/runtime/pattern.cpp does."""
    at = 0
    for atom in atoms:
        count = 0
        while (atom.max is None or count < atom.max) and at < len(text) and text[at] in atom.characters:
            count, at = count + 1, at + 1
        if count < atom.min:
            return False
    return at == len(text)


class PatternsTest(unittest.TestCase):
    def test_agrees_with_a_regular_expression(self):
        texts = ["", "a", "ab", "abc", "ABC", "A1", "a-1", "a-", "-", "USD", "usd", "12", "1.5", "a]", "x" * 40, "A\n"]
        for pattern in ["^[A-Z]{3}$", "^[a-z]+$", "^[a-z]{1,2}-[0-9]*$", r"^[0-9]+\.[0-9]{1,2}$", "^a?b?c?$", "^[a-z-]*$",
                        "^x{2,}$", r"^[a-z]\]$"]:
            atoms = compile_pattern(pattern)
            for text in texts:
                with self.subTest(pattern=pattern, text=text):
                    self.assertEqual(matches(atoms, text), re.fullmatch(pattern[1:-1], text) is not None)

    def test_what_would_need_backtracking_is_refused(self):
        for pattern in ["^[a-z]*a$", "^[a-z]+[a-c]$", "^a?b*[ab]$"]:
            with self.subTest(pattern=pattern), self.assertRaisesRegex(PatternError, "backtracking"):
                compile_pattern(pattern)

    def test_what_is_not_taken_is_refused(self):
        for pattern in ["", "^$x", "a", "^a", "a$", "^(a|b)$", "^.*$", r"^\d+$", "^[^a]$", "^[a$", "^a|b$", "^[z-a]$",
                        "^a{3,2}$", "^ü$", "^*$"]:
            with self.subTest(pattern=pattern), self.assertRaises(PatternError):
                compile_pattern(pattern)

    def test_the_words_are_the_set(self):
        (atom,) = compile_pattern("^[0A]$")
        self.assertEqual(atom.words(), (1 << ord("0"), 1 << (ord("A") - 64)))
