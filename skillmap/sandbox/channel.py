"""Messages between the judge and a box: JSON with its length before it.

Law: whoever receives decides how much it takes; what is no message raises BrokenChannelError.
"""

import json
import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["BrokenChannelError", "Channel"]

HEADER = struct.Struct("<I")
CHUNK = 1 << 18


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

    def send(self, message: Mapping[str, Any]) -> None:
        """Send one message, whole."""
        text = json.dumps(message).encode("ascii")
        try:
            self.end.sendall(HEADER.pack(len(text)) + text)
        except OSError as error:
            raise BrokenChannelError(f"cannot send: {error}", is_gone=True) from error

    def receive(self, before_each_read: Callable[[], None] | None = None) -> dict[str, Any]:
        """Receive one message; `before_each_read` may wait, watch, and raise."""
        (length,) = HEADER.unpack(self._exactly(HEADER.size, before_each_read))
        if length > self._most_bytes:
            raise BrokenChannelError(f"a message of {length} bytes is more than is allowed")
        text = self._exactly(length, before_each_read)
        try:
            message = json.loads(text)
        except (ValueError, RecursionError) as error:
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
