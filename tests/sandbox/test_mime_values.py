"""Whatever an object displays comes out as JSON of exact types, within the bytes it may take."""

import json

from hypothesis import given
from hypothesis import strategies as st

from skillmap.sandbox.mime_values import PlainMaker, clipped, n_bytes

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@given(JSON_VALUES)
def test_what_is_plain_already_stays_as_it_is(value):
    maker = PlainMaker(10_000_000)

    assert maker.make(value) == value
    assert not maker.is_cut


@given(JSON_VALUES, st.integers(0, 200))
def test_no_value_takes_more_than_its_room(value, room):
    maker = PlainMaker(room)

    made = maker.make(value)

    assert maker.room >= 0
    assert maker.is_cut or made == value


@given(st.text(st.characters()), st.integers(0, 50))
def test_a_clipped_text_is_a_beginning_of_at_most_so_many_bytes(text, max_bytes):
    kept = clipped(text, max_bytes)

    assert text.startswith(kept)
    assert n_bytes(kept) <= max_bytes


def test_values_of_a_learners_classes_run_none_of_their_methods():
    class Text(str):
        def __str__(self):
            raise AssertionError

        __len__ = __getitem__ = __str__

    class Table(dict):
        def items(self):
            raise AssertionError

        __iter__ = items

    class Number(int):
        __index__ = __int__ = __str__ = Text.__str__

    made = PlainMaker(10_000).make(Table({Text("a"): (Number(5), Text("b"), object())}))

    assert made == {"a": [5, "b", "<object>"]}
    assert [type(one) for one in made["a"]] == [int, str, str]
    assert json.dumps(made)
