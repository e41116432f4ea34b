"""Turn what a cell showed into points, by nbgrader's law and by the corrected one.

In: a restored cell, or the outputs of a test. Out: a score (None: a person has to grade) and, where
the points may surprise, the reason.
Laws: `nbgrader` equals nbgrader 0.9.6 (utils.determine_grade, SaveAutoGrades). `corrected` differs
from it where a teacher would: a warning costs nothing, an error counts wherever it stands, and
partial credit is a finite number in [0, maximum], as NumPy and the standard library write it, too.
"""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from skillmap.errors import GradingError
from skillmap.judging.wording import printable

__all__ = [
    "NO_RESPONSE",
    "AboveMaximumError",
    "CellScore",
    "UnscorableCellError",
    "auto_comment",
    "checksum",
    "corrected_answer_score",
    "corrected_score",
    "ignore_pattern",
    "is_locked",
    "limit_output",
    "nbgrader_score",
    "result_kind",
]

NO_RESPONSE = "No response."  # SaveAutoGrades' comment on an answer left as it was handed out

LATE_ERROR = "The test failed after it had given its result; nbgrader counts the result."
STDERR = "The test wrote a warning or other text to stderr, for which nbgrader gives 0 points."
FALSE = "The test's last line gives False, for which nbgrader gives full points."
NUMBER = "The test's last line gives a number as {text}, for which nbgrader gives full points."
NOT_FINITE = "The test's last line gives {text}, which is no score; nbgrader gives full points."
NEGATIVE = "The test's last line gives {text}, which is negative; nbgrader gives full points."
ABOVE = "The test's last line gives {text}, above the maximum; nbgrader stops at that."
LAST = "The test gave more than one result; nbgrader counts the first one, this is the last one."
NO_TEXT = "The test's last line gives a result without text, at which nbgrader stops."
NO_TEXT_STOPS = f"{NO_TEXT} End the test with a number, or with an assert."

MAX_SHOWN = 40  # characters of a result in a sentence
WRAPPED = re.compile(
    r"np\.(?:(?:float|u?int)\d+|longdouble|u?longlong)\('?([^'()]+)'?\)|Decimal\('([^']+)'\)"
)
FRACTION = re.compile(r"Fraction\((-?\d+), (\d+)\)")
TRUTH = {"True": True, "np.True_": True, "False": False, "np.False_": False}

ResultKind = Literal["none", "number", "above", "other"]
Cell = Mapping[str, Any]
Output = Mapping[str, Any]


class UnscorableCellError(GradingError):
    """nbgrader stops at what a test cell shows, and gives the learner no points at all."""


class AboveMaximumError(UnscorableCellError):
    """A test gives more points than it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellScore:
    """Points of one cell; None: a person has to grade. reason: where they may surprise."""

    score: float | None
    reason: str | None = None


def nbgrader_score(cell: Cell) -> float | None:
    """Return nbgrader's score of a restored grade cell: its metadata hold points and checksum.

    Raises AboveMaximumError, or UnscorableCellError for a result without text.
    """
    mark = cell["metadata"]["nbgrader"]
    max_score = float(mark["points"])
    if mark.get("solution"):
        return 0.0 if mark.get("checksum") == checksum(cell) else None
    if cell["cell_type"] != "code":
        return None
    return _nbgrader_test_score(cell["outputs"], max_score)


def corrected_score(outputs: Sequence[Output], max_score: float) -> CellScore:
    """Score a test by its outputs, in [0, max_score]; a reason is given where nbgrader differs."""
    results = [_text(output) for output in outputs if output["output_type"] == "execute_result"]
    is_failed = any(output["output_type"] == "error" for output in outputs)
    if is_failed:
        score, reason = 0.0, LATE_ERROR
    else:
        score, reason = _partial_credit(results[-1], max_score) if results else (max_score, STDERR)
    theirs = _nbgrader_test_score(outputs, max_score, is_strict=False)
    if theirs == score:
        return CellScore(score=score)
    if not is_failed and theirs == 0 and any(map(_is_stderr, outputs)):
        reason = STDERR
    elif not is_failed and len(results) > 1:
        reason = LAST
    return CellScore(score=score, reason=reason)


def result_kind(outputs: Sequence[Output], max_score: float) -> ResultKind:
    """Say what the last result of a test is: a number that may be points, or something else."""
    results = [_text(output) for output in outputs if output["output_type"] == "execute_result"]
    value = _number(results[-1]) if results and results[-1] not in TRUTH else None
    if not results or value is None:
        return "other" if results else "none"
    if math.isnan(value) or value < 0:
        return "number"  # which is no points, and needs no person
    return "number" if value <= max_score else "above"


def corrected_answer_score(*, is_unchanged: bool) -> CellScore:
    """Score an answer that a person grades: 0 when the learner left it as it was handed out."""
    return CellScore(score=0.0 if is_unchanged else None)


def auto_comment(cell: Cell) -> str | None:
    """Return nbgrader's comment on a restored solution or task cell."""
    mark = cell["metadata"]["nbgrader"]
    if mark.get("checksum") == checksum(cell) and not mark.get("task"):
        return NO_RESPONSE
    return None


def limit_output(
    outputs: Sequence[Output], *, max_lines: int = 1000, max_traceback: int = 100
) -> list[Output]:
    """Cut the outputs of a code cell as nbgrader's LimitOutput does; -1 means no limit."""
    n_lines = 0
    kept: list[Output] = []
    for output in outputs:
        if output["output_type"] == "error":
            kept.append(_limit_traceback(output, max_traceback))
        elif output["output_type"] != "stream" or max_lines == -1:
            kept.append(output)
        elif n_lines != max_lines:
            lines = output["text"].split("\n")
            if len(lines) + n_lines > max_lines:
                lines = [*lines[: max_lines - n_lines - 1], "... Output truncated ..."]
                output = {**output, "text": "\n".join(lines)}
            n_lines += len(lines)
            kept.append(output)
    return kept


def ignore_pattern(outputs: Sequence[Output], pattern: str) -> list[Output]:
    """Leave out what was written to stderr and matches, as nbgrader's IgnorePattern does."""
    return [
        output
        for output in outputs
        if not (pattern and _is_stderr(output) and re.search(pattern, output["text"]))
    ]


def checksum(cell: Cell) -> str:
    """Return nbgrader's fingerprint of a cell: source, type, role, id and points."""
    mark = cell["metadata"]["nbgrader"]
    is_grade = mark.get("grade", False)
    parts = [
        cell["source"],
        cell["cell_type"],
        str(is_grade),
        str(mark.get("solution", False)),
        str(is_locked(mark)),
        mark["grade_id"],
    ]
    if is_grade:
        parts.append(str(float(mark["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def is_locked(mark: Mapping[str, Any]) -> Any:
    """Whether nbgrader puts the instructor's source back, by a cell's nbgrader metadata.

    Its own value where nbgrader takes it as it stands: the checksum is made of its text.
    """
    if mark.get("solution") or mark.get("grade"):
        return not mark.get("solution")
    return mark.get("locked", False)


def _is_stderr(output: Output) -> bool:
    return (output["output_type"], output.get("name")) == ("stream", "stderr")


def _limit_traceback(output: Output, limit: int) -> Output:
    lines = output["traceback"]
    if limit == -1 or len(lines) <= limit:
        return output
    start = limit // 2
    end = limit - start - 1
    return {
        **output,
        "traceback": [*lines[:start], "... Traceback truncated ...", *lines[-end:]],
    }


def _nbgrader_test_score(
    outputs: Sequence[Output], max_score: float, *, is_strict: bool = True
) -> float:
    """Return nbgrader's score of a test; when not strict, NaN where nbgrader stops."""
    for output in outputs:
        if output["output_type"] == "error" or _is_stderr(output):
            return 0.0
        if output["output_type"] == "execute_result":
            try:
                return _nbgrader_partial(output["data"].get("text/plain"), max_score)
            except UnscorableCellError:
                if is_strict:
                    raise
                return math.nan
    return max_score


def _nbgrader_partial(text: Any, max_score: float) -> float:
    if not text:
        raise UnscorableCellError(NO_TEXT_STOPS)
    if isinstance(text, list) and len(text) > 1:
        return max_score
    try:
        value = float(text[0] if isinstance(text, list) else text)
    except ValueError:
        return max_score
    except (TypeError, OverflowError) as error:
        raise UnscorableCellError(NO_TEXT_STOPS) from error
    if value > max_score:
        raise AboveMaximumError(
            f"The test's last line gives {value:g} of {max_score:g} points, at which nbgrader "
            "stops. Let the test give at most its maximum."
        )
    return value if value >= 0 else max_score


def _partial_credit(text: str, max_score: float) -> tuple[float, str]:
    """Return the points that a result gives, and why nbgrader may see it otherwise."""
    if text in TRUTH:
        return (max_score, NO_TEXT) if TRUTH[text] else (0.0, FALSE)
    value = _number(text)
    shown = printable(text, limit=MAX_SHOWN)
    if value is None:
        return max_score, NO_TEXT
    if not math.isfinite(value):
        return 0.0, NOT_FINITE.format(text=shown)
    if value < 0:
        return 0.0, NEGATIVE.format(text=shown)
    if value > max_score:
        return max_score, ABOVE.format(text=shown)
    return value, NUMBER.format(text=shown)


def _text(result: Output) -> str:
    data = result.get("data")
    text = data.get("text/plain", "") if isinstance(data, Mapping) else ""
    return "".join(map(str, text)).strip() if isinstance(text, list) else str(text).strip()


def _number(text: str) -> float | None:
    """Read a number as Python, NumPy, decimal or fractions write it; None: it is none."""
    wrapped = WRAPPED.fullmatch(text)
    fraction = FRACTION.fullmatch(text)
    try:
        if fraction:
            return int(fraction[1]) / int(fraction[2])
        return float(wrapped[1] or wrapped[2] if wrapped else text)
    except (ValueError, ArithmeticError):  # a signalling NaN; above 1.8e308; a zero below the line
        return math.nan if wrapped or fraction else None
