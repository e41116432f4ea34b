"""What a person of any role finds about themselves."""

from starlette.responses import Response

from skillmap.web.address import look
from skillmap.web.desk import Call

__all__ = ["PAGES", "home"]


def home(call: Call) -> Response:
    """Show who is logged in."""
    return call.page("own.html")


PAGES = (look("/me", "own", home),)
