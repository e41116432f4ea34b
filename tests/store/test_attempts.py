"""Laws of attempts: how they are counted, and what became of each."""

from dataclasses import replace

from skillmap.store import Database, responses
from tests.store.builders import DAY, MONDAY, make_attempt, make_response


def test_an_earlier_attempt_that_turns_up_late_moves_the_later_ones_up(database: Database) -> None:
    later = make_response(submitted_at=MONDAY + DAY, attempt=1)
    with database.begin() as session:
        responses.append(session, [later])
        assert [r.attempt for r in responses.current(session)] == [1]
        responses.append(session, [make_response()])

        assert [r.attempt for r in responses.current(session)] == [1, 2]


def test_an_attempt_that_could_not_be_graded_counts_as_an_attempt(database: Database) -> None:
    with database.begin() as session:
        responses.record_attempt(session, make_attempt(graded={"problem": "the notebook is gone"}))
        responses.append(session, [make_response(submitted_at=MONDAY + DAY)])

        assert [r.attempt for r in responses.current(session)] == [2]


def test_attempts_are_counted_per_learner_and_assignment(database: Database) -> None:
    log = [
        make_response(),
        make_response(item="loops/exercise/max"),
        make_response(item="pandas/task/read", submitted_at=MONDAY + DAY),
        make_response(learner="bashir", submitted_at=MONDAY + 2 * DAY),
    ]
    with database.begin() as session:
        responses.append(session, log)

        assert [r.attempt for r in responses.current(session)] == [1, 1, 1, 1]


def test_graded_attempts_come_back_in_the_order_of_time(database: Database) -> None:
    late = make_attempt(submitted_at=MONDAY + DAY, number=7)
    early = make_attempt(graded={"problem": "it never ended", "is_finished": False})
    with database.begin() as session:
        responses.record_attempt(session, late)
        responses.record_attempt(session, early)

    with database.begin() as session:
        second = replace(late, attempt=replace(late.attempt, number=2))
        assert responses.graded_attempts(session) == [early, second]


def test_recording_an_attempt_again_replaces_what_was_known(database: Database) -> None:
    begun = make_attempt(graded={"is_finished": False, "findings": ()})
    done = make_attempt(graded={"graded_at": MONDAY + 2 * DAY})
    with database.begin() as session:
        responses.record_attempt(session, begun)
        responses.record_attempt(session, done)

        assert responses.graded_attempts(session) == [done]


def test_several_attempts_are_recorded_as_one_after_the_other(database: Database) -> None:
    begun = make_attempt(graded={"is_finished": False, "findings": ()})
    done = make_attempt(graded={"graded_at": MONDAY + 2 * DAY})
    other = make_attempt(learner="bashir")
    mended = make_attempt(sha256="0" * 64, graded={"problem": "no notebook"})
    with database.begin() as session:
        responses.record_attempts(session, [begun])
        responses.record_attempts(session, [begun, other, mended, done])

        found = responses.graded_attempts(session)
        assert sorted(found, key=lambda one: one.attempt.sha256 + one.attempt.learner) == sorted(
            [done, other, mended], key=lambda one: one.attempt.sha256 + one.attempt.learner
        )


def test_attempts_can_be_asked_for_by_assignment_and_learner(database: Database) -> None:
    mine = make_attempt()
    with database.begin() as session:
        for one in (mine, make_attempt(assignment="pandas"), make_attempt(learner="bashir")):
            responses.record_attempt(session, one)

        found = responses.graded_attempts(
            session, assignment=mine.attempt.assignment, learner=mine.attempt.learner
        )
        assert found == [mine]
        assert len(responses.graded_attempts(session, assignment=mine.attempt.assignment)) == 2
        assert len(responses.graded_attempts(session, learner=mine.attempt.learner)) == 2
