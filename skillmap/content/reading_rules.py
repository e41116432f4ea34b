"""Measure how long sentences are: many readers learn the language while they learn the subject.

In: Markdown. Out: sentences by their number of words, and Problems that are warnings.
Law: code, tables, headings and addresses are no sentences; items of a list are one each.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import fmean

from skillmap.content.problems import Problem

__all__ = ["MAX_MEAN", "MAX_WORDS", "judge_reading", "sentences"]

MAX_WORDS = 25  # of one sentence; longer ones are read twice
MAX_MEAN = 15  # of a notebook's sentences; plain language guides of both languages say 15 to 20
FENCE = re.compile(r"^\s*(```|~~~).*?^\s*\1[^\n]*$", re.MULTILINE | re.DOTALL)
NO_PROSE = re.compile(r"^\s*(\||#|>?\s*!\[|<|---|\$\$).*$", re.MULTILINE)
INLINE_CODE = re.compile(r"`+[^`\n]*`+")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+", re.MULTILINE)
PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\x00)|\x00")
# A full stop after a short form or a number ends no sentence.
SHORT_FORMS = re.compile(
    r"\b(e\.g|i\.e|etc|approx|no|bl\.a|d\.v\.s|dvs|f\.eks|kl|nr|osv|ca|mr|jf|m\.m|o\.l)\.(?=\s)",
    re.IGNORECASE,
)
END = re.compile(r"(?<=[.!?:;])[\"»”*_)]*\s+(?=[^a-zæøå])")
WORD = re.compile(r"[^\W_]+(?:[-'’.,:/][^\W_]+)*")


def sentences(markdown: str) -> list[str]:
    """Return the sentences of a text.

    >>> sentences("# Title\\n\\nRead `x`. Then go on.\\n\\n- one\\n- two")
    ['Read Code.', 'Then go on.', 'one', 'two']
    """
    text = NO_PROSE.sub("\n", FENCE.sub("\n", markdown))
    text = LINK.sub(r"\1", INLINE_CODE.sub("Code", text))
    text = SHORT_FORMS.sub(lambda found: found[1].replace(".", ""), ITEM.sub("\x00", text))
    found = [END.split(" ".join(part.split())) for part in PARAGRAPH.split(text)]
    return [one.strip() for part in found for one in part if WORD.search(one)]


def judge_reading(file: Path, texts: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Warn of long sentences, each at its place, and of a notebook that has too many of them.

    texts: (place, Markdown).
    """
    lengths: list[int] = []
    for place, text in texts:
        for sentence in sentences(text):
            n_words = len(WORD.findall(sentence))
            lengths.append(n_words)
            if n_words > MAX_WORDS:
                start = " ".join(sentence.split()[:5])
                message = f"the sentence '{start} …' has {n_words} words, more than {MAX_WORDS}"
                yield _warning(file, place, message)
    mean = fmean(lengths) if lengths else 0.0
    if mean > MAX_MEAN:
        message = f"its sentences have {mean:.1f} words in the mean, more than {MAX_MEAN}"
        yield _warning(file, "", message)


def _warning(file: Path, place: str, message: str) -> Problem:
    return Problem(
        file=str(file), place=place, message=message, hint="make two of it", severity="warning"
    )
