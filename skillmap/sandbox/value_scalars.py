"""How single values of the language and its standard library cross: numbers and texts.

The sizes of big numbers are bounded, since a stranger would send one that takes minutes.
"""

import binascii
import math
import re
import uuid
from decimal import Decimal
from fractions import Fraction
from pathlib import PosixPath, PurePosixPath
from typing import Any

from skillmap.sandbox.value_codec import (
    LARGEST,
    SMALLEST,
    Reader,
    Refusal,
    Writer,
    decodes,
    encodes,
)

__all__ = ["read_base64", "write_base64"]

MAX_DIGITS = 100_000
MAX_BITS = math.ceil(MAX_DIGITS * math.log2(10))
MAX_FRACTION_BITS = MAX_BITS // 10  # its greatest common divisor takes quadratic time
BITS_PER_COST = 64

HEX = re.compile(r"-?0x[1-9a-f][0-9a-f]*")
DECIMAL = re.compile(
    r"-?(?:[0-9]+(?:\.[0-9]*)?(?:E[+-]?[0-9]{1,20})?|Infinity|s?NaN[0-9]*)", re.I | re.A
)
UUID = re.compile(r"[0-9a-f]{32}")
CONSTANTS: dict[str, Any] = {"Ellipsis": ..., "NotImplemented": NotImplemented}


def write_base64(data: bytes) -> str:
    """Return the bytes as ASCII text."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def read_base64(payload: Any, reader: Reader) -> bytes:
    """Return the bytes of a strict base64 text."""
    return binascii.a2b_base64(reader.exact(payload, str), strict_mode=True)


def _matching(shape: re.Pattern[str], payload: Any, reader: Reader, max_length: int) -> str:
    text = reader.exact(payload, str)
    is_right = len(text) <= max_length and shape.fullmatch(text) is not None
    reader.demand(is_right, "a text that is not of its format")
    return str(text)


@encodes(int)
def _write_big_int(value: int, writer: Writer) -> Any:
    if value.bit_length() > MAX_BITS:
        raise Refusal(f"is an int of more than {MAX_DIGITS} digits")
    return {"int": hex(value)}


@decodes("int")
def _read_big_int(payload: Any, reader: Reader) -> int:
    value = int(_matching(HEX, payload, reader, MAX_BITS // 4 + 4), 16)
    is_right = value.bit_length() <= MAX_BITS and not SMALLEST <= value <= LARGEST
    reader.demand(is_right, "a big int that is none")
    reader.spend(value.bit_length() // BITS_PER_COST)
    return value


@encodes(float)
def _write_float(value: float, writer: Writer) -> Any:
    return {"float": repr(value)}


@decodes("float")
def _read_float(payload: Any, reader: Reader) -> float:
    reader.demand(reader.exact(payload, str) in ("nan", "inf", "-inf"), "an unknown float")
    return float(payload)  # a new nan each time: two are two keys of a dict


@encodes(complex)
def _write_complex(value: complex, writer: Writer) -> Any:
    return {"complex": [writer.write(value.real), writer.write(value.imag)]}


@decodes("complex")
def _read_complex(payload: Any, reader: Reader) -> complex:
    real, imag = (reader.exact(reader.read(part), float) for part in reader.parts(payload, 2))
    return complex(real, imag)


@encodes(str)
def _write_surrogates(value: str, writer: Writer) -> Any:
    return {"str": write_base64(value.encode("utf-8", "surrogatepass"))}


@decodes("str")
def _read_surrogates(payload: Any, reader: Reader) -> str:
    return read_base64(payload, reader).decode("utf-8", "surrogatepass")


@encodes(bytes)
def _write_bytes(value: bytes, writer: Writer) -> Any:
    return {"bytes": write_base64(value)}


@decodes("bytes")
def _read_bytes(payload: Any, reader: Reader) -> bytes:
    return read_base64(payload, reader)


@encodes(bytearray)
def _write_bytearray(value: bytearray, writer: Writer) -> Any:
    return {"bytearray": write_base64(bytes(value))}


@decodes("bytearray")
def _read_bytearray(payload: Any, reader: Reader) -> bytearray:
    return bytearray(read_base64(payload, reader))


@encodes(type(...), type(NotImplemented))
def _write_constant(value: Any, writer: Writer) -> Any:
    return {"constant": "Ellipsis" if value is ... else "NotImplemented"}


@decodes("constant")
def _read_constant(payload: Any, reader: Reader) -> Any:
    return CONSTANTS[reader.exact(payload, str)]


@encodes(Decimal)
def _write_decimal(value: Decimal, writer: Writer) -> Any:
    text = str(value)
    if len(text) > MAX_DIGITS:
        raise Refusal(f"is a Decimal of more than {MAX_DIGITS} characters")
    return {"Decimal": text}


@decodes("Decimal")
def _read_decimal(payload: Any, reader: Reader) -> Decimal:
    reader.spend(len(reader.exact(payload, str)) // 10)
    return Decimal(_matching(DECIMAL, payload, reader, MAX_DIGITS))


@encodes(Fraction)
def _write_fraction(value: Fraction, writer: Writer) -> Any:
    parts = (value.numerator, value.denominator)
    if max(part.bit_length() for part in parts) > MAX_FRACTION_BITS:
        raise Refusal(f"is a Fraction of more than {MAX_DIGITS // 10} digits")
    return {"Fraction": writer.write_items(parts)}


@decodes("Fraction")
def _read_fraction(payload: Any, reader: Reader) -> Fraction:
    parts = [reader.exact(reader.read(part), int) for part in reader.parts(payload, 2)]
    n_bits = max(part.bit_length() for part in parts)
    reader.demand(n_bits <= MAX_FRACTION_BITS, "a Fraction of too many digits")
    reader.spend((n_bits // BITS_PER_COST) ** 2 // 10)
    fraction = Fraction(*parts)
    reader.demand(fraction.denominator == parts[1], "a Fraction that is not reduced")
    return fraction


@encodes(uuid.UUID)
def _write_uuid(value: uuid.UUID, writer: Writer) -> Any:
    return {"UUID": value.hex}


@decodes("UUID")
def _read_uuid(payload: Any, reader: Reader) -> uuid.UUID:
    return uuid.UUID(_matching(UUID, payload, reader, 32))


@encodes(PurePosixPath, PosixPath)
def _write_path(value: PurePosixPath, writer: Writer) -> Any:
    tag = "PosixPath" if type(value) is PosixPath else "PurePosixPath"
    return {tag: writer.write(str(value))}


@decodes("PurePosixPath")
def _read_pure_path(payload: Any, reader: Reader) -> PurePosixPath:
    return PurePosixPath(reader.exact(reader.read(payload), str))


@decodes("PosixPath")
def _read_path(payload: Any, reader: Reader) -> PosixPath:
    return PosixPath(reader.exact(reader.read(payload), str))
