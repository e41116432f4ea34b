"""Notebooks that almost are some: random structural damage to the honest one.

In: hypothesis' choices. Out: the bytes of a notebook, damaged in one to four places, or cut.
"""

import copy
import json
from typing import Any

from hypothesis import strategies as st

from tests.hostile.course import answered_notebook

__all__ = ["damaged_bytes", "damaged_notebooks"]

KEYS = (
    "cells",
    "cell_type",
    "execution_count",
    "grade",
    "grade_id",
    "id",
    "kernelspec",
    "locked",
    "metadata",
    "nbformat",
    "nbgrader",
    "outputs",
    "points",
    "schema_version",
    "solution",
    "source",
    "task",
)
WORDS = ("", "code", "markdown", "raw", "double", "double_test", "essay", "777", "\0", "\ud800")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from((10**40, -(10**40), 2**63, -1)),
    st.floats(),
    st.sampled_from(WORDS),
    st.text(max_size=8),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=4)), inner, max_size=4),
    ),
    max_leaves=8,
)
# Most files stay readable, so that restoring is tried, too.
ENCODINGS = (*["utf-8"] * 8, "utf-8-sig", "utf-16")
HOW = (*["whole"] * 8, "cut", "other")
CHANGES = ("replace", "delete", "repeat", "swap", "wrap", "nest", "add")


@st.composite
def damaged_notebooks(draw: st.DrawFn) -> Any:
    """Return a notebook as json.loads gives one, with up to four changes at random places."""
    notebook = [answered_notebook()]
    for _ in range(draw(st.integers(1, 4))):
        holder, key = _place(draw, notebook)
        _change(draw, holder, key)
    return notebook[0] if notebook else None


@st.composite
def damaged_bytes(draw: st.DrawFn) -> bytes:
    """Return the text of a damaged notebook, sometimes cut, with other bytes in it, or encoded."""
    text = json.dumps(draw(damaged_notebooks()), ensure_ascii=draw(st.booleans()))
    data = text.encode(draw(st.sampled_from(ENCODINGS)), "surrogatepass")
    how = draw(st.sampled_from(HOW))
    at = draw(st.integers(0, len(data)))
    if how == "cut":
        return data[:at]
    if how == "other":
        return data[:at] + draw(st.binary(max_size=8)) + data[at + draw(st.integers(0, 8)) :]
    return data


def _place(draw: st.DrawFn, top: Any) -> tuple[Any, Any]:
    """Choose a place at random: go down from the top, and stop somewhere."""
    holder, key = top, 0
    while holder:
        key = draw(
            st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder)))
        )
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or draw(st.integers(0, 11)) == 0:
            break
        holder = inner
    return holder, key


def _change(draw: st.DrawFn, holder: Any, key: Any) -> None:
    """Change what lies at the place; where the holder is empty there is nothing to change."""
    if not holder:
        return
    what = draw(st.sampled_from(CHANGES))
    if what == "replace":
        holder[key] = draw(VALUES)
    elif what == "delete":
        del holder[key]
    elif what == "wrap":
        holder[key] = [holder[key]]
    elif what == "nest":
        holder[key] = {draw(st.sampled_from(KEYS)): holder[key]}
    elif what == "swap":
        other = draw(
            st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder)))
        )
        holder[key], holder[other] = holder[other], holder[key]
    elif isinstance(holder, dict):
        new = draw(st.sampled_from(KEYS))
        holder[new] = copy.deepcopy(holder[key]) if what == "repeat" else draw(VALUES)
    else:
        new = copy.deepcopy(holder[key]) if what == "repeat" else draw(VALUES)
        holder.insert(draw(st.integers(0, len(holder))), new)
