"""Use all cores for blocks of learners, and one thread of linear algebra for each block.

Both at once wait for each other: with BLAS left alone a fit takes up to ten times as long.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from os import cpu_count

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

__all__ = ["in_parallel", "one_thread_each"]

Floats = NDArray[np.float64]

MOST_THREADS = 8  # more wait for memory, not for work


def in_parallel(work: Callable[..., Floats], *arguments: Sequence[object]) -> list[Floats]:
    """Map over blocks with one thread per core; numpy lets go of the interpreter meanwhile."""
    with ThreadPoolExecutor(max_workers=min(cpu_count() or 1, MOST_THREADS)) as pool:
        return list(pool.map(work, *arguments))


def one_thread_each() -> AbstractContextManager[object]:
    """Keep the linear algebra inside to one thread; other libraries stay as they are."""
    limited: AbstractContextManager[object] = _linear_algebra().limit(limits=1, user_api="blas")
    return limited


@cache
def _linear_algebra() -> ThreadpoolController:
    return ThreadpoolController()
