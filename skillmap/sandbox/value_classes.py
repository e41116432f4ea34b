"""How classes cross: by name, from an explicit table; a learner's `type(x)` is such a value."""

import builtins
import collections
import datetime
import decimal
import fractions
import pathlib
import types
import uuid
from abc import ABCMeta
from functools import partial
from importlib import import_module
from typing import Any

from skillmap.sandbox.value_codec import (
    Reader,
    Refusal,
    Writer,
    decodes,
    encodes,
    register_late,
    when_imported,
)

__all__: list[str] = []

BUILTINS = (
    "bool bytearray bytes complex dict enumerate filter float frozenset int list map object range "
    "reversed set slice str tuple type zip"
)
NUMPY = (
    "bool_ bytes_ clongdouble complex64 complex128 datetime64 dtype float16 float32 float64 "
    "floating generic int8 int16 int32 int64 integer longdouble longlong ndarray number "
    "signedinteger str_ timedelta64 uint8 uint16 uint32 uint64 ulonglong unsignedinteger"
)
PANDAS = (
    "BooleanDtype Categorical CategoricalDtype CategoricalIndex DataFrame DatetimeIndex "
    "DatetimeTZDtype Float32Dtype Float64Dtype Index Int8Dtype Int16Dtype Int32Dtype Int64Dtype "
    "MultiIndex RangeIndex Series StringDtype Timedelta TimedeltaIndex Timestamp UInt8Dtype "
    "UInt16Dtype UInt32Dtype UInt64Dtype"
)
LIBRARIES = {"np": ("numpy", frozenset(NUMPY.split())), "pd": ("pandas", frozenset(PANDAS.split()))}


def _named_exceptions() -> dict[str, type]:
    classes = {name: found for name, found in vars(builtins).items() if type(found) is type}
    return {
        name: found
        for name, found in classes.items()
        if issubclass(found, BaseException) and found.__name__ == name
    }


def _named_classes() -> dict[str, type]:
    named = {name: getattr(builtins, name) for name in BUILTINS.split()} | _named_exceptions()
    others = (
        *(type(None), type(...), type(NotImplemented), types.FunctionType, types.GeneratorType),
        *(types.BuiltinFunctionType, types.MethodType, types.ModuleType),
        *(collections.Counter, collections.OrderedDict, collections.defaultdict),
        *(collections.deque, datetime.date, datetime.time, datetime.datetime, datetime.timedelta),
        *(datetime.timezone, decimal.Decimal, fractions.Fraction, uuid.UUID),
        *(pathlib.PurePosixPath, pathlib.PosixPath),
    )
    return named | {f"{kind.__module__}.{kind.__name__}": kind for kind in others}


CLASSES = _named_classes()
NAMES = {id(kind): name for name, kind in CLASSES.items()}


@encodes(type, ABCMeta)
def _write_class(value: type, writer: Writer) -> Any:
    if id(value) not in NAMES:
        register_late()
    name = NAMES.get(id(value))
    if name is None:
        raise Refusal("is a class without a known name")
    return {"class": name}


@decodes("class")
def _read_class(payload: Any, reader: Reader) -> Any:
    name = reader.exact(payload, str)
    prefix, _, rest = name.partition(".")
    if prefix in LIBRARIES:
        module, names = LIBRARIES[prefix]
        reader.demand(rest in names, "an unknown class")
        return getattr(import_module(module), rest)
    return CLASSES[name]


def _enter_names(prefix: str, module: Any) -> None:
    known = {name for name in LIBRARIES[prefix][1] if hasattr(module, name)}
    NAMES.update({id(getattr(module, name)): f"{prefix}.{name}" for name in known})


for _prefix, (_module, _) in LIBRARIES.items():
    when_imported(_module, partial(_enter_names, _prefix))
