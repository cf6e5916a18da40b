import json

from bundle import bundle
from tests.workspace import Workspace


class BundleTest(Workspace):
    def setUp(self):
        super().setUp()
        self.schema("Name", "type: string\nmaxLength: 5\n")
        self.schema("Thing", """\
            $schema: https://json-schema.org/draft/2020-12/schema
            x-query: true
            type: object
            additionalProperties: false
            properties: {name: {$ref: Name.yaml}}
            """)

    def openapi(self, parameters, query="x-query: Thing"):
        self.write("openapi.yaml", f"""\
            paths:
              /things:
                get:
                  {query}
                  parameters: {parameters}
            components:
              parameters:
                Name: {{name: name, in: query, schema: {{$ref: 'schemas/things/Thing.yaml#/properties/name'}}}}
            """)

    def bundle(self):
        return bundle(self.documents(), self.schemas())

    def test_schemas_become_components_with_their_examples(self):
        self.openapi("[{$ref: '#/components/parameters/Name'}]")
        self.write("examples/Thing/one.json", '{"name": "a"}')
        self.write("examples/Thing/edge/two.json", '{"name": ""}')
        components = self.bundle()["components"]
        self.assertEqual(components["parameters"]["Name"]["schema"],
                         {"$ref": "#/components/schemas/Thing/properties/name"})
        self.assertEqual(components["schemas"], {
            "Name": {"title": "Name", "type": "string", "maxLength": 5},
            "Thing": {"title": "Thing", "type": "object", "additionalProperties": False,
                      "properties": {"name": {"$ref": "#/components/schemas/Name"}}, "examples": [{"name": "a"}]},
        })
        json.dumps(self.bundle())

    def test_an_example_with_references_of_its_own_is_not_shown(self):
        self.openapi("[{$ref: '#/components/parameters/Name'}]")
        self.write("examples/Thing/one.json", '{"name": [{"$ref": "/input"}]}')
        self.assertNotIn("examples", self.bundle()["components"]["schemas"]["Thing"])

    def test_the_parameters_of_a_query_are_those_of_its_schema(self):
        self.openapi("[]")
        self.assert_refused("openapi.yaml#/paths/~1things/get/parameters", "must be those of Thing: name", self.bundle)
        self.openapi("[{name: name, in: query}, {name: size, in: query}]")
        self.assert_refused("openapi.yaml#/paths/~1things/get/parameters", "must be those of Thing: name", self.bundle)

    def test_a_query_needs_a_schema(self):
        for query in ["summary: none", "x-query: Name", "x-query: Nothing"]:
            self.openapi("[{name: name, in: query}]", query)
            self.assert_refused("openapi.yaml#/paths/~1things/get/x-query", "must name the schema", self.bundle)

    def test_a_schema_of_the_document_must_not_hide_one_with_a_file(self):
        self.openapi("[{$ref: '#/components/parameters/Name'}]")
        with open(self.root / "openapi.yaml", "a", encoding="utf-8") as file:
            file.write("  schemas: {Thing: {type: object}}\n")
        self.assert_refused("openapi.yaml#/components/schemas", "has a file of its own", self.bundle)
