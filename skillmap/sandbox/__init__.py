"""Run learners' code inside walls, and let trusted tests reach it through plain values."""

from skillmap.sandbox.box import Box, BoxEndedError, Gate, NoWallsError, Sandbox
from skillmap.sandbox.conversation import Conversation
from skillmap.sandbox.limits import Limits
from skillmap.sandbox.start import open_sandbox
from skillmap.sandbox.trusted import Origin, Tape, TestBench, TestResult
from skillmap.sandbox.walls import Rung

__all__ = [
    "Box",
    "BoxEndedError",
    "Conversation",
    "Gate",
    "Limits",
    "NoWallsError",
    "Origin",
    "Rung",
    "Sandbox",
    "Tape",
    "TestBench",
    "TestResult",
    "open_sandbox",
]
