"""Get the strongest walls that this machine can give, proved, or none at all."""

import os

from skillmap.sandbox.box import NoWallsError, Sandbox
from skillmap.sandbox.self_test import CANARY, climbed_walls
from skillmap.sandbox.system_calls import is_supported
from skillmap.sandbox.walls import Rung

__all__ = ["open_sandbox"]

WHAT_TO_DO = (
    "Walls around learners' code cannot be had on this machine, so nothing is graded. "
    "It needs Linux 6.12 or newer on x86-64 with Landlock, or user namespaces "
    "(`sysctl user.max_user_namespaces`; in a container: allow them, or start it with "
    "--security-opt seccomp=unconfined). Without user namespaces, Python must not lie in a folder "
    "that only root may enter. To grade without walls work that you trust as much as "
    "your own, type --unsafe."
)
OTHER_MACHINE = "Walls are built for Linux on x86-64 only."


def open_sandbox(*, is_unsafe: bool = False) -> Sandbox:
    """Return a sandbox that has passed its self-test.

    is_unsafe: take no walls at all, because somebody asked for that by name.
    Raises NoWallsError with what was tried and what to do.
    """
    if is_unsafe:
        return _ready(Rung.NONE)
    if not is_supported():
        raise NoWallsError(f"{OTHER_MACHINE} {WHAT_TO_DO}")
    tried = []
    for rung in (Rung.NAMESPACES, Rung.LANDLOCK):
        try:
            return _proved(rung)
        except NoWallsError as error:
            tried.append(str(error))
    raise NoWallsError(f"{WHAT_TO_DO} Tried: {'; '.join(tried)}.")


def _ready(rung: Rung) -> Sandbox:
    sandbox = Sandbox(rung)
    sandbox.wait()
    return sandbox


def _proved(rung: Rung) -> Sandbox:
    before = os.environ.get(CANARY)
    os.environ[CANARY] = "canary"
    try:
        sandbox = _ready(rung)
    finally:
        del os.environ[CANARY]
        if before is not None:
            os.environ[CANARY] = before
    try:
        through = climbed_walls(sandbox.gate)
        if through:
            raise NoWallsError(f"{rung.value}: the self-test could {', '.join(through)}")
    except BaseException:
        sandbox.close()
        raise
    return sandbox
