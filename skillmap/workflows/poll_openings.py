"""Follow the feed that the settings name, into our own database.

In: a programme. Out: PollResult.
Law: without `openings_feed` in skillmap.toml nothing is asked over the network. What steps brought
and where they led is saved in one transaction, so that a crash neither skips an opening nor leaves
a withdrawn one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from skillmap.catalog import NAV_URL, FeedStep, NavFeed
from skillmap.errors import ContentError
from skillmap.model import FeedCursor
from skillmap.ports import Clock, Progress
from skillmap.store import Database, openings
from skillmap.workflows.programme import Programme

__all__ = ["PollResult", "follow_feed", "next_poll", "poll_openings"]

SAVE_EVERY = timedelta(seconds=10)  # a detail takes 0.1 to 30 s; so little is read twice
SAVE_AT = 500  # openings; more in one transaction would keep other writers waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What one poll of the feed at `url` did.

    page: path of the page where the next poll goes on, None for the start. n_waiting: openings that
    are still to be fetched. n_changed: openings that are new, changed or withdrawn. problems:
    sentences for people. is_read: whether the feed gave anything that could be read.
    """

    url: str
    page: str | None
    n_waiting: int
    n_changed: int = 0
    problems: tuple[str, ...] = ()
    is_read: bool = False


def poll_openings(
    programme: Programme, *, clock: Clock, sleep: Callable[[float], None], progress: Progress
) -> PollResult:
    """Read all that the feed has new, and save it.

    The first poll reads six months, which takes minutes to hours; cut off, the next goes on.
    Raises ContentError when the settings name no feed, StoreError when another poll goes on.
    """
    url = _feed_url(programme)
    skills = programme.course.skills
    with NavFeed(base_url=url, skills=skills, clock=clock, sleep=sleep) as feed:
        return follow_feed(programme.database, feed, url, clock=clock, progress=progress)


def next_poll(programme: Programme) -> PollResult:
    """Tell where the next poll would go on; ask nothing over the network."""
    url = _feed_url(programme)
    cursor = _stored_cursor(programme.database, url)
    return PollResult(url=url, page=cursor.page, n_waiting=len(cursor.pending))


def follow_feed(
    database: Database, feed: NavFeed, url: str, *, clock: Clock, progress: Progress
) -> PollResult:
    """Go on where the last poll of `url` stopped, and save every SAVE_EVERY or SAVE_AT."""
    cursor = _stored_cursor(database, url)
    n_changed, problems, is_read = 0, list[str](), False
    for step in _joined(_told(feed.poll(cursor), progress), clock):
        n_changed += _save(database, url, cursor, step, clock=clock)
        cursor = step.cursor
        problems.extend(step.problems)
        is_read = is_read or step.is_read
    return PollResult(
        url=url,
        page=cursor.page,
        n_waiting=len(cursor.pending),
        n_changed=n_changed,
        problems=tuple(problems),
        is_read=is_read,
    )


def _feed_url(programme: Programme) -> str:
    url = programme.settings.openings_feed
    if url is None:
        raise ContentError(
            f"{programme.root / 'skillmap.toml'}: no feed of openings is named, so none is asked. "
            f'To follow the public one, add the line: openings_feed = "{NAV_URL}"'
        )
    return url


def _stored_cursor(database: Database, url: str) -> FeedCursor:
    with database.begin(is_read_only=True) as session:
        return openings.feed_place(session, url)


def _told(steps: Iterable[FeedStep], progress: Progress) -> Iterator[FeedStep]:
    for n_done, step in enumerate(steps, start=1):
        n_waiting = len(step.cursor.pending)
        progress(n_done, n_done + n_waiting, f"{n_waiting} to fetch")
        yield step


def _joined(steps: Iterable[FeedStep], clock: Clock) -> Iterator[FeedStep]:
    """Make one step of those that come within SAVE_EVERY, or of SAVE_AT openings."""
    joint: FeedStep | None = None
    began = clock()
    for step in steps:
        joint = step if joint is None else _both(joint, step)
        if len(joint.openings) >= SAVE_AT or clock() - began >= SAVE_EVERY:
            yield joint
            joint, began = None, clock()
    if joint is not None:
        yield joint


def _both(one: FeedStep, next_one: FeedStep) -> FeedStep:
    return FeedStep(
        cursor=next_one.cursor,
        openings=one.openings + next_one.openings,
        problems=one.problems + next_one.problems,
        is_read=one.is_read or next_one.is_read,
    )


def _save(database: Database, url: str, before: FeedCursor, step: FeedStep, *, clock: Clock) -> int:
    """Keep what a step brought and where it led, both or neither."""
    with database.begin() as session:
        n_changed = openings.save(session, step.openings, clock())
        openings.move_feed(session, url, before=before, after=step.cursor)
    return n_changed
