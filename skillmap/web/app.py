"""The site: which address is answered by which handler, and who may knock.

In: a database, a course, a clock. Out: a Starlette application.
Law: every address stands in `PAGES` with its room; `access` decides, nothing here does.
"""

from datetime import timedelta
from importlib.resources import files

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from skillmap.model import Course, PersonId
from skillmap.ports import Clock
from skillmap.store import Database, accounts
from skillmap.web.address import Page, act, look, recorded_look
from skillmap.web.desk import Desk, endpoint
from skillmap.web.errors import error_handlers
from skillmap.web.headers import HeaderMiddleware
from skillmap.web.pages import (
    attest,
    coordinator,
    disputes,
    entry,
    evidence,
    explain,
    instructor,
    items,
    learner,
    mentor,
    next_exercise,
    own,
    resume,
)
from skillmap.web.passwords import hash_password
from skillmap.web.session import digest, new_token
from skillmap.workflows.disputes import DisputeOffice

__all__ = ["PAGES", "add_link", "create_app", "set_password"]


ONE_ITEM = "/learner/dispute/{assignment}/{notebook}/{grade_id}"

STATED = "/learner/stated/{statement_id}"
ATTESTED = "/learner/attested/{attestation_id}"

PAGES = (
    look("/", None, entry.front),
    look("/login", None, entry.log_in_form),
    Page(
        method="POST",
        path="/login",
        room=None,
        handler=entry.log_in,
        check=entry.check_password,
    ),
    look("/enter/{token}", None, entry.use_link_form),
    act("/enter/{token}", None, entry.use_link),
    act("/logout", None, entry.log_out),
    look("/learner", "learner", learner.today),
    look("/learner/skills", "learner", learner.skills),
    look("/learner/skills/{skill}", "learner", explain.for_learner),
    look("/learner/openings", "learner", learner.jobs),
    look("/learner/mentor", "learner", learner.mentor),
    act("/learner/resume", "learner", resume.take),
    act("/learner/sharing", "learner", learner.set_sharing),
    look(ONE_ITEM, "learner", disputes.ask_form),
    act(ONE_ITEM, "learner", disputes.ask),
    act("/learner/withdraw/{dispute_id}", "learner", disputes.withdraw),
    look("/learner/evidence", "learner", evidence.show),
    act("/learner/evidence", "learner", evidence.state),
    act(f"{STATED}/withdraw", "learner", evidence.withdraw_statement),
    act(f"{ATTESTED}/consent", "learner", evidence.consent),
    act(f"{ATTESTED}/withdraw", "learner", evidence.withdraw),
    look("/mentor", "mentor", mentor.home),
    recorded_look("/mentor/brief/{learner_id}", "brief", mentor.brief),
    recorded_look("/mentor/skill/{learner_id}/{skill}", "brief", explain.for_mentor),
    look("/mentor/attest/{learner_id}", "brief", attest.attest_form),
    act("/mentor/attest/{learner_id}", "brief", attest.attest),
    look("/mentor/attest/{learner_id}/thanks", "brief", attest.thanks),
    recorded_look("/mentor/next/{learner_id}", "brief", next_exercise.choose_form),
    act("/mentor/next/{learner_id}", "brief", next_exercise.choose),
    recorded_look("/instructor", "instructor", instructor.home),
    look("/instructor/items", "instructor", items.overview),
    recorded_look("/instructor/next/{learner_id}", "instructor", next_exercise.choose_form),
    act("/instructor/next/{learner_id}", "instructor", next_exercise.choose),
    recorded_look("/instructor/dispute/{dispute_id}", "instructor", disputes.answer_form),
    act("/instructor/dispute/{dispute_id}", "instructor", disputes.answer),
    recorded_look("/coordinator", "coordinator", coordinator.home),
    look("/coordinator/publish", "coordinator", coordinator.confirm),
    act("/coordinator/publish", "coordinator", coordinator.publish),
    *own.PAGES,
)


def create_app(
    database: Database,
    course: Course,
    *,
    clock: Clock,
    secure_cookies: bool = False,
    required_level: str | None = None,
    office: DisputeOffice | None = None,
) -> Starlette:
    """Make the site.

    secure_cookies: cookies only over HTTPS; set it when served by HTTPS.
    required_level: the level that openings ask for, as `match_openings` takes it.
    office: the way to the gradebook; without one, new scores wait for the command line.
    """
    desk = Desk(
        database=database,
        course=course,
        clock=clock,
        secure_cookies=secure_cookies,
        required_level=required_level,
        office=office,
    )
    static = StaticFiles(directory=str(files("skillmap.web").joinpath("static")))
    app = Starlette(
        routes=[*_routes(desk), Mount("/static", static)],
        middleware=[Middleware(HeaderMiddleware)],
        exception_handlers=error_handlers(desk),
    )
    # Else "/login/" is sent on to an address that is made of the Host header.
    app.router.redirect_slashes = False
    return app


def add_link(database: Database, person: PersonId, *, clock: Clock, valid_for: timedelta) -> str:
    """Make a one-time link for `person` and return its path, "/enter/<token>"."""
    token = new_token()
    with database.begin() as session:
        accounts.add_link(session, person, digest(token), clock() + valid_for)
    return f"/enter/{token}"


def set_password(database: Database, person: PersonId, password: str) -> None:
    """Give `person` a new password; AccessError when it is too short."""
    encoded = hash_password(password)
    with database.begin() as session:
        accounts.set_password_hash(session, person, encoded)


def _routes(desk: Desk) -> list[Route]:
    return [
        Route(
            page.path,
            endpoint(
                desk,
                page.handler,
                page.room,
                is_read_only=page.is_read_only,
                check=page.check,
            ),
            methods=[page.method],
        )
        for page in PAGES
    ]
