"""nbgrader's own executor, with what a kernel says about itself kept from the terminal.

A learner's code that writes to the file descriptors themselves, or a kernel that crashes, would
otherwise print on the screen of whoever grades. What cells print is caught before that, as always.
"""

from subprocess import DEVNULL
from typing import Any

from nbgrader.preprocessors import Execute as NbgraderExecute

__all__ = ["Execute", "with_our_executor"]


class Execute(NbgraderExecute):  # type: ignore[misc]  # nbgrader ships no types
    """Keeps nbgrader's name, so that `c.Execute.timeout` and its kin still apply."""

    def start_new_kernel(self, **options: Any) -> None:
        """Start the kernel with its own output going nowhere."""
        super().start_new_kernel(stdout=DEVNULL, stderr=DEVNULL, **options)


def with_our_executor(preprocessors: list[Any]) -> list[Any]:
    """Put our executor where nbgrader's stands in a list of preprocessors."""
    return [Execute if one is NbgraderExecute else one for one in preprocessors]
