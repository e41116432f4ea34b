import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.reading import RequirementReader
from skillmap.reading.requirements import MAX_WORDS_CHARS
from tests.reading.builders import SKILLS, asked, read

BOKMAL_AD = """Om oss
Vi er et lite selskap som har laget Java-systemer for norske kunder i ti år.

Arbeidsoppgaver
- Utvikle tjenester i JavaScript

Kvalifikasjoner:
- Erfaring med Python og SQL
- Gode norskkunnskaper, skriftlig og muntlig

Det er en fordel om du har:
- Kjennskap til Docker
- Kan lese engelsk dokumentasjon

Vi tilbyr
- Kurs og sertifisering i Azure
- Norskkurs"""


def test_sections_decide_what_is_required() -> None:
    assert asked(BOKMAL_AD) == {
        "javascript": "may",
        "python": "must",
        "sql": "must",
        "nb": "must B2",
        "docker": "may",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Du må ha god kjennskap til Python.", {"python": "must"}),
        ("Du må kunne Python og Java.", {"python": "must", "java": "must"}),
        ("Det er et krav at du kan SQL.", {"sql": "must"}),
        ("Erfaring med Git kreves.", {"git": "must"}),
        ("Vi søker deg som har arbeidet med Java.", {"java": "must"}),
        ("Me søkjer deg som kan Java.", {"java": "must"}),
        ("Du har kunnskap om Docker, og det er en føremon.", {"docker": "may"}),
        ("Gjerne erfaring med Docker.", {"docker": "may"}),
        ("Kjennskap til Azure er ønskelig.", {"azure": "may"}),
        ("Kunnskap om Azure er ein fordel.", {"azure": "may"}),
        ("Docker er et pluss.", {"docker": "may"}),
        ("You have experience with Python.", {"python": "must"}),
        ("We require solid knowledge of SQL.", {"sql": "must"}),
        ("Git is a must.", {"git": "must"}),
        ("Docker is a plus.", {"docker": "may"}),
        ("Nice to have: Docker and Azure", {"docker": "may", "azure": "may"}),
        ("Ideally you know React.", {"react": "may"}),
        (
            "Experience with Docker, Azure, and React is an advantage.",
            dict.fromkeys(("docker", "azure", "react"), "may"),
        ),
        ("Krav: Python. Fordel: Docker", {"python": "must", "docker": "may"}),
        ("Vi bruker React og .NET.", {"react": "may", "dotnet": "may"}),
    ],
)
def test_the_words_of_a_sentence_decide(text: str, expected: dict[str, str]) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Du må kunne Python, gjerne også Docker.", {"python": "must", "docker": "may"}),
        ("Python er et krav, men Git er en fordel.", {"python": "must", "git": "may"}),
        ("Git er en fordel, og du må kunne Python.", {"git": "may", "python": "must"}),
        ("Du har erfaring med skript (gjerne Python) og SQL.", {"python": "may", "sql": "must"}),
        ("You know SQL and preferably Docker.", {"sql": "must", "docker": "may"}),
    ],
)
def test_a_cue_reaches_as_far_as_its_clause(text: str, expected: dict[str, str]) -> None:
    assert asked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Vi har levert Java-løsninger i ti år.",
        "We have built Java systems since 1999.",
        "Vi tilbyr opplæring i Azure.",
        "You will learn Azure with us.",
        "Du trenger ikke kunne Python.",
        "Python is not required.",
        "",
        " \n\n- \n",
    ],
)
def test_stories_offers_and_waivers_are_no_requirements(text: str) -> None:
    assert asked(text) == {}


@pytest.mark.parametrize(
    "text", ["Du kan Java eller C#.", "Experience with Java, C# or Python is required."]
)
def test_of_skills_joined_by_or_none_alone_is_required(text: str) -> None:
    assert set(asked(text).values()) == {"may"}


@pytest.mark.parametrize("text", ["Du kan React eller lignende.", "You know Kotlin or Java."])
def test_a_choice_with_something_unknown_is_a_choice_too(text: str) -> None:
    assert set(asked(text).values()) == {"may"}


def test_all_that_an_and_joins_is_required() -> None:
    assert asked("Du kan Java, C# og Python.") == dict.fromkeys(
        ("java", "csharp", "python"), "must"
    )


@pytest.mark.parametrize(
    "heading",
    [
        "Fint, men ikke nødvendig",
        "Not required, but welcome",
        "Det er ynskjeleg at du har",
        "Ønskelige kvalifikasjoner",
        "Nice-to-haves",
        "It helps if you",
    ],
)
def test_headings_of_wishes_open_wishes(heading: str) -> None:
    assert asked(f"Krav\n- Python\n\n{heading}\n- Docker") == {"python": "must", "docker": "may"}


@pytest.mark.parametrize("heading", ["We expect", "Det må du kunne", "Du bør ha", "Must-haves"])
def test_headings_of_demands_open_demands(heading: str) -> None:
    assert asked(f"Nice to have\n- Docker\n\n{heading}\n- SQL") == {"docker": "may", "sql": "must"}


def test_an_example_is_not_required_itself() -> None:
    assert asked("Du har erfaring med dataanalyse, f.eks. Power BI.") == {
        "data.analysis": "must",
        "powerbi": "may",
    }


def test_the_firmest_demand_for_a_skill_counts() -> None:
    assert asked("Gjerne Python.\nDu må ha erfaring med Python.\nPython er en fordel.") == {
        "python": "must"
    }


def test_a_skill_in_the_title_is_required() -> None:
    found = RequirementReader(SKILLS).read("Vi bruker Python.", title="Python-utvikler søkes")

    assert [(one.ref, one.is_required, one.words) for one in found] == [
        ("python", True, "Python-utvikler søkes")
    ]


def test_a_requirement_quotes_the_sentence_that_says_it() -> None:
    found = read("Vi er ti.\n- Du har god erfaring med SQL\n- Gjerne Docker")

    assert [one.words for one in found] == ["Du har god erfaring med SQL", "Gjerne Docker"]


def test_a_long_sentence_is_quoted_around_what_it_names() -> None:
    found = read("Du har erfaring " + "og mye annet " * 40 + "med SQL " + "og så videre " * 40)

    assert "SQL" in found[0].words
    assert len(found[0].words) <= MAX_WORDS_CHARS


PIECES = st.lists(
    st.sampled_from(
        [
            "Du må kunne ",
            "gjerne ",
            "Python",
            "C#",
            " SQL",
            "norsk",
            " B2",
            "\n- ",
            ". ",
            ", ",
            "og ",
        ]
        + [
            " er en fordel",
            "Krav:\n",
            "Vi tilbyr\n",
            "flytende ",
            "engelsk ",
            "(",
            ")",
            "æøå",
            "\n",
        ]
    ),
    max_size=30,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(PIECES | st.text(max_size=200))
def test_the_words_of_a_requirement_stand_in_the_text(text: str) -> None:
    found = read(text)

    assert all(one.words and one.words in text for one in found)
    assert len({(one.kind, one.ref) for one in found}) == len(found)
    assert found == read(text)
