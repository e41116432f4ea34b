"""Plain values between a hostile process and the trusted judge, in both directions, as JSON.

In: a value of the listed exact types (a subclass is not plain), or JSON from the other side.
Out: JSON for `json.dumps`, or a value built of exactly those types; never pickle.
Crossing by value: None, bool, int, float, complex, str, bytes, bytearray, list, tuple, set,
frozenset, dict, range, slice, the types of `datetime`, zoneinfo by key, Decimal, Fraction, UUID,
paths, Counter, OrderedDict, deque, defaultdict, classes by name, and the numpy and pandas types of
`value_arrays` and `value_frames`. Anything else crosses as a handle of the caller, or not at all.
Law: shared references arrive as copies, a cycle cannot cross, and decoding what a stranger sent
ends in a value or in MalformedValueError, with work bounded by the message and the limits.
A lazy value (`range(10**12)`, `Decimal("1E+9999999")`) crosses; who unrolls it needs own limits.
"""

from collections.abc import Callable
from typing import Any

from skillmap.sandbox import (
    value_arrays,
    value_classes,
    value_collections,
    value_frames,
    value_pandas,
    value_scalars,
    value_times,
)
from skillmap.sandbox.value_codec import (
    CannotCrossError,
    DecodeLimits,
    MalformedValueError,
    Reader,
    Refusal,
    Writer,
    decodes,
    describe_type,
)

__all__ = [
    "FAMILIES",
    "CannotCrossError",
    "DecodeLimits",
    "MalformedValueError",
    "decode",
    "describe_type",
    "encode",
]

# Each enters its types into the tables of the codec when it is imported.
FAMILIES = (
    value_arrays,
    value_classes,
    value_collections,
    value_frames,
    value_pandas,
    value_scalars,
    value_times,
)

MAX_SHOWN = 300  # characters of a path in a message
DEFAULT_LIMITS = DecodeLimits()
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)


def encode(
    value: Any,
    *,
    wrap: Callable[[Any], dict[str, Any] | None] | None = None,
    name: str = "result",
) -> Any:
    """Return JSON for a plain value.

    wrap: asked for a handle (a JSON object) for each value that is not plain, None for no.
    An array or frame that holds such a value becomes one handle as a whole.
    name: what the message calls the value.
    Raises CannotCrossError: "result[2]['x'] is a Foo".
    """
    try:
        return Writer(wrap).write(value)
    except Refusal as refusal:
        path = "".join(reversed(refusal.steps))
        shown = path if len(path) <= MAX_SHOWN else f"{path[:MAX_SHOWN]}..."
        message = f"{name}{shown} {refusal.reason}, which cannot cross as a plain value."
    except RecursionError:
        message = f"{name} is nested too deep for what is left of the stack."
    raise CannotCrossError(message)


def decode(
    encoded: Any,
    *,
    unwrap: Callable[[dict[str, Any]], Any] | None = None,
    limits: DecodeLimits = DEFAULT_LIMITS,
) -> Any:
    """Return the value that a stranger's JSON stands for.

    unwrap: turns a handle into a value; it must check the handle, which is unchecked JSON, and may
    raise LookupError or ValueError for one that it does not know.
    Raises MalformedValueError for anything that `encode` does not make.
    """
    try:
        return Reader(unwrap, limits).read(encoded)
    except BROKEN as error:
        raise MalformedValueError(f"The value cannot be built: {describe_type(error)}.") from error


@decodes("handle")
def _read_handle(payload: Any, reader: Reader) -> Any:
    reader.exact(payload, dict)
    if reader.unwrap is None:
        raise MalformedValueError("The value has a handle where none is expected.")
    return reader.unwrap(payload)
