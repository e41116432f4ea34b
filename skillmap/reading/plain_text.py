"""Turn an ad's HTML into text for people and for reading.

In: HTML as employers' systems write it. Out: text, a block on a line, list items as "- " lines.
Law: any input gives an answer, in time that grows with its length and stops at MAX_CHARS.
"""

import re
from html.parser import HTMLParser

__all__ = ["MAX_CHARS", "plain_text"]

MAX_CHARS = 100_000  # nine of ten ads are below 5,300 characters; what is longer is no ad

_PARAGRAPHS = re.compile("p|h[1-6]|ul|ol|dl|table|section|article|header|footer|blockquote|pre")
_LINES = re.compile("div|br|li|tr|d[tdl]|hr|t[dh]|main|aside|figure|form|option")
_DROPPED = frozenset({"script", "style", "template", "noscript", "svg", "head", "iframe"})
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f]")
# A "<" without its ">" before the next "<" is text. Left to html.parser, many of them cost
# quadratic time.
_STRAY = re.compile(r"<(?![a-zA-Z/][^<>]*>)")
_DECLARATION = re.compile(r"<[!?][^<>]*>")  # html.parser ends with AssertionError at "<![a>"
_ITEM = "- "


def plain_text(html: str) -> str:
    """Return the readable words of `html`; text without any tag keeps its line breaks."""
    html = html[:MAX_CHARS]
    if "<" not in html:
        html = html.replace("\n", "<br>")
    parser = _Words()
    parser.feed(_STRAY.sub("&lt;", _DECLARATION.sub("", _without_comments(html))))
    parser.close()
    return _tidy("".join(parser.words))


class _Words(HTMLParser):
    """Collects words; knows only which tags break a line and which hide their content."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden_in: str | None = None
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden_in:
            self._depth += tag == self._hidden_in
        elif tag in _DROPPED:
            self._hidden_in, self._depth = tag, 1
        else:
            self._break(tag)
            if tag == "li" and self.words[-1:] != [_ITEM]:
                self.words.append(_ITEM)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._hidden_in:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden_in:
            self._depth -= tag == self._hidden_in
            if self._depth == 0:
                self._hidden_in = None
        else:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden_in and (data.strip() or not self._is_at_start()):
            self.words.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if self.words[-1:] == [_ITEM]:
            return  # <li><p>: the dash and its words stay on one line
        if _PARAGRAPHS.fullmatch(tag):
            self.words.append("\n\n")
        elif tag == "br" or (_LINES.fullmatch(tag) and not self._is_at_start()):
            self.words.append("\n")

    def _is_at_start(self) -> bool:
        """Whether the next word begins a line."""
        return not self.words or self.words[-1].endswith(("\n", _ITEM))


def _without_comments(html: str) -> str:
    kept = []
    place = 0
    while (start := html.find("<!--", place)) >= 0:
        kept.append(html[place:start])
        end = html.find("-->", start + 4)
        place = end + 3 if end >= 0 else len(html)
    return "".join([*kept, html[place:]])


def _tidy(text: str) -> str:
    lines = [re.sub(r"\s+", " ", line).strip() for line in _UNSEEN.sub("", text).split("\n")]
    full = "\n".join("" if line == "-" else line for line in lines)
    full = re.sub(r"\n{3,}", "\n\n", full).strip()
    return re.sub(r"(?m)(^- .*)\n\n(?=- )", r"\1\n", full)
