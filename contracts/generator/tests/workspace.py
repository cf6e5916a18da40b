"""A contracts directory in a temporary place, written by the test that uses it."""

import tempfile
import textwrap
import unittest
from pathlib import Path

from documents import ContractError, Documents
from schemas import Schemas


class Workspace(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)

    def write(self, file, text):
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    def schema(self, name, text, context="things"):
        self.write(f"schemas/{context}/{name}.yaml", f"title: {name}\n" + textwrap.dedent(text))

    def object_with(self, field):
        """The schema Thing with one field `x`, given in flow style."""
        self.schema("Thing", f"type: object\nadditionalProperties: false\nproperties:\n  x: {field}\n")

    def documents(self):
        return Documents(self.root)

    def schemas(self):
        return Schemas(self.documents())

    def assert_refused(self, place, message, read=None):
        """The contracts are refused, with the fault at `place` and `message` in what is said of it."""
        with self.assertRaises(ContractError) as caught:
            (read or self.schemas)()
        self.assertEqual(str(caught.exception.place), place)
        self.assertIn(message, str(caught.exception))
