import model
from tests.workspace import Workspace

STRING = "{type: string, maxLength: 5}"


class SchemasTest(Workspace):
    def field(self, text):
        self.object_with(text)
        return self.schemas().types["Thing"].fields[0]

    def test_values(self):
        cases = {
            "{type: string, minLength: 1, maxLength: 5}": model.String(1, 5),
            "{type: string, pattern: '^[a-z]+$'}": model.String(0, None, "^[a-z]+$"),
            "{type: string, format: uuid}": model.Id(),
            "{type: string, format: date-time}": model.Timestamp(),
            "{type: boolean}": model.Boolean(),
            "{type: integer, format: int64, minimum: 1}": model.Integer(1),
            "{type: integer, format: int64, x-clamp-maximum: 200}": model.Integer(None, None, 200),
            "{type: number, exclusiveMinimum: 0, maximum: 1.5}": model.Number(None, 1.5, 0),
            "{type: object, x-max-bytes: 9, x-max-depth: 2}": model.FreeObject(9, 2),
            "{x-max-bytes: 9, x-max-depth: 2}": model.FreeValue(9, 2),
            "{type: string, contentMediaType: application/json, maxLength: 9, x-max-depth: 2}": model.ObjectText(9, 2),
            "{type: string, pattern: '^[0-9]{1,9}(ms|s|m|h|d)$', x-duration: true}": model.Duration(),
            f"{{type: array, items: {STRING}, maxItems: 3}}": model.Array(model.String(0, 5), 0, 3),
            f"{{oneOf: [{STRING}, {{type: integer, format: int64}}]}}":
                model.StringOrInteger(model.String(0, 5), model.Integer()),
        }
        for text, expected in cases.items():
            with self.subTest(text):
                self.assertEqual(self.field(text).type, expected)

    def test_what_is_optional_in_cpp_and_what_is_omitted(self):
        absent = self.field(STRING)
        self.assertTrue(absent.is_optional and absent.is_omitted_when_empty)
        defaulted = self.field("{type: string, maxLength: 5, default: a}")
        self.assertFalse(defaulted.is_optional or defaulted.is_omitted_when_empty)
        null = self.field("{type: [string, 'null'], maxLength: 5, default: null}")
        self.assertTrue(null.is_optional and not null.is_omitted_when_empty)

    def test_null_is_one_of_the_values_that_are_taken_where_any_is(self):
        absent = self.field("{x-max-bytes: 9, x-max-depth: 2}")
        self.assertTrue(absent.is_optional and not absent.nullable)
        defaulted = self.field("{x-max-bytes: 9, x-max-depth: 2, default: null}")
        self.assertFalse(defaulted.is_optional or defaulted.nullable)

    def test_an_object_can_need_members_whichever_they_are(self):
        self.schema("Thing", "type: object\nadditionalProperties: false\nminProperties: 1\n")
        self.assertEqual(self.schemas().types["Thing"].min_properties, 1)

    def test_mixins_give_their_fields_in_the_order_of_the_file(self):
        self.schema("Mixin", f"x-mixin: true\ntype: object\nproperties: {{b: {STRING}, c: {STRING}}}\nrequired: [c]\n")
        self.schema("Thing", f"""\
            type: object
            properties: {{a: {STRING}}}
            allOf: [{{$ref: Mixin.yaml}}]
            required: [b]
            unevaluatedProperties: false
            """)
        schemas = self.schemas()
        self.assertEqual([(f.name, f.required) for f in schemas.types["Thing"].fields],
                         [("a", False), ("b", True), ("c", True)])
        self.assertNotIn("Mixin", schemas.types)

    def test_a_base_must_be_wholly_there(self):
        body = "type: object\nadditionalProperties: false\nproperties: {a: " + STRING + "%s}\n"
        self.schema("Base", body % "")
        self.schema("Derived", "x-base: Base\n" + body % (", b: " + STRING))
        self.assertEqual(self.schemas().types["Derived"].base, "Base")
        self.schema("Base", body % ", c: {type: boolean}")
        self.assert_refused("schemas/things/Derived.yaml#/x-base", "not every field of Base")

    def test_a_field_may_refer_to_one_of_another_schema(self):
        self.schema("Other", f"type: object\nadditionalProperties: false\nproperties: {{y: {STRING}}}\n")
        self.assertEqual(self.field("{$ref: 'Other.yaml#/properties/y'}").type, model.String(0, 5))

    def test_a_scalar_of_its_own_is_what_it_stands_for(self):
        self.schema("Name", "type: string\nmaxLength: 5\ndescription: The name.\n")
        field = self.field("{$ref: Name.yaml}")
        self.assertEqual((field.type, field.description), (model.String(0, 5), "The name."))


class RefusalsTest(Workspace):
    def test_keywords_and_values_that_are_not_taken(self):
        cases = {
            "{type: string, maxLength: 5, const: a}": ("/const", "keyword const is not taken"),
            "{type: string}": ("", "needs maxLength"),
            "{type: string, format: email}": ("/format", "'email' is not taken"),
            "{type: string, format: uuid, maxLength: 36}": ("/maxLength", "is not taken"),
            "{type: string, pattern: '^(a|b)$'}": ("/pattern", "is not taken"),
            "{type: string, enum: [a, b]}": ("/enum", "a file of its own"),
            "{type: string, maxLength: -1}": ("/maxLength", "whole number"),
            "{type: string, minLength: 9, maxLength: 5}": ("/maxLength", "less than minLength"),
            "{type: integer}": ("/format", "needs format: int64"),
            "{type: integer, format: int64, minimum: 1.5}": ("/minimum", "integer of 64 bits"),
            "{type: integer, format: int64, maximum: 9223372036854775808}": ("/maximum", "integer of 64 bits"),
            "{type: integer, format: int64, multipleOf: 2}": ("/multipleOf", "is not taken"),
            "{type: number, minimum: '1'}": ("/minimum", "must be a number"),
            "{type: object}": ("", "x-max-bytes and x-max-depth"),
            "{x-max-bytes: 9}": ("", "x-max-bytes and x-max-depth"),
            "{type: string, contentMediaType: text/csv, maxLength: 9, x-max-depth: 2}": ("", "application/json"),
            "{type: string, contentMediaType: application/json, maxLength: 9}": ("", "x-max-depth"),
            "{type: string, pattern: '^[0-9]+s$', x-duration: true}": ("/pattern", "a duration needs the pattern"),
            "{type: object, properties: {}}": ("", "a file of its own"),
            "{type: array, maxItems: 2}": ("", "needs items and maxItems"),
            "{type: array, items: {type: boolean}}": ("", "needs items and maxItems"),
            "{type: array, maxItems: 2, items: {type: [boolean, 'null']}}": ("/items", "cannot be null"),
            "{type: 'null'}": ("/type", "type 'null' is not taken"),
            "{type: [string, integer]}": ("/type", "[something, 'null']"),
            "{}": ("/type", "type None is not taken"),
            "true": ("", "must be a schema"),
            "{anyOf: [{type: boolean}]}": ("/type", "is not taken"),
            "{oneOf: [{type: boolean}, {type: integer, format: int64}]}": ("/oneOf", "a string and an integer"),
            "{$ref: Nowhere.yaml}": ("", "there is no file"),
            "{$ref: Thing.yaml}": ("", "contains itself"),
            "{$ref: Thing.yaml, maxLength: 5}": ("/maxLength", "is not taken"),
        }
        for text, (pointer, message) in cases.items():
            with self.subTest(text):
                self.object_with(text)
                self.assert_refused(f"schemas/things/Thing.yaml#/properties/x{pointer}", message)

    def test_defaults_that_do_not_fit(self):
        for text in ["{type: boolean, default: 1}", "{type: integer, format: int64, default: true}",
                     "{type: integer, format: int64, default: 1.5}", "{type: string, maxLength: 5, default: null}",
                     "{type: [string, 'null'], maxLength: 5, default: a}", "{type: number, default: '1'}",
                     "{type: object, x-max-bytes: 9, x-max-depth: 2, default: {a: 1}}",
                     "{x-max-bytes: 9, x-max-depth: 2, default: 1}",
                     "{type: string, pattern: '^[0-9]{1,9}(ms|s|m|h|d)$', x-duration: true, default: 1y}"]:
            with self.subTest(text):
                self.object_with(text)
                self.assert_refused("schemas/things/Thing.yaml#/properties/x/default", "cannot be the default")

    def test_objects(self):
        thing = "schemas/things/Thing.yaml#"
        cases = {
            f"type: object\nproperties: {{a: {STRING}}}\n": ("", "closed with additionalProperties"),
            "type: object\nallOf: []\nadditionalProperties: false\n": ("", "closed with unevaluatedProperties"),
            "type: object\nadditionalProperties: false\nrequired: [b]\n": ("/required", "b is not a property"),
            f"type: object\nadditionalProperties: false\nproperties: {{A: {STRING}}}\n": ("/properties/A", "camelCase"),
            "type: object\nadditionalProperties: false\nmaxProperties: 1\n": ("/maxProperties", "is not taken"),
            "type: object\nadditionalProperties: false\nminProperties: -1\n": ("/minProperties", "whole number"),
            f"type: object\nunevaluatedProperties: false\nallOf: [{STRING}]\n": ("/allOf/0", "references to mixins"),
            "type: object\nadditionalProperties: false\nx-base: Nothing\n": ("/x-base", "no schema Nothing"),
            "type: string\nenum: [a, a]\n": ("/enum/0", "there twice"),
            "type: string\nenum: [a b]\n": ("/enum/0", "no name for an enumerator"),
            "type: integer\nenum: [1]\n": ("/enum", "strings only"),
            f"x-query: true\ntype: object\nadditionalProperties: false\nrequired: [a]\nproperties: {{a: {STRING}}}\n":
                ("", "cannot be an optional parameter"),
        }
        for text, (pointer, message) in cases.items():
            with self.subTest(text):
                self.schema("Thing", text)
                self.assert_refused(thing + pointer, message)

    def test_files(self):
        self.write("schemas/things/Thing.yaml", "title: Other\n")
        self.assert_refused("schemas/things/Thing.yaml#", "title must be the file's name")
        self.schema("Thing", "type: boolean\n")
        self.schema("Thing", "type: boolean\n", context="others")
        self.assert_refused("schemas/things/Thing.yaml#", "there is a Thing already")
        self.write("schemas/Thing.yaml", "title: Thing\n")
        self.assert_refused("schemas/Thing.yaml#", "schemas/<context>/")

    def test_a_mixin_is_no_type_and_a_type_no_mixin(self):
        self.schema("Mixin", "x-mixin: true\ntype: object\n")
        self.object_with("{$ref: Mixin.yaml}")
        self.assert_refused("schemas/things/Thing.yaml#/properties/x", "Mixin is not generated")
        self.schema("Mixin", "type: object\nadditionalProperties: false\n")
        self.schema("Thing", "type: object\nunevaluatedProperties: false\nallOf: [{$ref: Mixin.yaml}]\n")
        self.assert_refused("schemas/things/Thing.yaml#/allOf/0", "is no mixin")

