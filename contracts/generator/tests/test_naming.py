import unittest

from naming import identifier, pascal, snake


class NamingTest(unittest.TestCase):
    def test_snake(self):
        for name, expected in {"name": "name", "parentId": "parent_id", "floorAreaM2": "floor_area_m2",
                               "BuildingWithWorkflow": "building_with_workflow", "shutting_down": "shutting_down",
                               "use-existing": "use_existing"}.items():
            self.assertEqual(snake(name), expected)

    def test_a_keyword_gets_an_underscore(self):
        self.assertEqual(identifier("default"), "default_")
        self.assertEqual(identifier("void"), "void_")
        self.assertEqual(identifier("defaults"), "defaults")

    def test_pascal(self):
        self.assertEqual(pascal("workflows.create"), "WorkflowsCreate")
        self.assertEqual(pascal("contact-infos.addPrimary"), "ContactInfosAddPrimary")
