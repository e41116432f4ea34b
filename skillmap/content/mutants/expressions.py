"""Change one expression: comparisons, sums, constants, bounds, conditions, indices.

In: a Site. Out: Edits that a learner's slip could have made.
Law: a change that plainly changes nothing, such as `x - 0` for `x + 0`, is not offered.
"""

import ast
from collections.abc import Iterator

from skillmap.content.mutants.sites import Edit, Site

__all__ = ["change_expression"]

# The neighbour at the border, then the other direction; a negation is what `condition` makes.
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitOr,),
}
NEUTRAL: dict[type[ast.operator], int] = {ast.Add: 0, ast.Sub: 0, ast.Mult: 1, ast.Div: 1}
CONDITIONS = {"If": "test", "While": "test", "IfExp": "test", "comprehension": "ifs"}


def change_expression(site: Site) -> Iterator[Edit]:
    """Yield the changes of the site's node, if it is an expression or a sum that is stored."""
    match site.node:
        case ast.Compare() as node:
            yield from _compare(node)
        case ast.BinOp() as node:
            yield from _calculate(node)
        case ast.AugAssign() as node:
            yield from _store(node)
        case ast.BoolOp() as node:
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield Edit(operator="logic", new=ast.BoolOp(op=other, values=node.values))
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub()) as node:
            yield from _unary(site, node)
        case ast.Constant() as node:
            yield from _constant(site, node)
        case ast.Subscript() as node:
            yield from _index(node)
    if isinstance(site.node, ast.expr):
        yield from _condition(site, site.node)
        yield from _bound(site, site.node)


def _compare(node: ast.Compare) -> Iterator[Edit]:
    for index, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
            new = ast.Compare(left=node.left, ops=ops, comparators=node.comparators)
            yield Edit(operator="comparison", new=new)


def _calculate(node: ast.BinOp) -> Iterator[Edit]:
    if _is_neutral(node.op, node.right) or _is_text(node.left) or _is_text(node.right):
        return
    for other in ARITHMETIC.get(type(node.op), ()):
        new = ast.BinOp(left=node.left, op=other(), right=node.right)
        yield Edit(operator="arithmetic", new=new)


def _store(node: ast.AugAssign) -> Iterator[Edit]:
    if _is_neutral(node.op, node.value) or _is_text(node.value):
        return
    for other in ARITHMETIC.get(type(node.op), ()):
        new = ast.AugAssign(target=node.target, op=other(), value=node.value)
        yield Edit(operator="arithmetic", new=new)


def _is_neutral(op: ast.operator, right: ast.expr) -> bool:
    """Tell whether the operand leaves a number as it is, with this operator and its twin."""
    value = right.value if isinstance(right, ast.Constant) else None
    return isinstance(value, int | float) and NEUTRAL.get(type(op)) == value


def _is_text(node: ast.expr) -> bool:
    """Tell whether it is text for certain: a sum of texts can only be kept or broken."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes)
    return isinstance(node, ast.JoinedStr | ast.List | ast.ListComp)


def _unary(site: Site, node: ast.UnaryOp) -> Iterator[Edit]:
    is_index = isinstance(site.parent, ast.Subscript)  # -1 to 1 is what _index makes better
    if not (isinstance(node.op, ast.Not) and _is_condition(site)) and not is_index:
        yield Edit(operator="sign", new=node.operand)


def _constant(site: Site, node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    new: object = None
    if isinstance(value, bool):
        new = not value
    elif isinstance(value, int | float):
        new = 0 if value == 1 and not _is_negative(site) else value + 1
    elif isinstance(value, str) and not _is_setting(site):
        new = "" if value else "x"
    if new is not None and new != value:  # 1e300 + 1 is 1e300
        yield Edit(operator="constant", new=ast.Constant(new))  # type: ignore[arg-type]  # bool, number, text


def _is_negative(site: Site) -> bool:
    """Tell whether a minus stands before it: -1 to -0 would be the index 0 once more."""
    return isinstance(site.parent, ast.UnaryOp) and isinstance(site.parent.op, ast.USub)


def _is_setting(site: Site) -> bool:
    """Tell whether the text is the value of a keyword: left out is then the likelier slip."""
    return isinstance(site.parent, ast.keyword)


def _index(node: ast.Subscript) -> Iterator[Edit]:
    text = ast.unparse(node.slice)
    if text in ("0", "-1") and isinstance(node.ctx, ast.Load):
        other = ast.parse("-1" if text == "0" else "0", mode="eval").body
        new = ast.Subscript(value=node.value, slice=other, ctx=node.ctx)
        yield Edit(operator="index", new=new)


def _is_condition(site: Site) -> bool:
    return CONDITIONS.get(type(site.parent).__name__) == site.field


def _condition(site: Site, node: ast.expr) -> Iterator[Edit]:
    if not _is_condition(site) or isinstance(node, ast.Constant):
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield Edit(operator="condition", new=node.operand)
    elif not _is_turned(node):
        yield Edit(operator="condition", new=ast.UnaryOp(op=ast.Not(), operand=node))


def _is_turned(node: ast.expr) -> bool:
    """Tell whether `comparison` negates it already."""
    return (
        isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn | ast.Is | ast.IsNot)
    )


def _bound(site: Site, node: ast.expr) -> Iterator[Edit]:
    """Move a bound of a range or a slice by one, in both directions."""
    if not _is_bound(site) or isinstance(node, ast.Starred):
        return
    number = _number(node)
    for step in (1, -1):
        if number is not None:
            new: ast.expr = ast.parse(str(number + step), mode="eval").body
        else:
            op = ast.Add() if step > 0 else ast.Sub()
            new = ast.BinOp(left=node, op=op, right=ast.Constant(1))
        yield Edit(operator="bound", new=new)


def _is_bound(site: Site) -> bool:
    parent = site.parent
    if isinstance(parent, ast.Slice):
        return site.field in ("lower", "upper")
    is_range = isinstance(parent, ast.Call) and ast.unparse(parent.func) == "range"
    return is_range and site.field == "args" and site.index in (0, 1)


def _number(node: ast.expr) -> int | None:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
    return value if type(value) is int else None
