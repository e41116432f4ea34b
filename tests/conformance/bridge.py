"""nbgrader's own commands, with our grader in the place of its kernels.

The frame is nbgrader's: command line, choice of submissions, what is skipped, removed and reported.
Everything between a submission and what is left of it is ours: reading, judging, files, gradebook,
pages. `courtroom` is set once, by the plugin.
"""

import os
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from nbformat import from_dict
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde, GenerateFeedback, NbGraderException
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, Execute
from nbgrader.validator import Validator
from traitlets import List

from skillmap.errors import GradingError
from skillmap.grading import (
    Autograder,
    NbgraderCourse,
    Submission,
    find_submissions,
    give_feedback,
)
from skillmap.grading.judge_rules import read_rules
from skillmap.judging import Courtroom, NotebookPlan, Scoring
from skillmap.judging.kernel_law import in_its_words, is_skipped
from skillmap.judging.notebook_run import CodeCell, run_notebook

__all__ = ["BoxedExecute", "BoxedValidator", "JudgedAutograde", "OurFeedback", "use"]

VALIDATING = {"NBGRADER_VALIDATING": "1", "NBGRADER_EXECUTION": "validate"}
_courtroom: list[Courtroom] = []


def use(courtroom: Courtroom) -> None:
    """Judge in this courtroom from now on."""
    _courtroom[:] = [courtroom]


def course_of(step: Any) -> NbgraderCourse:
    """The course that one of nbgrader's commands works on, with its options."""
    coursedir = step.coursedir
    api = NbGraderAPI(coursedir=coursedir, config=step.config, log=step.log)
    root = Path(coursedir.root)
    return NbgraderCourse(root=root, config=step.config, api=api, log=step.log)


class JudgedAutograde(Autograde):
    """`nbgrader autograde`, judged."""

    def convert_notebooks(self) -> None:
        self._course = course_of(self)
        try:
            with Autograder(self._course, _courtroom[0], scoring=Scoring.NBGRADER) as self._judges:
                super().convert_notebooks()
        except GradingError as error:
            self.log.error(error)
            raise NbGraderException(str(error)) from error

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        submission = self._find(assignment_id, student_id)
        outcome = self._judges.begin(submission) or self._judges.finish_some()[0]
        if outcome.result.problem:
            raise NbGraderException(outcome.result.problem)
        self.notebooks = []  # all of it is done

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Ours are set while the files are written."""

    def _find(self, assignment_id: str, student_id: str) -> Submission:
        found = find_submissions(self._course, assignment_id)
        return next(one for one in found if one.attempt.learner == student_id)


class BoxedExecute(Execute):
    """The step that runs a notebook's cells, in a box."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        rules = read_rules(course_of(self.parent.parent), Scoring.NBGRADER)
        wanted = [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()]
        cells = [
            CodeCell(place=place, source=cell.source)
            for place, cell in enumerate(wanted)
            if not is_skipped(cell, rules.kernel)
        ]
        told = f"__import__('os').environ.update({VALIDATING!r})"
        runs = run_notebook(
            _courtroom[0].gate,
            [CodeCell(place=-1, source=told), *cells],
            plan=NotebookPlan(),
            files={name: Path(name).read_bytes() for name in os.listdir() if os.path.isfile(name)},
            limits=rules.limits,
        )
        for cell in cells:
            outputs = in_its_words(runs[cell.place].outputs, rules.kernel)
            wanted[cell.place].outputs = [from_dict(output) for output in outputs]
        return nb, resources


class BoxedValidator(Validator):
    """`nbgrader validate`, in a box."""

    preprocessors = List([CheckCellMetadata, ClearOutput, BoxedExecute])


class OurFeedback(GenerateFeedback):
    """`nbgrader generate_feedback`, with our pages; those of other notebooks stay as they are."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        course = course_of(self)
        folder = course.feedback(student_id, assignment_id)
        before = {path: path.read_bytes() for path in folder.glob("*.html")}
        give_feedback(course, assignment_id, student_id)
        for page in folder.glob("*.html"):
            if not fnmatch(page.stem, self.coursedir.notebook_id):
                page.unlink()
        for page, content in before.items():
            if not fnmatch(page.stem, self.coursedir.notebook_id):
                page.write_bytes(content)
        self.notebooks = []  # all of it is done
