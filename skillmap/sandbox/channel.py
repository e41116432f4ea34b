"""Messages between the judge and a box: JSON with its length before it.

Law: whoever receives decides how much it takes; what is no message raises BrokenChannelError.
"""

import json
import re
import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["BrokenChannelError", "Channel"]

HEADER = struct.Struct("<I")
CHUNK = 1 << 18
MOST_CONTAINERS = 1 << 20  # each takes some hundred bytes once it is read
MOST_ITEMS = 1 << 22
# A learner may replace the public names.
_dumps, _loads = json.dumps, json.loads
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')


class BrokenChannelError(Exception):
    """The other side is gone, or does not keep to the form; `is_gone` tells which."""

    def __init__(self, message: str, *, is_gone: bool = False) -> None:
        super().__init__(message)
        self.is_gone = is_gone


class Channel:
    """One end of a stream of messages."""

    def __init__(self, end: socket.socket, *, most_bytes: int) -> None:
        self.end = end
        self._most_bytes = most_bytes

    def send(
        self, message: Mapping[str, Any], while_full: Callable[[], None] | None = None
    ) -> None:
        """Send one message, whole; `while_full` may wait, watch, and raise."""
        text = _dumps(message).encode("ascii")
        rest = memoryview(HEADER.pack(len(text)) + text)
        try:
            if while_full is None:
                self.end.sendall(rest)
                return
            while rest:
                try:
                    rest = rest[self.end.send(rest, socket.MSG_DONTWAIT) :]
                except BlockingIOError:
                    while_full()
        except OSError as error:
            raise BrokenChannelError(f"cannot send: {error}", is_gone=True) from error

    def demand_silence(self) -> None:
        """Raise BrokenChannelError when there is an answer to nothing, or nobody any more."""
        try:
            surplus = self.end.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError as error:
            raise BrokenChannelError(f"cannot receive: {error}", is_gone=True) from error
        raise BrokenChannelError("somebody spoke unasked, or went", is_gone=not surplus)

    def receive(self, before_each_read: Callable[[], None] | None = None) -> dict[str, Any]:
        """Receive one message; `before_each_read` may wait, watch, and raise."""
        (length,) = HEADER.unpack(self._exactly(HEADER.size, before_each_read))
        if length > self._most_bytes:
            raise BrokenChannelError(f"a message of {length} bytes is more than is allowed")
        text = self._exactly(length, before_each_read)
        if _is_inflated(text):
            raise BrokenChannelError("what came has more parts than is allowed")
        try:
            message = _loads(text)
        except (ValueError, RecursionError, MemoryError) as error:
            raise BrokenChannelError("what came is no JSON") from error
        if not isinstance(message, dict):
            raise BrokenChannelError("what came is no message")
        return message

    def close(self) -> None:
        """Let go of this end."""
        self.end.close()

    def _exactly(self, length: int, before_each_read: Callable[[], None] | None) -> bytes:
        taken = bytearray()
        while len(taken) < length:
            if before_each_read:
                before_each_read()
            try:
                chunk = self.end.recv(min(CHUNK, length - len(taken)))
            except OSError as error:
                raise BrokenChannelError(f"cannot receive: {error}", is_gone=True) from error
            if not chunk:
                raise BrokenChannelError("the other side is gone", is_gone=True)
            taken += chunk
        return bytes(taken)


def _is_inflated(text: bytes) -> bool:
    """Say whether a text would take much more memory once it is read, as `[[],[],[], ...` would."""
    return _has_many_parts(text) and _has_many_parts(STRING.sub(b"", text))


def _has_many_parts(text: bytes) -> bool:
    return (
        len(text) > MOST_CONTAINERS
        and text.count(b"[") + text.count(b"{") > MOST_CONTAINERS
        or text.count(b",") > MOST_ITEMS
    )
