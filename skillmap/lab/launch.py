"""Open a real JupyterLab in a learner's own folder, with nbgrader's assignment list.

Hiding is not a wall: whoever works in it runs as the person who started it.
"""

import os
import shlex
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from skillmap.errors import GradingError, StoreError
from skillmap.lab.config import environment, write_lab_config
from skillmap.model import LearnerId
from skillmap.store import people
from skillmap.workflows.people import learner_home
from skillmap.workflows.programme import Programme

__all__ = ["lab_command", "open_lab"]


def open_lab(
    programme: Programme,
    learner: LearnerId,
    *,
    port: int,
    with_browser: bool,
    say: Callable[[str], None],
) -> None:
    """Replace this process by JupyterLab as `learner`; a signal to it ends the Lab and its kernels.

    Raises StoreError for an unknown learner or a port that cannot be had, and GradingError when
    there is nothing to fetch.
    """
    name = _name(programme, learner)
    programme.database.close()
    _require_released(programme)
    _require_port(port)
    home = learner_home(programme, learner)
    config = write_lab_config(programme, learner)
    course = shlex.quote(str(programme.root))
    say(
        f"JupyterLab for {name} ({learner}).\n"
        "1. Menu Nbgrader, Assignment List: fetch an assignment, solve it, save it, submit it.\n"
        f"2. In another terminal: skillmap --course {course} grade\n"
        "3. Their page shows the new score and the profile. Stop the Lab with Ctrl-C."
    )
    os.chdir(home)
    command = lab_command(home, port=port, with_browser=with_browser)
    os.execve(sys.executable, command, {**os.environ, **environment(config)})


def lab_command(home: Path, *, port: int, with_browser: bool) -> list[str]:
    """Return the command that starts JupyterLab in `home` on 127.0.0.1."""
    # -P: a learner's random.py must not stand in for Python's own when the server starts.
    command = [sys.executable, "-P", "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.root_dir={home}"]
    # One Ctrl-C stops it, without a question; only errors and the address are shown.
    command += ["--ServerApp.answer_yes=True", "--log-level=ERROR", "--LabApp.log_level=ERROR"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    return command if with_browser else [*command, "--no-browser"]


def _name(programme: Programme, learner: LearnerId) -> str:
    """Find the learner in our register or, in a plain nbgrader course, in its gradebook."""
    try:
        with programme.database.begin(is_read_only=True) as session:
            return people.learner(session, learner).name
    except StoreError:
        if not programme.nbgrader.has_gradebook():
            raise
        with programme.nbgrader.gradebook() as gradebook:
            enrolled = [student.id for student in gradebook.students]
        if learner not in enrolled:
            raise
        return str(learner)


def _require_released(programme: Programme) -> None:
    course = programme.nbgrader
    if not course.course_id:
        raise GradingError(
            f"{course.root}: learners fetch from the exchange, and that needs a course id. "
            'Add c.CourseDirectory.course_id = "my-course" to nbgrader_config.py.'
        )
    outbound = programme.root / course.exchange / "outbound"
    if not outbound.is_dir():
        raise GradingError(
            f"{outbound}: nothing has been released, so a learner would find nothing to fetch. "
            f"First: skillmap --course {shlex.quote(str(programme.root))} release ASSIGNMENT"
        )


def _require_port(port: int) -> None:
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise StoreError(
            f"Port {port} of 127.0.0.1 cannot be used: {why}. "
            "If another Lab runs there, stop it; or choose a free port with --port."
        ) from error
