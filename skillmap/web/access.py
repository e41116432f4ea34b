"""Who may see what: the one place that decides.

In: a role, a room of the site, and for a brief the learner with the published pairings. Out: a
verdict. The matrix, cell by cell (tests walk over it):

room          nobody   learner    mentor     instructor  coordinator  referrer   host
own           log_in   open (own) open (own) open (own)  open (own)   open (own) open (own)
learner       log_in   open (own) forbidden  forbidden   forbidden    forbidden  forbidden
mentor        log_in   forbidden  open (own) forbidden   forbidden    forbidden  forbidden
brief         log_in   hidden     see below  hidden      hidden       hidden     hidden
instructor    log_in   forbidden  forbidden  open        forbidden    forbidden  forbidden
coordinator   log_in   forbidden  forbidden  forbidden   open         forbidden  forbidden
referrer      log_in   forbidden  forbidden  forbidden   forbidden    open (own) forbidden
host          log_in   forbidden  forbidden  forbidden   forbidden    forbidden  open (own)

Contributors have the room "own" alone, and somebody with further parts has the rooms of them all.
The room "brief" holds the pages of a mentor about one learner: the brief, and the form to attest.
A brief is hidden from a mentor without a published pairing with this learner, withheld while the
learner does not share, else open. Hidden answers "no such page", the same as for a learner who
does not exist: asking must not reveal who takes part. A page with "own" holds only what belongs to
the person who is logged in; no address names anybody there. To attest, a published pairing is
enough: it shows nothing of the learner.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from skillmap.model import Learner, Pairing, PersonId, Role

__all__ = ["HOMES", "Room", "Verdict", "attest_for", "enter", "read_brief"]

Room = Literal["own", "learner", "mentor", "brief", "instructor", "coordinator", "referrer", "host"]
Verdict = Literal["open", "log_in", "forbidden", "hidden", "withheld"]

HOMES: Mapping[Role, str] = {
    "learner": "/learner",
    "mentor": "/mentor",
    "instructor": "/instructor",
    "coordinator": "/coordinator",
    "contributor": "/me",
    "referrer": "/referrer",
    "host": "/host",
}
_ROLE_OF: Mapping[Room, Role] = {
    "learner": "learner",
    "mentor": "mentor",
    "brief": "mentor",
    "instructor": "instructor",
    "coordinator": "coordinator",
    "referrer": "referrer",
    "host": "host",
}


def enter(roles: Collection[Role], room: Room) -> Verdict:
    """Decide whether a person with these parts (none: not logged in) may enter a room at all."""
    if not roles:
        return "log_in"
    if room == "own" or _ROLE_OF[room] in roles:
        return "open"
    return "hidden" if room == "brief" else "forbidden"


def read_brief(mentor: PersonId, learner: Learner | None, published: Iterable[Pairing]) -> Verdict:
    """Decide whether `mentor` may read the brief of `learner`."""
    verdict = attest_for(mentor, learner, published)
    if learner is None or verdict != "open":
        return verdict
    return "open" if learner.shares_with_mentor else "withheld"


def attest_for(mentor: PersonId, learner: Learner | None, published: Iterable[Pairing]) -> Verdict:
    """Decide whether `mentor` may write what they saw `learner` do."""
    if learner is None:
        return "hidden"
    is_paired = any(p.mentor == mentor and p.learner == learner.id for p in published)
    return "open" if is_paired else "hidden"
