import model
from endpoints import read_endpoints
from tests.workspace import Workspace

DOCUMENT = """\
channels:
  get:
    address: {subject}
    messages:
      request: {{$ref: '#/components/messages/request'}}
  getReply:
    address: null
    messages:
      reply: {{payload: {{$ref: {reply}}}}}
operations:
  get:
    action: {action}
    summary: Shows a thing.
    channel: {{$ref: '#/channels/get'}}
    bindings: {{nats: {{queue: {queue}}}}}
    reply:
      channel: {{$ref: '#/channels/getReply'}}
components:
  messages:
    request:
      payload: {{$ref: ../schemas/things/Thing.yaml}}
"""
GOOD = {"subject": "things.get", "reply": "../schemas/things/Thing.yaml", "action": "receive", "queue": "things-service"}


class EndpointsTest(Workspace):
    def setUp(self):
        super().setUp()
        self.object_with("{type: boolean}")
        self.schema("Mixin", "x-mixin: true\ntype: object\n")

    def read(self):
        return read_endpoints(self.documents(), self.schemas())

    def test_an_operation_is_an_endpoint(self):
        self.write("asyncapi/things.yaml", DOCUMENT.format(**GOOD))
        self.assertEqual(self.read(), {"things": [
            model.Endpoint("things.get", "things", "things-service", "Shows a thing.", "Thing", "Thing")]})

    def test_nouns_and_verbs_are_camel_case(self):
        self.write("asyncapi/things.yaml", DOCUMENT.format(**(GOOD | {"subject": "greatThings.getAll"})))
        self.assertEqual(self.read()["things"][0].subject, "greatThings.getAll")

    def test_what_is_no_request_and_reply_is_refused(self):
        cases = [
            ({"subject": "things"}, "/channels/get/address", "no subject"),
            ({"subject": "things.*"}, "/channels/get/address", "no subject"),
            ({"action": "send"}, "/operations/get", "received and replied to"),
            ({"queue": "others-service"}, "/operations/get/bindings/nats/queue", "must be things-service"),
            ({"reply": "../schemas/things/Mixin.yaml"}, "/channels/getReply/messages/reply/payload", "object schema"),
        ]
        for change, pointer, message in cases:
            with self.subTest(change):
                self.write("asyncapi/things.yaml", DOCUMENT.format(**(GOOD | change)))
                self.assert_refused(f"asyncapi/things.yaml#{pointer}", message, self.read)
