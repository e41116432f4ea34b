"""Keep what the runner needs as it was before any learner's code ran.

The builtins are put right after each cell, for the runner stands on them too; a learner's own cells
get their changes back. An instructor's cell that runs here gets everything pristine, as far as that
is cheap. It is a best effort: in one process nothing is tamper-proof.
"""

import builtins
import sys
import threading
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.formatters import BaseFormatter, DisplayFormatter, PlainTextFormatter
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell

from skillmap.sandbox.cell_shell import CellShell
from skillmap.sandbox.outputs import OutputTape

__all__ = ["BuiltinsGuard", "PristineShell"]

CLASSES = (
    BaseFormatter,
    DisplayFormatter,
    DisplayHook,
    InteractiveShell,
    OutputTape,
    PlainTextFormatter,
    TransformerManager,
    CellShell,
)
KNOWN_CALLBACKS = ("IPython.core.interactiveshell", "matplotlib_inline.backend_inline")


class BuiltinsGuard:
    """Sets the builtins back, and remembers what the learner had made of them."""

    def __init__(self) -> None:
        self._namespace = builtins.__dict__
        self._pristine = dict(builtins.__dict__)
        self._changed: dict[str, Any] = {}
        self._removed: list[str] = []

    def take_back(self) -> None:
        """Restore all builtins, by syntax and methods alone: each builtin may be gone."""
        namespace = self._namespace
        changed: dict[str, Any] = {}
        removed: list[str] = []
        for name, value in self._pristine.items():
            if name not in namespace:
                removed.append(name)
            elif namespace[name] is not value:
                changed[name] = namespace[name]
        self._changed, self._removed = changed, removed
        if changed or removed:
            namespace.update(self._pristine)

    def give_back(self) -> None:
        """Apply the learner's changes again, for the learner's next cell."""
        self._namespace.update(self._changed)
        for name in self._removed:
            self._namespace.pop(name, None)


class PristineShell:
    """Knows how the shell stood at first, and sets it back for a trusted cell."""

    def __init__(self, shell: CellShell) -> None:
        self._shell = shell
        self._parts = {name: getattr(shell, name) for name in PARTS}
        self._names = [(one, frozenset(vars(one))) for one in (shell, *self._parts.values())]
        self._classes = [(one, dict(vars(one))) for one in CLASSES]
        self._lists = [(one, list(one)) for one in _lists_of(shell)]
        self._printers = [(one, dict(one)) for one in _printers_of(shell)]

    def restore(self) -> None:
        """Set back methods, transformers and printers, and end Python's tracing."""
        sys.settrace(None)
        sys.setprofile(None)
        threading.settrace(None)
        self._restore_classes()
        self._restore_parts()
        for values, pristine in self._lists:
            values[:] = pristine
        for printers, pristine_printers in self._printers:
            printers.clear()
            printers.update(pristine_printers)
        for callbacks in self._shell.events.callbacks.values():
            callbacks[:] = [
                one for one in callbacks if getattr(one, "__module__", "") in KNOWN_CALLBACKS
            ]

    def _restore_classes(self) -> None:
        for one, pristine in self._classes:
            now = one.__dict__
            for name, value in pristine.items():
                if now.get(name) is not value:
                    setattr(one, name, value)

    def _restore_parts(self) -> None:
        for one, names in self._names:
            attributes = vars(one)
            # What an instance was given later hides its class's method of that name.
            for name in [name for name in attributes if name not in names]:
                if hasattr(type(one), name):
                    del attributes[name]
        for name, part in self._parts.items():
            if getattr(self._shell, name) is not part:
                setattr(self._shell, name, part)


PARTS = (
    "compile",
    "display_formatter",
    "display_pub",
    "displayhook",
    "display_trap",
    "builtin_trap",
    "events",
    "history_manager",
    "input_transformer_manager",
    "prefilter_manager",
)


def _lists_of(shell: CellShell) -> list[list[Any]]:
    manager = shell.input_transformer_manager
    return [
        manager.cleanup_transforms,
        manager.line_transforms,
        manager.token_transformers,
        shell.input_transformers_post,
        shell.ast_transformers,
    ]


def _printers_of(shell: CellShell) -> list[dict[Any, Any]]:
    text = shell.display_formatter.formatters["text/plain"]
    return [text.singleton_printers, text.type_printers, text.deferred_printers]
