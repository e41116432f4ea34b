"""evidence, attest, state and withdraw, as they are typed."""

import json

import pytest
from typer.testing import CliRunner

from skillmap.cli import app
from skillmap.model import AttestationId, LearnerId, PersonId
from skillmap.store import access, attestations, people
from skillmap.workflows.programme import Programme
from skillmap.workflows.start import start_programme
from tests.web.world import NOW, make_learner, make_person

AMINA = LearnerId(PersonId("amina"))
REFERENCE = ("--words", "She wrote it.", "--level", "working", "--seen-on", "2026-11-20")
OUTSIDE = ("--name", "Zofia Nowak", "--role", "team lead, Nordlys")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """Each test leaves nothing that is listed."""
    root = tmp_path_factory.mktemp("cli") / "course"
    programme = start_programme(root, course_id="spring")
    with programme.database.begin() as session:
        people.save_learner(session, make_learner("amina", goals=()))
        people.save_person(session, make_person("siri", "Siri Holm", "instructor"))
    return programme


def run(course: Programme, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--course", str(course.root), *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output.replace("\n", " ")


def listed(course: Programme) -> dict[str, list[dict[str, object]]]:
    code, text = run(course, "evidence", "amina", "--json")
    assert code == 0
    return json.loads(text)


@pytest.mark.slow
def test_an_attestation_is_listed_between_consent_and_withdrawal(course: Programme) -> None:
    code, text = run(course, "attest", "amina", "sql", *REFERENCE, *OUTSIDE)
    assert (code, "counts when amina says yes" in text) == (0, True)
    assert listed(course)["attested"] == []

    with course.database.begin() as session:
        attestations.consent(session, AttestationId(1), at=NOW)
    [kept] = listed(course)["attested"]
    assert kept["words"] == "She wrote it."
    assert "Zofia Nowak" in run(course, "evidence", "amina")[1]

    assert run(course, "withdraw", "attestation", "1", "--by", "siri")[0] == 8
    assert run(course, "withdraw", "attestation", "1", "--by", "amina")[0] == 0
    assert listed(course)["attested"] == []
    with course.database.begin() as session:
        assert {look.what for look in access.of(session, AMINA)} == {"access.what.evidence"}


@pytest.mark.slow
def test_a_statement_is_kept_listed_and_taken_back(course: Programme) -> None:
    words = ("--source", "work", "--years", "4.5", "--last-used", "2020", "--level", "strong")

    assert run(course, "state", "amina", "sql", *words)[0] == 0

    [kept] = listed(course)["stated"]
    assert (kept["years"], kept["last_used"], kept["level"]) == (4.5, 2020, "strong")
    assert run(course, "withdraw", "statement", "1", "--by", "amina")[0] == 0
    assert listed(course)["stated"] == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("attest", "amina", "sql", *REFERENCE), 2, "Say who saw it"),
        (("attest", "amina", "sql", *REFERENCE, *OUTSIDE, "--by", "siri"), 2, "Say who saw it"),
        (("attest", "amina", "sqll", *REFERENCE, *OUTSIDE), 5, "Did you mean 'sql'"),
        (("attest", "amina", "sql", *REFERENCE, "--name", "Zofia"), 5, "the role has 0"),
        (("attest", "amna", "sql", *REFERENCE, *OUTSIDE), 7, "Did you mean 'amina'"),
        (("state", "amina", "sql", "--source", "work"), 5, "says nothing"),
        (("state", "amina", "sql", "--source", "friends", "--years", "1"), 2, "friends"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_kept(
    course: Programme, words: tuple[str, ...], code: int, said: str
) -> None:
    got, text = run(course, *words)

    assert (got, said in text) == (code, True), text
    assert listed(course) == {"graded": [], "attested": [], "stated": []}
