"""An nbgrader course directory, opened with the configuration that nbgrader itself would read.

In: the folder, and what skillmap.toml adds. Out: NbgraderCourse, with nbgrader's API and its paths.
Law: a folder that nbgrader can grade works here unchanged; what its nbgrader_config.py says wins
over our defaults.
"""

import glob
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets import TraitError
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from skillmap.errors import GradingError
from skillmap.grading.files import FileRules
from skillmap.grading.refusals import gradebook_refusal, refusal
from skillmap.grading.stopping import interrupts_held_back

__all__ = ["NbgraderCourse", "nbgrader_version", "open_course"]

CONFIG_NAME = "nbgrader_config.py"
SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True, kw_only=True)
class NbgraderCourse:
    """A course directory with everything nbgrader needs to work on it."""

    root: Path
    config: Config
    api: Any
    log: logging.Logger

    @property
    def course_id(self) -> str:
        """nbgrader's course id; empty in a course that never used an exchange."""
        return str(self.api.coursedir.course_id)

    @property
    def db_url(self) -> str:
        """URL of nbgrader's gradebook."""
        return str(self.api.coursedir.db_url)

    @property
    def exchange(self) -> Path:
        """This course's folder in the exchange, whether it exists or not."""
        return Path(str(self.api.exchange_root)) / self.course_id

    def source(self, assignment: str) -> Path:
        """Where the instructor's version lies."""
        return self._path(self.api.coursedir.source_directory, ".", assignment)

    def submitted(self, learner: str, assignment: str) -> Path:
        """Where nbgrader looks for a submission."""
        return self._path(self.api.coursedir.submitted_directory, learner, assignment)

    def autograded(self, learner: str, assignment: str) -> Path:
        """Where nbgrader puts the graded notebooks."""
        return self._path(self.api.coursedir.autograded_directory, learner, assignment)

    def feedback(self, learner: str, assignment: str) -> Path:
        """Where nbgrader puts the feedback pages."""
        return self._path(self.api.coursedir.feedback_directory, learner, assignment)

    def release(self, assignment: str) -> Path:
        """Where nbgrader puts the learners' version."""
        return self._path(self.api.coursedir.release_directory, ".", assignment)

    def file_rules(self) -> FileRules:
        """Which files belong to a submission."""
        return FileRules.of(self.api.coursedir)

    def _path(self, step: str, learner: str, assignment: str) -> Path:
        return Path(self.api.coursedir.format_path(step, learner, assignment))

    @contextmanager
    def selected(self, assignment: str, learner: str) -> Iterator[None]:
        """Point nbgrader at one assignment and one learner ("*" for all, "." for the source)."""
        coursedir = self.api.coursedir
        before = coursedir.assignment_id, coursedir.student_id
        coursedir.assignment_id, coursedir.student_id = assignment, learner
        try:
            yield
        finally:
            coursedir.assignment_id, coursedir.student_id = before

    def exchange_step(self, name: str) -> Any:
        """Make one of nbgrader's exchange steps, such as "Collect", ready to start."""
        step = getattr(self.api.exchange, name)
        return step(
            coursedir=self.api.coursedir, authenticator=self.api.authenticator, parent=self.api
        )

    def has_gradebook(self) -> bool:
        """Whether there is a gradebook yet; opening one that is not there would make it."""
        file = self._gradebook_file()
        return file is None or file.exists()

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """Open nbgrader's gradebook; a locked or unreadable one leaves as a GradingError."""
        try:
            self._make_gradebook()
            with scripts_on_path(), Gradebook(self.db_url, self.course_id) as gradebook:
                yield gradebook
        except Exception as error:
            refused = self.refusal(error) or gradebook_refusal(
                error, db_url=self.db_url, is_surely=True
            )
            if refused:
                raise refused from error
            raise

    def _gradebook_file(self) -> Path | None:
        file = self.db_url.removeprefix(SQLITE).partition("?")[0]
        return Path(file) if self.db_url.startswith(SQLITE) and file else None

    def _make_gradebook(self) -> None:
        """Make a gradebook where there is none, whole or not at all.

        nbgrader makes it in steps, and asks the command `alembic`, which Ctrl-C would end.
        """
        file = self._gradebook_file()
        if file is None or file.exists():
            return
        new = file.with_name(f".{file.name}.new")
        new.unlink(missing_ok=True)
        with scripts_on_path(), interrupts_held_back():
            Gradebook(f"{SQLITE}{new}", self.course_id).close()
        new.rename(file)

    def refusal(self, error: BaseException) -> GradingError | None:
        """Say that the gradebook or the disk refused, when that is what `error` means."""
        return refusal(
            error, db_url=self.db_url, learners=str(self.api.coursedir.submitted_directory)
        )


def folders_like(path_of: Callable[[str], Path]) -> Iterator[tuple[str, Path]]:
    """Yield (name, folder) for each folder that `path_of(name)` can be, sorted."""
    before, _, after = str(path_of("\0")).partition("\0")
    for found in sorted(glob.glob(f"{glob.escape(before)}*{glob.escape(after)}")):
        if os.path.isdir(found):
            yield found[len(before) : len(found) - len(after)], Path(found)


@cache
def nbgrader_version() -> str:
    """Name the scoring rules in use, as each response records them."""
    return f"nbgrader {version('nbgrader')}"


def open_course(root: Path, *, defaults: Config | None = None) -> NbgraderCourse:
    """Open a course directory. `defaults` hold below whatever its nbgrader_config.py says.

    Raises GradingError when the folder is missing or its configuration does not run.
    """
    root = root.resolve()
    _require_usable(root)
    config = Config()
    config.merge(defaults or Config())
    for folder in [*reversed(jupyter_config_path()), str(root)]:
        config.merge(_read_config(folder))
    config.KernelManager.setdefault("transport_encryption", "auto")
    config.NotebookClient.setdefault("shutdown_kernel", "immediate")  # saves .1 to .3 s a notebook
    log = _quiet_log()
    try:
        _make_absolute(config, root)
        with scripts_on_path():
            api = NbGraderAPI(config=config, log=log)
    except (TraitError, TypeError, OSError) as error:
        raise GradingError(
            f"{root / CONFIG_NAME}: nbgrader refuses a setting ({error}). Mend it and run again."
        ) from error
    return NbgraderCourse(root=root, config=config, api=api, log=log)


def _require_usable(root: Path) -> None:
    if not root.is_dir():
        raise GradingError(
            f"{root}: there is no such folder. Name a course directory: --course DIR."
        )
    if glob.escape(str(root)) != str(root):
        raise GradingError(
            f"{root}: nbgrader reads the characters [ * ? in a folder's name as a pattern and "
            "finds nothing. Rename or move the folder."
        )


def _make_absolute(config: Config, root: Path) -> None:
    # nbgrader means relative paths from the current folder, which is the course's for its users.
    declared = str(config.CourseDirectory.get("root", "") or root)
    config.CourseDirectory.root = str((root / declared).resolve())
    file = str(config.CourseDirectory.get("db_url", "")).removeprefix(SQLITE)
    if str(config.CourseDirectory.get("db_url", "")).startswith(SQLITE) and file:
        config.CourseDirectory.db_url = f"{SQLITE}{Path(config.CourseDirectory.root, file)}"
    if "root" in config.Exchange:
        config.Exchange.root = str(root / str(config.Exchange.root))


def _read_config(folder: str) -> Config:
    loader = PyFileConfigLoader(CONFIG_NAME, path=folder)
    try:
        with redirect_stdout(sys.stderr):  # what it prints must not get into our --json
            return Config(loader.load_config())
    except ConfigFileNotFound:
        return Config()
    except (Exception, SystemExit) as error:
        raise GradingError(
            f"{Path(folder) / CONFIG_NAME}: it stopped with {type(error).__name__}: {error}. "
            "Mend that line; nbgrader cannot read the file either."
        ) from error


def _quiet_log() -> logging.Logger:
    log = logging.getLogger("skillmap.nbgrader")
    log.propagate = False
    log.setLevel(logging.INFO)
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    return log


@contextmanager
def scripts_on_path() -> Iterator[None]:
    """Let nbgrader find the `alembic` command, which it starts by name, in this environment."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
