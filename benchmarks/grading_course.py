"""Courses to measure grading on: an invented cohort's, or a copy of one that is there.

In: nothing, or a course directory that nbgrader can grade. Out: a folder with source/, submitted/
and a gradebook that knows the assignments; and two gradebooks, compared row for row.
Law: a directory that was given is only read.
"""

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from skillmap.content import find_content, load_course, read_answers, shipped_content
from skillmap.grading import generate_release, open_course, set_due_date, source_assignments
from skillmap.workflows.demo.cohort import Behaviour, read_cohort
from skillmap.workflows.demo.work import Visit, plan_visits

__all__ = ["copy_course", "differences", "make_course", "release_all"]

PAIRS = {  # assignments of two notebooks, of the starter course's with one
    "pair-1": ("python-1-values", "python-2-collections"),
    "pair-2": ("python-3-functions", "pandas-1-frames"),
    "pair-3": ("pandas-2-clean", "pandas-3-groups"),
}
N_LEARNERS = 17  # 16 are cast; some have not come to the last assignments
DUE = datetime(2026, 3, 2, 17, tzinfo=UTC)
PLUGIN = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'
WORK_PRODUCTS = ("autograded", "feedback", "release", "skillmap.db*", ".*.new", ".*.old")
ROWS = """
select 'grade', sa.student_id, a.name, n.name, bc.name, gc.max_score, gc.cell_type,
       g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
from grade g
join submitted_notebook sn on g.notebook_id = sn.id
join submitted_assignment sa on sn.assignment_id = sa.id
join assignment a on sa.assignment_id = a.id
join base_cell bc on g.cell_id = bc.id
join grade_cells gc on gc.id = bc.id
join notebook n on bc.notebook_id = n.id
"""
NOTEBOOKS = """
select 'notebook', sa.student_id, a.name, n.name, sn.flagged, sn.late_submission_penalty
from submitted_notebook sn
join submitted_assignment sa on sn.assignment_id = sa.id
join assignment a on sa.assignment_id = a.id
join notebook n on sn.notebook_id = n.id
"""
COMMENTS = """
select 'comment', sa.student_id, a.name, n.name, bc.name, c.auto_comment, c.manual_comment
from comment c
join submitted_notebook sn on c.notebook_id = sn.id
join submitted_assignment sa on sn.assignment_id = sa.id
join assignment a on sa.assignment_id = a.id
join base_cell bc on c.cell_id = bc.id
join notebook n on bc.notebook_id = n.id
"""


def make_course(root: Path) -> None:
    """Make a course of two-notebook assignments, with the answers of the demo's learners."""
    content = find_content(None)
    course = load_course(content)
    cohort = read_cohort(shipped_content() / "demo", course, N_LEARNERS)
    root.mkdir()
    text = f'c = get_config()\nc.CourseDirectory.course_id = "bench"\n{PLUGIN}'
    (root / "nbgrader_config.py").write_text(text, encoding="utf-8")
    for pair, parts in PAIRS.items():
        for part in parts:
            shutil.copytree(content.source / part, root / "source" / pair, dirs_exist_ok=True)
    release_all(root)
    set_due_date(open_course(root), "pair-1", DUE)
    for pair, parts in PAIRS.items():
        exercises = {part: read_answers(content, part) for part in parts}
        for learner in cohort.people.learners:
            own = cohort.behaviour[learner.id]
            come_to = [p for p in parts if p in cohort.assignments[: own.assignments]]
            visits = {
                part: plan_visits(own, part, exercises[part], course, due=DUE)[-1]
                for part in come_to
            }
            _hand_in(root, pair, own, list(visits.values()), content.source)


def _hand_in(
    root: Path, pair: str, learner: Behaviour, visits: Sequence[Visit], source: Path
) -> None:
    """Write the notebooks that a learner came to; the other of the pair is missing then."""
    if not visits or any(visit.copied_cell for visit in visits):
        return  # nbgrader cannot grade a copied cell
    released, folder = root / "release" / pair, root / "submitted" / learner.id / pair
    folder.mkdir(parents=True)
    for visit in visits:
        for file in (source / visit.assignment).glob("*.ipynb"):
            notebook = json.loads((released / file.name).read_text(encoding="utf-8"))
            _fill(notebook, visit)
            text = json.dumps(notebook, indent=1, ensure_ascii=False)
            (folder / file.name).write_text(text + "\n", encoding="utf-8")
    at = max(visit.at for visit in visits) + timedelta(hours=learner.seed % 7)
    stamp = at.strftime("%Y-%m-%d %H:%M:%S.%f %Z")
    (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")


def _fill(notebook: dict[str, Any], visit: Visit) -> None:
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in visit.answers:
            cell["source"] = visit.answers[grade_id]


def copy_course(given: Path, root: Path) -> None:
    """Copy a course directory without what grading made of it, and make its gradebook ready.

    Its gradebook is copied, for the due dates. Raises SystemExit when its configuration names
    places outside: they would be written to.
    """
    shutil.copytree(given, root, ignore=shutil.ignore_patterns(*WORK_PRODUCTS), symlinks=True)
    course = open_course(root)
    places = [course.source("x"), course.submitted("x", "x"), course.autograded("x", "x")]
    outside = [str(place) for place in places if not place.is_relative_to(course.root)]
    if outside or course.db_url != f"sqlite:///{course.root}/gradebook.db":
        raise SystemExit(
            f"{given}: its nbgrader_config.py names places outside of it "
            f"({', '.join(outside) or course.db_url}). Measure on a copy without those settings."
        )
    release_all(root)


def release_all(root: Path) -> None:
    """Tell the gradebook the cells of every assignment."""
    course = open_course(root)
    for assignment in source_assignments(course):
        generate_release(course, assignment)


def differences(theirs: Path, ours: Path, graded: set[tuple[str, str]]) -> list[str]:
    """List the rows of two gradebooks that are not in both, of the (assignment, learner) named.

    Ids and the time of grading aside.
    """
    left, right = (_rows(root / "gradebook.db", graded) for root in (theirs, ours))
    return sorted(
        [f"nbgrader: {row}" for row in left - right] + [f"ours: {row}" for row in right - left]
    )


def _rows(gradebook: Path, graded: set[tuple[str, str]]) -> set[str]:
    with closing(sqlite3.connect(gradebook)) as connection:
        found = [row for query in (ROWS, NOTEBOOKS, COMMENTS) for row in connection.execute(query)]
    return {repr(row) for row in found if (row[2], row[1]) in graded}
