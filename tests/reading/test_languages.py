import pytest

from tests.reading.builders import asked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Du må beherske norsk på nivå B2.", {"nb": "must B2"}),
        ("Minst B1-nivå i norsk kreves.", {"nb": "must B1"}),
        ("Du har gode norskkunnskaper, skriftlig og muntlig.", {"nb": "must B2"}),
        ("Du har svært gode engelskkunnskaper.", {"en": "must C1"}),
        ("You are fluent in English.", {"en": "must C1"}),
        ("Du snakker flytende norsk.", {"nb": "must C1"}),
        ("Krav:\n- God norsk og engelsk", {"nb": "must B2", "en": "must B2"}),
        ("Krav:\n- Flytende norsk og godt engelsk", {"nb": "must C1", "en": "must B2"}),
        ("Krav:\n- Norsk (B2) og engelsk (C1)", {"nb": "must B2", "en": "must C1"}),
        ("Krav:\n- Norsk og engelsk", {"nb": "must", "en": "must"}),
        ("Arbeidsspråket vårt er engelsk.", {"en": "must B2"}),
        ("Our working language is English.", {"en": "must B2"}),
        ("You must know basic Norwegian, the language of our users.", {"nb": "must A2"}),
        ("Du må kunne kommunisere på norsk.", {"nb": "must B1"}),
        ("Norwegian as mother tongue is required.", {"nb": "must C2"}),
        ("Du snakker og skriver norsk flytende.", {"nb": "must C1"}),
        ("Vi snakker norsk i hverdagen.", {"nb": "may B1"}),
        ("Norwegian language skills are a plus.", {"nb": "may"}),
        ("Det er en fordel om du kan norsk.", {"nb": "may"}),
        ("Me ønskjer at du meistrar nynorsk, gjerne òg tysk.", {"nb": "must B2", "de": "may"}),
    ],
)
def test_languages_come_with_their_level(text: str, expected: dict[str, str]) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Du behersker et skandinavisk språk.",
        "Du behersker norsk, svensk eller dansk.",
        "Du behersker et skandinavisk språk (norsk, svensk eller dansk).",
    ],
)
def test_a_scandinavian_language_is_met_by_norwegian(text: str) -> None:
    assert asked(text) == {"nb": "must B2"}


def test_of_languages_joined_by_or_none_alone_is_required() -> None:
    assert asked("Du har gode kunnskaper i norsk eller engelsk.") == {
        "nb": "may B2",
        "en": "may B2",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Vi hjelper norske kunder med skriftlig dialog.",
        "You have knowledge of Norwegian law and communicate with Norwegian companies.",
        "Du har kunnskap om norsk regelverk.",
        "Norwegian is not required.",
        "Du trenger ikke snakke norsk.",
        "Søknad og CV skrives på norsk eller engelsk.",
        "Vi tilbyr norskkurs.",
        "We offer Norwegian classes at work.",
    ],
)
def test_countries_waivers_applications_and_courses_are_no_demands(text: str) -> None:
    assert asked(text) == {}


def test_the_required_language_wins_over_the_wish_for_more() -> None:
    assert asked("Norsk på B2-nivå er et krav. Flytende norsk er en fordel.") == {"nb": "must B2"}
