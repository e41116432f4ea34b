"""Let nbgrader's own tests meet our grader: `pytest -p tests.conformance.plugin --pyargs ...`."""

from collections.abc import Iterator
from functools import cache

import nbgrader.api
import nbgrader.apps.autogradeapp
import nbgrader.apps.generatefeedbackapp
import nbgrader.apps.validateapp
import pytest

from skillmap.grading.course import scripts_on_path
from skillmap.judging import Courtroom
from tests.conformance import bridge


@pytest.fixture(scope="session", autouse=True)
def our_grader() -> Iterator[None]:
    """Put our grader in the place of nbgrader's, for all of the session."""
    with scripts_on_path(), Courtroom() as courtroom, pytest.MonkeyPatch.context() as patch:
        bridge.use(courtroom)
        # A new gradebook asks another process for this, which takes longer than a test.
        version = cache(nbgrader.api.get_alembic_version)
        patch.setattr(nbgrader.api, "get_alembic_version", version)
        patch.setattr(nbgrader.apps.autogradeapp, "Autograde", bridge.JudgedAutograde)
        patch.setattr(nbgrader.apps.generatefeedbackapp, "GenerateFeedback", bridge.OurFeedback)
        patch.setattr(nbgrader.apps.validateapp, "Validator", bridge.BoxedValidator)
        yield
