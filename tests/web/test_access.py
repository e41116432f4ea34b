"""Every address × every role × own and other: the matrix of `skillmap/web/access.py`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.model import LearnerId, MentorId, Pairing, PersonId
from skillmap.store import people
from skillmap.web.access import read_brief
from skillmap.web.app import PAGES
from tests.web.cells import FORM_OF, PARAMETERS, POSTED, mentee_of
from tests.web.conftest import Site, csrf_of
from tests.web.world import NOW, ask_about, make_learner, publish_draft

PEOPLE = {
    "nobody": None,
    "learner": "amina",
    "mentor": "kari",
    "instructor": "siri",
    "coordinator": "bjorn",
    "contributor": "tone",
    "referrer": "nils",
    "host": "vera",
}
GUARDED = [(page.method, page.path, page.room) for page in PAGES if page.room]


def expected(room: str, role: str) -> int:
    if role == "nobody":
        return 303
    if room == "brief":
        return 200 if role == "mentor" else 404
    return 200 if room in ("own", role) else 403


def with_parameters(site: Site, path: str) -> str:
    for parameter, fill in PARAMETERS.items():
        if parameter in path:
            path = path.replace(parameter, fill(site))
    return path


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize(("method", "path", "room"), GUARDED)
def test_the_matrix_holds_cell_by_cell(
    site: Site, method: str, path: str, room: str, role: str
) -> None:
    publish_draft(site.database)
    client = site.visitor(PEOPLE[role])
    address = with_parameters(site, path)
    if method == "POST":
        answer = client.post(
            address, data={"csrf": csrf_of(client.get(FORM_OF.get(role, "/me")).text)}
        )
        wanted = expected(room, role)
        assert answer.status_code == (POSTED.get(path, 422) if wanted == 200 else wanted)
    else:
        assert client.get(address).status_code == expected(room, role)


@pytest.mark.parametrize("person", ["amina", "kari", "ola", "siri", "bjorn"])
@pytest.mark.parametrize("learner", ["amina", "yusuf", "nobody", "kari", "AMINA", "%00"])
def test_an_unpublished_brief_looks_like_one_of_nobody(
    site: Site, person: str, learner: str
) -> None:
    client = site.visitor(person)

    answer, of_nobody = client.get(f"/mentor/brief/{learner}"), client.get("/mentor/brief/zzz")

    assert answer.status_code == of_nobody.status_code == 404
    assert answer.text == of_nobody.text


def test_a_mentor_sees_no_brief_of_another_mentors_learner(site: Site) -> None:
    publish_draft(site.database)
    mine, theirs = mentee_of(site, "kari"), mentee_of(site, "mei")

    client = site.visitor("kari")

    assert client.get(f"/mentor/brief/{mine}").status_code == 200
    assert client.get(f"/mentor/brief/{theirs}").status_code == 404


def test_a_brief_closes_when_the_learner_stops_sharing(site: Site) -> None:
    publish_draft(site.database)
    learner = mentee_of(site, "kari")
    mentor, owner = site.visitor("kari"), site.visitor(learner)
    before = mentor.get(f"/mentor/brief/{learner}")

    form = {"csrf": csrf_of(owner.get("/learner").text), "share": "no"}
    owner.post("/learner/sharing", data=form)
    after = mentor.get(f"/mentor/brief/{learner}")

    assert "table project" in before.text
    assert after.status_code == 200
    for secret in ("table project", "<svg", "Monday", "mandag", "Joining", "tabell"):
        assert secret not in after.text


@given(
    shares=st.booleans(),
    pairs=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))),
)
def test_a_brief_is_open_only_to_a_published_mentor_of_one_who_shares(
    shares: bool, pairs: list[tuple[str, str]]
) -> None:
    learner = make_learner("a", shares_with_mentor=shares)
    published = [
        Pairing(learner=LearnerId(PersonId(one)), mentor=MentorId(PersonId(m)), utility=0.5)
        for one, m in pairs
    ]

    verdict = read_brief(PersonId("x"), learner, published)

    assert (verdict == "open") == (shares and ("a", "x") in pairs)
    assert (verdict == "hidden") == (("a", "x") not in pairs)


@pytest.mark.parametrize(
    ("person", "path", "what"),
    [
        ("kari", None, "Your page for the mentor"),
        ("siri", "/instructor", "Your results in the class list"),
        ("siri", "/instructor/dispute/1", "Your question about a grade, with your work"),
        ("bjorn", "/coordinator", "Your line in the cohort, without scores"),
    ],
)
def test_each_look_is_shown_to_the_learner(
    site: Site, person: str, path: str | None, what: str
) -> None:
    publish_draft(site.database)
    learner = mentee_of(site, "kari")
    ask_about(site.database, learner)
    owner = site.visitor(learner, **{"accept-language": "en"})
    with site.database.begin() as session:
        people.save_learner(session, people.learner(session, LearnerId(PersonId(learner))))
    assert what not in owner.get("/learner/mentor").text

    site.visitor(person).get(path or f"/mentor/brief/{learner}")
    seen = owner.get("/learner/mentor").text

    assert what in seen
    assert NOW.strftime("%-d %b %Y") in seen


def test_a_withheld_or_hidden_brief_leaves_no_look(site: Site) -> None:
    publish_draft(site.database)
    client = site.visitor("ola")

    client.get(f"/mentor/brief/{mentee_of(site, 'kari')}")

    assert "Your page for the mentor" not in site.visitor("amina").get("/learner/mentor").text
