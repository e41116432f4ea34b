"""What an instructor reads of the exercises: what to look at first, then every item in a table.

In: a CohortAnalysis. Out: rows of ready words.
Law: nobody is named, and no figure appears that the analysis left out for a small group.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from skillmap.model import Course
from skillmap.profiles import MIN_GROUP, GroupCount, ItemReport, PrerequisiteDoubt
from skillmap.web.views.results import items_of
from skillmap.web.words import Words
from skillmap.workflows.analyse import CohortAnalysis

__all__ = ["ItemTable", "ItemWords", "doubted_orders", "item_tables", "standing_out"]

# Whether a remark alone brings an item to the top of the page.
IS_GRAVE: Mapping[str, bool] = {
    "items.nobody": True,
    "items.reversed": True,
    "items.misfit": True,
    "items.tag": True,
    "items.harder": True,
    "items.easier": True,
    "items.worst_cell": False,
    "items.everybody": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What grading noted at an item, in the grader's English, and for how many learners."""

    text: str
    n_learners: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWords:
    """One item in words; figures are None where too few learners stand behind them."""

    title: str
    cell: str
    assignment: str
    mark: int
    n: Markup
    difficulty: Markup | None
    mean: Markup | None
    fit: Markup | None
    failing: Markup | None
    remarks: tuple[Markup, ...]
    notes: tuple[Note, ...]
    is_grave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTable:
    """The items of one assignment."""

    title: str
    rows: tuple[ItemWords, ...]


def item_tables(analysis: CohortAnalysis, course: Course, words: Words) -> list[ItemTable]:
    """Lay out the items of each assignment in the course's order."""
    known = {one.item: one for one in analysis.items}
    return [
        ItemTable(
            title=words.assignment(assignment),
            rows=tuple(
                _item(known[item.id], item.grade_id, words) for item in items_of(course, assignment)
            ),
        )
        for assignment in course.assignments()
    ]


def standing_out(tables: list[ItemTable]) -> list[ItemWords]:
    """Keep the items that a person should look at first."""
    return [row for table in tables for row in table.rows if row.is_grave]


def doubted_orders(analysis: CohortAnalysis, words: Words) -> list[Markup]:
    """Say which modules seem not to need the one before."""
    return [_order(doubt, words) for doubt in analysis.prerequisites]


def _item(report: ItemReport, cell: str, words: Words) -> ItemWords:
    return ItemWords(
        title=words.item(report.item),
        cell=cell,
        assignment=words.assignment(report.assignment),
        mark=report.mark,
        n=_group(report.n_learners, words),
        difficulty=_difficulty(report, words),
        mean=_mean(report, words),
        fit=_fit(report, words),
        failing=_group(report.failing, words) if report.failing else None,
        remarks=tuple(words.reason(remark, {}) for remark in report.remarks),
        notes=tuple(
            Note(text=one.text, n_learners=words.count("items.note", one.n_learners))
            for one in report.findings
        ),
        is_grave=any(IS_GRAVE[remark.key] for remark in report.remarks),
    )


def _difficulty(report: ItemReport, words: Words) -> Markup | None:
    if report.difficulty is None or report.low is None or report.high is None:
        return None
    value, low, high = (words.number(n) for n in (report.difficulty, report.low, report.high))
    return words.say("items.interval", value=value, low=low, high=high)


def _mean(report: ItemReport, words: Words) -> Markup | None:
    if report.mean is None:
        return None
    return words.say("instructor.mean", n=words.number(10 * report.mean))


def _fit(report: ItemReport, words: Words) -> Markup | None:
    if report.infit is None or report.outfit is None:
        return None
    infit, outfit = words.number(report.infit), words.number(report.outfit)
    return words.say("items.fit", infit=infit, outfit=outfit)


def _group(count: GroupCount, words: Words) -> Markup:
    if count.shown == "few":
        return words.say("items.group.few", n=MIN_GROUP)
    if count.shown == "nearly_all":
        return words.say("items.group.nearly_all")
    return words.say("items.group.exact", n=count.n)


def _order(doubt: PrerequisiteDoubt, words: Words) -> Markup:
    return words.say(
        "items.order.doubt",
        earlier=words.named(words.assignment(doubt.earlier)),
        later=words.named(words.assignment(doubt.later)),
        who=_group(doubt.n_learners, words),
    )
