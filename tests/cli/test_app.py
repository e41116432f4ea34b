"""How the command line answers: help, errors, exit codes."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skillmap.cli import app
from skillmap.cli.run_commands import free_port
from skillmap.errors import SkillmapError
from tests.grading.builders import make_course

COMMANDS = [
    "init",
    "check",
    "release",
    "collect",
    "grade",
    "feedback",
    "sync",
    "extend",
    "regrade",
    "disputes",
    "answer-dispute",
    "items",
    "stuck",
    "profile",
    "pair",
    "openings",
    "publish",
    "serve",
    "lab",
    "demo",
    "export",
    "people",
    "evidence",
    "attest",
    "state",
    "withdraw",
    "account",
]


def run(*args: str, answer: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(args), input=answer)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_itself(command: str) -> None:
    code, text = run(command, "--help")

    assert code == 0
    assert len(text) > 100


def test_a_folder_that_is_no_course_is_answered_with_what_to_do(tmp_path: Path) -> None:
    code, text = run("--course", str(tmp_path), "grade")

    assert code == 3
    assert "skillmap init" in text
    assert "Traceback" not in text


def test_a_misspelt_command_is_answered_with_the_closest(tmp_path: Path) -> None:
    code, text = run("--course", str(tmp_path), "grad")

    assert code == 2
    assert "Did you mean" in text


def test_a_misspelt_assignment_is_answered_with_the_closest(tmp_path: Path) -> None:
    code, text = run("--course", str(make_course(tmp_path)), "grade", "a11", "--dry-run")

    assert code == 4
    assert "Did you mean 'a1'" in text.replace("\n", " ")


def test_malformed_settings_are_named_with_their_place(tmp_path: Path) -> None:
    make_course(tmp_path)
    (tmp_path / "skillmap.toml").write_text("databse = 'x'\n", encoding="utf-8")

    code, text = run("--course", str(tmp_path), "people")

    assert code == 3
    assert "skillmap.toml" in text
    assert "Did you mean 'database'" in text


def test_an_unknown_learner_is_answered_without_a_traceback(tmp_path: Path) -> None:
    code, text = run("--course", str(make_course(tmp_path)), "profile", "nobody")

    assert code == 5
    assert "nobody" in text


def test_a_people_file_with_a_mistake_brings_in_nobody(tmp_path: Path) -> None:
    make_course(tmp_path)
    file = tmp_path / "people.toml"
    file.write_text(
        '[[learners]]\nid = "ada"\nname = "Ada"\ngoals = ["no.such.skill"]\n', encoding="utf-8"
    )

    code, text = run("--course", str(tmp_path), "people", "--import", str(file))
    _, listed = run("--course", str(tmp_path), "people", "--json")

    assert code == 3
    assert "no.such.skill" in text
    assert listed.strip() == "[]"


def test_people_come_in_and_get_a_way_in(tmp_path: Path) -> None:
    make_course(tmp_path)
    file = tmp_path / "people.toml"
    file.write_text(
        '[[learners]]\nid = "ada"\nname = "Ada Økland"\n'
        '[[staff]]\nid = "cora"\nname = "Cora"\nrole = "coordinator"\n',
        encoding="utf-8",
    )

    run("--course", str(tmp_path), "people", "--import", str(file))
    _, listed = run("--course", str(tmp_path), "people", "--json")
    code, text = run("--course", str(tmp_path), "account", "ada")

    assert "Ada Økland" in listed
    assert code == 0
    assert "/enter/" in text


def test_init_refuses_a_folder_that_holds_a_course(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "new"), "--id", "spring")[0] == 0

    code, text = run("init", str(tmp_path / "new"), "--id", "spring")

    assert code == 3
    assert "not overwritten" in text.replace("\n", " ")


def test_publishing_needs_a_coordinator_by_name(tmp_path: Path) -> None:
    make_course(tmp_path)
    run("--course", str(tmp_path), "pair")

    code, text = run("--course", str(tmp_path), "publish", "--by", "nobody")

    assert code == 8
    assert "nobody" in text


def test_publishing_without_a_draft_says_how_to_make_one(tmp_path: Path) -> None:
    code, text = run("--course", str(make_course(tmp_path)), "publish", "--by", "x", "--dry-run")

    assert code == 6
    assert "skillmap pair" in text


def test_a_busy_port_gives_way_to_the_next() -> None:
    import socket

    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]

        assert free_port(taken) > taken


def test_each_kind_of_error_has_its_own_documented_exit_code() -> None:
    kinds = SkillmapError.__subclasses__()

    codes = [kind.exit_code for kind in kinds]

    assert len(set(codes)) == len(codes)
    help_text = str(app.info.help)
    assert all(f"{code} " in help_text for code in codes)


@pytest.mark.slow
def test_help_does_not_import_what_commands_need() -> None:
    listing = "import sys, skillmap.cli; print(' '.join(sys.modules))"

    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True, timeout=60
    )

    loaded = set(done.stdout.split())
    heavy = {"nbgrader", "nbformat", "sqlalchemy", "numpy", "pydantic", "starlette", "scipy"}
    assert not heavy & loaded
