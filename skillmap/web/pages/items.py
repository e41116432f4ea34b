"""The instructor's page on the exercises: which are hard, broken, or tagged with another skill."""

from starlette.responses import Response

from skillmap.profiles import MIN_GROUP
from skillmap.profiles.fit import MIN_ANSWERS
from skillmap.store import responses
from skillmap.web.desk import Call
from skillmap.web.views.items import doubted_orders, item_tables, standing_out
from skillmap.web.views.results import finished
from skillmap.workflows.analyse import analyse_cohort

__all__ = ["overview"]


def overview(call: Call) -> Response:
    """Show what all answers say of each item; it names nobody, so no look is recorded."""
    log = responses.current(call.session)
    attempts = finished(responses.graded_attempts(call.session))
    analysis = analyse_cohort(log, call.desk.course, attempts=attempts)
    tables = item_tables(analysis, call.desk.course, call.words)
    return call.page(
        "instructor_items.html",
        tables=tables if log else [],
        first=standing_out(tables),
        orders=doubted_orders(analysis, call.words),
        min_group=MIN_GROUP,
        min_answers=MIN_ANSWERS,
    )
