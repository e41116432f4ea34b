"""Turn one feed entry into an Opening.

In: a decoded detail of the feed. Out: an Opening, with requirements read from its text.
Law: only ACTIVE is active; anything else keeps its id and loses its content. Contact persons are
never read. A broken entry is a FeedError that names the advertisement and the field.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from skillmap.catalog.payloads import AdContent, Detail, problems_of
from skillmap.errors import FeedError
from skillmap.model import Opening, OpeningId, Skill, SkillId
from skillmap.reading import RequirementReader, plain_text

__all__ = ["parse_entry", "read_entry"]

LONGEST_LIFE = timedelta(days=183)  # advertisements of the feed live for six months at most
FURTHEST = timedelta(days=2 * 365)  # beyond this from now a date is a filler such as 2099
OLDEST_YEAR = 2000  # before this a date is a filler such as 1970
FEED_ZONE = ZoneInfo("Europe/Oslo")
OUR_SOURCE = "arbeidsplassen.nav.no"


def parse_entry(entry: object, *, fetched_at: datetime, skills: Mapping[SkillId, Skill]) -> Opening:
    """Read one decoded detail. Raises FeedError when it cannot be read.

    fetched_at: stands in for times that the entry does not give; with a zone.
    """
    return read_entry(entry, fetched_at=fetched_at, reader=RequirementReader(skills))


def read_entry(entry: object, *, fetched_at: datetime, reader: RequirementReader) -> Opening:
    """`parse_entry` for many entries, with a reader made once."""
    detail = _checked(entry)
    ad = detail.ad_content
    if detail.status != "ACTIVE":
        return _withdrawn(detail, fetched_at)
    if ad is None:
        raise FeedError(f"Advertisement {detail.uuid}: ad_content is missing, though it is ACTIVE.")
    changed = _likely(detail.sistEndret, fetched_at) or fetched_at
    published = _likely(ad.published, fetched_at) or changed
    text = plain_text(ad.description)
    title = ad.title or ad.jobtitle
    return Opening(
        id=OpeningId(detail.uuid),
        title=title,
        employer=ad.employer.name if ad.employer else "",
        municipality=_municipality(ad),
        text=text,
        apply_url=_apply_url(ad),
        source=ad.source or OUR_SOURCE,
        published=published,
        expires=_expires(ad, published, fetched_at),
        deadline=ad.applicationDue,
        requirements=reader.read(text, title=title),
    )


def _checked(entry: object) -> Detail:
    try:
        return Detail.model_validate(entry)
    except ValidationError as error:
        uuid = entry.get("uuid") if isinstance(entry, Mapping) else None
        name = repr(uuid)[:60] if uuid else "without uuid"
        raise FeedError(f"Advertisement {name} cannot be read: {problems_of(error)}.") from error


def _withdrawn(detail: Detail, fetched_at: datetime) -> Opening:
    when = _likely(detail.sistEndret, fetched_at) or fetched_at
    return Opening(
        id=OpeningId(detail.uuid),
        title="",
        employer="",
        municipality="",
        text="",
        apply_url="",
        source=OUR_SOURCE,
        published=when,
        expires=when,
        is_active=False,
    )


def _likely(when: datetime | None, fetched_at: datetime) -> datetime | None:
    """The time with a zone, Oslo's where it has none; None for a filler."""
    if when is None or when.year < OLDEST_YEAR or when.year > (fetched_at + FURTHEST).year:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=FEED_ZONE)
    return when if when <= fetched_at + FURTHEST else None


def _expires(ad: AdContent, published: datetime, fetched_at: datetime) -> datetime:
    """When it leaves our lists: as it says, else six months after its last sign of life."""
    named = _likely(ad.expires, fetched_at)
    if named is not None and named >= published:
        return named
    updated = _likely(ad.updated, fetched_at)
    return max(published, updated or published) + LONGEST_LIFE


def _municipality(ad: AdContent) -> str:
    """The first municipality named, else the first city, in the feed's capitals."""
    named = [place.municipal for place in ad.workLocations if place.municipal]
    cities = [place.city.upper() for place in ad.workLocations if place.city]
    return next(iter([*named, *cities]), "")


def _apply_url(ad: AdContent) -> str:
    """The first web address that leads to the application, or ""."""
    return next(filter(_is_web, (ad.applicationUrl, ad.sourceurl, ad.link)), "")


def _is_web(url: str) -> bool:
    if not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
