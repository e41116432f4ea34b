"""Every fixture is handed in as it says: what does nothing proves nothing."""

import ast
import json
import os
from collections import Counter
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from tests.hostile.corpus import CORPUS, NEAR_EQUALS, REPRESENTATIVES, STANDS_FOR
from tests.hostile.course import make_base_course
from tests.hostile.driver import hand_in, honest
from tests.hostile.expectations import (
    HONEST,
    MANUAL,
    NOT_FORGED,
    POINTS,
    Hostile,
    Verdict,
    as_honest,
    difference,
)
from tests.hostile.places import Places

N_PROMISED = 80
HONEST_ONE = honest("honest-1")
Laid = tuple[dict[str, Path], Path]


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    """The folder of each submission, and of an honest one."""
    base = tmp_path_factory.mktemp("corpus")
    places = Places(root=make_base_course(base / "course"), home=base, outside=base)
    first = hand_in(places, HONEST_ONE, at="20 10:00")
    return {one.name: hand_in(places, one, at="20 11:00") for one in CORPUS}, first


def test_no_two_fixtures_share_a_name() -> None:
    assert [name for name, count in Counter(one.name for one in CORPUS).items() if count > 1] == []


def test_who_stands_for_others_is_of_their_class_and_graded_in_each_run() -> None:
    klass = {one.name: one.klass for one in CORPUS}
    graded = {one.name for one in REPRESENTATIVES}

    assert set(STANDS_FOR) <= graded
    for name, others in STANDS_FOR.items():
        assert {klass[other] for other in others.split()} == {klass[name]}
    assert len(REPRESENTATIVES) + len(NEAR_EQUALS) == len(CORPUS)


def test_every_class_is_there() -> None:
    counts = Counter(one.klass for one in CORPUS)

    assert set(counts) == {"forging", "tampering", "exhaustion", "malformed", "disclosure"}
    assert counts.total() >= N_PROMISED


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda hostile: hostile.name)
def test_its_code_is_python(hostile: Hostile) -> None:
    code = TransformerManager()
    places = Places(root=Path("/course"), home=Path("/home"), outside=Path("/outside"))
    texts = [text for grade_id, text in hostile.answers.items() if grade_id != "essay"]

    for text in (*texts, hostile.first, hostile.last):
        python = code.transform_cell(places.fill(text))
        compile(python, hostile.name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.mark.slow
@pytest.mark.parametrize("hostile", CORPUS, ids=lambda hostile: hostile.name)
def test_it_differs_from_an_honest_submission(laid: Laid, hostile: Hostile) -> None:
    folders, first = laid

    assert _content(folders[hostile.name]) != _content(first)


def _content(folder: Path) -> dict[str, object]:
    return {
        os.fsdecode(path.name): (path.lstat().st_mode, path.read_bytes() if _is_file(path) else b"")
        for path in folder.iterdir()
    }


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 29


@pytest.mark.slow
def test_the_second_notebook_is_always_honest(laid: Laid) -> None:
    folders, first = laid
    right = json.loads((first / "second.ipynb").read_text(encoding="utf-8"))

    for folder in folders.values():
        assert json.loads((folder / "second.ipynb").read_text(encoding="utf-8")) == right


def _verdict(problem: str | None = None, flags: tuple[str, ...] = (), **changed: float) -> Verdict:
    return Verdict(
        scores={**POINTS, "essay": None, **changed},
        needs_manual=frozenset({"essay"}),
        flags=flags,
        problem=problem,
    )


def test_the_honest_verdict_meets_the_honest_expectation() -> None:
    assert difference(HONEST_ONE, _verdict()) == []


def test_points_for_a_forged_cell_are_told() -> None:
    lie = Hostile(name="lie", klass="forging", expected=as_honest(double_test=NOT_FORGED))

    assert difference(lie, _verdict(double_test=0.5)) == ["double_test has 0.5, not any_not_forged"]
    assert difference(lie, _verdict(double_test=0.0)) == []


def test_a_lost_honest_point_is_told() -> None:
    assert difference(HONEST_ONE, _verdict(greet_test=0.0)) == ["greet_test has 0.0, not 1.0"]
    assert difference(HONEST_ONE, _verdict("It is damaged.")) == ["refused: It is damaged."]


def test_a_missing_finding_is_told() -> None:
    edited = Hostile(name="edited", klass="tampering", flags=("double_test",))

    assert difference(edited, _verdict()) == ["no finding names 'double_test'"]
    assert difference(edited, _verdict(flags=("main: double_test was changed.",))) == []


def test_a_refusal_needs_a_sentence_and_gives_no_points() -> None:
    bad = Hostile(name="bad", klass="malformed", refused=True)
    nothing = Verdict(
        scores={}, needs_manual=frozenset(), flags=(), problem="main.ipynb is damaged."
    )

    assert difference(bad, nothing) == []
    assert difference(bad, _verdict()) != []
    assert difference(bad, _verdict("Traceback (most recent call last)")) != []


def test_an_expectation_names_every_cell() -> None:
    with pytest.raises(ValueError, match="expects something of"):
        Hostile(name="short", klass="forging", expected={"essay": MANUAL})

    assert set(HONEST) == {*POINTS, "essay"}
