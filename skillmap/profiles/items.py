"""What the answers of a cohort say of each item of the course.

In: a Fitted cohort, item estimates, the course. Out: one ItemReport per item, in course order.
Laws: nobody is named; what fewer than MIN_GROUP learners stand behind is not told; a remark about
fit, tag or mark is made only where chance is an unlikely author, by the rules of `fit`, `tags` and
MARKS_OFF. Whether an item is good is for a person to say: a remark is a reason to look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

from skillmap.estimation import author_easiness
from skillmap.evidence import EvidenceFrame, exercise_of
from skillmap.model import (
    AssignmentId,
    Course,
    GradedAttempt,
    Item,
    ItemEstimate,
    ItemId,
    LearnerId,
    Reason,
    Response,
)
from skillmap.profiles.findings import Finding, findings_by_item
from skillmap.profiles.fit import Fitted, ItemFit, discoveries, judge_fit, residuals
from skillmap.profiles.groups import MIN_GROUP, GroupCount, count_group
from skillmap.profiles.tags import TagDoubt, doubt_tags

__all__ = ["ItemReport", "report_items"]

MISFIT_RATE = 0.05  # of the items shown as misfits may fit (Benjamini-Hochberg over the course)
MARKS_OFF = 1.0  # the author may err by a mark: that is the model's prior sd (ADR 7)
SURE_ENOUGH = 0.95  # probability that the author erred by more
LOGITS_PER_MARK = author_easiness(3) - author_easiness(4)
REACH = NormalDist().inv_cdf(0.95)  # half a 90 % interval, in sds

_Answers = Mapping[LearnerId, Sequence[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """One item. Figures are None when fewer than MIN_GROUP learners answered.

    difficulty, low, high: mean and 90 % interval on the author's scale of `mark`, 1 (easy) to 5
    (hard); it goes on beyond both ends. mean: of first answers, in [0, 1]. infit, outfit: mean
    squares, None with fewer than `fit.MIN_ANSWERS` learners. failing: whose newest answer does not
    solve it. remarks: what to look at, gravest first. findings: what grading noted at its cell.
    """

    item: ItemId
    assignment: AssignmentId
    mark: int
    n_learners: GroupCount
    difficulty: float | None = None
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    infit: float | None = None
    outfit: float | None = None
    failing: GroupCount | None = None
    remarks: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()


def report_items(
    fitted: Fitted,
    estimates: Sequence[ItemEstimate],
    course: Course,
    *,
    attempts: Sequence[GradedAttempt] = (),
) -> list[ItemReport]:
    """Report on every item of the course. attempts: what grading noted, for the findings."""
    laid_out = residuals(fitted)
    fits = judge_fit(laid_out)
    answers = _by_item(fitted.frame)
    evidence = _Evidence(
        answers=answers,
        estimates={one.item: one for one in estimates},
        fits={one.item: one for one in fits},
        misfits=_misfits(fits),
        doubts={one.item: one for one in doubt_tags(fitted, laid_out)},
        worst=_worst_cells(answers, course),
        findings=findings_by_item(attempts, course),
    )
    return [_report(item, evidence) for item in course.items.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """All that is known, keyed by item."""

    answers: Mapping[ItemId, _Answers]
    estimates: Mapping[ItemId, ItemEstimate]
    fits: Mapping[ItemId, ItemFit]
    misfits: frozenset[ItemId]
    doubts: Mapping[ItemId, TagDoubt]
    worst: frozenset[ItemId]
    findings: Mapping[ItemId, tuple[Finding, ...]]


def _report(item: Item, evidence: _Evidence) -> ItemReport:
    answers = evidence.answers.get(item.id, {})
    n = len(answers)
    if n < MIN_GROUP or item.id not in evidence.estimates:
        return ItemReport(
            item=item.id,
            assignment=item.assignment,
            mark=item.difficulty,
            n_learners=count_group(n),
        )
    estimate, fit = evidence.estimates[item.id], evidence.fits.get(item.id)
    difficulty, reach = _in_marks(estimate), REACH * estimate.sd / LOGITS_PER_MARK
    return ItemReport(
        item=item.id,
        assignment=item.assignment,
        mark=item.difficulty,
        n_learners=count_group(n),
        difficulty=difficulty,
        low=difficulty - reach,
        high=difficulty + reach,
        mean=fmean(tries[0].fraction for tries in answers.values()),
        infit=fit.infit if fit else None,
        outfit=fit.outfit if fit else None,
        failing=count_group(_n_failing(answers), of=n),
        remarks=tuple(_remarks(item, evidence)),
        findings=evidence.findings.get(item.id, ()),
    )


def _remarks(item: Item, evidence: _Evidence) -> list[Reason]:
    """Say what to look at, gravest first."""
    answers = evidence.answers[item.id].values()
    remarks = []
    if not any(one.is_solved for tries in answers for one in tries):
        remarks.append(Reason(key="items.nobody"))
    is_misfit = item.id in evidence.misfits
    is_reversed = is_misfit and evidence.fits[item.id].is_reversed
    if is_misfit:
        remarks.append(Reason(key="items.reversed" if is_reversed else "items.misfit"))
    # Residuals of a reversed item follow every skill that its own is opposed to.
    if (doubt := evidence.doubts.get(item.id)) and not is_reversed:
        remarks.append(Reason(key="items.tag", values={"skill": doubt.skill}))
    if key := _mark_remark(evidence.estimates[item.id], item.difficulty):
        remarks.append(Reason(key=key, values={"mark": item.difficulty}))
    if item.id in evidence.worst:
        remarks.append(Reason(key="items.worst_cell"))
    if all(tries[0].is_solved for tries in answers):
        remarks.append(Reason(key="items.everybody"))
    return remarks


def _mark_remark(estimate: ItemEstimate, mark: int) -> str | None:
    """Name the remark when the item is surely off by more than MARKS_OFF."""
    difficulty = NormalDist(_in_marks(estimate), estimate.sd / LOGITS_PER_MARK)
    if 1 - difficulty.cdf(mark + MARKS_OFF) >= SURE_ENOUGH:
        return "items.harder"
    return "items.easier" if difficulty.cdf(mark - MARKS_OFF) >= SURE_ENOUGH else None


def _in_marks(estimate: ItemEstimate) -> float:
    return 3 - estimate.easiness / LOGITS_PER_MARK


def _misfits(fits: Sequence[ItemFit]) -> frozenset[ItemId]:
    found = discoveries([fit.p_value for fit in fits], rate=MISFIT_RATE)
    return frozenset(fit.item for fit, is_found in zip(fits, found, strict=True) if is_found)


def _worst_cells(answers: Mapping[ItemId, _Answers], course: Course) -> frozenset[ItemId]:
    """Of each exercise that several cells judge, the one that most learners are left failing."""
    failing: dict[tuple[str, str, str], dict[ItemId, int]] = {}
    for item in course.items.values():
        n_failing = _n_failing(answers.get(item.id, {}))
        failing.setdefault(exercise_of(item), {})[item.id] = n_failing
    worst = set()
    for cells in failing.values():
        most, *others = sorted(cells, key=lambda item: -cells[item])
        if others and cells[most] >= MIN_GROUP and cells[most] > cells[others[0]]:
            worst.add(most)
    return frozenset(worst)


def _n_failing(answers: _Answers) -> int:
    return sum(not tries[-1].is_solved for tries in answers.values())


def _by_item(frame: EvidenceFrame) -> dict[ItemId, dict[LearnerId, list[Response]]]:
    """Answers to each item by learner, oldest first: the frame's rows are sorted so."""
    grouped: dict[ItemId, dict[LearnerId, list[Response]]] = {}
    for response in frame.responses:
        grouped.setdefault(response.item, {}).setdefault(response.learner, []).append(response)
    return grouped
