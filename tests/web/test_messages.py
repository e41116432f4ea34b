import ast
import re
from pathlib import Path

import pytest

import skillmap
from skillmap.web.messages import LANGUAGES, best_language, load_catalogue, load_messages

ROOT = Path(skillmap.__file__).parent
WEB = ROOT / "web"
# wait.<stage> is built from these in matching/pair_reasons.py
BUILT = {f"wait.{stage}" for stage in ("language", "evening", "excluded", "full")}
# next.<mode> and next.<mode>.other are built from these in profiles/next_items.py
BUILT |= {"next.practise", "next.practise.other", "next.assess", "next.assess.other"}
BUILT |= {"next.pinned", "next.nearest"}
# placement.<outcome> is built from these in profiles/placement.py
BUILT |= {f"placement.{outcome}" for outcome in ("skip", "take", "not_asked")}


def literals(source: str) -> set[str]:
    nodes = ast.walk(ast.parse(source))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def used_keys() -> set[str]:
    known = load_messages()["en"].keys()
    found = set(BUILT)
    elsewhere = [*(ROOT / "matching").glob("*.py"), *(ROOT / "workflows").glob("*.py")]
    for path in [*WEB.rglob("*.py"), *elsewhere]:
        found |= literals(path.read_text()) & known
    for path in (WEB / "templates").glob("*.html"):
        text = path.read_text()
        found |= set(re.findall(r"\b(?:t|tn|w\.say|w\.count)\(\s*[\"']([a-z0-9_.]+)[\"']", text))
        found |= set(re.findall(r"[\"']([a-z0-9_.]+)[\"']\)? (?:if|else)", text)) & known
    return found


def asked_keys() -> set[str]:
    """Keys that code asks for by the pattern of a call, whether known or not."""
    calls = re.compile(r"\b(?:say|count)\(\s*\"([a-z0-9_.]+)\"")
    reasons = re.compile(r"key=\"([a-z_.]+)\"")
    sources = [p.read_text() for p in WEB.rglob("*.py")]
    pair = [p.read_text() for p in (ROOT / "matching").glob("*.py")]
    keys = {key for text in sources for key in calls.findall(text)}
    return keys | {key for text in pair for key in reasons.findall(text)} | BUILT


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_is_used_has_words(language: str) -> None:
    missing = (used_keys() | asked_keys()) - load_messages()[language].keys()

    assert missing == set()


def test_no_message_is_stale() -> None:
    assert load_messages()["en"].keys() - used_keys() == set()


def test_both_languages_have_the_same_keys_and_fields() -> None:
    def shape(language: str) -> dict[str, tuple[int, list[set[str]]]]:
        rows = {}
        for message in load_catalogue(language):
            if message.id:
                forms = message.string if message.pluralizable else (message.string,)
                key = message.id[0] if message.pluralizable else message.id
                fields = set().union(*(re.findall(r"{(\w+)}", form) for form in forms))
                rows[key] = (len(forms), sorted(fields))
        return rows

    assert shape("en") == shape("nb")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    sentences = []
    for message in load_catalogue(language):
        forms = message.string if message.pluralizable else (message.string,)
        for form in forms if message.id else ():
            sentences += [s for s in re.split(r"(?<=[.?!:])\s", form) if len(s.split()) > 3]

    lengths = [len(sentence.split()) for sentence in sentences]

    assert sum(lengths) / len(lengths) <= 15
    assert max(lengths) <= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_differ_from_singular_only_where_the_language_does(language: str) -> None:
    messages = load_messages()[language]

    assert messages.count("minutes", 1) != messages.count("minutes", 2)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb"),
        ("nn", "nb"),
        ("no", "nb"),
        ("en-GB", "en"),
        ("uk,nb;q=0.5", "nb"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_the_browser_language_is_followed_before_login(header: str, language: str) -> None:
    assert best_language(header) == language


def test_a_value_never_becomes_markup() -> None:
    said = load_messages()["en"].say("today.hello", name="<script>{x}</script>")

    assert "<script>" not in said
    assert "{x}" in said
