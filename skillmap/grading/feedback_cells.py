"""Choose what a learner may see of an autograded notebook.

In: the notebook as a dict, a score for each of its grade ids. Out: FeedbackCell[].
Law: no hidden test is in what comes out, neither in a source nor in what it wrote; a cell with
hidden tests shows none of its outputs but the error of a public test.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from skillmap.grading.feedback_hidden import (
    BEGIN,
    END,
    HiddenLines,
    Region,
    find_hidden,
    public_error,
    split_hidden,
)
from skillmap.grading.feedback_text import text_of, without_colours

__all__ = ["CellScore", "FeedbackCell", "Status", "feedback_cells"]

Kind = Literal["markdown", "code", "raw"]
Status = Literal["done", "not_yet", "waits", "unchecked"]
MAX_TITLE = 80
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_MARKS = re.compile(r"[*_`]{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellScore:
    """What the gradebook holds of one cell.

    score: None when nothing gave one. reason: why it got no points, in plain words or as a key of
    `feedback_words`. note: what else to say below it. comment: a person's, or nbgrader's own.
    """

    score: float | None = None
    max_score: float = 0.0
    needs_manual_grade: bool = False
    comment: str | None = None
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackCell:
    """One cell as a learner may see it.

    title: the heading that it stands under. is_withheld: its outputs quoted a hidden test.
    is_missing: the gradebook knows the cell, the notebook does not have it.
    """

    kind: Kind
    source: str = ""
    outputs: tuple[dict[str, Any], ...] = ()
    grade_id: str | None = None
    is_test: bool = False
    is_answer: bool = False
    score: float | None = None
    max_score: float = 0.0
    needs_manual_grade: bool = False
    comment: str | None = None
    has_hidden_checks: bool = False
    reason: str | None = None
    note: str | None = None
    title: str | None = None
    hidden_check_failed: bool = False
    is_withheld: bool = False
    is_missing: bool = False

    @property
    def is_graded(self) -> bool:
        """Whether it gives points."""
        return self.is_test or self.max_score > 0 or self.needs_manual_grade

    @property
    def status(self) -> Status:
        """How far it is, never how good somebody is."""
        if self.needs_manual_grade:
            return "waits"
        if self.score is None:
            return "unchecked"
        return "done" if self.score >= self.max_score else "not_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    hidden: HiddenLines
    titles: Mapping[str, str] = field(default_factory=dict)
    show_hidden: bool = False


def feedback_cells(
    notebook: Mapping[str, Any],
    scores: Mapping[str, CellScore],
    *,
    titles: Mapping[str, str] | None = None,
    show_hidden: bool = False,
    begin: str = BEGIN,
    end: str = END,
) -> tuple[FeedbackCell, ...]:
    """Build the cells of a page; cells that are scored but not in the notebook come last.

    titles: names of grade cells, else each has the heading before it. show_hidden: show the hidden
    tests and what they said. begin, end: the marks around them.
    """
    cells = [cell for cell in _listed(notebook.get("cells")) if isinstance(cell, Mapping)]
    regions = [split_hidden(text_of(cell.get("source")), begin=begin, end=end) for cell in cells]
    rules = _Rules(hidden=find_hidden(regions), titles=titles or {}, show_hidden=show_hidden)
    built = list(_titled(map(_cell, cells, regions, [rules] * len(cells)), rules.titles))
    scored = [_scored(cell, scores) for cell in built]
    present = {cell.grade_id for cell in built}
    missing = (grade_id for grade_id in scores if grade_id not in present)
    return (*scored, *(_missing(one, scores, rules.titles) for one in missing))


def _cell(cell: Mapping[str, Any], region: Region, rules: _Rules) -> FeedbackCell:
    mark = _mark(cell)
    kind = cell.get("cell_type")
    built = FeedbackCell(
        kind=kind if kind in ("markdown", "code") else "raw",
        source=text_of(cell.get("source")) if rules.show_hidden else region.public,
        outputs=tuple(one for one in _listed(cell.get("outputs")) if isinstance(one, dict)),
        grade_id=text_of(mark.get("grade_id")) or None,
        is_test=bool(mark.get("grade")) and not mark.get("solution") and kind == "code",
        is_answer=bool(mark.get("solution")),
        has_hidden_checks=bool(region.hidden),
    )
    if rules.show_hidden:
        return built
    if region.hidden:
        return _without_hidden(built, region, rules.hidden)
    # All or nothing: what is left out line by line would tell which guess was right.
    is_quoting = any(rules.hidden.are_quoted_in(text) for text in _texts(built.outputs))
    return replace(built, outputs=(), is_withheld=True) if is_quoting else built


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mark(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return mark if isinstance(mark, Mapping) else {}


def _without_hidden(cell: FeedbackCell, region: Region, hidden: HiddenLines) -> FeedbackCell:
    error = next((one for one in cell.outputs if one.get("output_type") == "error"), None)
    if error is None:
        return replace(cell, outputs=())
    shown = public_error(error, region, hidden)
    outputs = () if shown is None else (shown,)
    return replace(cell, outputs=outputs, hidden_check_failed=shown is None)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield without_colours(value)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        if all(isinstance(part, str) for part in value):
            yield without_colours("".join(value))
        for part in value:
            yield from _texts(part)


def _titled(cells: Iterator[FeedbackCell], titles: Mapping[str, str]) -> Iterator[FeedbackCell]:
    heading: str | None = None
    for cell in cells:
        if cell.kind == "markdown" and not cell.is_answer:
            found = _HEADING.findall(cell.source)
            heading = _MARKS.sub("", found[-1])[:MAX_TITLE] if found else heading
        yield replace(cell, title=titles.get(cell.grade_id or "", heading))


def _scored(cell: FeedbackCell, scores: Mapping[str, CellScore]) -> FeedbackCell:
    found = scores.get(cell.grade_id or "")
    if found is None:
        return cell
    return replace(
        cell,
        score=found.score,
        max_score=found.max_score,
        needs_manual_grade=found.needs_manual_grade,
        comment=found.comment,
        reason=found.reason,
        note=found.note,
    )


def _missing(
    grade_id: str, scores: Mapping[str, CellScore], titles: Mapping[str, str]
) -> FeedbackCell:
    cell = FeedbackCell(kind="code", grade_id=grade_id, title=titles.get(grade_id), is_missing=True)
    scored = _scored(cell, scores)
    return replace(scored, reason=scored.reason or "reason.missing")
