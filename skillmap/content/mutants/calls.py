"""Change one call: swap, drop or turn its arguments, take its twin, leave it out.

In: a Site. Out: Edits that a learner's slip could have made.
Law: the order of arguments is left alone where it does not matter, as in `max(a, b)`.
"""

import ast
from collections.abc import Iterator

from skillmap.content.mutants.sites import Edit, Site, quoted

__all__ = ["change_call"]

TWINS = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "append": "extend",
    "extend": "append",
}
ANY_ORDER = {"max", "min", "union", "intersection", "gcd", "lcm", "hypot", "isclose", "print"}
# Methods that change little, so that a learner forgets them.
FORGOTTEN = {
    "abs",
    "astype",
    "casefold",
    "copy",
    "drop_duplicates",
    "dropna",
    "fillna",
    "lower",
    "lstrip",
    "removeprefix",
    "removesuffix",
    "replace",
    "reset_index",
    "round",
    "rstrip",
    "sort_index",
    "sort_values",
    "strip",
    "upper",
    "zfill",
}
WRAPPERS = {"abs", "float", "int", "round", "sorted", "str"}
SETTINGS = {
    "axis": {"index": "columns", "columns": "index"},
    "errors": {"coerce": "raise", "raise": "coerce"},
    "how": {"left": "inner", "right": "inner", "inner": "outer", "outer": "inner", "any": "all"},
    "keep": {"first": "last", "last": "first"},
    "na_position": {"first": "last", "last": "first"},
}
# Written out or not, the same in Python and pandas.
DEFAULTS = {
    "ascending": True,
    "axis": 0,
    "inplace": False,
    "keep": "first",
    "regex": False,
    "reverse": False,
}
ORDERS = {"sorted": "reverse", "sort": "reverse", "sort_values": "ascending"}


def change_call(site: Site) -> Iterator[Edit]:
    """Yield the changes of the site's node, if it is a call."""
    if isinstance(site.node, ast.Call):
        yield from _swap(site.node)
        yield from _keywords(site.node)
        yield from _twin(site.node)
        yield from _order(site.node)
        yield from _leave_out(site.node)


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _swap(call: ast.Call) -> Iterator[Edit]:
    first = call.args[:2]
    is_plain = len(first) == 2 and not any(isinstance(arg, ast.Starred) for arg in first)
    if is_plain and _name(call) not in ANY_ORDER:
        args = [first[1], first[0], *call.args[2:]]
        new = ast.Call(func=call.func, args=args, keywords=call.keywords)
        yield Edit(operator="arguments", new=new)


def _keywords(call: ast.Call) -> Iterator[Edit]:
    for index, keyword in enumerate(call.keywords):
        if keyword.arg is None:
            continue
        before, after = call.keywords[:index], call.keywords[index + 1 :]
        if not _is_default(keyword):
            words = f"{quoted(keyword)} is left out"
            new = ast.Call(func=call.func, args=call.args, keywords=[*before, *after])
            yield Edit(operator="keyword", new=new, words=words)
        other = _turned(keyword)
        if other is not None:
            turned = ast.keyword(arg=keyword.arg, value=ast.Constant(other))
            words = f"{quoted(keyword)} becomes {quoted(turned)}"
            new = ast.Call(func=call.func, args=call.args, keywords=[*before, turned, *after])
            yield Edit(operator="setting", new=new, words=words)


def _is_default(keyword: ast.keyword) -> bool:
    """Tell whether the keyword says what would hold without it."""
    if not isinstance(keyword.value, ast.Constant) or keyword.arg not in DEFAULTS:
        return False
    value, default = keyword.value.value, DEFAULTS[keyword.arg]
    return type(value) is type(default) and value == default


def _turned(keyword: ast.keyword) -> str | None:
    value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
    return SETTINGS.get(keyword.arg or "", {}).get(value) if isinstance(value, str) else None


def _twin(call: ast.Call) -> Iterator[Edit]:
    other = TWINS.get(_name(call))
    if other is None:
        return
    match call.func:
        case ast.Attribute(value=value):
            func: ast.expr = ast.Attribute(value=value, attr=other, ctx=ast.Load())
        case _:
            func = ast.Name(id=other, ctx=ast.Load())
    new = ast.Call(func=func, args=call.args, keywords=call.keywords)
    yield Edit(operator="twin", new=new)


def _order(call: ast.Call) -> Iterator[Edit]:
    """Turn the order of a sort that states none; a stated one is a constant."""
    option = ORDERS.get(_name(call))
    if option and not any(keyword.arg == option for keyword in call.keywords):
        turned = ast.keyword(arg=option, value=ast.Constant(option == "reverse"))
        new = ast.Call(func=call.func, args=call.args, keywords=[*call.keywords, turned])
        yield Edit(operator="order", new=new)


def _leave_out(call: ast.Call) -> Iterator[Edit]:
    match call.func:
        case ast.Attribute(value=value, attr=name) if name in FORGOTTEN:
            yield Edit(operator="chain", new=value, words=f"`.{name}(...)` is left out")
        case ast.Name(id=name) if name in WRAPPERS and call.args and not _is_starred(call):
            words = f"`{name}(...)` is left out"
            yield Edit(operator="chain", new=_unwrapped(name, call.args[0]), words=words)


def _is_starred(call: ast.Call) -> bool:
    return isinstance(call.args[0], ast.Starred)


def _unwrapped(name: str, arg: ast.expr) -> ast.expr:
    """Return what is left without the wrapper; a list stays a list, only unsorted."""
    if name != "sorted":
        return arg
    return ast.Call(func=ast.Name(id="list", ctx=ast.Load()), args=[arg], keywords=[])
