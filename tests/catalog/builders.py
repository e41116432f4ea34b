"""Entries, skills and feeds for tests of the catalogue."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import httpx

from skillmap.catalog import NavFeed
from skillmap.model import FeedCursor, Opening, Skill, SkillId
from tests.catalog.nav_replica import NavReplica

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SKILLS = {
    SkillId(word.lower()): Skill(id=SkillId(word.lower()), labels={"en": word}, aliases=())
    for word in ("Python", "SQL", "Java")
}


def make_entry(**overrides: Any) -> dict[str, Any]:
    content = {
        "published": "2026-11-02T09:00:00+01:00",
        "expires": "2027-01-31T23:59:59+01:00",
        "updated": "2026-11-02T09:00:00Z",
        "workLocations": [{"country": "NORGE", "city": "Oslo", "municipal": "OSLO"}],
        "contactList": [{"name": "Kari Oppdiktet", "email": "kari@example.org", "phone": "1"}],
        "title": "Utvikler",
        "description": "<p>Du har erfaring med Python.</p>",
        "applicationUrl": "https://jobb.example.no/1",
        "sourceurl": "https://kilde.example.no/1",
        "link": "https://annonse.example.org/1",
        "applicationDue": "Snarest",
        "source": "IMPORTAPI",
        "employer": {"name": "Oppdiktet AS", "orgnr": "1"},
        "positioncount": "1",
    }
    top = {key: overrides.pop(key) for key in ("uuid", "status", "sistEndret") if key in overrides}
    return {
        "uuid": "11111111-1111-4111-8111-111111111111",
        "status": "ACTIVE",
        "sistEndret": "2026-11-02T09:00:00+01:00",
        **top,
        "ad_content": {**content, **overrides},
    }


def make_feed(
    replica: NavReplica,
    *,
    naps: list[float] | None = None,
    token: str | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
) -> NavFeed:
    """A feed that talks with the replica without a socket, and sleeps into `naps`."""

    def answer(request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            answer = replica.answer(str(request.url.raw_path, "ascii"), headers)
        except ConnectionError as error:
            raise httpx.ReadTimeout("timed out", request=request) from error
        return httpx.Response(answer.status, content=answer.body, headers=dict(answer.headers))

    return NavFeed(
        skills=SKILLS,
        clock=clock,
        sleep=(naps if naps is not None else []).append,
        base_url="http://replica.example.org",
        token=token,
        transport=httpx.MockTransport(answer),
    )


class Mirror:
    """What a caller keeps: the openings shown, and the cursor.

    n_repeated: details that one poll brought twice. problems: of the last poll.
    """

    def __init__(self, feed: NavFeed, cursor: FeedCursor | None = None) -> None:
        self.feed = feed
        self.cursor = cursor or FeedCursor()
        self.shown: dict[str, Opening] = {}
        self.n_repeated = 0
        self.problems: tuple[str, ...] = ()

    def poll(self, *, n_steps: int | None = None) -> None:
        """Take all steps of a poll, or the first so many."""
        self.problems = ()
        fetched: list[str] = []
        for step in islice(self.feed.poll(self.cursor), n_steps):
            for opening in step.openings:
                self.shown.pop(opening.id, None)
                if opening.is_active:
                    self.shown[opening.id] = opening
                    fetched.append(opening.id)
            self.cursor = step.cursor
            self.problems += step.problems
        self.n_repeated += len(fetched) - len(set(fetched))

    def titles(self) -> dict[str, str]:
        return {opening.id: opening.title for opening in self.shown.values()}
