import ast
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.content import find_content
from skillmap.content.files import read_files
from skillmap.content.mutants import Mutant, mutants_of

SIGNS = """
def total(rows, *, limit=3):
    \"\"\"Add up the rows.\"\"\"
    result = 0
    for row in rows[:limit]:
        if not row or row['n'] < 0:
            continue
        result += row['n'] * 2
    return max(result, 0)
"""

FRAGMENTS = st.sampled_from(
    [
        "x = 1",
        "y = x + 2 if x < 3 else 'a'",
        "for i in range(len('abc')):\n    if i == 1:\n        break",
        "while False:\n    continue",
        "def f(a, b=2, *, c='x'):\n    '''Doc.'''\n    return a - b",
        "def g(x: 'int' = 0) -> 'str':\n    return f'{x:0{3}}-{x!r}'",
        "try:\n    z = int('3')\nexcept (ValueError, TypeError):\n    raise KeyError('no')",
        "s = sorted([3, 1], key=lambda n: -n)[-1]",
        "t = [n for n in (1, 2) if not n % 2 and n is not None]",
        "d = {'a': [1, 2.5, True, None, b'']}['a'][1:-1]",
        "x: int = 5",
        "x += 0",
        "assert x, 'message'",
        "print('seen', x)",
        "import math",
        "match x:\n    case 1 | 2 if x > 1:\n        pass",
        "frame = df.dropna().sort_values('a', ascending=False).reset_index(drop=True)",
        "'text'",
        "await thing(1, 2)",
    ]
)


def changes_of(source: str) -> set[str]:
    """What each mutant makes of a source of one line."""
    return {mutant.source for mutant in mutants_of(source, limit=1000)}


def tree(source: str) -> str:
    return ast.dump(ast.parse(source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < c", "a = b <= c"),
        ("a = b <= c", "a = b < c"),
        ("a = b == c", "a = b != c"),
        ("a = b in c", "a = b not in c"),
        ("a = b + c", "a = b - c"),
        ("a = b / c", "a = b // c"),
        ("a = b % c", "a = b // c"),
        ("a = b ** c", "a = b * c"),
        ("a = b & c", "a = b | c"),
        ("a += b", "a -= b"),
        ("a = b and c", "a = b or c"),
        ("a = not b", "a = b"),
        ("a = ~b", "a = b"),
        ("a = 5", "a = 6"),
        ("a = 0", "a = 1"),
        ("a = 1", "a = 0"),
        ("a = ''", "a = 'x'"),
        ("a = 'b'", "a = ''"),
        ("a = True", "a = False"),
        ("a = range(b)", "a = range(b + 1)"),
        ("a = range(2, b)", "a = range(2, b - 1)"),
        ("a = b[:c]", "a = b[:c + 1]"),
        ("a = b[1:]", "a = b[2:]"),
        ("a = b[0]", "a = b[-1]"),
        ("a = b[-1]", "a = b[0]"),
        ("a = b", "pass"),
        ("if a:\n    b = c", "if not a:\n    b = c"),
        ("if not a:\n    b = c", "if a:\n    b = c"),
        ("if a:\n    b()", "pass"),
        ("while a:\n    b = c", "while not a:\n    b = c"),
        ("a = f(b, c)", "a = f(c, b)"),
        ("a = f(b, c=d)", "a = f(b)"),
        ("for a in b:\n    break", "for a in b:\n    continue"),
        ("a = min(b, c)", "a = max(b, c)"),
        ("a = any(b)", "a = all(b)"),
        ("a.append(b)", "a.extend(b)"),
        ("a = sorted(b)", "a = sorted(b, reverse=True)"),
        ("a = sorted(b, reverse=True)", "a = sorted(b, reverse=False)"),
        ("a = sorted(b)", "a = list(b)"),
        ("a = b.lower()", "a = b"),
        ("a = b.reset_index(drop=True)", "a = b"),
        ("a = b.merge(c, how='left')", "a = b.merge(c, how='inner')"),
        ("a = b.sum(axis=1)", "a = b.sum(axis=0)"),
        ("a = b.sort_values('c')", "a = b.sort_values('c', ascending=False)"),
        ("try:\n    a()\nexcept KeyError:\n    b()", "try:\n    a()\nexcept Exception:\n    b()"),
        ("def f():\n    return a", "def f():\n    return None"),
    ],
)
def test_each_slip_has_its_mutant(source: str, expected: str) -> None:
    assert expected in changes_of(source)


@pytest.mark.parametrize(
    "source",
    [
        "import math",
        "from math import pi",
        "'a docstring'",
        "print('seen', 1)",
        "pass",
        "def f(a: 'int') -> 'int':\n    '''Doc 1.'''\n    pass",
        "try:\n    pass\nexcept Exception:\n    pass",
        "%matplotlib inline\na = 1",
        "a = = 1",
        "\0",
        "",
    ],
)
def test_what_no_learner_gets_wrong_has_no_mutant(source: str) -> None:
    assert mutants_of(source) == ()


@pytest.mark.parametrize(
    ("source", "unwanted"),
    [
        ("a = b + 0", "a = b - 0"),
        ("a += 0", "a -= 0"),
        ("a = b * 1", "a = b / 1"),
        ("a = max(b, c)", "a = max(c, b)"),
        ("a = b[-1]", "a = b[-0]"),
        ("a = b.sum(axis=0)", "a = b.sum()"),
    ],
)
def test_a_mutant_that_changes_nothing_is_not_made(source: str, unwanted: str) -> None:
    assert unwanted not in changes_of(source)


def test_the_text_of_an_error_is_left_alone_and_the_error_is_not() -> None:
    mutants = mutants_of("def f():\n    raise ValueError('no ' + str(1))")

    assert [mutant.source for mutant in mutants] == ["def f():\n    pass"]


def test_only_what_the_learner_writes_is_changed() -> None:
    source = (
        "n = 1\ndef f(x=1):\n    ### BEGIN SOLUTION\n    y = 2\n    ### END SOLUTION\n    return x"
    )

    mutants = mutants_of(source)

    assert {mutant.line for mutant in mutants} == {4}
    assert [mutant.description for mutant in mutants] == ["`y = 2` is left out", "`2` becomes `3`"]


def test_a_cell_without_markers_is_changed_as_a_whole() -> None:
    assert {mutant.line for mutant in mutants_of("a = 1\nb = 2")} == {1, 2}


def test_a_mutant_says_where_and_what_it_changes() -> None:
    mutant = mutants_of("a = 1\n# why\nif b < c:\n    a = 2")[3]

    assert mutant == Mutant(
        operator="comparison",
        line=3,
        source="a = 1\nif b <= c:\n    a = 2",
        description="`b < c` becomes `b <= c`",
    )


def test_a_long_statement_is_cut_in_the_description() -> None:
    mutants = mutants_of("a = " + " + ".join(["b"] * 60))

    assert all(len(mutant.description) < 200 for mutant in mutants)


@pytest.mark.slow
@settings(max_examples=40)
@given(parts=st.lists(FRAGMENTS, max_size=5), limit=st.integers(min_value=0, max_value=60))
def test_mutants_compile_and_differ_from_the_original_and_each_other(
    parts: list[str], limit: int
) -> None:
    source = "\n".join(parts)

    mutants = mutants_of(source, limit=limit)

    trees = [tree(mutant.source) for mutant in mutants]
    assert len(mutants) <= limit
    assert len(set(trees)) == len(trees)
    assert tree(source) not in trees
    assert mutants == mutants_of(source, limit=limit)


@given(text=st.text(max_size=40))
def test_no_text_stops_the_making(text: str) -> None:
    assert isinstance(mutants_of(text), tuple)


def test_a_limit_keeps_every_operator_while_it_can() -> None:
    operators = {mutant.operator for mutant in mutants_of(SIGNS, limit=1000)}

    kept = mutants_of(SIGNS, limit=len(operators))

    assert {mutant.operator for mutant in kept} == operators


def test_a_limit_spreads_one_operator_over_the_lines() -> None:
    source = "\n".join(f"a{n} = b + c + d + e" for n in range(10))
    mutants = [one for one in mutants_of(source, limit=1000) if one.operator == "arithmetic"]

    kept = mutants_of(source, limit=20)

    assert len(mutants) == 30
    lines = Counter(mutant.line for mutant in kept if mutant.operator == "arithmetic")
    assert set(lines.values()) == {1}
    assert len(lines) == 10


def test_mutants_stand_in_the_order_of_the_source() -> None:
    lines = [mutant.line for mutant in mutants_of(SIGNS, limit=9)]

    assert lines == sorted(lines)


@pytest.mark.slow
def test_every_shipped_answer_has_mutants() -> None:
    notebooks = read_files(find_content(None)).notebooks.values()

    cells = [cell for notebook in notebooks for cell in notebook.cells]
    answers = [cell for cell in cells if cell.is_solution and cell.cell_type == "code"]
    assert len(answers) >= 28
    assert min(len(mutants_of(cell.source, limit=2)) for cell in answers) == 2
