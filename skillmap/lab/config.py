"""What a learner's JupyterLab reads, and where it keeps its own files.

In: a course and a learner. Out: the files of `learners/.config/<learner>/`.
Law: a learner sees nbgrader's assignment list and none of its instructor tools, no news and no
kernel dialog; the Lab writes nothing into the home of the person who started it.
"""

import json
import os
from pathlib import Path

from jupyter_core.paths import jupyter_path

from skillmap.model import LearnerId
from skillmap.workflows.people import learner_home
from skillmap.workflows.programme import Programme

__all__ = ["config_folder", "environment", "write_lab_config"]

PAGE_CONFIG = {
    "disabledExtensions": {
        "@jupyter/nbgrader:formgrader": True,
        "@jupyter/nbgrader:create-assignment": True,
        "@jupyter/nbgrader:course-list": True,
        "@jupyterlab/apputils-extension:announcements": True,
        "@jupyterlab/extensionmanager-extension:plugin": True,
        # Whole: without its sidebar alone, the debugger's other plugins fail as the page loads.
        "@jupyterlab/debugger-extension": True,
        # So would these, without the language servers that SERVER_CONFIG switches off.
        "@jupyterlab/lsp-extension": True,
        "@jupyterlab/fileeditor-extension:language-server": True,
        "@jupyterlab/notebook-extension:language-server": True,
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
            # It looks for language servers with npm, which writes its log into the home folder.
            "jupyter_lsp": False,
        }
    },
    "KernelManager": {"transport_encryption": "auto"},  # else each kernel warns its user
}
# The course's own settings first: time zone, folder rules and limits hold for learners, too.
NBGRADER_CONFIG = """\
load_subconfig("nbgrader_config.py", path={course!r})
c = get_config()
c.CourseDirectory.course_id = {course_id!r}
c.CourseDirectory.student_id = {learner!r}
c.Exchange.root = {exchange!r}
c.Exchange.assignment_dir = {home!r}
c.Exchange.cache = {cache!r}
c.KernelManager.transport_encryption = "auto"
"""


def config_folder(programme: Programme, learner: LearnerId) -> Path:
    """Where everything lies that the Lab itself writes for `learner`."""
    return learner_home(programme, learner).parent / ".config" / learner


def write_lab_config(programme: Programme, learner: LearnerId) -> Path:
    """Make the learner's folder, write their Lab's configuration and return where it lies."""
    home = learner_home(programme, learner)
    home.mkdir(parents=True, exist_ok=True)
    config = config_folder(programme, learner)
    files = {
        "labconfig/page_config.json": json.dumps(PAGE_CONFIG, indent=2),
        "labconfig/default_setting_overrides.json": json.dumps(OVERRIDES, indent=2),
        "jupyter_server_config.json": json.dumps(SERVER_CONFIG, indent=2),
        "nbgrader_config.py": _nbgrader_config(programme, learner, home),
    }
    for name, text in files.items():
        path = config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return config


def _nbgrader_config(programme: Programme, learner: LearnerId, home: Path) -> str:
    nbgrader = programme.nbgrader
    return NBGRADER_CONFIG.format(
        course=str(programme.root),
        course_id=nbgrader.course_id,
        learner=str(learner),
        exchange=str(programme.root / nbgrader.exchange.parent),
        home=str(home),
        cache=str(home / ".nbgrader_cache"),
    )


def environment(config: Path) -> dict[str, str]:
    """Return the variables that make Jupyter and IPython keep their files in `config`.

    Kernels and Lab extensions are still found where the person who starts the Lab has them.
    """
    return {
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_CONFIG_PATH": str(config),
        "JUPYTER_PATH": os.pathsep.join(jupyter_path()),
        "JUPYTER_DATA_DIR": str(config / "data"),
        "JUPYTER_RUNTIME_DIR": str(config / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(config / "lab" / "user-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(config / "lab" / "workspaces"),
        "IPYTHONDIR": str(config / "ipython"),
    }
