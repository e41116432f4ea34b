"""Open a real JupyterLab in a learner's own folder, with nbgrader's assignment list.

Instructor tools, news pop-ups and the kernel dialog are switched off by configuration alone.
Hiding is not a wall: whoever works here runs as the person who started it.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from skillmap.model import LearnerId
from skillmap.store import people
from skillmap.workflows.people import learner_home
from skillmap.workflows.programme import Programme

__all__ = ["lab_command", "open_lab", "write_lab_config"]

PAGE_CONFIG = {
    "disabledExtensions": {
        "@jupyter/nbgrader:formgrader": True,
        "@jupyter/nbgrader:create-assignment": True,
        "@jupyter/nbgrader:course-list": True,
        "@jupyterlab/apputils-extension:announcements": True,
        "@jupyterlab/extensionmanager-extension:plugin": True,
        "@jupyterlab/debugger-extension:sidebar": True,
    }
}
OVERRIDES = {"@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True}}
SERVER_CONFIG = {
    "ServerApp": {
        "jpserver_extensions": {
            "nbgrader.server_extensions.assignment_list": True,
            "nbgrader.server_extensions.validate_assignment": True,
            "nbgrader.server_extensions.formgrader": False,
            "nbgrader.server_extensions.course_list": False,
        }
    }
}
NBGRADER_CONFIG = """\
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = {course_id!r}
c.CourseDirectory.student_id = {learner!r}
c.Exchange.root = {exchange!r}
c.Exchange.assignment_dir = {home!r}
c.Exchange.cache = {cache!r}
"""


def open_lab(
    programme: Programme,
    learner: LearnerId,
    *,
    port: int,
    with_browser: bool,
    say: Callable[[str], None],
) -> None:
    """Replace this process by JupyterLab as `learner`. Raises StoreError for an unknown one."""
    with programme.database.begin(is_read_only=True) as session:
        name = people.learner(session, learner).name
    config = write_lab_config(programme, learner)
    say(
        f"JupyterLab for {name} ({learner}).\n"
        "1. Menu Nbgrader, Assignment List: fetch an assignment, solve it, submit it.\n"
        f"2. In another terminal: skillmap --course {programme.root} grade\n"
        "3. Their page shows the new score and the profile. Stop the Lab with Ctrl-C."
    )
    command = lab_command(learner_home(programme, learner), port=port, with_browser=with_browser)
    programme.database.close()
    os.chdir(learner_home(programme, learner))
    os.execve(sys.executable, command, {**os.environ, **_environment(config)})


def lab_command(home: Path, *, port: int, with_browser: bool) -> list[str]:
    """Return the command that starts JupyterLab in `home` on 127.0.0.1."""
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", f"--ServerApp.root_dir={home}"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    return command if with_browser else [*command, "--no-browser"]


def write_lab_config(programme: Programme, learner: LearnerId) -> Path:
    """Write the configuration of a learner's Lab beside their folder and return its place."""
    home = learner_home(programme, learner)
    home.mkdir(parents=True, exist_ok=True)
    config = programme.root / "learners" / ".config" / learner
    nbgrader = programme.nbgrader
    values = {
        "course_id": nbgrader.course_id,
        "learner": str(learner),
        "exchange": str(nbgrader.exchange.parent),
        "home": str(home),
        "cache": str(home / ".nbgrader_cache"),
    }
    files = {
        "labconfig/page_config.json": json.dumps(PAGE_CONFIG, indent=2),
        "labconfig/default_setting_overrides.json": json.dumps(OVERRIDES, indent=2),
        "jupyter_server_config.json": json.dumps(SERVER_CONFIG, indent=2),
        "nbgrader_config.py": NBGRADER_CONFIG.format(**values),
    }
    for name, text in files.items():
        path = config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return config


def _environment(config: Path) -> dict[str, str]:
    return {
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_CONFIG_PATH": str(config),
        "JUPYTERLAB_SETTINGS_DIR": str(config / "lab" / "user-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(config / "lab" / "workspaces"),
    }
