"""What a stranger may try: guessing at once, fixing sessions, forged forms, odd addresses."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from skillmap.model import PersonId
from skillmap.web import add_link, set_password
from skillmap.web.app import PAGES
from skillmap.web.pages.entry import MAX_FAILURES
from tests.web.conftest import Site, csrf_of
from tests.web.test_entry import PASSWORD, try_login

N_AT_ONCE = 16  # more than a database has connections to lend
OWNERS = {"learner": "amina", "mentor": "kari", "brief": "kari", "instructor": "siri"}
OWNERS |= {"coordinator": "bjorn"}


def guess_at_once(site: Site, persons: list[str], password: str) -> Counter[int]:
    clients = [site.visitor() for _ in persons]
    with ThreadPoolExecutor(len(persons)) as threads:
        answers = threads.map(lambda c, p: try_login(c, p, password), clients, persons)
        return Counter(answer.status_code for answer in answers)


@pytest.mark.slow
def test_of_many_guesses_at_once_only_a_few_are_answered(site: Site) -> None:
    set_password(site.database, PersonId("amina"), PASSWORD)

    answers = guess_at_once(site, ["amina"] * N_AT_ONCE, "wrong wrong wrong")

    assert answers == {401: MAX_FAILURES, 429: N_AT_ONCE - MAX_FAILURES}
    assert try_login(site.visitor(), "amina", PASSWORD).status_code == 429


@pytest.mark.slow
def test_regression_many_logins_at_once_do_not_wait_for_each_other_for_ever(site: Site) -> None:
    set_password(site.database, PersonId("amina"), PASSWORD)

    assert guess_at_once(site, ["amina"] * N_AT_ONCE, PASSWORD) == {303: N_AT_ONCE}


def test_a_session_that_was_there_before_login_is_not_taken_over(site: Site) -> None:
    hour = timedelta(hours=1)
    planted = site.visitor("amina").cookies["skillmap"]
    stranger, victim = site.visitor(), site.visitor()
    for client in (stranger, victim):
        client.cookies.set("skillmap", planted, domain="testserver.local")

    link = add_link(site.database, PersonId("farid"), clock=site.clock, valid_for=hour)
    victim.post(link, data={"csrf": csrf_of(victim.get(link).text)})

    assert victim.get("/learner").status_code == 200
    assert victim.cookies["skillmap"] != planted
    assert stranger.get("/learner").headers["location"] == "/login"


def test_a_session_that_nobody_began_is_no_session(site: Site) -> None:
    client = site.visitor()
    client.cookies.set("skillmap", "x" * 43, domain="testserver.local")
    set_password(site.database, PersonId("farid"), PASSWORD)

    assert client.get("/learner").headers["location"] == "/login"
    assert try_login(client, "farid", PASSWORD).status_code == 303
    assert client.cookies["skillmap"] != "x" * 43


@pytest.mark.parametrize("path", [page.path for page in PAGES if page.method == "POST"])
@pytest.mark.parametrize("csrf", [None, "", "x" * 43])
def test_every_form_is_refused_without_the_token_of_its_page(
    site: Site, path: str, csrf: str | None
) -> None:
    room = next(page.room for page in PAGES if page.path == path and page.method == "POST")
    client = site.visitor(OWNERS[room] if room else "amina")
    form = {} if csrf is None else {"csrf": csrf}

    answer = client.post(path.replace("{token}", "abc"), data=form)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "cookie", ['"\\015\\012X-Evil: 1"', "é".encode().decode("latin-1"), "a" * 4000, "<script>", "a"]
)
def test_a_form_cookie_that_is_not_ours_is_not_given_back(site: Site, cookie: str) -> None:
    client = site.visitor()
    headers = {"cookie": f"skillmap_form={cookie}".encode("latin-1")}

    shown = client.get("/login", headers=headers)
    sent = client.post("/login", headers=headers, data={"csrf": cookie, "person": "amina"})

    assert f"skillmap_form={cookie};" not in shown.headers["set-cookie"]
    assert f'value="{cookie}"' not in shown.text
    assert "x-evil" not in shown.headers
    assert sent.status_code == 403


ODD = ["//evil.example", "//evil.example/%2e%2e", "/login/", "/learner/", "/%0d%0aX-Evil:%201"]
ODD += ["/enter/%0d%0aX-Evil:%201", "/?next=https://evil.example", "/login?next=//evil.example"]


@pytest.mark.parametrize("person", [None, "amina"])
def test_nobody_is_sent_to_an_address_that_a_request_chose(site: Site, person: str | None) -> None:
    client = site.visitor(person)

    for path in [*ODD, *(page.path for page in PAGES)]:
        answer = client.get(path, headers={"host": "evil.example"})
        assert answer.headers.get("location", "/login") in {"/login", "/learner"}, path
        assert "evil.example" not in str(answer.headers), path
        assert "x-evil" not in answer.headers, path


def test_other_methods_are_refused(site: Site) -> None:
    client = site.visitor("amina")

    for path in ("/login", "/learner", "/logout", "/static/style.css"):
        for method in ("OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"):
            answer = client.request(method, path)
            assert answer.status_code == 405, (method, path)
            assert answer.headers["cache-control"] == "no-store", (method, path)


def test_asking_for_the_headers_alone_needs_the_same_right(site: Site) -> None:
    for person in (None, "amina"):
        client = site.visitor(person)
        for path in ("/learner", "/instructor", "/mentor", "/nowhere"):
            head, get = client.head(path), client.get(path)
            assert head.status_code == get.status_code
            assert head.headers.get("location") == get.headers.get("location")


ELSEWHERE = ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "%2e%2e%2fapp.py", "..%5capp.py", ""]
ELSEWHERE += ["/etc/passwd", "%2fetc%2fpasswd", "a%00b", "%ff", "a" * 5000, "../static/../app.py"]
ELSEWHERE += ["style.css%2f..%2f..%2fdesk.py"]


def test_only_our_own_files_are_handed_out_and_no_error_is_kept(site: Site) -> None:
    client = site.visitor()

    for name in ELSEWHERE:
        answer = client.get(f"/static/{name}")
        assert answer.status_code == 404, name
        assert answer.headers["cache-control"] == "no-store", name


def test_odd_bytes_in_a_form_are_an_ordinary_wrong_login(site: Site) -> None:
    client = site.visitor()
    token = csrf_of(client.get("/login").text).encode()

    for typed in (b"%00a", b"b\x00", b"%0%000c", b"%ff", b"%ed%a0%80"):
        body = b"csrf=" + token + b"&person=" + typed + b"&password=x"
        answer = client.post("/login", content=body)
        assert answer.status_code == 401, typed
        assert "\x00" not in answer.text


def test_no_page_and_no_cookie_outlives_its_session(site: Site) -> None:
    client = site.visitor("amina")
    token = csrf_of(client.get("/learner").text)

    gone = client.post("/logout", data={"csrf": token}).headers["set-cookie"]

    assert "Max-Age=0" in gone
    assert "Path=/" in gone
    for page in PAGES:
        if page.method == "GET":
            assert client.get(page.path).headers["cache-control"] == "no-store"
