"""Bad input never makes a profile surer, and each number of a profile can be asked about."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from skillmap.cli import app
from skillmap.errors import EvidenceError
from skillmap.model import ItemId, LearnerId, PersonId, Response
from skillmap.store import access, people, profiles, responses
from skillmap.workflows.estimate import Renewal, renew_profiles
from skillmap.workflows.programme import Programme
from skillmap.workflows.start import start_programme
from tests.web.world import make_learner, make_person
from tests.workflows.builders import NOW

pytestmark = pytest.mark.slow

ADA = LearnerId(PersonId("ada"))
COMMANDS = (("profile", "ada"), ("profile", "ada", "--json"), ("resume", "ada"))


@pytest.fixture
def course(tmp_path) -> Programme:
    programme = start_programme(tmp_path / "course", course_id="autumn")
    with programme.database.begin() as session:
        people.save_learner(session, make_learner("ada", name="Ada Moe", goals=()))
        people.save_person(session, make_person("siri", "Siri Holm", "instructor"))
    return programme


def answer(item: str, **overrides) -> Response:
    values = {
        "learner": ADA,
        "item": ItemId(item),
        "attempt": 1,
        "fraction": 1.0,
        "points": 1.0,
        "max_points": 1.0,
        "submitted_at": NOW - timedelta(days=2),
        "graded_at": NOW,
        "is_manual": False,
        "is_late": False,
        "scoring": "nbgrader 0.9.6",
        "isolation": "none",
        "sha256": "a" * 64,
    }
    return Response(**values | overrides)


def renew(programme: Programme, *answers: Response, days: int = 0) -> Renewal:
    with programme.database.begin() as session:
        responses.append(session, answers)
    return renew_profiles(programme, clock=lambda: NOW + timedelta(days=days))


def shown(programme: Programme):
    with programme.database.begin() as session:
        return profiles.latest(session, ADA)


def work(programme: Programme, n: int = 6) -> list[Response]:
    return [answer(item) for item in list(programme.course.items)[:n]]


def test_a_second_run_on_the_same_day_changes_nothing(course: Programme) -> None:
    first, again = renew(course, *work(course)), renew(course)

    assert (first.n_changed, again.n_changed) == (1, 0)
    assert list(first.problems()) == []


def test_a_response_from_the_future_is_named_and_makes_nothing_surer(course: Programme) -> None:
    renew(course, *work(course))
    before = shown(course)
    late = answer(list(course.course.items)[7], submitted_at=NOW + timedelta(days=9))

    done = renew(course, late)

    assert shown(course) == before
    assert [one.item for one in done.from_future] == [late.item]
    assert late.item in "".join(done.problems())
    assert renew(course, days=10).from_future == ()


def test_a_response_to_an_unknown_item_is_named_and_makes_nothing_surer(course: Programme) -> None:
    renew(course, *work(course))
    before = shown(course)

    done = renew(course, answer("gone/gone/t1"), answer("gone/gone/t2"))

    assert shown(course) == before
    assert done.unknown_items == {"gone/gone/t1": 1, "gone/gone/t2": 1}
    assert "no such item" in "".join(done.problems())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"fraction": float("nan")}, "fraction nan is outside 0 to 1"),
        ({"fraction": 1.2}, "fraction 1.2 is outside 0 to 1"),
        ({"fraction": -0.1}, "fraction -0.1 is outside 0 to 1"),
        ({"submitted_at": NOW.replace(tzinfo=None)}, "has no zone"),
        ({"attempt": 0}, "attempts are counted from 1"),
    ],
)
def test_what_is_no_response_is_named_before_it_is_kept(wrong, message) -> None:
    with pytest.raises(EvidenceError, match=message):
        answer("lists/lists/a", **wrong)


def test_twice_the_same_and_out_of_order_change_nothing(course: Programme) -> None:
    renew(course, *work(course))
    before = shown(course)

    renew(course, *reversed(work(course)))

    assert shown(course) == before


def run(course: Programme, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--course", str(course.root), *words])
    return done.exit_code, " ".join(done.output.split())


def test_explain_says_it_in_words_and_as_json_and_is_logged(course: Programme) -> None:
    renew(course, *work(course))
    profile = shown(course)
    skill = next(line.skill for line in profile.lines if line.estimate.n_items)

    code, said = run(course, "explain", "ada", skill)
    as_json = CliRunner().invoke(
        app, ["--course", str(course.root), "explain", "ada", skill, "--json"]
    )

    found = json.loads(as_json.output)
    summed = found["start"] + found["practice"] + sum(c["moved"] for c in found["contributions"])
    assert (code, "Together" in said) == (0, True)
    assert summed == pytest.approx(profile.by_skill()[skill].estimate.logit, abs=1e-9)
    with course.database.begin() as session:
        assert access.of(session, ADA)[0].what == "access.what.profile"


@pytest.mark.parametrize(
    ("learner", "skill", "message"),
    [("ada", "lops", "no line for it"), ("nobody", "loops", "there is no profile")],
)
def test_explain_names_what_is_not_there(
    course: Programme, learner: str, skill: str, message: str
) -> None:
    renew(course, *work(course))

    code, said = run(course, "explain", learner, skill)

    assert code == 5
    assert message in said


def test_profile_says_what_was_left_out(course: Programme) -> None:
    renew(course, *work(course), answer("gone/gone/t1"))

    code, said = run(course, "profile")

    assert code == 0
    assert "gone/gone/t1: the course has no such item" in said


def test_resume_writes_a_file_with_or_without_the_name(course: Programme, tmp_path) -> None:
    renew(course, *work(course))
    named, nameless = tmp_path / "named.json", tmp_path / "nameless.json"

    run(course, "resume", "ada", "-o", str(named))
    code, _ = run(course, "resume", "ada", "--without-name", "-o", str(nameless))

    assert code == 0
    assert "Ada Moe" in named.read_text(encoding="utf-8")
    assert "Ada" not in nameless.read_text(encoding="utf-8")
    with course.database.begin() as session:
        assert [one.what for one in access.of(session, ADA)] == ["access.what.resume"] * 2


def test_profiles_of_an_earlier_version_are_named_not_guessed(course: Programme) -> None:
    renew(course, *work(course))
    profile = shown(course)
    with course.database.begin() as session:
        profiles.save(session, replace(profile, basis=None), NOW + timedelta(hours=1))

    code, said = run(course, "explain", "ada", profile.lines[0].skill)

    assert code == 5
    assert "Renew it with `skillmap profile`" in said


def test_no_format_carries_a_total_a_rank_or_a_percentile(course: Programme, tmp_path) -> None:
    renew(course, *work(course))
    skill = shown(course).lines[0].skill
    run(course, "export", str(tmp_path / "copy"), "--of", "ada")
    run(course, "export", str(tmp_path / "all"))

    files = [*(tmp_path / "copy").iterdir(), *(tmp_path / "all").iterdir()]
    texts = [path.read_text(encoding="utf-8") for path in files]
    texts += [run(course, *words)[1] for words in COMMANDS + (("explain", "ada", skill, "--json"),)]

    assert len(texts) > len(COMMANDS) + 3
    for text in texts:
        assert not re.search(r"rank|percentile|overall|total|average", text, re.IGNORECASE)
