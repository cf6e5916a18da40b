"""What must hold among Lintel's own contracts, beyond what each file says by itself."""

import unittest
from pathlib import Path

from documents import Documents
from schemas import Schemas

CONTRACTS = Path(__file__).parents[2]


class ContractsTest(unittest.TestCase):
    def setUp(self):
        self.documents = Documents(CONTRACTS)
        self.schemas = Schemas(self.documents)

    def test_a_patch_can_change_what_a_create_can_set(self):
        """But for what the thing is found by, and what is no part of its description where it has one."""
        for name, file in self.schemas.files.items():
            if name.endswith("Patch"):
                description = name.removesuffix("Patch") + "Description"
                is_described = description in self.schemas.types
                created = self.fields(description if is_described else name.removesuffix("Patch") + "Create")
                found_by = self.fields(name.removesuffix("Patch") + "Get")
                patch = self.documents.load(file)["properties"]
                self.assertEqual(set(patch), created - found_by, name)

    def fields(self, name):
        return {field.name for field in self.schemas.types[name].fields}

    def test_examples_belong_to_a_schema(self):
        for directory in (CONTRACTS / "examples").iterdir():
            self.assertIn(directory.name, self.schemas.files)

    def test_services_are_named_as_their_files(self):
        for file in self.documents.names("asyncapi/*.yaml"):
            service = file.split("/")[1].removesuffix(".yaml")
            self.assertEqual(self.documents.load(file)["x-service"]["name"], service)
            self.assertEqual(self.documents.load(file)["x-service"]["queueGroup"], f"{service}-service")
