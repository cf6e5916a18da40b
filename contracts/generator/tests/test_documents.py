from documents import Place
from tests.workspace import Workspace


class DocumentsTest(Workspace):
    def test_yaml_is_read_as_json_understands_it(self):
        self.write("a.yaml", "on: no\ntime: 2026-11-20T08:30:00Z\nyes: 'no'\nreal: true\n")
        self.assertEqual(self.documents().load("a.yaml"),
                         {"on": "no", "time": "2026-11-20T08:30:00Z", "yes": "no", "real": True})

    def test_a_key_twice_is_refused(self):
        self.write("a.yaml", "a: 1\na: 2\n")
        self.assert_refused("a.yaml#", "given twice", lambda: self.documents().load("a.yaml"))

    def test_a_key_that_is_no_string_is_refused(self):
        self.write("a.yaml", "201: created\n")
        self.assert_refused("a.yaml#", "not a string", lambda: self.documents().load("a.yaml"))

    def test_what_is_no_yaml_is_refused(self):
        self.write("a.yaml", "a: [\n")
        self.assert_refused("a.yaml#", "is not YAML", lambda: self.documents().load("a.yaml"))

    def test_references_are_relative_to_their_file(self):
        self.write("one/a.yaml", "x: 1\n")
        self.write("two/b.yaml", "y: {z/w: 2}\n")
        documents = self.documents()
        target = documents.target(Place("one/a.yaml"), "../two/b.yaml#/y/z~1w")
        self.assertEqual((str(target), documents.at(target)), ("two/b.yaml#/y/z~1w", 2))
        self.assertEqual(str(documents.target(Place("one/a.yaml", "/q"), "#/x")), "one/a.yaml#/x")

    def test_a_reference_to_nothing_is_refused(self):
        self.write("a.yaml", "x: 1\n")
        documents = self.documents()
        self.assert_refused("a.yaml#/x", "there is no file b.yaml", lambda: documents.target(Place("a.yaml", "/x"), "b.yaml"))
        self.assert_refused("a.yaml#/x", "does not exist", lambda: documents.target(Place("a.yaml", "/x"), "#/y"))

    def test_a_reference_out_of_the_contracts_is_refused(self):
        self.write("a.yaml", "x: 1\n")
        self.assert_refused("a.yaml#", "leads out", lambda: self.documents().target(Place("a.yaml"), "../secret.yaml"))
