"""Interval bars as SVG that we draw ourselves: no script, no picture file, sharp on paper.

In: a probability with its interval, cuts of levels. Out: `Markup` of one <svg>.
Law: shape carries the meaning (solid, dashed, empty), colour only repeats it. All positions are
percentages, so that one drawing fits each width; the style sheet mirrors it for right-to-left.
"""

from collections.abc import Sequence

from markupsafe import Markup

from skillmap.model import Standing

__all__ = ["interval_bar"]

_BAR = Markup(
    '<svg class="bar {kind}" role="img" aria-label="{label}" width="100%" height="28">'
    '<rect class="track" x="0" y="12" width="100%" height="4" rx="2"/>'
    "{cuts}"
    '<rect class="span" x="{low}%" y="7" width="{width}%" height="14" rx="7"/>'
    '<circle class="mean" cx="{mean}%" cy="14" r="4"/>'
    "</svg>"
)
_CUT = Markup('<line class="cut" x1="{x}%" x2="{x}%" y1="2" y2="26"/>')
_KINDS = {"at_least": "solid", "early_sign": "dashed"}


def interval_bar(
    *, low: float, mean: float, high: float, cuts: Sequence[float], standing: Standing, label: str
) -> Markup:
    """Draw the interval [low, high] with its mean on a scale from 0 to 1, and a tick per cut."""
    return _BAR.format(
        kind=_KINDS.get(standing, "dashed"),
        label=label,
        cuts=Markup("").join(_CUT.format(x=_percent(cut)) for cut in cuts),
        low=_percent(low),
        width=_percent(high - low),
        mean=_percent(mean),
    )


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.1f}"
