from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from skillmap.content import ContentPaths, read_answers
from skillmap.content.files import read_notebooks
from skillmap.content.notebooks import Notebook
from skillmap.content.proof import CellKey, ItemProof, ItemRun, Prover, prove
from skillmap.judging import Bench, Courtroom
from skillmap.workflows.bench_prover import BenchProver
from tests.content.builders import BLUEPRINT, make_course, make_essay, make_solution, make_test

PUBLIC = "assert double(2) == 4, f'double(2) gave {double(2)}, expected 4'"
HIDDEN = "assert double(3) == 6, f'double(3) gave {double(3)}, expected 6'"


def make_tests(public: str = PUBLIC, hidden: str = HIDDEN) -> list[dict[str, Any]]:
    return [
        make_test() | {"source": public},
        make_test("double_hidden", points=2) | {"source": hidden},
    ]


def notebooks_of(paths: ContentPaths, assignment: str) -> list[Notebook]:
    notebooks, broken = read_notebooks([paths.source / assignment])
    assert broken == {}
    return list(notebooks.values())


def prove_cells(
    folder: Path,
    cells: Sequence[Mapping[str, Any]],
    *,
    blueprint: str = BLUEPRINT,
    prover: Prover | None = None,
    bench: Bench | None = None,
    **options: Any,
) -> list[ItemProof]:
    """Prove a course of one notebook with these cells, by the judges of a bench or by a prover."""
    paths = make_course(folder, blueprint=blueprint, cells=[*cells, make_essay()])
    notebooks, answers = notebooks_of(paths, "python-1"), read_answers(paths, "python-1")
    if bench is not None:
        prover = BenchProver(bench, paths.source / "python-1", n_workers=2)
    assert prover is not None
    return prove(notebooks, answers, prover, **options)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Courtroom() as court:
        yield court.bench


def messages(proof: ItemProof) -> list[str]:
    return [problem.message for problem in proof.problems]


class OneByOne:
    """Runs many answers one after the other."""

    def run_many(
        self, assignment: str, tries: Sequence[Mapping[CellKey, str]]
    ) -> Iterator[tuple[int, Mapping[CellKey, ItemRun]]]:
        for place, answers in enumerate(tries):
            yield place, self.run(assignment, answers)

    def run(self, assignment: str, answers: Mapping[CellKey, str]) -> Mapping[CellKey, ItemRun]:
        raise NotImplementedError


class Canned(OneByOne):
    """Gives each test the same run, changed by options of the solution and the blank release."""

    def __init__(self, solution: Mapping[str, Any], other: Mapping[str, Any]) -> None:
        self.solution, self.other, self.calls = solution, other, list[Mapping[CellKey, str]]()

    def run(self, assignment: str, answers: Mapping[CellKey, str]) -> dict[CellKey, ItemRun]:
        self.calls.append(answers)
        options = self.solution if len(self.calls) == 1 else self.other
        runs = {}
        for grade_id, points in (("double_public", 1.0), ("double_hidden", 2.0)):
            run = ItemRun(
                notebook="values",
                grade_id=grade_id,
                score=points if len(self.calls) == 1 else 0.0,
                max_score=points,
                seconds=0.01,
                has_stderr=False,
                message=None if len(self.calls) == 1 else "gave 3, expected 4",
            )
            runs["values", grade_id] = replace(run, **options)
        return runs


def prove_canned(folder: Path, *, solution: Any = None, other: Any = None) -> list[ItemProof]:
    prover = Canned(solution or {}, other or {})
    return prove_cells(folder, [make_solution(), *make_tests()], prover=prover)


@pytest.mark.slow
def test_a_good_exercise_is_proved_without_a_problem(tmp_path: Path, bench: Bench) -> None:
    public, hidden = prove_cells(tmp_path, [make_solution(), *make_tests()], bench=bench)

    assert (public.item, hidden.item) == (
        "python-1/values/double_public",
        "python-1/values/double_hidden",
    )
    assert public.is_full_with_solution
    assert public.is_zero_when_blank
    assert public.problems == hidden.problems == ()
    assert public.n_mutants == public.n_caught > 0
    assert public.mutation_score == 1
    assert hidden.wrong_answers_missed == ()


def test_a_mutant_that_one_test_of_the_exercise_notices_is_caught(
    tmp_path: Path, bench: Bench
) -> None:
    weak = "assert double(0) == 0, 'double(0) is not 0'"

    public, hidden = prove_cells(tmp_path, [make_solution(), *make_tests(public=weak)], bench=bench)

    assert public.n_caught_alone < public.n_caught == hidden.n_caught == hidden.n_caught_alone


@pytest.mark.slow
def test_a_survivor_is_told_with_its_line_and_what_to_do(tmp_path: Path, bench: Bench) -> None:
    weak = make_tests("assert double(0) == 0, 'not 0'", "assert double(0) is not None, 'None'")

    public, hidden = prove_cells(tmp_path, [make_solution(), *weak], bench=bench)

    assert "`2` becomes `3`" in {mutant.description for mutant in hidden.survivors}
    assert public.survivors == hidden.survivors
    words = "line 3: `2` becomes `3`"
    told = [str(problem) for problem in hidden.problems if words in problem.message]
    assert len(told) == 1
    assert "cell 1 'double'" in told[0]
    assert "add a case to double_public, double_hidden" in told[0]
    assert {problem.severity for problem in public.problems} == set()


def test_a_wrong_answer_of_the_author_that_loses_nothing_is_an_error(
    tmp_path: Path, bench: Bench
) -> None:
    tests = make_tests(hidden="assert double(0) == 0, 'double(0) is not 0'")

    public, hidden = prove_cells(tmp_path, [make_solution(), *tests], bench=bench)

    assert public.wrong_answers_missed == hidden.wrong_answers_missed == ("Squares",)
    missed = [problem for problem in hidden.problems if problem.severity == "error"]
    assert [problem.message for problem in missed] == ["the wrong answer 'Squares' loses no points"]


@pytest.mark.slow
def test_a_solution_that_loses_points_is_told_with_the_test_s_words(
    tmp_path: Path, bench: Bench
) -> None:
    tests = make_tests(public="assert double(2) == 5, 'expected 5'")

    public, hidden = prove_cells(tmp_path, [make_solution(), *tests], bench=bench)

    assert not public.is_full_with_solution
    assert hidden.is_full_with_solution
    assert "the solution scores 0 of 1 (it says: AssertionError: expected 5)" in str(
        public.problems[0]
    )


def test_a_test_that_the_solution_fails_catches_no_mutant(tmp_path: Path, bench: Bench) -> None:
    tests = make_tests(public="assert False, 'never'", hidden="assert False, 'never'")

    public, _ = prove_cells(tmp_path, [make_solution(), *tests], bench=bench)

    assert public.n_mutants > 0
    assert public.n_caught == public.n_caught_alone == 0


@pytest.mark.slow
def test_a_test_that_the_blank_release_passes_is_told(tmp_path: Path, bench: Bench) -> None:
    tests = make_tests(public="assert True, 'always right'")

    public, hidden = prove_cells(tmp_path, [make_solution(), *tests], bench=bench)

    assert not public.is_zero_when_blank
    assert "the blank release scores in it" in messages(public)
    assert hidden.is_zero_when_blank


def test_a_solution_that_makes_a_test_write_to_stderr_is_told(tmp_path: Path) -> None:
    public, _ = prove_canned(tmp_path, solution={"has_stderr": True})

    assert messages(public)[0] == "the solution makes it write to stderr"


@pytest.mark.parametrize("run", ["solution", "other"])
def test_a_slow_test_is_told(tmp_path: Path, run: str) -> None:
    public, _ = prove_canned(tmp_path, **{run: {"seconds": 7.25}})

    assert public.slowest_s == pytest.approx(7.25)
    assert "it takes 7.2 s, more than 5 s" in messages(public)


@pytest.mark.parametrize("message", [None, " ", "AssertionError: "])
def test_a_learner_who_is_told_nothing_is_a_problem(tmp_path: Path, message: str | None) -> None:
    public, _ = prove_canned(tmp_path, other={"message": message})

    assert "a learner who loses points in it is told nothing" in messages(public)


def test_points_that_differ_from_the_notebook_s_are_told(tmp_path: Path) -> None:
    public, _ = prove_canned(tmp_path, solution={"score": 3.0, "max_score": 3.0})

    assert messages(public)[0] == "it gives 1 points here and 3 when run"


def test_a_test_that_is_not_reached_is_not_full(tmp_path: Path) -> None:
    class Nothing(OneByOne):
        def run(self, assignment: str, answers: Mapping[CellKey, str]) -> dict[CellKey, ItemRun]:
            return {}

    proofs = prove_cells(tmp_path, [make_solution(), *make_tests()], prover=Nothing())

    assert [proof.is_full_with_solution for proof in proofs] == [False, False]
    assert "it was not reached with the solution" in messages(proofs[0])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("assert double(2) == 4", "the assert in line 1 tells the learner nothing"),
        ("assert double(2) == 4, ' '", "the assert in line 1 tells the learner nothing"),
        ("x = double(2)", "it checks nothing"),
    ],
)
@pytest.mark.slow
def test_a_test_that_says_nothing_is_told(
    tmp_path: Path, bench: Bench, source: str, message: str
) -> None:
    public, _ = prove_cells(
        tmp_path, [make_solution(), *make_tests(public=source)], n_mutants=0, bench=bench
    )

    assert message in messages(public)


@pytest.mark.parametrize(
    "source",
    [
        "from numpy.testing import assert_equal\nassert_equal(double(2), 4)",
        "import pandas as pd\npd.testing.assert_index_equal(a, b)\ny = 1",
        "if double(2) != 4:\n    raise ValueError('expected 4')",
        "points = 1 if double(2) == 4 else 0\npoints",
        "%time double(2)",
    ],
)
def test_other_ways_to_check_are_fine(tmp_path: Path, source: str) -> None:
    tests = make_tests(public=source)

    public, _ = prove_cells(tmp_path, [make_solution(), *tests], prover=Canned({}, {}))

    assert messages(public) == []


@pytest.mark.slow
def test_a_test_before_any_answer_is_told(tmp_path: Path, bench: Bench) -> None:
    first, second = make_tests()

    proofs = prove_cells(tmp_path, [first, make_solution(), second], n_mutants=2, bench=bench)

    assert "no answer cell stands before it" in messages(proofs[0])
    assert proofs[0].n_mutants == 0
    assert proofs[0].mutation_score is None


def test_answers_that_stand_together_are_one_exercise(tmp_path: Path, bench: Bench) -> None:
    half = make_solution("half", "def half(x):\n    return x / 2")
    both = "assert (half(7), double(3)) == (3.5, 6), 'half or double is wrong'"
    tests = make_tests(hidden=both)

    public, hidden = prove_cells(tmp_path, [make_solution(), half, *tests], bench=bench)

    assert public.n_mutants == hidden.n_mutants == public.n_caught
    assert public.n_caught_alone < hidden.n_caught_alone


def test_an_answer_without_mutants_is_a_warning(tmp_path: Path) -> None:
    text = "def double(x):\n    ### BEGIN SOLUTION\n    %time\n    ### END SOLUTION"

    proofs = prove_cells(
        tmp_path, [make_solution(source=text), *make_tests()], prover=Canned({}, {})
    )

    assert messages(proofs[1]) == ["no mutant could be made of it"]
    assert proofs[1].problems[0].severity == "warning"


def test_a_notebook_without_tests_needs_no_prover(tmp_path: Path) -> None:
    prover = Canned({}, {})

    assert prove_cells(tmp_path, [make_solution()], prover=prover) == []
    assert prover.calls == []


def test_every_run_has_a_source_for_every_answer(tmp_path: Path) -> None:
    prover = Canned({}, {})

    prove_cells(tmp_path, [make_solution(), *make_tests()], prover=prover)

    assert {tuple(answers) for answers in prover.calls} == {(("values", "double"),)}
    sources = [answers["values", "double"] for answers in prover.calls]
    assert len(set(sources)) == len(sources)


def test_progress_is_told_after_each_wrong_answer(tmp_path: Path) -> None:
    steps: list[tuple[int, int, str]] = []

    prove_cells(
        tmp_path,
        [make_solution(), *make_tests()],
        prover=Canned({}, {}),
        n_mutants=2,
        progress=lambda done, total, what: steps.append((done, total, what)),
    )

    assert steps == [(number, 3, "values/double") for number in (1, 2, 3)]
