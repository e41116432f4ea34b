"""How numpy scalars, arrays and dtypes cross: the bytes as base64, with dtype and shape.

Arrays arrive in C order, writable and without a base. Structured, masked and subclassed arrays do
not cross. numpy itself is imported by whoever decodes one, never by importing this module.
Law: no shape makes an array larger than the bytes that came, and every byte is a legal value.
"""

import math
import re
from typing import TYPE_CHECKING, Any

from skillmap.sandbox.value_codec import (
    Reader,
    Refusal,
    Writer,
    decodes,
    enter,
    when_imported,
)
from skillmap.sandbox.value_scalars import read_base64, write_base64

if TYPE_CHECKING:
    import numpy as np

__all__ = ["read_array", "read_dtype", "write_array", "write_dtype"]

DTYPE = re.compile(
    r"\|b1|\|[iu]1|[<>][iu][248]|[<>][qQ]|[<>]f(?:2|4|8|12|16)|[<>]c(?:8|16|24|32)"
    r"|[<>][mM]8(?:\[(?:[1-9][0-9]{0,8})?(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
    r"|[<>]U[0-9]{1,6}|\|S[0-9]{1,6}"
)
DTYPE_CHARS = "?bBhHiIlLqQefdgFDGUSMm"  # without objects, structures and StringDType
MAX_DIMENSIONS = 32
MAX_EMPTY = 1_000_000  # rows of nothing, which cost no byte but time to walk through
ARRAY_COST = 100
BYTES_PER_COST = 16
MAX_CODE_POINT = 0x10FFFF


def write_dtype(dtype: Any) -> str:
    """Return numpy's name of a dtype, which says byte order, size and unit."""
    # numpy calls both integers of 64 bits i8, and they are two types.
    name = dtype.str[0] + dtype.char if dtype.char in "qQ" else dtype.str
    if not DTYPE.fullmatch(name):
        raise Refusal(f"has the dtype {str(dtype)[:60]}")
    return str(name)


def read_dtype(payload: Any, reader: Reader) -> Any:
    """Return the dtype of an allowed name."""
    import numpy as np

    is_known = DTYPE.fullmatch(reader.exact(payload, str)) is not None
    reader.demand(is_known, "an unknown dtype")
    return np.dtype(payload)


def write_array(value: Any, writer: Writer) -> list[Any]:
    """Return [dtype, shape, bytes], or ["O", shape, items] for an array of objects."""
    shape = list(value.shape)
    if len(shape) > MAX_DIMENSIONS or (0 in shape and _n_cells(shape) > MAX_EMPTY):
        raise Refusal(f"is an array of shape {tuple(shape)}")
    if value.dtype.char == "O":
        return ["O", shape, writer.write_items(value.ravel().tolist(), ".flat[{}]")]
    name = write_dtype(value.dtype)
    if value.dtype.itemsize == 0:
        raise Refusal("is an array of items without size")
    return [name, shape, write_base64(value.tobytes())]


def _n_cells(shape: list[int]) -> int:
    return math.prod(max(length, 1) for length in shape)


def read_array(payload: Any, reader: Reader) -> "np.ndarray[Any, Any]":
    """Return the array of [dtype, shape, content]."""
    dtype, shape, content = reader.parts(payload, 3)
    reader.spend(ARRAY_COST)
    for length in reader.parts(shape, len(reader.exact(shape, list))):
        reader.demand(reader.exact(length, int) >= 0, "a negative shape")
    reader.demand(len(shape) <= MAX_DIMENSIONS, "too many dimensions")
    if dtype == "O":
        return _read_objects(shape, content, reader)
    return _read_bytes(read_dtype(dtype, reader), shape, content, reader)


def _read_objects(shape: list[int], content: Any, reader: Reader) -> "np.ndarray[Any, Any]":
    import numpy as np

    items = reader.read_items(content)
    _demand_fit(shape, len(items), 1, reader)
    return np.fromiter(items, dtype=np.dtype(object), count=len(items)).reshape(shape)


def _read_bytes(
    dtype: "np.dtype[Any]", shape: list[int], content: Any, reader: Reader
) -> "np.ndarray[Any, Any]":
    import numpy as np

    raw = read_base64(content, reader)
    # An empty array takes the memory of one item.
    reader.spend(dtype.itemsize // BYTES_PER_COST)
    reader.demand(dtype.itemsize > 0, "items without size")
    _demand_fit(shape, len(raw), dtype.itemsize, reader)
    if not raw:
        return np.empty(shape, dtype)
    array: np.ndarray[Any, Any] = np.frombuffer(raw, dtype).reshape(shape).copy()
    _demand_legal(array, reader)
    return array


def _demand_fit(shape: list[int], size: int, itemsize: int, reader: Reader) -> None:
    reader.demand(math.prod(shape) * itemsize == size, "a shape that does not fit its content")
    if size == 0:
        reader.demand(_n_cells(shape) <= MAX_EMPTY, "too large an empty shape")


def _demand_legal(array: "np.ndarray[Any, Any]", reader: Reader) -> None:
    """Refuse bytes that no value has: a third truth value, a character beyond Unicode."""
    if array.dtype.kind == "b":
        reader.demand(int(array.reshape(-1).view("u1").max()) <= 1, "an illegal truth value")
    if array.dtype.kind == "U":
        codes = array.reshape(-1).view(f"{array.dtype.str[0]}u4")
        reader.demand(int(codes.max()) <= MAX_CODE_POINT, "an illegal character")


def _write_array_value(value: Any, writer: Writer) -> Any:
    return {"array": write_array(value, writer)}


def _write_scalar(value: Any, writer: Writer) -> Any:
    return {"np": [write_dtype(value.dtype), write_base64(value.tobytes())]}


def _write_text(value: Any, writer: Writer) -> Any:
    return {"np.str_": writer.write(str.__str__(value))}  # str() would lose trailing NULs


def _write_octets(value: Any, writer: Writer) -> Any:
    return {"np.bytes_": write_base64(bytes(value))}


def _write_dtype_value(value: Any, writer: Writer) -> Any:
    return {"dtype": "O" if value.char == "O" else write_dtype(value)}


decodes("array")(read_array)


@decodes("np")
def _read_scalar(payload: Any, reader: Reader) -> Any:
    dtype, content = reader.parts(payload, 2)
    reader.demand(reader.exact(dtype, str)[1:2] not in ("U", "S"), "a text as a number")
    return read_array([dtype, [], content], reader)[()]


@decodes("np.str_")
def _read_text(payload: Any, reader: Reader) -> Any:
    import numpy as np

    return np.str_(reader.exact(reader.read(payload), str))


@decodes("np.bytes_")
def _read_octets(payload: Any, reader: Reader) -> Any:
    import numpy as np

    return np.bytes_(read_base64(payload, reader))


@decodes("dtype")
def _read_dtype_value(payload: Any, reader: Reader) -> Any:
    import numpy as np

    return np.dtype(object) if payload == "O" else read_dtype(payload, reader)


def _enter_numpy(np: Any) -> None:
    enter(np.ndarray, _write_array_value)
    for char in DTYPE_CHARS:
        enter(np.dtype(char).type, _write_scalar)
        enter(type(np.dtype(char)), _write_dtype_value)
    enter(type(np.dtype(object)), _write_dtype_value)
    enter(np.str_, _write_text)
    enter(np.bytes_, _write_octets)


when_imported("numpy", _enter_numpy)
