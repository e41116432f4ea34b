"""The sandbox proves its walls before it is given out, and is refused where they cannot be had."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from skillmap.sandbox import NoWallsError, Rung, Sandbox, open_sandbox, self_test
from skillmap.sandbox.self_test import CANARY, climbed_walls
from tests.sandbox.boxes import printed
from tests.sandbox.ordinary_user import CANNOT, run_as_user

pytestmark = pytest.mark.slow

AS_USER = "import sqlite3, scipy.stats, os; print(os.getuid() not in (0, 64999))"


def as_user(*missing: str) -> Any:
    if os.getuid() != 0:
        pytest.skip(CANNOT)
    return run_as_user("tests.sandbox.boxes", AS_USER, missing=missing)


def test_the_strongest_walls_of_this_machine_stand() -> None:
    before = dict(os.environ)

    with open_sandbox() as sandbox:
        through = climbed_walls(sandbox.gate)

    assert through == []
    assert dict(os.environ) == before


def test_without_walls_the_self_test_gets_through() -> None:
    try:
        with Sandbox(Rung.NONE) as sandbox:
            sandbox.wait()
            through = climbed_walls(sandbox.gate)
    except NoWallsError as error:
        pytest.skip(str(error))

    assert "read a file of the machine" in through
    assert "connect over TCP" in through


def test_an_ordinary_user_gets_namespaces() -> None:
    assert as_user() == {"rung": "namespaces", "said": "True\n"}


def test_where_namespaces_are_forbidden_landlock_stands_in() -> None:
    assert as_user("namespaces") == {"rung": "landlock", "said": "True\n"}


def test_without_namespaces_and_landlock_nothing_is_graded() -> None:
    found = as_user("namespaces", "landlock")

    assert "nothing is graded" in found["refused"]
    assert "max_user_namespaces" in found["refused"]
    assert "no Landlock" in found["refused"]
    assert "Traceback" not in found["refused"]


def test_namespaces_without_landlock_are_not_enough() -> None:
    assert "no Landlock" in as_user("landlock")["refused"]


def test_a_root_who_alone_can_read_python_is_told_so_by_the_weaker_walls() -> None:
    if os.getuid() != 0 or not _is_pythons_folder_closed():
        pytest.skip("needs root, and Python in a folder of root's")

    with pytest.raises(NoWallsError, match="only root may enter the folder of Python"):
        Sandbox(Rung.LANDLOCK).wait()


def _is_pythons_folder_closed() -> bool:
    return any(
        not parent.stat().st_mode & 0o001 for parent in Path(os.path.realpath(os.__file__)).parents
    )


def test_a_wall_that_is_missing_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    monkeypatch.setattr(
        "skillmap.sandbox.start.climbed_walls", lambda gate: ["read a file of the machine"]
    )
    monkeypatch.setattr("skillmap.sandbox.box.subprocess.Popen", _noting(subprocess.Popen, started))

    with pytest.raises(NoWallsError, match="could read a file of the machine"):
        open_sandbox()

    assert started
    assert all(one.poll() is not None for one in started)


def _noting(work: Any, started: list[Any]) -> Any:
    class Noted(work):  # type: ignore[misc]
        def __init__(self, command: Sequence[str], **options: Any) -> None:
            super().__init__(command, **options)
            if "skillmap.sandbox.zygote" in command:
                started.append(self)

    return Noted


def test_a_self_test_that_is_cut_off_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "PROBES", "import os; os._exit(0)")
    with _plain() as sandbox:
        found = climbed_walls(sandbox.gate)

    assert found == ["the self-test was cut off (died)"]


def test_a_self_test_that_says_nothing_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "PROBES", "1 / 0")
    with _plain() as sandbox:
        found = climbed_walls(sandbox.gate)

    assert "could not be run" in found[0]


def test_the_mark_that_the_self_test_looks_for_does_not_outlast_it() -> None:
    with open_sandbox() as sandbox:
        text = printed(sandbox.gate, f"import os; print({CANARY!r} in os.environ)")

    assert text == "False\n"
    assert CANARY not in os.environ


def _plain() -> Sandbox:
    sandbox = Sandbox(Rung.NAMESPACES)
    try:
        sandbox.wait()
    except NoWallsError as error:
        pytest.skip(str(error))
    return sandbox
