"""A local stand-in for the public vacancy feed, traps included.

Pages overlap by one entry; the newest entry waits for its own page; the tag of a last page stays
the same when its `next_url` comes; INACTIVE details are stubs; the public token is two lines of
text; an unreadable If-Modified-Since is ignored. By hand: `python -m tests.catalog.nav_replica`.
"""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

NAMESPACE = UUID("5b0c6f0a-4a37-4f0e-9b1e-3f1f2f9d2c11")
OSLO = ZoneInfo("Europe/Oslo")
MAX_PAGE_SIZE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    id: str
    ad: str
    status: str
    title: str
    written_at: datetime


@dataclass
class Ad:
    uuid: str
    title: str
    is_active: bool
    changed_at: datetime
    is_finn: bool = False


class NavReplica:
    """Keeps advertisements and the log of their changes, and answers requests about them.

    fault: called with each path; an Answer takes the place of the right one, an exception ends the
    connection.
    """

    def __init__(
        self,
        *,
        page_size: int = 1000,
        starts_at: datetime = datetime(2026, 10, 1, 8, tzinfo=UTC),
        fault: Callable[[str], Answer | None] | None = None,
    ) -> None:
        self.page_size = page_size
        self.now = starts_at
        self.ads: dict[str, Ad] = {}
        self.log: list[Entry] = []
        self.requests: list[str] = []
        self.n_tokens = 1
        self.refuses_everything = False
        self.fault = fault

    @property
    def token(self) -> str:
        return f"eyJhbGciOiJIUzI1NiJ9.replica-{self.n_tokens}.made-up"

    def publish(self, name: str, title: str, *, is_finn: bool = False) -> str:
        """Publish an advertisement, or change the one of this name; return its uuid."""
        uuid = str(uuid5(NAMESPACE, name))
        self.ads[uuid] = Ad(uuid, title, True, self._tick(), is_finn)
        self._append(self.ads[uuid])
        return uuid

    def stop(self, uuid: str) -> None:
        ad = self.ads[uuid]
        ad.is_active, ad.changed_at = False, self._tick()
        self._append(ad)

    def active(self) -> dict[str, str]:
        """The titles that a mirror should show, by uuid."""
        return {ad.uuid: ad.title for ad in self.ads.values() if ad.is_active and not ad.is_finn}

    def answer(self, target: str, headers: Mapping[str, str]) -> Answer:
        """Answer GET `target`; header names are in lower case."""
        url = urlsplit(target)
        self.requests.append(url.path)
        if self.fault and (wrong := self.fault(url.path)):
            return wrong
        if url.path == "/api/publicToken":
            text = f"Current public token for Nav Job Vacancy Feed:\n{self.token}"
            return Answer(status=200, body=text.encode(), headers={"Content-Type": "text/plain"})
        if not self._is_authorized(headers):
            return Answer(status=401)
        query = parse_qs(url.query, keep_blank_values=True)
        if url.path == "/api/v1/feed":
            return self._first_page(query, headers)
        if match := re.fullmatch(r"/api/v1/feed/(.+)", url.path):
            return self._page_of(match[1], query, headers)
        if match := re.fullmatch(r"/api/v1/feedentry/(.+)", url.path):
            return self._detail(match[1])
        return Answer(status=404)

    def _tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def _append(self, ad: Ad) -> None:
        if not ad.is_finn:
            number = str(len(self.log))
            status = "ACTIVE" if ad.is_active else "INACTIVE"
            self.log.append(
                Entry(
                    id=str(uuid5(NAMESPACE, f"entry {number}")),
                    ad=ad.uuid,
                    status=status,
                    title=ad.title if ad.is_active else "...",
                    written_at=ad.changed_at,
                )
            )

    def _is_authorized(self, headers: Mapping[str, str]) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        is_ours = scheme.lower() == "bearer" and token == self.token
        return is_ours and not self.refuses_everything

    def _first_page(self, query: Mapping[str, list[str]], headers: Mapping[str, str]) -> Answer:
        if "last" in query:
            place = len(self.log) - 1 if self.log else None
        else:
            since = _since(headers)
            newer = (n for n, one in enumerate(self.log) if since is None or one.written_at > since)
            place = next(newer, None)
        return Answer(status=404) if place is None else self._page(place, query, headers)

    def _page_of(
        self, page: str, query: Mapping[str, list[str]], headers: Mapping[str, str]
    ) -> Answer:
        if not _is_uuid(page):
            return Answer(status=500)
        place = next((n for n, one in enumerate(self.log) if one.id == page), None)
        return Answer(status=404) if place is None else self._page(place, query, headers)

    def _page(
        self, place: int, query: Mapping[str, list[str]], headers: Mapping[str, str]
    ) -> Answer:
        asked = query.get("pageSize", [""])[0]
        size = int(asked) if asked.isdigit() else self.page_size
        if size > MAX_PAGE_SIZE:
            text = b"pageSize must be less than or equal to 10000"
            return Answer(status=400, body=text, headers={"Content-Type": "text/plain"})
        shown = self.log[place : place + size]
        if has_next := len(self.log) - place > 2:
            # The newest entry comes on the next page, unless this page is full before it.
            shown = shown if len(shown) == size else shown[:-1]
        last = shown[-1]
        tag = {
            "ETag": last.id,
            "Last-Modified": format_datetime(last.written_at.astimezone(OSLO)),
            "Content-Type": "application/json",
        }
        if headers.get("if-none-match") == last.id:
            return Answer(status=304, headers=tag)
        since = _since(headers)
        items = [one for one in shown[1:] if since is None or one.written_at > since]
        payload = self._payload([shown[0], *items], last.id if has_next else None)
        return Answer(status=200, body=json.dumps(payload).encode(), headers=tag)

    def _payload(self, entries: list[Entry], next_id: str | None) -> dict[str, object]:
        return {
            "version": "1.0",
            "title": "Stillingsfeeden fra arbeidsplassen.no",
            "home_page_url": "https://arbeidsplassen.example.org",
            "feed_url": f"/api/v1/feed/{entries[0].id}",
            "description": "Stillinger",
            "next_url": f"/api/v1/feed/{next_id}" if next_id else None,
            "id": entries[0].id,
            "next_id": next_id,
            "items": [_item(entry) for entry in entries],
        }

    def _detail(self, uuid: str) -> Answer:
        if not _is_uuid(uuid):
            return Answer(status=500)
        ad = self.ads.get(uuid)
        if ad is None or ad.is_finn:
            return Answer(status=404)
        changed_at = ad.changed_at.astimezone(OSLO).isoformat()
        stub = {"uuid": uuid, "sistEndret": changed_at, "status": "INACTIVE"}
        payload = {**stub, "status": "ACTIVE", "ad_content": _content(ad)} if ad.is_active else stub
        return Answer(
            status=200,
            body=json.dumps(payload).encode(),
            headers={"Content-Type": "application/json"},
        )


@contextmanager
def served(replica: NavReplica, *, port: int = 0) -> Iterator[str]:
    """Serve a replica on 127.0.0.1 and yield its address."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                with lock:
                    answer = replica.answer(self.path, headers)
            except ConnectionError:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _item(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.ad,
        "url": f"/api/v1/feedentry/{entry.ad}",
        "title": entry.title,
        "content_text": "Stillingsannonse",
        "date_modified": entry.written_at.astimezone(OSLO).isoformat(),
        "_feed_entry": {
            "uuid": entry.ad,
            "status": entry.status,
            "title": entry.title,
            "businessName": "Oppdiktet AS" if entry.status == "ACTIVE" else "",
            "municipal": "OSLO",
            "sistEndret": entry.written_at.astimezone(OSLO).isoformat(),
        },
    }


def _content(ad: Ad) -> dict[str, object]:
    return {
        "uuid": ad.uuid,
        "published": ad.changed_at.astimezone(OSLO).isoformat(),
        "expires": (ad.changed_at + timedelta(days=60)).astimezone(OSLO).isoformat(),
        "updated": ad.changed_at.astimezone(OSLO).isoformat(),
        "workLocations": [{"country": "NORGE", "city": "Oslo", "municipal": "OSLO"}],
        "contactList": [{"name": "Kari Oppdiktet", "email": "kari@example.org", "phone": "0"}],
        "title": ad.title,
        "description": "<p>Du har erfaring med <b>Python</b>.</p>",
        "sourceurl": "",
        "source": "IMPORTAPI",
        "applicationUrl": f"https://oppdiktet.example.no/{ad.uuid}",
        "applicationDue": "Snarest",
        "link": f"https://arbeidsplassen.example.org/{ad.uuid}",
        "employer": {"name": "Oppdiktet AS", "orgnr": "", "description": "", "homepage": ""},
        "extent": "Heltid",
        "positioncount": "1",
    }


def _since(headers: Mapping[str, str]) -> datetime | None:
    try:
        return parsedate_to_datetime(headers["if-modified-since"])
    except (KeyError, TypeError, ValueError):
        return None


def _is_uuid(word: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", word) is not None


def _by_hand() -> None:
    replica = NavReplica(page_size=5, starts_at=datetime.now(UTC) - timedelta(hours=1))
    uuids = [replica.publish(f"ad {n}", f"Utvikler {n}") for n in range(12)]
    replica.stop(uuids[3])
    with served(replica, port=8099) as url:
        sys.stdout.write(f"{url}  (Ctrl-C ends it)\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    _by_hand()
