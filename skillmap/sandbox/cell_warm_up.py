"""The cells that a warm process runs once, so that no learner's cell is the first of its kind."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec

from skillmap.sandbox.cell_shell import CellShell

__all__ = ["fresh_start", "warm_sources"]

SOURCES = (
    "1/0",
    "print('a')\n'a', 1.5, [1], {'a': None}",
    "def f(x):\n    try:\n        1/0\n    except ZeroDivisionError:\n        return g(x)\nf(1)",
    "assert 1 == 2, 'no'",
    "import sys\nsys.exit()",
    "display('a')",
    "import warnings\nwarnings.warn('a')",
    "%nosuchmagic",
    "def (",
)
FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('a')\nplt.show()"
FRAME = """\
import io
import pandas as pd
import pandas.testing
a = pd.read_csv(io.StringIO('a;b;c\\n1,5;x;2026-01-02\\n2;y;2026-02-03'), sep=';', decimal=',')
a['c'] = pd.to_datetime(a['c'])
a['d'] = a['b'].str.strip().str.upper()
b = a.merge(a.rename(columns={'a': 'e'}), on='b', how='outer').fillna(0).sort_values('a')
c = a.groupby('b')['a'].agg(['sum', 'mean']).reset_index()
d = a.pivot_table(index='b', values='a', aggfunc='sum')
e = pd.concat([a, a]).drop_duplicates().loc[lambda rows: rows['a'] > 1]
a['a'].round(2).astype('Int64', errors='ignore').describe()
pandas.testing.assert_frame_equal(a, a.copy())
a
"""


def warm_sources() -> Sequence[str]:
    """Return the cells; those of matplotlib and pandas when they are installed."""
    more = {"matplotlib": FIGURE, "pandas": FRAME}
    return [*SOURCES, *(source for name, source in more.items() if find_spec(name))]


def fresh_start(shell: CellShell) -> Callable[[], None]:
    """Return what takes the shell back to where it stands now, before its first cell."""
    names, hidden = dict(shell.user_ns), dict(shell.user_ns_hidden)

    def reset() -> None:
        history = shell.history_manager
        del history.input_hist_parsed[1:], history.input_hist_raw[1:]
        history.output_hist.clear()
        history._i00 = history._i = history._ii = history._iii = ""
        shell.compile.reset_compiler_flags()
        shell.user_ns.clear()
        shell.user_ns.update(names)
        shell.user_ns_hidden.clear()
        shell.user_ns_hidden.update(hidden)
        shell.displayhook._ = shell.displayhook.__ = shell.displayhook.___ = ""
        shell.execution_count = 1

    return reset
