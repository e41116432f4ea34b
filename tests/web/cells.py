"""What the cells of the access matrix need: values for addresses, and what a bare form answers."""

from collections.abc import Callable, Mapping

from skillmap.store import pairings, people
from tests.web.conftest import Site
from tests.web.world import ask_about, said, saw


def mentee_of(site: Site, mentor: str) -> str:
    with site.database.begin() as session:
        mine = [p.learner for p in pairings.published(session) if p.mentor == mentor]
        return min(one for one in mine if people.learner(session, one).shares_with_mentor)


# What is kari's and amina's, and exists.
PARAMETERS: Mapping[str, Callable[[Site], str]] = {
    "{dispute_id}": lambda site: str(ask_about(site.database).id),
    "{attestation_id}": lambda site: str(saw(site.database, consents=False).id),
    "{statement_id}": lambda site: str(said(site.database).id),
    "{learner_id}": lambda site: mentee_of(site, "kari"),
    "{assignment}": lambda site: "py1",
    "{notebook}": lambda site: "tasks",
    "{grade_id}": lambda site: "t1",
    "{skill}": lambda site: "loops",
}

# A form with nothing but its token is refused with 422; these addresses answer otherwise.
POSTED: Mapping[str, int] = {
    "/learner/sharing": 303,
    "/learner/resume": 200,
    "/learner/withdraw/{dispute_id}": 303,
    "/learner/stated/{statement_id}/withdraw": 303,
    "/learner/attested/{attestation_id}/consent": 303,
    "/learner/attested/{attestation_id}/withdraw": 303,
    "/coordinator/publish": 409,
}

# A page with a form for each role; /me for the others.
FORM_OF: Mapping[str, str] = {
    "learner": "/learner",
    "mentor": "/mentor",
    "instructor": "/instructor",
    "coordinator": "/coordinator/publish",
}
