"""Login, one-time links, sessions, form tokens, headers, error pages."""

import re
from datetime import timedelta
from typing import Any

import pytest

from skillmap.errors import AccessError, StoreError
from skillmap.model import PersonId
from skillmap.web import add_link, create_app, hash_password, set_password
from skillmap.web.passwords import is_password
from tests.web.conftest import Site, TestClient, csrf_of

PASSWORD = "correct horse battery"


def try_login(client: TestClient, person: str, password: str) -> Any:
    form = {"csrf": csrf_of(client.get("/login").text), "person": person, "password": password}
    return client.post("/login", data=form)


def plain(html: str) -> str:
    return re.sub(r'value="[^"]*"', "", html)


def one_link(site: Site, person: str = "amina") -> str:
    return add_link(site.database, PersonId(person), clock=site.clock, valid_for=timedelta(hours=1))


def test_a_password_lets_its_person_in(site: Site) -> None:
    set_password(site.database, PersonId("amina"), PASSWORD)
    client = site.visitor()

    answer = try_login(client, "amina", PASSWORD)

    assert (answer.status_code, answer.headers["location"]) == (303, "/learner")
    assert client.get("/learner").status_code == 200


def test_unknown_id_and_wrong_password_read_the_same(site: Site) -> None:
    set_password(site.database, PersonId("amina"), PASSWORD)

    wrong = try_login(site.visitor(), "amina", "not the password")
    unknown = try_login(site.visitor(), "zzzzz", "not the password")
    without = try_login(site.visitor(), "farid", "not the password")

    assert {a.status_code for a in (wrong, unknown, without)} == {401}
    assert len({plain(a.text) for a in (wrong, unknown, without)}) == 1


@pytest.mark.parametrize("person", ["amina", "zzz"])
def test_guessing_is_slowed_down_and_time_heals(site: Site, person: str) -> None:
    set_password(site.database, PersonId("amina"), PASSWORD)
    client = site.visitor()
    for _ in range(5):
        assert try_login(client, person, "wrong wrong wrong").status_code == 401

    assert try_login(client, person, PASSWORD).status_code == 429

    site.clock.now += timedelta(minutes=16)
    assert try_login(client, person, PASSWORD).status_code == (303 if person == "amina" else 401)


def test_looking_at_a_link_does_not_use_it_up(site: Site) -> None:
    path = one_link(site)
    for _ in range(3):
        assert site.visitor().get(path).status_code == 200
    client = site.visitor()

    answer = client.post(path, data={"csrf": csrf_of(client.get(path).text)})

    assert answer.headers["location"] == "/learner"


def test_a_link_works_once_and_not_too_late(site: Site) -> None:
    used, late = one_link(site), one_link(site)
    first, second = site.visitor(), site.visitor()
    first.post(used, data={"csrf": csrf_of(first.get(used).text)})

    again = second.post(used, data={"csrf": csrf_of(second.get(used).text)})
    site.clock.now += timedelta(hours=2)
    too_late = second.post(late, data={"csrf": csrf_of(second.get(late).text)})

    assert (again.status_code, too_late.status_code) == (410, 410)
    assert second.get("/learner").status_code == 303


def test_a_session_ends_after_twelve_hours_and_by_logging_out(site: Site) -> None:
    client, other = site.visitor("amina"), site.visitor("farid")
    token = client.cookies["skillmap"]

    client.post("/logout", data={"csrf": csrf_of(client.get("/learner").text)})
    client.cookies.set("skillmap", token)
    site.clock.now += timedelta(hours=12)

    assert client.get("/learner").headers["location"] == "/login"
    assert other.get("/learner").headers["location"] == "/login"


def test_no_token_is_stored_as_it_is(site: Site, tmp_path: Any) -> None:
    path = one_link(site)
    client = site.visitor("amina")

    stored = b"".join(file.read_bytes() for file in tmp_path.glob("skillmap.db*"))

    assert path.rpartition("/")[2].encode() not in stored
    assert client.cookies["skillmap"].encode() not in stored


@pytest.mark.parametrize("form", [{}, {"csrf": ""}, {"csrf": "x" * 43}])
@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("amina", "/learner/sharing"),
        ("amina", "/logout"),
        ("bjorn", "/coordinator/publish"),
        (None, "/login"),
        (None, "/enter/abc"),
    ],
)
def test_no_form_works_without_its_token(
    site: Site, person: str | None, path: str, form: dict[str, str]
) -> None:
    client = site.visitor(person)
    client.get("/login")

    answer = client.post(path, data=form)

    assert answer.status_code == 403
    assert "too old" in answer.text or "for gammelt" in answer.text
    assert person is None or client.get("/").headers["location"] != "/login"


def test_a_token_of_another_session_is_refused(site: Site) -> None:
    mine, theirs = site.visitor("amina"), site.visitor("farid")

    form = {"csrf": csrf_of(theirs.get("/learner").text), "share": "no"}

    assert mine.post("/learner/sharing", data=form).status_code == 403


def test_cookies_are_hidden_from_scripts_and_secure_when_asked(site: Site) -> None:
    app = create_app(site.database, site.course, clock=site.clock, secure_cookies=True)
    plain = site.visitor().get("/login").headers["set-cookie"]

    secure = TestClient(app).get("/login").headers["set-cookie"]

    for flag in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert flag in plain
    assert "Secure" not in plain
    assert "Secure" in secure


@pytest.mark.parametrize(
    ("person", "path", "ancestors"),
    [
        ("amina", "/learner", "'self'"),
        ("amina", "/learner/mentor", "'self'"),
        ("kari", "/mentor", "'none'"),
        ("siri", "/instructor", "'none'"),
        ("bjorn", "/coordinator", "'none'"),
        ("bjorn", "/learners", "'none'"),
        (None, "/login", "'none'"),
        (None, "/nowhere", "'none'"),
    ],
)
def test_every_answer_carries_the_headers(
    site: Site, person: str | None, path: str, ancestors: str
) -> None:
    headers = site.visitor(person).get(path).headers

    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        f"frame-ancestors {ancestors}; base-uri 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_the_style_may_be_kept_and_is_small(site: Site) -> None:
    answer = site.visitor().get("/static/style.css")

    assert answer.headers["cache-control"] == "max-age=86400"
    assert len(answer.content) < 15_000


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("DELETE", "/login", 405), ("GET", "/static/none.css", 404)],
)
def test_errors_speak_plainly(site: Site, method: str, path: str, status: int) -> None:
    answer = site.visitor().request(method, path, headers={"accept-language": "nb"})

    assert answer.status_code == status
    assert 'lang="nb"' in answer.text


def test_a_form_that_is_too_long_is_refused(site: Site) -> None:
    answer = site.visitor().post("/login", content=b"a=" + b"x" * 100_000)

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("secret"), 500), (StoreError("secret"), 503)]
)
def test_our_own_faults_show_no_trace(
    site: Site, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    client = site.visitor("amina")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("skillmap.web.pages.learner.skill_picture", fail)
    answer = client.get("/learner/skills")

    assert answer.status_code == status
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_hash_is_argon2id_and_salted() -> None:
    one, two = hash_password(PASSWORD), hash_password(PASSWORD)

    assert one.startswith("$argon2id$")
    assert one != two
    assert is_password(PASSWORD, one)
    assert not is_password(PASSWORD + "x", one)
    assert not is_password("no person has this password", None)


@pytest.mark.parametrize("password", ["", "short", "x" * 2000])
def test_short_and_endless_passwords_are_refused(password: str) -> None:
    with pytest.raises(AccessError, match="characters"):
        hash_password(password)
