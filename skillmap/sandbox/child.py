"""What happens in a box: learners' cells are run, and their values looked at, as the judge asks.

In: messages from the judge. Out: one answer to each.
Law: nothing in this process is believed by anybody: a learner's code shares it.
"""

import os
import signal
import socket
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skillmap.sandbox.cells import CellRunner
from skillmap.sandbox.channel import BrokenChannelError, Channel
from skillmap.sandbox.limits import Limits
from skillmap.sandbox.objects import ObjectTable
from skillmap.sandbox.walls import Walls

__all__ = ["live"]

MOST_BYTES = 256 << 20  # a message from the judge, which is trusted
LAST_HANDLE = 1 << 20


def live(
    handle: int, walls: Walls, limits: Limits, folder: Path | None, runner: CellRunner
) -> None:
    """Close the walls, then serve one judge until it goes away. Never returns."""
    channel = Channel(socket.socket(fileno=handle), most_bytes=MOST_BYTES)
    try:
        _close_other_handles(keep=(handle, walls.process_files))
        box = walls.close_around(limits, folder)
        _move_in(box)
        channel.send({"ready": True})
        _serve(channel, runner, limits)
    except BrokenChannelError:
        pass
    except BaseException as error:  # noqa: BLE001  # the judge has to hear of a missing wall
        channel.send({"failed": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(0)


def _close_other_handles(*, keep: tuple[int, int]) -> None:
    first, second = sorted(keep)
    os.closerange(3, first)
    os.closerange(first + 1, second)
    os.closerange(second + 1, LAST_HANDLE)


def _move_in(box: Path) -> None:
    for name in ("work", "home", "tmp"):
        (box / name).mkdir()
    os.environ.update(HOME=str(box / "home"), TMPDIR=str(box / "tmp"))
    os.chdir(box / "work")
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _serve(channel: Channel, runner: CellRunner, limits: Limits) -> None:
    table = ObjectTable(runner, limits)
    while True:
        message = channel.receive()
        match message["ask"]:
            case "files":
                _write_files(message["files"])
            case "run":
                for cell in message["cells"]:
                    channel.send(_run(runner, cell, cpu_s=message["cpu_s"]))
            case "look":
                channel.send(table.look(message["name"]))
            case "rename":
                channel.send(table.rename(message["name"], message["value"]))
            case "survey":
                channel.send(table.survey())
            case "do":
                channel.send(table.do(message))


def _write_files(files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b64decode(text))


def _run(runner: CellRunner, cell: Mapping[str, Any], *, cpu_s: float) -> dict[str, Any]:
    result = runner.run(cell["source"], is_trusted_source=cell["is_test"], cpu_s=cpu_s)
    return {"outputs": result.outputs}
