"""What is left when a program is killed, and when two start at once."""

import subprocess
import sys
from contextlib import closing

import pytest
from sqlalchemy import text

from skillmap.store import open_database, people, responses
from tests.store.builders import make_learner, make_response

KILLED = """
import sys
from skillmap.store import open_database, people, responses
from tests.store.builders import make_learner, make_response
database = open_database(sys.argv[1])
with database.begin() as session:
    people.save_learner(session, make_learner(id="half"))
    for n in range(500):
        responses.append(session, [make_response(learner=f"half-{n}")])
    print("in the middle", flush=True)
    sys.stdin.read()
"""

OPEN = """
import sys
from skillmap.store import open_database
sys.stdin.readline()
open_database(sys.argv[1]).close()
"""


def start(script: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_program_killed_in_the_middle_leaves_nothing_half(url: str, kind: str) -> None:
    with closing(open_database(url)) as database, database.begin() as session:
        people.save_learner(session, make_learner())
        responses.append(session, [make_response()])

    with start(KILLED, url) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "in the middle\n"
        program.kill()

    with closing(open_database(url, patience_s=30)) as database, database.begin() as session:
        assert people.learners(session) == [make_learner()]
        assert responses.current(session) == [make_response()]
        responses.append(session, [make_response(points=2.0)])
        if kind == "sqlite":
            assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


@pytest.mark.slow
def test_programs_that_migrate_at_once_all_succeed(fresh_url: str) -> None:
    programs = [start(OPEN, fresh_url) for _ in range(4)]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()

    said = [program.communicate(timeout=120)[1] for program in programs]

    assert said == ["", "", "", ""]
    assert [program.returncode for program in programs] == [0, 0, 0, 0]
    with closing(open_database(fresh_url)) as database, database.begin() as session:
        assert people.learners(session) == []
