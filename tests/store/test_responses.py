"""Laws of the response log."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from skillmap.errors import EvidenceError, StoreError
from skillmap.model import LearnerId, PersonId, Response
from skillmap.store import Database, Session, responses
from tests.store.builders import DAY, MONDAY, make_response, undone

# Each example is a transaction on a real database; its time says nothing of the code.
EXAMPLES = settings(max_examples=25, deadline=None)

PLACES = st.tuples(
    st.sampled_from(["amina", "bashir"]),
    st.sampled_from(["loops/exercise/sum", "loops/exercise/max", "pandas/task/read"]),
    st.integers(0, 2),
)
GRADINGS = st.builds(
    make_response,
    points=st.sampled_from([0.0, 0.1 + 0.2, 1.0]),
    max_points=st.sampled_from([1.0, 2.0]),
    is_manual=st.booleans(),
    scoring=st.sampled_from(["nbgrader 0.9.6", "nbgrader 1.0"]),
)
HISTORIES = st.dictionaries(PLACES, st.lists(GRADINGS, min_size=1, max_size=4), max_size=6)
Histories = dict[tuple[str, str, int], list[Response]]


def placed(place: tuple[str, str, int], grading: Response) -> Response:
    learner, item, day = place
    return replace(
        grading,
        learner=LearnerId(PersonId(learner)),
        item=type(grading.item)(item),
        submitted_at=MONDAY + day * DAY,
        sha256=f"{learner} {item} {day}",
    )


def n_rows(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM response")).scalar_one())


def current_of(session: Session, log: Sequence[Response]) -> list[Response]:
    responses.append(session, log)
    return responses.current(session)


def test_a_response_comes_back_as_appended(database: Database) -> None:
    response = make_response(points=0.1 + 0.2, max_points=1e-300, is_manual=True, is_late=True)
    with database.begin() as session:
        assert responses.append(session, [response]) == 1

    with database.begin() as session:
        assert responses.current(session) == [response]


def test_an_empty_import_appends_nothing(database: Database) -> None:
    with database.begin() as session:
        assert responses.append(session, []) == 0
        assert responses.current(session) == []


def test_a_learner_whom_nobody_has_entered_is_logged(database: Database) -> None:
    with database.begin() as session:
        assert responses.append(session, [make_response(learner="stranger")]) == 1


@EXAMPLES
@given(st.dictionaries(PLACES, GRADINGS, max_size=6))
def test_importing_a_gradebook_twice_changes_nothing(
    shared: Database, gradebook: dict[tuple[str, str, int], Response]
) -> None:
    log = [placed(place, grading) for place, grading in gradebook.items()]
    with undone(shared) as session:
        first = responses.append(session, log)
        once = responses.current(session)

        assert first == len(log)
        assert responses.append(session, log) == 0
        assert responses.current(session) == once


@EXAMPLES
@given(HISTORIES)
def test_appending_a_history_twice_is_appending_it_once(
    shared: Database, histories: Histories
) -> None:
    log = [placed(place, one) for place, history in histories.items() for one in history]
    with undone(shared) as session:
        once = current_of(session, log)

        assert current_of(session, log) == once


@EXAMPLES
@given(HISTORIES, st.data())
def test_how_revisions_interleave_does_not_change_what_is_current(
    shared: Database, histories: Histories, data: st.DataObject
) -> None:
    in_turn = [placed(place, one) for place, history in histories.items() for one in history]
    turns = data.draw(st.permutations([p for p, h in histories.items() for _ in h]))
    left = {place: iter(history) for place, history in histories.items()}
    mixed = [placed(place, next(left[place])) for place in turns]
    cut = data.draw(st.integers(0, len(mixed)))
    with undone(shared) as session:
        expected = current_of(session, in_turn)
    with undone(shared) as session:
        responses.append(session, mixed[:cut])

        assert current_of(session, mixed[cut:]) == expected


@EXAMPLES
@given(HISTORIES)
def test_current_is_the_last_grading_of_each_and_a_row_is_a_change(
    shared: Database, histories: Histories
) -> None:
    log = [placed(place, one) for place, history in histories.items() for one in history]
    # The obvious bookkeeper: count each grading that differs from the one before it.
    last: dict[tuple[datetime, str, str], tuple[object, ...]] = {}
    n_changes = 0
    for one in log:
        place = (one.submitted_at, one.learner, one.item)
        grading = (one.points, one.max_points, one.is_manual, one.scoring)
        n_changes += last.get(place) != grading
        last[place] = grading
    with undone(shared) as session:
        assert responses.append(session, log) == n_changes == n_rows(session)

        found = responses.current(session)
        assert [(r.submitted_at, r.learner, r.item) for r in found] == sorted(last)
        assert {
            (r.submitted_at, r.learner, r.item): (r.points, r.max_points, r.is_manual, r.scoring)
            for r in found
        } == last


@pytest.mark.parametrize(
    "change",
    [{"points": 1.5}, {"max_points": 3.0}, {"is_manual": True}, {"scoring": "nbgrader 1.0"}],
)
def test_a_changed_grade_is_a_new_revision(database: Database, change: dict[str, object]) -> None:
    changed = make_response(**change)
    with database.begin() as session:
        responses.append(session, [make_response()])
        assert responses.append(session, [changed]) == 1

        assert responses.current(session) == [changed]
        assert n_rows(session) == 2


@pytest.mark.parametrize("change", [{"graded_at": MONDAY + 9 * DAY}, {"isolation": "bubblewrap"}])
def test_grading_again_with_the_same_result_is_no_revision(
    database: Database, change: dict[str, object]
) -> None:
    with database.begin() as session:
        responses.append(session, [make_response()])

        assert responses.append(session, [make_response(**change)]) == 0


def test_a_grade_that_is_taken_back_counts_again(database: Database) -> None:
    with database.begin() as session:
        for points in (1.0, 2.0, 1.0):
            assert responses.append(session, [make_response(points=points)]) == 1

        assert responses.current(session) == [make_response(points=1.0)]


def test_another_submission_at_the_same_instant_is_the_next_revision(database: Database) -> None:
    other = make_response(sha256="c" * 64)
    with database.begin() as session:
        assert responses.append(session, [make_response(), other]) == 2
        assert responses.append(session, [make_response(), other]) == 0

        assert responses.current(session) == [other]


def test_the_same_instant_in_another_zone_is_the_same_submission(database: Database) -> None:
    oslo = make_response(submitted_at=MONDAY.astimezone(timezone(timedelta(hours=1))))
    with database.begin() as session:
        responses.append(session, [make_response()])

        assert responses.append(session, [oslo]) == 0
        (found,) = responses.current(session)
        assert found.submitted_at.tzinfo is UTC


def test_one_learner_s_log_is_the_part_of_the_whole_that_is_theirs(database: Database) -> None:
    log = [
        make_response(submitted_at=MONDAY + n * DAY, learner=name, points=float(n))
        for n in range(3)
        for name in ("amina", "bashir")
    ]
    with database.begin() as session:
        responses.append(session, log)
        responses.append(session, [replace(one, points=5.0) for one in log[:3]])
        everybody = responses.current(session)

        for name in ("amina", "bashir", "nobody"):
            own = responses.current(session, learner=LearnerId(PersonId(name)))
            assert own == [one for one in everybody if one.learner == name]


def test_points_that_are_no_number_are_refused(database: Database) -> None:
    with database.begin() as session, pytest.raises(EvidenceError, match=r"nan of 2\.0 points"):
        responses.append(session, [make_response(points=float("nan"))])


@pytest.mark.parametrize(
    "statement", ["UPDATE response SET points = 9", "DELETE FROM response", "TRUNCATE response"]
)
def test_nothing_in_the_log_can_be_changed_or_deleted(
    database: Database, kind: str, statement: str
) -> None:
    if kind == "sqlite" and statement.startswith("TRUNCATE"):
        statement = "INSERT OR REPLACE INTO response SELECT * FROM response"
    with database.begin() as session:
        responses.append(session, [make_response()])

    with pytest.raises(StoreError, match="the response log is append-only"):
        change(database, statement)

    with database.begin() as session:
        assert responses.current(session) == [make_response()]


def change(database: Database, statement: str) -> None:
    with database.begin() as session:
        session.execute(text(statement))
