"""Follow the public vacancy feed: what is new, what changed, what must go.

In: a cursor that the caller keeps. Out: Poll: openings, the next cursor, problems.
Law: no change is skipped. The cursor is the page still to be read; the last page is read again at
each poll and without If-None-Match, because its tag stays the same when its `next_url` comes. A
detail that could not be fetched stays pending in the cursor. Each opening comes once per poll, in
its last state; all of it may come again, so saving must be idempotent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from pydantic import ValidationError

from skillmap.catalog.entry import LONGEST_LIFE, read_entry
from skillmap.catalog.nav_client import NavClient, TokenRefusedError
from skillmap.catalog.payloads import FeedItem, FeedPage, problems_of
from skillmap.errors import FeedError
from skillmap.model import Opening, Skill, SkillId
from skillmap.ports import Clock
from skillmap.reading import RequirementReader

if TYPE_CHECKING:
    import httpx

__all__ = ["NAV_URL", "FeedCursor", "NavFeed", "Poll"]

NAV_URL = "https://pam-stilling-feed.nav.no"
FEED = "/api/v1/feed"
ENTRY = "/api/v1/feedentry"
TIMEOUT_S = 60.0  # details took 13 to 30 s on slow days
QUIET_AFTER_REFUSAL = timedelta(minutes=30)  # the feed looks at its tokens as often
MAX_DETAILS = 2_000  # per poll; the rest is pending, so that the caller can keep what it has
MAX_FAILURES = 3  # details in a row; then the feed is down and the rest waits


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCursor:
    """Where to go on. page: path of the page to read next, None for the start.

    pending: advertisements whose detail has yet to be fetched.
    """

    page: str | None
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll brought. Openings that are not active must be removed at once.

    cursor: for the next poll; None while the feed has nothing. problems: sentences for people.
    """

    openings: tuple[Opening, ...]
    cursor: FeedCursor | None
    problems: tuple[str, ...] = ()


class NavFeed:
    """The feed at `base_url`. token: a private one; without it the public one is read.

    sleep: called with seconds between two tries. transport: for tests.
    """

    def __init__(
        self,
        *,
        skills: Mapping[SkillId, Skill],
        clock: Clock,
        sleep: Callable[[float], None],
        base_url: str = NAV_URL,
        token: str | None = None,
        timeout_s: float = TIMEOUT_S,
        transport: "httpx.BaseTransport | None" = None,
    ) -> None:
        self._reader = RequirementReader(skills)
        self._clock = clock
        self._client = NavClient(
            base_url=base_url, token=token, sleep=sleep, timeout_s=timeout_s, transport=transport
        )
        self._quiet_until: datetime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def poll(self, cursor: FeedCursor | None) -> Poll:
        """Read all that is new since `cursor`; None starts six months back. Raises nothing.

        What cannot be had is a problem, and is asked for again by the cursor returned.
        """
        now = self._clock()
        if self._quiet_until is not None and now < self._quiet_until:
            problem = f"The feed refused our token; not asked again before {self._quiet_until}."
            return Poll(openings=(), cursor=cursor, problems=(problem,))
        cursor = cursor or FeedCursor(page=None)
        statuses = dict.fromkeys(cursor.pending, "ACTIVE")
        problems: list[str] = []
        page, is_up = self._walk(cursor.page, statuses, now, problems)
        openings, pending = self._openings(statuses, now, problems, is_up=is_up)
        is_new = page is None and not pending
        return Poll(
            openings=tuple(openings),
            cursor=None if is_new else FeedCursor(page=page, pending=tuple(pending)),
            problems=tuple(problems),
        )

    def _walk(
        self, page: str | None, statuses: dict[str, str], now: datetime, problems: list[str]
    ) -> tuple[str | None, bool]:
        """Follow the pages to the last; return the one to read next, and whether all went well."""
        seen: set[str | None] = set()
        while page not in seen:
            seen.add(page)
            try:
                read = self._page(page, now)
            except FeedError as error:
                self._note(error, now, problems)
                return page, False
            if read is None:
                if page is None:
                    return None, True
                problems.append(f"The feed no longer knows {page}; reading from six months back.")
                page = None
                continue
            page = page or f"{FEED}/{read.id}"
            _collect(read.items, statuses, problems)
            if not read.next_url:
                return page, True
            page = read.next_url
        problems.append(f"The feed's pages lead in a circle at {page}.")
        return page, False

    def _page(self, page: str | None, now: datetime) -> FeedPage | None:
        since = format_datetime((now - LONGEST_LIFE).astimezone(UTC), usegmt=True)
        payload = self._client.get(page or FEED, {} if page else {"If-Modified-Since": since})
        if payload is None:
            return None
        try:
            return FeedPage.model_validate(payload)
        except ValidationError as error:
            raise FeedError(
                f"The feed's page {page or FEED} cannot be read: {problems_of(error)}."
            ) from error

    def _openings(
        self, statuses: Mapping[str, str], now: datetime, problems: list[str], *, is_up: bool
    ) -> tuple[list[Opening], Sequence[str]]:
        """Openings in their present state, and what is still to be fetched."""
        gone = [uuid for uuid, status in statuses.items() if status != "ACTIVE"]
        wanted = [uuid for uuid, status in statuses.items() if status == "ACTIVE"]
        openings = [self._gone(uuid, now) for uuid in gone]
        failed: list[str] = []
        n_in_a_row = 0
        for place, uuid in enumerate(wanted):
            if not is_up or place == MAX_DETAILS or n_in_a_row == MAX_FAILURES:
                return openings, [*failed, *wanted[place:]]
            try:
                detail = self._client.get(f"{ENTRY}/{quote(uuid, safe='')}")
            except FeedError as error:
                self._note(error, now, problems)
                failed.append(uuid)
                n_in_a_row += 1
                is_up = not isinstance(error, TokenRefusedError)
            else:
                n_in_a_row = 0
                openings.extend(self._read(uuid, detail, now, problems))
        return openings, failed

    def _read(
        self, uuid: str, detail: object, now: datetime, problems: list[str]
    ) -> Sequence[Opening]:
        """The opening of a detail; none, and a problem, when the detail is broken."""
        if detail is None:
            return [self._gone(uuid, now)]
        try:
            opening = read_entry(detail, fetched_at=now, reader=self._reader)
        except FeedError as error:
            problems.append(str(error))
            return []
        if opening.id != uuid:
            problems.append(f"The feed answered for {opening.id!r} when asked for {uuid!r}.")
            return []
        return [opening]

    def _gone(self, uuid: str, now: datetime) -> Opening:
        entry = {"uuid": uuid, "status": "INACTIVE"}
        return read_entry(entry, fetched_at=now, reader=self._reader)

    def _note(self, error: FeedError, now: datetime, problems: list[str]) -> None:
        problems.append(str(error))
        if isinstance(error, TokenRefusedError):
            self._quiet_until = now + QUIET_AFTER_REFUSAL


def _collect(items: Sequence[object], statuses: dict[str, str], problems: list[str]) -> None:
    """Note the status of each advertisement; a later item replaces an earlier one."""
    for item in items:
        try:
            read = FeedItem.model_validate(item)
        except ValidationError as error:
            problems.append(f"An item of the feed cannot be read: {problems_of(error)}.")
        else:
            statuses.pop(read.id, None)
            statuses[read.id] = read.entry.status
