"""What the schemas say, in the generator's own terms."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class String:
    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True)
class Id:
    pass


@dataclass(frozen=True)
class Timestamp:
    pass


@dataclass(frozen=True)
class Boolean:
    pass


@dataclass(frozen=True)
class Integer:
    minimum: int | None = None
    maximum: int | None = None
    clamp_maximum: int | None = None


@dataclass(frozen=True)
class Number:
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None


@dataclass(frozen=True)
class FreeObject:
    max_bytes: int
    max_depth: int


@dataclass(frozen=True)
class FreeValue:
    """Any JSON value, null among them."""

    max_bytes: int
    max_depth: int


@dataclass(frozen=True)
class ObjectText:
    """A string with the JSON text of an object: how a query carries one."""

    max_length: int
    max_depth: int


@dataclass(frozen=True)
class Duration:
    pass


@dataclass(frozen=True)
class StringOrInteger:
    string: String
    integer: Integer
    alias: str | None = None


@dataclass(frozen=True)
class Array:
    items: object
    min_items: int
    max_items: int


@dataclass(frozen=True)
class Named:
    """An enum or an object with a file of its own."""

    name: str


@dataclass(frozen=True)
class Default:
    """What an absent field means. `value` is JSON: null, a scalar, or the empty object."""

    value: object


@dataclass(frozen=True)
class Field:
    name: str
    type: object
    required: bool
    nullable: bool
    default: Default | None
    description: str = field(default="", compare=False)

    @property
    def is_optional(self):
        """Whether C++ holds it as std::optional."""
        return self.nullable or (not self.required and self.default is None)

    @property
    def is_omitted_when_empty(self):
        return not self.required and self.default is None


@dataclass(frozen=True)
class Object:
    name: str
    context: str
    description: str
    fields: tuple
    base: str | None = None
    is_query: bool = False
    min_properties: int = 0


@dataclass(frozen=True)
class Enum:
    name: str
    context: str
    description: str
    values: tuple


@dataclass(frozen=True)
class Alias:
    """A scalar with a file of its own; C++ gets a name for it only where it is a variant."""

    name: str
    context: str
    description: str
    type: object


@dataclass(frozen=True)
class Endpoint:
    """A request-reply operation of an AsyncAPI document."""

    subject: str
    service: str
    queue_group: str
    summary: str
    request: str
    reply: str
