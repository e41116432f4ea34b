from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from skillmap.content import ContentPaths, find_content
from skillmap.judging import Bench, Courtroom, Tier, assignment_from_source
from skillmap.model import item_id
from skillmap.workflows.bench_prover import BenchProver
from skillmap.workflows.prove import CourseProof, prove_assignment, prove_course
from tests.content.builders import make_course as make_tagged_course
from tests.content.builders import make_essay, make_solution, make_test
from tests.grading.builders import (
    SOLUTION,
    add_assignment,
    copy_user_guide,
    make_cell,
    make_notebook,
)

pytestmark = pytest.mark.slow

TEST = "assert double(3) == 6, f'double(3) gave {double(3)}, expected 6'"
LEAST_SHARE_APART = 0.9
# Mutants of shipped answers that no test can tell, because they are right answers too.
OTHER_RIGHT_ANSWERS = {
    "pandas-2-clean/clean/to_amounts_more": [
        "`False` becomes `True`",  # both texts mean themselves as regular expressions
        "`False` becomes `True`",
    ],
    "pandas-2-clean/clean/newest_more": [
        "`.dropna(...)` is left out",  # rows without a number are kept one line below
    ],
    "pandas-3-groups/groups/with_place_more": [
        "`on='municipality_no'` is left out",  # the only column that both have
    ],
    "pandas-3-groups/groups/reconcile_more": [
        # Amounts have whole øre, so that no two differ by half an øre.
        "`(both['amount_l'] - both['amount_b']).abs() >= 0.005` becomes "
        "`(both['amount_l'] - both['amount_b']).abs() > 0.005`",
        "`ignore_index=True` is left out",  # the exercise asks for no index
        "`.sort_values(...)` is left out",  # an outer merge sorts by its key
        "`True` becomes `False`",
    ],
    "pandas-3-groups/groups/monthly_shares_more": [
        "`freq='M'` is left out",  # both ends are months
    ],
    "python-1-values/values/delay_minutes_more": [
        "`difference + 720` becomes `difference - 720`",  # the same remainder of 1440
    ],
    "python-1-values/values/is_iban_more": [
        "`.upper(...)` is left out",  # int(sign, 36) reads both cases
    ],
    "python-2-collections/collections/missing_numbers_more": [
        "`min(found)` becomes `min(found) + 1`",  # both ends were found
        "`max(found)` becomes `max(found) + 1`",
    ],
    "python-3-functions/functions/org_number_more": [
        "`strict=True` is left out",  # eight digits and eight weights
        "`True` becomes `False`",
    ],
}


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Courtroom() as court:
        yield court.bench


def prove_cells(
    bench: Bench, root: Path, *cells: dict[str, Any], n_mutants: int = 0
) -> CourseProof:
    """Prove an nbgrader course of one notebook with these cells."""
    add_assignment(root, "a1", {"one": list(cells)})
    return prove_assignment(bench, find_content(root), "a1", n_mutants=n_mutants, n_workers=2)


def exercise(test: str = TEST, solution: str = SOLUTION) -> list[dict[str, Any]]:
    return [
        make_cell(solution, grade_id="double", kind="solution"),
        make_cell(test, grade_id="double_test", points=2),
    ]


def errors(proof: CourseProof) -> list[str]:
    return [problem.message for problem in proof.problems if problem.severity == "error"]


def test_a_good_item_is_proved_apart_from_learners_code(bench: Bench, tmp_path: Path) -> None:
    proof = prove_cells(bench, tmp_path, *exercise(), n_mutants=40)

    [item] = proof.items
    assert (item.assignment, item.proof.item) == ("a1", "a1/one/double_test")
    assert item.plan.tier is Tier.VALUE
    assert item.proof.is_full_with_solution
    assert item.proof.is_zero_when_blank
    assert item.proof.mutation_score == 1
    assert 0 < item.proof.slowest_s < 5
    assert proof.share_apart == 1
    assert proof.problems == ()


DRAW = """def draw(values):
    ### BEGIN SOLUTION
    import matplotlib.pyplot as plt
    _, axes = plt.subplots()
    axes.bar(range(len(values)), values)
    return axes
    ### END SOLUTION"""


def test_the_documented_extractor_runs_apart_from_learners_code(
    bench: Bench, tmp_path: Path
) -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "write-an-assignment.md"
    blocks = page.read_text(encoding="utf-8").split("```")
    [example] = [block for block in blocks if "BEGIN EXTRACTOR\ndef" in block]

    proof = prove_cells(bench, tmp_path, *exercise(example.removeprefix("python\n"), DRAW))

    assert [item.plan.tier for item in proof.items] == [Tier.EXTRACTOR]
    assert errors(proof) == []


def test_an_extractor_may_serve_later_tests(bench: Bench, tmp_path: Path) -> None:
    first = (
        "### BEGIN EXTRACTOR\ndef shown(x):\n    return [str(double(x))]\n### END EXTRACTOR\n"
        "assert shown(3) == ['6'], f'double(3) gave {shown(3)}, expected 6'"
    )
    later = make_cell("assert shown(4) == ['8'], f'gave {shown(4)}'", grade_id="later")

    proof = prove_cells(bench, tmp_path, *exercise(first), later, n_mutants=4)

    assert [item.plan.tier for item in proof.items] == [Tier.EXTRACTOR, Tier.VALUE]
    assert errors(proof) == []


def test_a_test_that_cannot_be_kept_apart_says_why(bench: Bench, tmp_path: Path) -> None:
    test = "stream = open('x', 'w')\nassert double(3) == 6, 'not 6'\ndouble(stream) if 0 else None"
    later = make_cell("print(stream)", kind="plain")

    proof = prove_cells(bench, tmp_path, *exercise(test), later)

    [item] = proof.items
    assert (item.plan.tier, item.plan.reason) == (
        Tier.IN_KERNEL,
        "Later cells use what this test makes.",
    )
    assert proof.n_apart == 0


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("assert double(3) == 7, 'expected 7'", "the solution scores 0 of 2"),
        ("assert True, 'always right'", "the blank release scores in it"),
        (f"import sys\nprint('note', file=sys.stderr)\n{TEST}", "the solution makes it write to"),
    ],
)
def test_a_broken_item_is_told_with_its_cell(
    bench: Bench, tmp_path: Path, test: str, message: str
) -> None:
    proof = prove_cells(bench, tmp_path, *exercise(test))

    [problem] = [one for one in proof.problems if one.severity == "error"]
    assert problem.message.startswith(message)
    assert (problem.file, problem.place) == ("source/a1/one.ipynb", "cell 2 'double_test'")


def test_a_slow_item_is_told(bench: Bench, tmp_path: Path) -> None:
    test = f"import time\ntime.sleep(0.3)\n{TEST}"
    add_assignment(tmp_path, "a1", {"one": exercise(test)})

    proof = prove_assignment(bench, find_content(tmp_path), "a1", n_mutants=0, limit_s=0.2)

    [message] = errors(proof)
    assert message.endswith("more than 0.2 s")


def test_a_copied_grade_id_hides_no_other_item(bench: Bench, tmp_path: Path) -> None:
    other = make_cell("assert double(2) == 5, 'never'", grade_id="other")

    proof = prove_cells(bench, tmp_path, *exercise(), exercise()[1], other)

    assert {item.proof.item for item in proof.items} == {"a1/one/double_test", "a1/one/other"}
    assert errors(proof) == ["the solution scores 0 of 1"]


def test_a_learner_of_a_plain_course_may_be_told_nothing(bench: Bench, tmp_path: Path) -> None:
    proof = prove_cells(bench, tmp_path, *exercise("assert double(3) == 6"), n_mutants=4)

    assert errors(proof) == []
    assert "a learner who loses points in it is told nothing" in {
        problem.message for problem in proof.problems
    }


def test_the_author_s_wrong_answers_are_tried(bench: Bench, tmp_path: Path) -> None:
    paths = make_tagged_course(tmp_path, cells=[make_solution(), make_test(), make_essay()])

    proof = prove_assignment(bench, paths, "python-1", n_mutants=0)

    # double(2) == 4 does not tell 2 * x from x ** 2.
    assert "the wrong answer 'Squares' loses no points" in errors(proof)


def test_an_endless_wrong_answer_is_stopped_soon(bench: Bench, tmp_path: Path) -> None:
    add_assignment(tmp_path, "a1", {"one": exercise()})
    prover = BenchProver(bench, tmp_path / "source" / "a1", n_workers=2)
    right, endless = SOLUTION, "def double(x):\n    while True:\n        pass"

    runs = prover.run("a1", {("one", "double"): right})
    tried = dict(prover.run_many("a1", [{("one", "double"): endless}] * 3))

    assert runs["one", "double_test"].is_full
    assert sorted(tried) == [0, 1, 2]
    for found in tried.values():
        run = found["one", "double_test"]
        assert run.score == 0
        assert run.message is not None
        assert run.message.startswith("CellTimeoutError: ")
        assert run.seconds < 30


def test_only_the_notebook_of_a_wrong_answer_is_run(bench: Bench, tmp_path: Path) -> None:
    add_assignment(tmp_path, "a1", {"one": exercise(), "two": exercise()})
    prover = BenchProver(bench, tmp_path / "source" / "a1", n_workers=1)
    rights: Mapping[tuple[str, str], str] = {(n, "double"): SOLUTION for n in ("one", "two")}

    whole = prover.run("a1", rights)
    [(_, tried)] = prover.run_many("a1", [{**rights, ("two", "double"): "double = abs"}])

    assert set(whole) == {("one", "double_test"), ("two", "double_test")}
    assert set(tried) == {("two", "double_test")}


def test_a_notebook_in_another_language_is_a_problem(bench: Bench, tmp_path: Path) -> None:
    text = make_notebook(*exercise())
    folder = tmp_path / "source" / "a1"
    folder.mkdir(parents=True)
    (folder / "one.ipynb").write_text(text.replace('"python"', '"R"'), encoding="utf-8")

    proof = prove_assignment(bench, find_content(tmp_path), "a1", n_mutants=0)

    assert proof.items == ()
    assert proof.share_apart is None
    [problem] = proof.problems
    assert problem.file == "source/a1"
    assert "only Python can be graded here" in problem.message


def test_a_broken_notebook_is_left_to_the_check_of_files(bench: Bench, tmp_path: Path) -> None:
    add_assignment(tmp_path, "a1", {"one": exercise()})
    (tmp_path / "source" / "a1" / "two.ipynb").write_text("{", encoding="utf-8")

    proof = prove_assignment(bench, find_content(tmp_path), "a1", n_mutants=0)

    assert (proof.items, proof.problems) == ((), ())


def test_autotests_are_not_proved(bench: Bench, tmp_path: Path) -> None:
    proof = prove_cells(bench, tmp_path, *exercise("### AUTOTEST double(3)"))

    assert proof.items == ()
    assert [problem.severity for problem in proof.problems] == ["warning"]
    assert "AUTOTEST" in proof.problems[0].message


def test_nbgrader_s_own_course_is_proved_without_blueprints(tmp_path: Path) -> None:
    paths = find_content(copy_user_guide(tmp_path))
    titles: list[str] = []
    steps: list[int] = []

    def station(title: str) -> Any:
        titles.append(title)
        return lambda done, total, what: steps.append(total - done)

    proof = prove_course(paths, ["ps1"], n_mutants=2, station=station, n_workers=2)

    assert {item.proof.item for item in proof.items} == {
        "ps1/problem1/correct_squares",
        "ps1/problem1/squares_invalid_input",
        "ps1/problem1/correct_sum_of_squares",
        "ps1/problem1/sum_of_squares_uses_squares",
    }
    assert proof.share_apart == 1
    assert errors(proof) == []
    assert titles == ["Proving ps1"]
    assert steps == sorted(steps, reverse=True)


def shipped() -> tuple[ContentPaths, list[str]]:
    paths = find_content(None)
    return paths, sorted(folder.name for folder in paths.source.iterdir() if folder.is_dir())


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.soak)], ids=["some", "all"])
def test_shipped_tests_run_apart_from_learners_code(bench: Bench, step: int) -> None:
    paths, assignments = shipped()

    plans = {
        item_id(name, notebook.name, cell.grade_id): prover.plan_of(notebook.name, cell.grade_id)
        for name in assignments[::step]
        for prover in [BenchProver(bench, paths.source / name, n_workers=1)]
        for notebook in assignment_from_source(paths.source / name).notebooks
        for cell in notebook.cells
        if cell.is_test
    }

    beside = {item: plan.reason for item, plan in plans.items() if not plan.tier.is_apart}
    assert 1 - len(beside) / len(plans) >= LEAST_SHARE_APART, beside


def test_a_shipped_assignment_is_proved(bench: Bench) -> None:
    paths, _ = shipped()

    proof = prove_assignment(bench, paths, "python-2-collections", n_mutants=2, n_workers=2)

    assert errors(proof) == []
    assert len(proof.items) == 10
    assert proof.share_apart == 1


@pytest.mark.soak
@pytest.mark.parametrize("assignment", shipped()[1])
def test_every_shipped_item_is_proved(bench: Bench, assignment: str) -> None:
    proof = prove_assignment(bench, shipped()[0], assignment, n_mutants=40, n_workers=2)

    assert errors(proof) == []
    for item in proof.items:
        if not item.proof.item.endswith("_public"):
            survivors = [mutant.description for mutant in item.proof.survivors]
            assert survivors == OTHER_RIGHT_ANSWERS.get(item.proof.item, []), item.proof.item
