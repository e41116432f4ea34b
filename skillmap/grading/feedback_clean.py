"""Turn what learners and their code wrote into HTML that is safe to show.

In: markdown, HTML, Python and pictures of a notebook. Out: `Markup` in which nothing runs and
nothing is fetched.
Law: only the tags and attributes below get through; a picture is a PNG or JPEG that lies in the
page itself; a link leads out only when a person follows it.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from functools import lru_cache
from html import escape
from keyword import kwlist

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from skillmap.grading.feedback_text import visible

__all__ = ["clean_html", "code_html", "markdown_html", "picture_source"]

MAX_HTML = 100_000  # characters; a longer table is shown as its text
MAX_TAGS = 4_000  # pandas shows 60 rows of 20 columns with fewer
MAX_UNCLOSED = 400  # tags; the time to read them grows with the square of their depth
MAX_MARKDOWN = 20_000  # characters
MAX_MARKS = 1_000  # brackets, stars and underscores; time grows with their square, too
MAX_PICTURE = 1_500_000  # characters of base64
MAX_KEPT = 5_000  # characters of a text whose page is remembered

TAGS = (
    "a abbr b blockquote br caption code del div em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol "
    "p pre q s samp small span strong sub sup table tbody td tfoot th thead tr u ul var"
)
# What these hold is no text for readers.
DROPPED = "script style svg math iframe object embed template noscript title textarea select"
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
_DATA = re.compile(r"data:image/(png|jpeg);base64,([A-Za-z0-9+/=\s]+)\Z")
# As nh3 writes it: nothing but these two attributes, quotes within them escaped.
_IMG = re.compile(r'<img((?: (?:src|alt)="[^"]*")*)>')
_ALT = re.compile(r' alt="([^"]*)"')
_HEADING = re.compile(r"<(/?)h([1-6])>")
_SMALL_NUMBER = re.compile(r"[0-9]{1,3}\Z")


def _allowed(_tag: str, attribute: str, value: str) -> str | None:
    if attribute in ("colspan", "rowspan", "start"):
        return value if _SMALL_NUMBER.match(value) else None
    if attribute == "href":
        return value if value.lower().startswith(("http://", "https://")) else None
    if attribute == "src":
        found = _DATA.match(value)
        return picture_source(f"image/{found[1]}", found[2]) if found else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS.split()),
    clean_content_tags=set(DROPPED.split()),
    attributes=_ATTRIBUTES,
    attribute_filter=_allowed,
    url_schemes={"http", "https", "data"},
    link_rel="noopener noreferrer nofollow",
)


def clean_html(html: str, *, picture: str) -> Markup | None:
    """Clean the HTML that a learner's code showed; `picture` names a picture without a name.

    None when it is too large or too tangled to be read in a short time.
    """
    n_tags, n_closing = html.count("<"), html.count("</")
    if len(html) > MAX_HTML or n_tags > MAX_TAGS or n_tags - 2 * n_closing > MAX_UNCLOSED:
        return None
    cleaned = visible(_CLEANER.clean(visible(html)))
    cleaned = _HEADING.sub(r"<\1div>", cleaned)  # an output is no part of the page's outline
    return Markup(_name_pictures(cleaned, picture))


def markdown_html(text: str, *, picture: str, above: int) -> tuple[Markup, int]:
    """Render markdown whose headings follow one of level `above`; return the last level, too.

    A text that is too tangled to be read in a short time is shown as it was written.
    """
    if len(text) > MAX_MARKDOWN or sum(map(text.count, "[*_")) > MAX_MARKS:
        return Markup("<pre>{}</pre>").format(text), above
    render = _remembered if len(text) <= MAX_KEPT else _markdown
    return _in_order(render(text, picture), above)


def picture_source(kind: str, data: str) -> str | None:
    """Return the address of a picture that lies in the page, when it is what `kind` says."""
    _, _, name = kind.partition("image/")
    packed = "".join(data.split())
    if name not in _MAGIC or len(packed) > MAX_PICTURE:
        return None
    try:
        is_real = b64decode(packed, validate=True).startswith(_MAGIC[name])
    except (Base64Error, ValueError):
        return None
    return f"data:{kind};base64,{packed}" if is_real else None


def code_html(source: str) -> Markup:
    """Mark keywords, texts, numbers and comments of Python; any other text just passes."""
    parts = []
    at = 0
    for found in _PYTHON.finditer(source):
        parts.append(escape(source[at : found.start()]))
        parts.append(f'<span class="py-{found.lastgroup}">{escape(found[0])}</span>')
        at = found.end()
    return Markup("".join([*parts, escape(source[at:])]))


# Each alternative ends wherever it began, closed or not, so that no text is read twice.
_PYTHON = re.compile(
    r"(?P<c>#[^\n]*)"
    r'|(?P<s>\b[bfruBFRU]{1,2}(?=["\'])|(?:"""(?:[^"\\]|\\.|"(?!""))*(?:"""|\Z)'
    r"|'''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)"
    r"""|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?))"""
    rf"|\b(?:(?P<k>{'|'.join(kwlist)})|(?P<n>\d[\w.]*))\b",
    re.DOTALL,
)


def _markdown(text: str, picture: str) -> str:
    html = _parser().render(visible(text))
    return _name_pictures(visible(_CLEANER.clean(html)), picture)


_remembered = lru_cache(maxsize=512)(_markdown)  # all learners read the same instructions


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _name_pictures(html: str, picture: str) -> str:
    def named(found: re.Match[str]) -> str:
        alt = _ALT.search(found[1])
        name = (alt[1] if alt else "").strip() or escape(picture)
        if ' src="' not in found[1]:
            return f'<span class="gone">{name}</span>'
        return found[0] if alt and alt[1].strip() else f'<img alt="{name}"{_ALT.sub("", found[1])}>'

    return _IMG.sub(named, html) if "<img" in html else html


def _in_order(html: str, above: int) -> tuple[Markup, int]:
    # A heading is at most one level below the one before it, as a reader by ear expects.
    level = above

    def placed(found: re.Match[str]) -> str:
        nonlocal level
        if not found[1]:
            level = min(int(found[2]) + 2, level + 1, 6)
        return f"<{found[1]}h{level}>"

    if "<h" in html:
        html = _HEADING.sub(placed, html)
    return Markup(html), level
