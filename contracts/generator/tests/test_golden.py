"""What is generated from golden/, to the letter; test/golden_test.cpp compiles and runs it.

After a wanted change: python3 generate.py --contracts tests/golden --out tests/golden/expected, and read the difference.
"""

import unittest
from pathlib import Path

from documents import Documents
from generate import outputs

GOLDEN = Path(__file__).parent / "golden"


class GoldenTest(unittest.TestCase):
    maxDiff = None

    def test_everything_comes_out_as_expected(self):
        files = outputs(Documents(GOLDEN))
        expected = {str(path.relative_to(GOLDEN / "expected")): path.read_text(encoding="utf-8")
                    for path in (GOLDEN / "expected").rglob("*") if path.is_file()}
        self.assertEqual(sorted(files), sorted(expected))
        for name, text in files.items():
            with self.subTest(name):
                self.assertEqual(text, expected[name])
