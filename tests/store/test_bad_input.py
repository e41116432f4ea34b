"""What can be wrong with a database, a disk or an address; each is a sentence."""

import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from skillmap.errors import StoreError
from skillmap.store import Database, open_database, people, responses
from skillmap.store.migrations import VERSION_TABLE
from tests.store.builders import make_learner, make_response
from tests.store.postgres import Cluster


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def made(file: Path) -> Path:
    open_database(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def locked(made: Path) -> Iterator[Path]:
    with closing(sqlite3.connect(made, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield made


def write(database: Database) -> None:
    with database.begin() as session:
        people.save_learner(session, make_learner())


def open_and_write(file: Path) -> None:
    with closing(open_database(f"sqlite:///{file}")) as database:
        write(database)


def test_a_locked_database_names_the_other_program_and_the_file(locked: Path) -> None:
    with (
        closing(open_database(f"sqlite:///{locked}", patience_s=0.05)) as database,
        pytest.raises(StoreError, match="Close the other program or wait") as caught,
    ):
        write(database)

    assert str(caught.value).startswith(f"{locked}: another program is writing")


def test_a_locked_database_can_still_be_read(locked: Path) -> None:
    database = open_database(f"sqlite:///{locked}", patience_s=0.05)
    with closing(database), database.begin(is_read_only=True) as session:
        assert people.learners(session) == []


def test_a_locked_database_without_tables_is_a_sentence(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError, match="another program is writing"):
            open_database(f"sqlite:///{file}", patience_s=0.05)


def test_a_writer_on_postgresql_waits_and_then_says_so(postgresql_url: str) -> None:
    first, second = open_database(postgresql_url), open_database(postgresql_url, patience_s=0.05)
    with closing(first), closing(second), first.begin() as session:
        people.save_learner(session, make_learner())

        with pytest.raises(StoreError, match="another program is writing"):
            write(second)


def test_a_second_transaction_inside_the_first_is_a_sentence(database: Database) -> None:
    with database.begin() as session:
        people.save_learner(session, make_learner())

        with pytest.raises(StoreError, match="another program is writing"):
            write(database)


def test_a_file_opened_for_reading_only_is_a_sentence(made: Path) -> None:
    with (
        closing(open_database(f"sqlite:///file:{made}?mode=ro&uri=true")) as database,
        pytest.raises(StoreError, match="read-only.*permission to write there"),
    ):
        write(database)


def without_root_s_powers(script: str, *arguments: str) -> str:
    """Run Python as a user whom permissions bind; as root, without the right to override them."""
    prefix: list[str] = []
    if Path("/proc/self").exists() and shutil.which("setpriv"):
        powers = "-dac_override,-dac_read_search"
        prefix = ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}"]
    command = [sys.executable, "-c", script, *arguments]
    probe = subprocess.run([*prefix, "true"], capture_output=True, timeout=60, check=False)
    done = subprocess.run(
        command if probe.returncode else [*prefix, *command],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


SAY = """
import sys
from skillmap.errors import StoreError
from skillmap.store import open_database
try:
    open_database("sqlite:///" + sys.argv[1])
except StoreError as error:
    print(error)
"""


def test_a_read_only_file_is_a_sentence(made: Path) -> None:
    made.chmod(0o444)

    said = without_root_s_powers(SAY, str(made))

    assert said.startswith(f"{made}: {made} is read-only.")
    assert "permission to write" in said


def test_a_read_only_folder_is_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    folder.chmod(0o555)

    said = without_root_s_powers(SAY, str(folder / "store.db"))

    assert said.startswith(f"{folder}/store.db: {folder} is read-only.")


def fill(database: Database) -> None:
    with database.begin() as session:
        session.execute(text("PRAGMA max_page_count = 60"))
        for n in range(10_000):
            responses.append(session, [make_response(learner=f"learner-{n}")])


def test_a_full_disk_is_a_sentence_and_loses_nothing(made: Path) -> None:
    with closing(open_database(f"sqlite:///{made}")) as database:
        with database.begin() as session:
            responses.append(session, [make_response()])

        with pytest.raises(StoreError, match="the disk is full.*nothing was lost.*Free some space"):
            fill(database)

        with database.begin() as session:
            assert responses.current(session) == [make_response()]


def test_a_file_that_is_no_database_is_a_sentence(file: Path) -> None:
    file.write_text("name,points\n" * 200)
    before = file.read_bytes()

    with pytest.raises(StoreError, match="not a skillmap database.*Check the path"):
        open_database(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_damaged_database_is_a_sentence(made: Path) -> None:
    content = bytearray(made.read_bytes())
    content[4096 : 4096 * 3] = b"x" * 8192
    made.write_bytes(content)

    with pytest.raises(StoreError, match="damaged.*restore a backup"):
        open_and_write(made)


def test_a_database_of_another_program_is_left_alone(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")

    with pytest.raises(StoreError, match="belongs to another program.*'alembic_version'"):
        open_database(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as other:
        tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("alembic_version",)]


def test_a_schema_newer_than_this_program_is_a_sentence(fresh_url: str) -> None:
    with closing(open_database(fresh_url)) as database, database.begin() as session:
        session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))

    with pytest.raises(StoreError, match="newer skillmap.*schema 9999.*Update skillmap"):
        open_database(fresh_url)


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder .*/away does not exist. Make it"):
        open_database(f"sqlite:///{tmp_path}/away/store.db")


def test_a_folder_instead_of_a_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="this is a folder. Name a file in it"):
        open_database(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("address", ["store.db", "", "://", "postgresql+psycopg://u:pw@h:x/d"])
def test_an_address_that_cannot_be_read_is_a_sentence_without_the_address(address: str) -> None:
    with pytest.raises(StoreError, match="It looks like sqlite:///") as caught:
        open_database(address)

    assert "pw@" not in str(caught.value)


def test_another_kind_of_database_is_a_sentence_without_the_password() -> None:
    with pytest.raises(StoreError, match="no database of the kind 'mysql'") as caught:
        open_database("mysql://u:geheim@localhost/d?password=geheim")

    assert "geheim" not in str(caught.value)


def test_a_postgresql_that_does_not_answer_is_a_sentence() -> None:
    pytest.importorskip("psycopg", reason="psycopg is missing: `pip install skillmap[postgres]`")
    with socket.socket() as silent:
        # Bound, but nobody listens.
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]

        with pytest.raises(StoreError, match="PostgreSQL cannot be reached") as caught:
            open_database(f"postgresql://u:geheim@127.0.0.1:{port}/d")

    assert "geheim" not in str(caught.value)
    assert f"127.0.0.1:{port}/d" in str(caught.value)


def test_a_missing_database_on_postgresql_is_a_sentence(postgresql_url: str) -> None:
    with pytest.raises(StoreError, match='cannot be reached .*"away" does not exist'):
        open_database(postgresql_url.rsplit("/", 1)[0] + "/away")


def test_a_user_who_may_not_make_tables_is_a_sentence(
    postgresql_url: str, cluster: Cluster
) -> None:
    cluster.execute(postgresql_url, "CREATE ROLE guest LOGIN")

    with pytest.raises(StoreError, match="permission denied.*permission to write there"):
        open_database(postgresql_url.replace("postgres@", "guest@"))


def test_a_server_that_only_reads_is_a_sentence(postgresql_url: str) -> None:
    open_database(postgresql_url).close()
    standby = postgresql_url + "?options=-c%20default_transaction_read_only%3Don"
    with (
        closing(open_database(standby)) as database,
        pytest.raises(StoreError, match="is read-only"),
    ):
        write(database)


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StoreError, match=r"pip install skillmap\[postgres\]"):
        open_database("postgresql+psycopg://u@127.0.0.1/d")


def test_half_a_character_is_a_sentence(database: Database) -> None:
    with pytest.raises(StoreError, match="half a character"), database.begin() as session:
        people.save_learner(session, make_learner(name="\ud800"))


def test_the_password_is_not_in_the_address_we_show(postgresql_url: str) -> None:
    secret = postgresql_url.replace("postgres@", "postgres:geheim@") + "?application_name=x"
    with closing(open_database(secret)) as database:
        assert "geheim" not in database.url
        assert "application_name=x" in database.url
