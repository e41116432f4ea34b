"""IPython's shell as ipykernel shapes it, but with a tape in place of sockets.

No history file, no thread, no profile folder, no colours; results, displays and errors go onto the
tape. How a cell is run is `cell_steps`; this is what the cell's own code meets as `get_ipython()`.
"""

# mypy: disable-error-code="no-untyped-call"
# IPython's functions have no types.

import re
import sys
from typing import Any

from IPython.core import page
from IPython.core.autocall import ZMQExitAutocall
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import UsageError
from IPython.core.history import HistoryManager
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Instance, Type, default

from skillmap.sandbox.cell_errors import error_texts
from skillmap.sandbox.outputs import Output, OutputTape

__all__ = ["CellShell"]

# Without one of these no token of a cell means anything to IPython.
MAYBE_MAGIC = re.compile(r"^\s*[%!?,;/]|=(?:\s|\\)*[%!]|\?", re.MULTILINE)


class CellTransformer(TransformerManager):
    """IPython's input transformers; a cell without magics is not tokenised for them."""

    def __init__(self) -> None:
        super().__init__()
        self._own_transformers = tuple(self.token_transformers)

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        """Return the lines with magics made into Python."""
        is_own = tuple(self.token_transformers) == self._own_transformers
        if is_own and not MAYBE_MAGIC.search("".join(lines)):
            return lines
        transformed: list[str] = super().do_token_transforms(lines)
        return transformed


class TapeDisplayHook(DisplayHook):
    """Puts the value of a cell's last expression onto the tape."""

    shell: Any

    def quiet(self) -> bool:
        """Say whether the cell ends in a semicolon."""
        inputs = self.shell.history_manager.input_hist_parsed
        if not inputs or ";" not in inputs[-1]:
            return False
        return bool(self.semicolon_at_end_of_expression(inputs[-1]))

    def __call__(self, result: Any = None) -> None:
        """Show the result."""
        self.check_for_underscore()
        if result is None or self.quiet():
            return
        data, metadata = self.compute_format_data(result)
        self.update_user_ns(result)
        self.fill_exec_result(result)
        if data:
            self.shell.drain()
            self.shell.tape.publish(
                {
                    "output_type": "execute_result",
                    "data": data,
                    "metadata": metadata,
                    "execution_count": self.prompt_count,
                }
            )


class TapeDisplayPublisher(DisplayPublisher):
    """Puts what `display` shows onto the tape."""

    shell: Any

    def _setup_execution_tracking(self) -> None:
        """Do nothing: there is no history to keep displays in."""

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        """Show a mime bundle, or renew the one of the same display id."""
        self._validate_data(data, metadata)
        output: Output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        display_id = (transient or {}).get("display_id")
        self.shell.drain()
        if update:
            self.shell.tape.renew(output, str(display_id))
        else:
            self.shell.tape.publish(output, display_id=display_id and str(display_id))

    def clear_output(self, wait: bool = False) -> None:
        """Drop what the cell has shown so far."""
        self.shell.tape.clear(is_waiting=bool(wait))


class CellShell(InteractiveShell):
    """The shell of the cells; `tape` is set before a cell runs."""

    displayhook_class = Type(TapeDisplayHook)
    display_pub_class = Type(TapeDisplayPublisher)
    exiter = Instance(ZMQExitAutocall)
    keepkernel_on_exit: Any = None
    Completer: Any
    compile: Any
    display_formatter: Any
    history_manager: Any

    def __init__(self, tape: OutputTape, drain: Any) -> None:
        self.tape = tape
        self.drain = drain
        super().__init__(
            colors="nocolor", autoindent=False, input_transformer_manager=CellTransformer()
        )

    @default("exiter")
    def _exiter_default(self) -> ZMQExitAutocall:
        return ZMQExitAutocall(self)

    def init_ipython_dir(self, ipython_dir: Any) -> None:
        """Have no IPython folder."""

    def init_profile_dir(self, profile_dir: Any) -> None:
        """Have no profile."""

    def init_virtualenv(self) -> None:
        """Leave the import path as it is."""

    def init_sys_modules(self) -> None:
        """Leave `__main__` to whoever runs the cells."""

    def init_hooks(self) -> None:
        """Page nothing: help goes to a pane that a grader does not have."""
        super().init_hooks()
        self.set_hook("show_in_pager", page.as_hook(_page_nothing), 99)

    def init_history(self) -> None:
        """Keep inputs and outputs in memory alone."""
        self.history_manager = HistoryManager(
            shell=self, parent=self, enabled=False, hist_file=":memory:"
        )

    def init_completer(self) -> None:
        """Complete nothing."""
        self.Completer = None

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no screen."""

    def ask_exit(self) -> None:
        """End the cell, never the process."""
        raise SystemExit

    def showtraceback(
        self,
        exc_tuple: Any = None,
        filename: Any = None,
        tb_offset: Any = None,
        exception_only: bool = False,
        running_compiled_code: bool = False,
    ) -> None:
        """Show the exception that is being handled, or the one given."""
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1]
        if error is not None:
            self.record(error)

    def showsyntaxerror(self, filename: Any = None, running_compiled_code: bool = False) -> None:
        """Show the exception that is being handled."""
        self.showtraceback()

    def record(self, error: BaseException) -> None:
        """Put an error onto the tape; a magic's misuse tells on stderr too, as in a notebook."""
        texts = error_texts(error)
        self.drain()
        if isinstance(error, UsageError):
            self.tape.write("stderr", f"UsageError: {texts.evalue}\n")
        self.tape.add_error(*texts)
        if isinstance(error, SystemExit):
            self.tape.write("stderr", "To exit: use 'exit', 'quit', or Ctrl-D.\n")


def _page_nothing(text: Any, start: int = 0, screen_lines: int = 0, pager_cmd: Any = None) -> None:
    """Stand in for a pager."""
