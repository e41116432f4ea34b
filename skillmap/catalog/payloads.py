"""The shapes of the feed's payloads, as far as we read them.

Law: the feed is foreign. Unknown keys are passed over, a missing or null text is "", and only what
we need is read: contact persons have no field here, so they never get further.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

__all__ = ["AdContent", "Detail", "FeedItem", "FeedPage", "problems_of"]


def _text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        # JSON may hold half a surrogate pair, which no database and no page can.
        return value.encode("utf-8", "replace").decode().replace("\x00", "").strip()
    return value


def _missing_if_empty(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _list(value: Any) -> Any:
    return [] if value is None else value


Text = Annotated[str, BeforeValidator(_text)]
Id = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=100)]
# Only a path of the feed itself: our token must not follow an address to another host.
PagePath = Annotated[
    str, BeforeValidator(_text), Field(pattern=r"^(/api/v1/feed/[\w-]+(\?[\w=&-]*)?)?$")
]
When = Annotated[datetime | None, BeforeValidator(_missing_if_empty)]


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Place(_Payload):
    """One of `workLocations`."""

    municipal: Text = ""
    city: Text = ""


class Employer(_Payload):
    """`employer`."""

    name: Text = ""


class AdContent(_Payload):
    """`ad_content` of a detail."""

    title: Text = ""
    jobtitle: Text = ""
    description: Text = ""
    published: When = None
    expires: When = None
    updated: When = None
    workLocations: Annotated[list[Place], BeforeValidator(_list)] = []  # noqa: N815  the wire's name
    employer: Employer | None = None
    applicationDue: Text = ""  # noqa: N815  the wire's name
    applicationUrl: Text = ""  # noqa: N815  the wire's name
    sourceurl: Text = ""
    link: Text = ""
    source: Text = ""


class Detail(_Payload):
    """The answer for one advertisement. `ad_content` is absent when it is not active."""

    uuid: Id
    status: Text = ""
    sistEndret: When = None  # noqa: N815  the wire's name
    ad_content: AdContent | None = None


class FeedEntry(_Payload):
    """`_feed_entry` of an item."""

    status: Text = ""


class FeedItem(_Payload):
    """One change of an advertisement; `id` is the advertisement's, not the change's."""

    id: Id
    entry: Annotated[FeedEntry, Field(alias="_feed_entry")]


class FeedPage(_Payload):
    """A page of the feed. Items are checked one by one, so that a broken one stops no other."""

    id: Id
    next_url: PagePath = ""
    items: list[Any] = []


def problems_of(error: ValidationError) -> str:
    """Name every field that does not fit, and why, without repeating its content."""
    return "; ".join(
        f"{'.'.join(map(str, one['loc'])) or 'the whole'}: {one['msg'].rstrip('.')}"
        for one in error.errors(include_url=False, include_input=False)
    )
