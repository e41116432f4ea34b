"""`skillmap next`: what is proposed, whose word counts, and what is refused with a reason."""

import json

import pytest
from typer.testing import CliRunner

from skillmap.cli import app
from skillmap.model import LearnerId, PersonId
from skillmap.store import overrides, people
from skillmap.workflows.estimate import update_profiles
from skillmap.workflows.programme import Programme
from skillmap.workflows.start import start_programme
from tests.web.world import make_learner, make_person
from tests.workflows.builders import NOW

pytestmark = pytest.mark.slow

ADA = LearnerId(PersonId("ada"))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """Ada has a profile and has answered nothing; the tests go on from each other's state."""
    programme = start_programme(tmp_path_factory.mktemp("next") / "course", course_id="autumn")
    with programme.database.begin() as session:
        people.save_learner(session, make_learner("ada", goals=()))
        people.save_person(session, make_person("siri", "Siri Holm", "instructor"))
        people.save_person(session, make_person("lise", "Lise", "coordinator"))
    update_profiles(programme, clock=lambda: NOW)
    return programme


def run(course: Programme, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--course", str(course.root), "next", *words])
    return done.exit_code, done.output


def items(course: Programme, *words: str) -> list[dict]:
    code, said = run(course, "ada", "--json", *words)
    assert code == 0, said
    return json.loads(said)["items"]


def test_proposals_are_shown_with_their_reasons_and_mode(course: Programme) -> None:
    code, said = run(course, "ada")

    assert (code, "Mode: assess." in said) == (0, True)
    assert all(one["reason"]["key"].startswith("next.") for one in items(course))


def test_the_same_evidence_gives_the_same_proposals(course: Programme) -> None:
    assert items(course) == items(course)


def test_a_goal_is_a_skill_or_a_track(course: Programme) -> None:
    track = next(one for one in course.course.tracks if one.id == "python")
    first = track.modules[0].assignment
    known = [one for one in course.course.items.values() if one.assignment == first]
    skill = next(skill for item in known for skill in item.skills if skill != "python")

    assert skill in {one["skill"] for one in items(course, "--goal", skill, "--mode", "assess")}
    assert items(course, "--goal", track.id, "--mode", "practise")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("ada", "--goal", "cooking"), 5, "no skill, track or active opening"),
        (("ada", "--mode", "play"), 2, "assess or practise"),
        (("nobody",), 5, "there is no profile"),
        (("ada", "--pin", "no/such/item"), 5, "the course has none of this name"),
        (("ada", "--by", "lise"), 8, "only an instructor or the learner's own mentor"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(
    course: Programme, words: tuple[str, ...], code: int, message: str
) -> None:
    found, said = run(course, *words)

    assert found == code
    assert message in " ".join(said.replace("│", " ").split())


def test_an_instructor_pins_dismisses_and_takes_back(course: Programme) -> None:
    item = list(course.course.items)[-1]

    pinned = items(course, "--pin", item, "--by", "siri")
    left_out = items(course, "--dismiss", item, "--by", "siri")
    items(course, "--clear", item, "--by", "siri")

    assert (pinned[0]["item"], pinned[0]["reason"]["values"]["mentor"]) == (item, "siri")
    assert item not in {one["item"] for one in left_out}
    with course.database.begin(is_read_only=True) as session:
        log = overrides.of_learner(session, ADA)
    assert [(one.kind, one.by) for one in log] == [
        ("pin", "siri"),
        ("dismiss", "siri"),
        ("clear", "siri"),
    ]
