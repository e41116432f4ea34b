import pytest

from skillmap.reading.skill_words import SkillWords
from tests.reading.builders import SKILLS


def found(text: str) -> list[str]:
    return [skill for one in SkillWords(SKILLS).find(text) for skill in one.skills]


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("Java", ["java"]),
        ("JavaScript", ["javascript"]),
        ("C# og C++", ["csharp", "cpp"]),
        ("C, C++ og C#", ["c", "cpp", "csharp"]),
        (".NET", ["dotnet"]),
        ("dotnetter", []),
        ("ASP.NET", ["dotnet"]),
        ("C#/.NET", ["dotnet", "csharp", "dotnet"]),
        ("Node.js, NodeJS, Node JS", ["javascript"] * 3),
        ("node.js", ["javascript"]),
        ("Azure DevOps", ["devops"]),
        ("Azure, DevOps", ["azure"]),
        ("Power BI, PowerBI, power-bi", ["powerbi"] * 3),
        ("SQL Server og MySQL", ["sql"]),
        ("(Python)", ["python"]),
        ("Python/Java", ["python", "java"]),
        ("Python.", ["python"]),
        ("påJavaøy", []),
    ],
)
def test_names_are_matched_whole_and_the_longest_wins(text: str, skills: list[str]) -> None:
    assert found(text) == skills


@pytest.mark.parametrize(
    "text",
    ["Pythonutvikler", "Python-erfaring", "pythonkompetanse", "Pythons", "PYTHON", "Python3"[:6]],
)
def test_inflected_and_compounded_names_count(text: str) -> None:
    assert found(text) == ["python"]


@pytest.mark.parametrize("text", ["dataanalysen", "dataanalyser", "Dataanalyse", "data-analysis"])
def test_norwegian_endings_count(text: str) -> None:
    assert found(text) == ["data.analysis"]


@pytest.mark.parametrize(
    "text",
    [
        "you excel at this",
        "Excel at your job",
        "Go to our page",
        "we go far",
        "react to changes",
        "React to changes",
        "vitamin c",
        "R&C",
        "gitar",
    ],
)
def test_everyday_words_are_no_skills(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["Excel", "EXCEL", "Go og React", "React-komponenter"])
def test_everyday_words_written_as_names_are_skills(text: str) -> None:
    assert found(text)


def test_letters_beyond_ascii_are_letters() -> None:
    assert found("feilsøking i økosystemet, feilsøkingen") == ["debugging"] * 2


def test_an_empty_catalogue_finds_nothing() -> None:
    assert list(SkillWords({}).find("Python")) == []
