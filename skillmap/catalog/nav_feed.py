"""Follow the public vacancy feed: what is new, what changed, what must go.

In: a cursor that the caller keeps. Out: FeedSteps, one for each page and each detail.
Law: no change is skipped, if the caller keeps a step's openings and cursor together. The cursor is
the page still to be read; the last page is read again at each poll and without If-None-Match,
because its tag stays the same when its `next_url` comes. A detail that could not be fetched stays
pending. An opening may come again, so saving must be idempotent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from pydantic import ValidationError

from skillmap.catalog.entry import LONGEST_LIFE, read_entry
from skillmap.catalog.nav_client import NavClient, TokenRefusedError
from skillmap.catalog.payloads import FeedItem, FeedPage, problems_of
from skillmap.errors import FeedError
from skillmap.model import FeedCursor, Opening, Skill, SkillId
from skillmap.ports import Clock
from skillmap.reading import RequirementReader

if TYPE_CHECKING:
    import httpx

__all__ = ["NAV_URL", "FeedStep", "NavFeed"]

NAV_URL = "https://pam-stilling-feed.nav.no"
FEED = "/api/v1/feed"
ENTRY = "/api/v1/feedentry"
TIMEOUT_S = 60.0  # details took 13 to 30 s on slow days
QUIET_AFTER_REFUSAL = timedelta(minutes=30)  # the feed looks at its tokens as often
MAX_FAILURES = 3  # details in a row; then the feed is down and the rest waits


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStep:
    """What one answer brought. Openings that are not active must be removed at once.

    cursor: where to go on after this step. problems: sentences for people. is_read: whether the
    feed gave anything that could be read.
    """

    cursor: FeedCursor
    openings: tuple[Opening, ...] = ()
    problems: tuple[str, ...] = ()
    is_read: bool = True


class NavFeed:
    """The feed at `base_url`. token: a private one; without it the public one is read.

    sleep: called with seconds between two tries. transport: for tests.
    """

    def __init__(
        self,
        *,
        base_url: str,
        skills: Mapping[SkillId, Skill],
        clock: Clock,
        sleep: Callable[[float], None],
        token: str | None = None,
        timeout_s: float = TIMEOUT_S,
        transport: "httpx.BaseTransport | None" = None,
    ) -> None:
        self._reader = RequirementReader(skills)
        self._clock = clock
        self._client = NavClient(
            base_url=base_url, token=token, sleep=sleep, timeout_s=timeout_s, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def poll(self, cursor: FeedCursor) -> Iterator[FeedStep]:
        """Read all that is new since `cursor`; an empty one starts six months back.

        First come the pages, with what was withdrawn, then the details, the newest first. Raises
        nothing: what cannot be had is a problem, and is asked for again by the cursor of its step.
        """
        if cursor.quiet_until is not None and self._clock() < cursor.quiet_until:
            problem = f"The feed refused our token; not asked again before {cursor.quiet_until}."
            yield FeedStep(cursor=cursor, problems=(problem,), is_read=False)
            return
        cursor, is_up = replace(cursor, quiet_until=None), True
        for step in self._pages(cursor):
            yield step
            cursor, is_up = step.cursor, step.is_read
        # After a page that could not be had, one detail shows whether the whole feed is down.
        yield from self._details(cursor, 0 if is_up else MAX_FAILURES - 1)

    def _pages(self, cursor: FeedCursor) -> Iterator[FeedStep]:
        """Follow the pages to the last; a page that cannot be had ends the walk."""
        seen: set[str | None] = set()
        while cursor.page not in seen:
            seen.add(cursor.page)
            try:
                page = self._page(cursor.page)
            except FeedError as error:
                yield self._failed(cursor, error)
                return
            if page is None and cursor.page is None:
                yield FeedStep(cursor=cursor)
                return
            step = _lost(cursor) if page is None else self._turned(cursor, page)
            yield step
            cursor = step.cursor
            if page is not None and not page.next_url:
                return
        problem = f"The feed's pages lead in a circle at {cursor.page or FEED}."
        yield FeedStep(cursor=cursor, problems=(problem,))

    def _page(self, page: str | None) -> FeedPage | None:
        since = format_datetime((self._clock() - LONGEST_LIFE).astimezone(UTC), usegmt=True)
        payload = self._client.get(page or FEED, {} if page else {"If-Modified-Since": since})
        if payload is None:
            return None
        try:
            return FeedPage.model_validate(payload)
        except ValidationError as error:
            raise FeedError(
                f"The feed's page {page or FEED} cannot be read: {problems_of(error)}."
            ) from error

    def _turned(self, cursor: FeedCursor, page: FeedPage) -> FeedStep:
        """What a page tells: who is gone, and whose detail to fetch."""
        problems: list[str] = []
        statuses = _statuses(page.items, problems)
        active = [uuid for uuid, status in statuses.items() if status == "ACTIVE"]
        gone = [uuid for uuid, status in statuses.items() if status != "ACTIVE"]
        before = [uuid for uuid in cursor.pending if uuid not in statuses]
        here = f"{FEED}/{quote(page.id, safe='')}"
        return FeedStep(
            openings=tuple(map(self._gone, gone)),
            cursor=FeedCursor(page=page.next_url or here, pending=(*before, *active)),
            problems=tuple(problems),
        )

    def _details(self, cursor: FeedCursor, n_failures: int) -> Iterator[FeedStep]:
        """Fetch what is pending, the newest first; whom we cannot get is asked for last."""
        failed: tuple[str, ...] = ()
        waiting = cursor.pending
        while waiting and n_failures < MAX_FAILURES and cursor.quiet_until is None:
            uuid, waiting = waiting[-1], waiting[:-1]
            try:
                detail = self._client.get(f"{ENTRY}/{quote(uuid, safe='')}")
            except FeedError as error:
                failed = (uuid, *failed)
                n_failures += 1
                cursor = replace(cursor, pending=(*failed, *waiting))
                step = self._failed(cursor, error)
            else:
                n_failures = 0
                cursor = replace(cursor, pending=(*failed, *waiting))
                step = self._read(cursor, uuid, detail)
            cursor = step.cursor
            yield step

    def _read(self, cursor: FeedCursor, uuid: str, detail: object) -> FeedStep:
        """The opening of a detail; none, and a problem, when the detail is broken."""
        if detail is None:
            return FeedStep(cursor=cursor, openings=(self._gone(uuid),))
        try:
            opening = read_entry(detail, fetched_at=self._clock(), reader=self._reader)
        except FeedError as error:
            return FeedStep(cursor=cursor, problems=(str(error),), is_read=False)
        if opening.id != uuid:
            problem = f"The feed answered for {opening.id!r} when asked for {uuid!r}."
            return FeedStep(cursor=cursor, problems=(problem,), is_read=False)
        return FeedStep(cursor=cursor, openings=(opening,))

    def _gone(self, uuid: str) -> Opening:
        entry = {"uuid": uuid, "status": "INACTIVE"}
        return read_entry(entry, fetched_at=self._clock(), reader=self._reader)

    def _failed(self, cursor: FeedCursor, error: FeedError) -> FeedStep:
        if isinstance(error, TokenRefusedError):
            cursor = replace(cursor, quiet_until=self._clock() + QUIET_AFTER_REFUSAL)
        return FeedStep(cursor=cursor, problems=(str(error),), is_read=False)


def _lost(cursor: FeedCursor) -> FeedStep:
    problem = f"The feed no longer knows {cursor.page}; reading from six months back."
    return FeedStep(cursor=replace(cursor, page=None), problems=(problem,))


def _statuses(items: Sequence[object], problems: list[str]) -> dict[str, str]:
    """The status of each advertisement of a page, in the order of their last items."""
    statuses: dict[str, str] = {}
    for item in items:
        try:
            read = FeedItem.model_validate(item)
        except ValidationError as error:
            problems.append(f"An item of the feed cannot be read: {problems_of(error)}.")
        else:
            statuses.pop(read.id, None)
            statuses[read.id] = read.entry.status
    return statuses
