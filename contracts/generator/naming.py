"""How names of the wire become names of C++."""

import re

KEYWORDS = frozenset("""
alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl concept
const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do double
dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace new
noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires return short
signed sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef typeid
typename union unsigned using virtual void volatile wchar_t while xor xor_eq
""".split())

FIELD = re.compile(r"^[a-z][A-Za-z0-9]*$")
TYPE = re.compile(r"^[A-Z][A-Za-z0-9]*$")
ENUMERATOR = re.compile(r"^[A-Za-z][A-Za-z0-9_-]*$")


def snake(name):
    """floorAreaM2 -> floor_area_m2, BuildingCreate -> building_create"""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").lower()


def identifier(name):
    """The member or enumerator for a name of the wire; a keyword gets an underscore."""
    candidate = snake(name)
    return candidate + "_" if candidate in KEYWORDS else candidate


def pascal(name):
    """workflows.create -> WorkflowsCreate"""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name) if part)
