"""The message catalogues: every word on a page, by key and language.

In: `messages/<language>.po` of this room. Out: `Markup` with the values set in, escaped.
Law: a key that is missing raises, so that a page never shows a key; a value never becomes markup
unless it is markup already.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from gettext import c2py
from importlib.resources import files

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

__all__ = ["LANGUAGES", "Messages", "best_language", "load_catalogue", "load_messages"]

LANGUAGES = ("en", "nb")
_ALSO = {"no": "nb", "nn": "nb", "da": "nb", "sv": "nb"}  # readers of these read bokmål best


class Messages:
    """The messages of one language."""

    def __init__(self, language: str, catalogue: Catalog) -> None:
        self.language = language
        self._forms: Mapping[str, tuple[str, ...]] = {
            _key(message.id): _forms(message.string) for message in catalogue if message.id
        }
        self._form_of = c2py(catalogue.plural_expr)

    def keys(self) -> frozenset[str]:
        """All keys of this catalogue."""
        return frozenset(self._forms)

    def say(self, key: str, /, **values: object) -> Markup:
        """Return the message `key` with `values` set in; KeyError when there is none."""
        return escape(self._forms[key][0]).format(**values)

    def count(self, key: str, n: int, /, **values: object) -> Markup:
        """Return the form of message `key` that fits `n`; the message may use {n}."""
        form = self._forms[key][self._form_of(n)]
        return escape(form).format(n=n, **values)


def load_catalogue(language: str) -> Catalog:
    """Read one .po file."""
    path = files("skillmap.web").joinpath(f"messages/{language}.po")
    with path.open("rb") as file:
        return read_po(file, locale=language)


@lru_cache(maxsize=1)
def load_messages() -> Mapping[str, Messages]:
    """Read all catalogues once, keyed by language."""
    return {language: Messages(language, load_catalogue(language)) for language in LANGUAGES}


def best_language(accept_language: str) -> str:
    """Choose among LANGUAGES by an Accept-Language header; quality values are read as an order."""
    for part in accept_language.lower().split(","):
        code = part.split(";")[0].strip().split("-")[0]
        if (code := _ALSO.get(code, code)) in LANGUAGES:
            return code
    return LANGUAGES[0]


def _key(msgid: str | Sequence[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _forms(words: str | Sequence[str] | None) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words or ())
