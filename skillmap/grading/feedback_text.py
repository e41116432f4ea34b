"""Make text that a learner's code wrote fit for a page: nothing invisible, nothing endless.

In: whatever stands in a notebook. Out: text, not yet escaped.
"""

import re

__all__ = [
    "MAX_LINES",
    "MAX_TEXT",
    "lines_of",
    "shortened",
    "text_of",
    "visible",
    "without_colours",
]

MAX_TEXT = 10_000  # characters of one output
MAX_LINES = 200

# CSI sequences such as colours, then OSC ones such as links and titles, then single escapes.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\^_]|\x08"
)
# Control characters, those that turn the direction of a line or have no shape, half characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)


def text_of(value: object) -> str:
    """Read a text of a notebook, which nbformat may keep as a list of lines."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return "".join(part for part in value if isinstance(part, str))
    return "" if value is None else str(value)


def lines_of(value: object) -> str:
    """Read a text of a notebook that is kept as a list without line ends, as tracebacks are."""
    if isinstance(value, list | tuple):
        return "\n".join(text_of(part) for part in value)
    return text_of(value)


def visible(text: str) -> str:
    """Write characters that a reader cannot see, or that turn a line around, as ⟨U+202E⟩."""
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def without_colours(text: str) -> str:
    r"""Take a terminal's escapes out, and what a carriage return has written over.

    >>> without_colours("10 %\r90 %\r\x1b[32mdone\x1b[0m")
    'done'
    """
    if "\x1b" in text or "\x08" in text:
        text = _ESCAPES.sub("", text)
    if "\r" not in text:
        return text
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)


def shortened(text: str, *, limit: int = MAX_TEXT, lines: int = MAX_LINES) -> tuple[str, int]:
    """Cut a text; return it with the number of characters left out."""
    kept = text[:limit]
    if kept.count("\n") >= lines:
        kept = "\n".join(kept.split("\n", lines)[:lines])
    return kept, len(text) - len(kept)
