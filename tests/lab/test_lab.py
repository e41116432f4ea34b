"""What is written for a learner's Lab, how it is started, and what is said when it cannot be."""

import json
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from skillmap.errors import GradingError, SkillmapError, StoreError
from skillmap.lab import lab_command, open_lab, write_lab_config
from skillmap.model import Learner, LearnerId, PersonId
from skillmap.store import people
from skillmap.workflows.programme import Programme
from tests.grading.builders import make_course

ADA = LearnerId(PersonId("ada"))
INSTRUCTOR_TOOLS = ("formgrader", "create-assignment", "course-list")


@dataclass(frozen=True, kw_only=True)
class Start:
    """How the process would have gone on as JupyterLab."""

    command: list[str]
    environment: dict[str, str]
    folder: Path
    said: str


def make_programme(root: Path, *, learners: tuple[str, ...] = (ADA,)) -> Programme:
    """A plain nbgrader course that has released something to these learners of our register."""
    programme = Programme(make_course(root))
    (root / "exchange" / "test-course" / "outbound" / "a1").mkdir(parents=True)
    with programme.database.begin() as session:
        for learner in learners:
            people.save_learner(
                session, Learner(id=LearnerId(PersonId(learner)), name="Ada Økland")
            )
    return programme


def nbgrader_settings(programme: Programme) -> Config:
    folder = write_lab_config(programme, ADA)
    return PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()


def add_setting(programme: Programme, line: str) -> None:
    with (programme.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def ignore(_: str) -> None:
    """Hear what would be said."""


def start_as(programme: Programme, learner: str = ADA, *, port: int = 0) -> None:
    who = LearnerId(PersonId(learner))
    open_lab(programme, who, port=port, with_browser=False, say=ignore)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Callable[[Programme], Start]:
    """Open a Lab up to the point where this process would become JupyterLab."""
    monkeypatch.chdir(Path.cwd())  # only to come back here afterwards

    def begin(programme: Programme) -> Start:
        seen: list[Any] = []
        said: list[str] = []
        monkeypatch.setattr(os, "execve", lambda *how: seen.extend(how))
        open_lab(programme, ADA, port=0, with_browser=True, say=said.append)
        _, command, environment = seen
        return Start(
            command=command, environment=environment, folder=Path.cwd(), said="\n".join(said)
        )

    return begin


def test_nbgrader_in_the_lab_is_this_learner_in_this_course(tmp_path: Path) -> None:
    programme = make_programme(tmp_path)

    settings = nbgrader_settings(programme)

    home = tmp_path / "learners" / "ada"
    assert home.is_dir()
    assert settings.CourseDirectory.course_id == "test-course"
    assert settings.CourseDirectory.student_id == "ada"
    assert settings.Exchange.root == str(tmp_path / "exchange")
    assert settings.Exchange.assignment_dir == str(home)
    assert settings.Exchange.cache == str(home / ".nbgrader_cache")


def test_what_the_course_says_holds_for_learners_save_who_and_where(tmp_path: Path) -> None:
    programme = make_programme(tmp_path)
    add_setting(programme, "c.Exchange.path_includes_course = True")
    add_setting(programme, 'c.CourseDirectory.student_id = "somebody"')

    settings = nbgrader_settings(programme)

    assert settings.Exchange.path_includes_course is True
    assert settings.CourseDirectory.student_id == "ada"


def test_an_exchange_beside_the_course_is_named_in_full(tmp_path: Path) -> None:
    programme = make_programme(tmp_path)
    add_setting(programme, 'c.Exchange.root = "exchange"')

    settings = nbgrader_settings(programme)

    assert settings.Exchange.root == str(tmp_path / "exchange")


def test_a_learner_s_lab_has_no_instructor_s_tool(tmp_path: Path) -> None:
    folder = write_lab_config(make_programme(tmp_path), ADA)

    page = json.loads((folder / "labconfig" / "page_config.json").read_text("utf-8"))
    server = json.loads((folder / "jupyter_server_config.json").read_text("utf-8"))

    assert {f"@jupyter/nbgrader:{tool}" for tool in INSTRUCTOR_TOOLS} <= set(
        page["disabledExtensions"]
    )
    extensions = server["ServerApp"]["jpserver_extensions"]
    assert extensions["nbgrader.server_extensions.assignment_list"] is True
    assert extensions["nbgrader.server_extensions.formgrader"] is False
    assert extensions["nbgrader.server_extensions.course_list"] is False


def test_the_lab_keeps_its_own_files_beside_the_learners(
    tmp_path: Path, started: Callable[[Programme], Start]
) -> None:
    before = dict(os.environ)

    start = started(make_programme(tmp_path))

    changed = {key: value for key, value in start.environment.items() if before.get(key) != value}
    del changed["JUPYTER_PATH"]  # where kernels are read from
    assert len(changed) == 7
    own = str(tmp_path / "learners" / ".config" / "ada")
    assert all(value.startswith(own) for value in changed.values())


def test_the_lab_starts_in_the_learner_s_folder_and_says_what_to_do(
    tmp_path: Path, started: Callable[[Programme], Start]
) -> None:
    start = started(make_programme(tmp_path))

    assert start.folder == tmp_path / "learners" / "ada"
    assert start.command[0] == sys.executable
    assert "Ada Økland" in start.said
    assert f"--course {tmp_path} grade" in start.said


def test_only_this_machine_reaches_the_lab(tmp_path: Path) -> None:
    command = lab_command(tmp_path, port=8888, with_browser=True)

    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--no-browser" not in command
    assert "--no-browser" in lab_command(tmp_path, port=8888, with_browser=False)


def test_a_learner_s_file_never_stands_in_for_python_s_own(tmp_path: Path) -> None:
    command = lab_command(tmp_path, port=8888, with_browser=False)

    assert command.index("-P") < command.index("-m")


def test_an_unknown_learner_is_answered_with_the_closest(tmp_path: Path) -> None:
    programme = make_programme(tmp_path)

    with pytest.raises(StoreError, match="no learner 'adda'.*Did you mean 'ada'"):
        start_as(programme, "adda")


@pytest.mark.slow
def test_whoever_a_plain_course_s_gradebook_knows_may_work(
    tmp_path: Path, started: Callable[[Programme], Start]
) -> None:
    programme = make_programme(tmp_path, learners=())
    with programme.nbgrader.gradebook() as gradebook:
        gradebook.add_student("ada")

    start = started(programme)

    assert "JupyterLab for ada" in start.said
    with pytest.raises(StoreError, match="no learner 'bob'"):
        start_as(programme, "bob")


def test_a_busy_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    programme = make_programme(tmp_path)

    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(StoreError, match=rf"Port {port} .*in use.*--port"):
            start_as(programme, port=port)


def test_an_impossible_port_is_named(tmp_path: Path) -> None:
    programme = make_programme(tmp_path)

    with pytest.raises(StoreError, match="Port 70000 .*0-65535"):
        start_as(programme, port=70000)


def test_before_anything_is_released_the_next_step_is_named(tmp_path: Path) -> None:
    programme = make_programme(tmp_path)
    (tmp_path / "exchange" / "test-course" / "outbound" / "a1").rmdir()
    (tmp_path / "exchange" / "test-course" / "outbound").rmdir()

    with pytest.raises(GradingError, match="nothing has been released.*skillmap .*release"):
        start_as(programme)


def test_a_course_without_an_id_is_answered_with_the_missing_line(tmp_path: Path) -> None:
    programme = make_programme(tmp_path)
    add_setting(programme, 'c.CourseDirectory.course_id = ""')

    with pytest.raises(GradingError, match=r"c\.CourseDirectory\.course_id"):
        start_as(programme)


def test_nothing_is_written_when_the_lab_cannot_open(tmp_path: Path) -> None:
    programme = make_programme(tmp_path)

    with pytest.raises(SkillmapError):
        start_as(programme, "nobody")

    assert not (tmp_path / "learners").exists()
