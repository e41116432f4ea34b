"""How containers cross: item by item, the order kept, a key never twice."""

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable
from typing import Any

from skillmap.sandbox.value_codec import (
    Reader,
    Refusal,
    Writer,
    decodes,
    describe_type,
    encodes,
)

__all__: list[str] = []

SHOWN_KEY = 40
FACTORIES: dict[str, type] = {
    kind.__name__: kind for kind in (bool, dict, float, int, list, set, str, tuple)
}
FACTORY_NAMES = {id(kind): name for name, kind in FACTORIES.items()}
MAX_DEQUE = 2**63 - 1


@encodes(list, is_whole=False)
def _write_list(value: list[Any], writer: Writer) -> Any:
    return writer.write_items(value)


@encodes(tuple, is_whole=False)
def _write_tuple(value: tuple[Any, ...], writer: Writer) -> Any:
    return {"tuple": writer.write_items(value)}


@decodes("tuple")
def _read_tuple(payload: Any, reader: Reader) -> tuple[Any, ...]:
    return tuple(reader.read_items(payload))


@encodes(set, frozenset, is_whole=False)
def _write_set(value: set[Any] | frozenset[Any], writer: Writer) -> Any:
    tag = "set" if type(value) is set else "frozenset"
    return {tag: writer.write_items(value, ".member[{}]")}


@decodes("set")
def _read_set(payload: Any, reader: Reader) -> set[Any]:
    members = reader.read_keys(payload)
    built = set(members)
    reader.demand(len(built) == len(members), "the same member twice")
    return built


@decodes("frozenset")
def _read_frozenset(payload: Any, reader: Reader) -> frozenset[Any]:
    return frozenset(_read_set(payload, reader))


@encodes(range)
def _write_range(value: range, writer: Writer) -> Any:
    return {"range": writer.write_items([value.start, value.stop, value.step])}


@decodes("range")
def _read_range(payload: Any, reader: Reader) -> range:
    numbers = [reader.exact(reader.read(part), int) for part in reader.parts(payload, 3)]
    return range(*numbers)


@encodes(slice, is_whole=False)
def _write_slice(value: Any, writer: Writer) -> Any:
    return {"slice": writer.write_items([value.start, value.stop, value.step], ".part[{}]")}


@decodes("slice")
def _read_slice(payload: Any, reader: Reader) -> Any:
    return slice(*map(reader.read, reader.parts(payload, 3)))


def _place(key: object) -> str:
    if type(key) is str:
        return f"[{key[:SHOWN_KEY]!a}]"
    is_short = type(key) is int and key.bit_length() < SHOWN_KEY
    return f"[{key}]" if is_short else f"[{describe_type(key)}]"


def _write_pairs(value: dict[Any, Any], writer: Writer) -> list[Any]:
    pairs = list(value.items())
    keys = writer.write_items([key for key, _ in pairs], ".key[{}]")
    written: list[Any] = []
    try:
        for _, item in pairs:
            written.append(writer.write(item))
    except Refusal as refusal:
        refusal.steps.append(_place(pairs[len(written)][0]))
        raise
    return [keys, written]


def _read_pairs(payload: Any, reader: Reader) -> Iterable[tuple[Any, Any]]:
    encoded_keys, encoded_items = reader.parts(payload, 2)
    keys, items = reader.read_keys(encoded_keys), reader.read_items(encoded_items)
    reader.demand(len(keys) == len(items), "more keys than items, or fewer")
    reader.demand(len(set(keys)) == len(keys), "the same key twice")
    return zip(keys, items, strict=True)


@encodes(dict, is_whole=False)
def _write_dict(value: dict[Any, Any], writer: Writer) -> Any:
    return {"dict": _write_pairs(value, writer)}


@decodes("dict")
def _read_dict(payload: Any, reader: Reader) -> dict[Any, Any]:
    return dict(_read_pairs(payload, reader))


@encodes(OrderedDict, is_whole=False)
def _write_ordered(value: OrderedDict[Any, Any], writer: Writer) -> Any:
    return {"OrderedDict": _write_pairs(value, writer)}


@decodes("OrderedDict")
def _read_ordered(payload: Any, reader: Reader) -> OrderedDict[Any, Any]:
    return OrderedDict(_read_pairs(payload, reader))


@encodes(Counter, is_whole=False)
def _write_counter(value: Counter[Any], writer: Writer) -> Any:
    return {"Counter": _write_pairs(value, writer)}


@decodes("Counter")
def _read_counter(payload: Any, reader: Reader) -> Counter[Any]:
    # A dict, since Counter would count the pairs themselves.
    return Counter(dict(_read_pairs(payload, reader)))


@encodes(defaultdict, is_whole=False)
def _write_defaultdict(value: defaultdict[Any, Any], writer: Writer) -> Any:
    factory = value.default_factory
    name = FACTORY_NAMES.get(id(factory))
    if factory is not None and name is None:
        raise Refusal("is a defaultdict whose factory is no plain type")
    return {"defaultdict": [name, *_write_pairs(value, writer)]}


@decodes("defaultdict")
def _read_defaultdict(payload: Any, reader: Reader) -> defaultdict[Any, Any]:
    name, *pairs = reader.parts(payload, 3)
    factory = None if name is None else FACTORIES[reader.exact(name, str)]
    return defaultdict(factory, _read_pairs(pairs, reader))


@encodes(deque, is_whole=False)
def _write_deque(value: deque[Any], writer: Writer) -> Any:
    return {"deque": [writer.write_items(value), value.maxlen]}


@decodes("deque")
def _read_deque(payload: Any, reader: Reader) -> deque[Any]:
    encoded, length = reader.parts(payload, 2)
    items = reader.read_items(encoded)
    if length is not None:
        is_right = len(items) <= reader.exact(length, int) <= MAX_DEQUE
        reader.demand(is_right, "a deque that does not fit its length")
    return deque(items, length)
