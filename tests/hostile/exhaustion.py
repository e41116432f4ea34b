"""Submissions that use up time, memory, disk, processes, outputs, or the interpreter itself.

Expected of each: in a plain cell it costs nothing but that cell; in a function, the tests that call
it. Every payload ends by itself where no wall stands: after 60 s, 200 processes, 4 GB of memory or
300 MB on the disk.
"""

from tests.hostile.expectations import Hostile, lost

__all__ = ["EXHAUSTION"]

UNTIL = "import time\nend = time.monotonic() + 60\n"
LOOPS = {
    "loop": UNTIL + "while time.monotonic() < end:\n    pass",
    "loop_asleep": "import time\ntime.sleep(60)",
    "loop_that_swallows_interrupts": UNTIL
    + """\
while time.monotonic() < end:
    try:
        while time.monotonic() < end:
            pass
    except BaseException:
        pass
""",
    "loop_that_ignores_signals": UNTIL
    + """\
import signal
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except OSError:
        pass
while time.monotonic() < end:
    pass
""",
    "loop_in_a_big_number": "x = 7 ** (2 * 10 ** 7)",
    "loop_in_a_pattern": "import re\nre.match(r'(a+)+$', 'a' * 29 + 'b')",
    "loop_in_finally": UNTIL
    + "try:\n    1 / 0\nfinally:\n    while time.monotonic() < end:\n        pass",
    "loop_of_signals_blocked": UNTIL
    + """\
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
while time.monotonic() < end:
    pass
""",
    "loop_in_a_lock": "import threading\nlock = threading.Lock()\n"
    "lock.acquire()\nlock.acquire(timeout=60)",
    "loop_in_async": "import asyncio\nawait asyncio.sleep(60)",
    "waits_for_input": "input('your name? ')",
    "waits_for_a_password": "import getpass\ngetpass.getpass()",
    "waits_for_a_pipe": """\
import os, select
ends = os.pipe()
select.select([ends[0]], [], [], 60)
""",
}
OUTPUTS = {
    "prints_50_mb": "for _ in range(50):\n    print('x' * (1 << 20))",
    "prints_50_mb_in_one": "print('x' * (50 << 20))",
    "prints_a_million_lines": "for n in range(1_000_000):\n    print(n)",
    "prints_to_both": "import sys\nfor n in range(20_000):\n"
    "    print('o', flush=True)\n    print('e', file=sys.stderr, flush=True)",
    "writes_50_mb_below": "import os\nfor _ in range(50):\n    os.write(1, b'x' * (1 << 20))",
    "displays_100_000_times": "for n in range(100_000):\n    display(n)",
    "displays_much_html": "from IPython.display import HTML\ndisplay(HTML('<b>' * 10_000_000))",
    "ends_in_a_huge_value": "[0] * 50_000_000",
    "ends_in_a_slow_value": "import time\nclass Slow:\n"
    "    def __repr__(self):\n        time.sleep(60)\n        return ''\nSlow()",
    "ends_in_a_broken_value": "class Broken:\n"
    "    def __repr__(self):\n        raise SystemExit\n    __getattr__ = __repr__\nBroken()",
    "traceback_deep": "def down(n):\n    return down(n - 1) if n else 1 / 0\ndown(900)",
    "traceback_of_50_mb": "raise ValueError('x' * (50 << 20))",
    "traceback_of_long_lines": "raise ValueError('" + "x" * 1_000_000 + "')",
    "traceback_of_many_causes": """\
error = None
for n in range(5_000):
    following = ValueError(n)
    following.__cause__ = error
    error = following
raise error
""",
    "traceback_that_hangs": "import time\nclass Slow(Exception):\n"
    "    def __str__(self):\n        time.sleep(60)\n        return ''\nraise Slow",
    "warns_100_000_times": "import warnings\nwarnings.simplefilter('always')\n"
    "for n in range(100_000):\n    warnings.warn(str(n))",
}
BOUNDED_FORK = """\
import os, time
end, born = time.monotonic() + 60, 0
with open("/proc/self/comm", "w") as file:
    file.write("hostiledaemon")
"""
RESOURCES = {
    "memory": "held = [bytearray(1 << 28) for _ in range(16)]",
    "memory_touched_slowly": "held = []\nfor _ in range(400):\n    held.append(b'x' * (10 << 20))",
    "memory_of_numpy": "import numpy\nheld = [numpy.ones(1 << 25) for _ in range(16)]",
    "memory_mapped": "import mmap\nheld = [mmap.mmap(-1, 1 << 28) for _ in range(16)]\n"
    "for one in held:\n    one[:: 4096] = b'x' * (len(one) // 4096)",
    "memory_in_memfd": "import os\nnumber = os.memfd_create('m')\n"
    "for _ in range(400):\n    os.write(number, bytes(10 << 20))",
    "memory_of_children": BOUNDED_FORK
    + """\
for _ in range(20):
    if os.fork() == 0:
        held = b"x" * (150 << 20)
        time.sleep(20)
        os._exit(0)
time.sleep(3)
""",
    "disk": "with open('big', 'wb') as file:\n"
    "    for _ in range(300):\n        file.write(bytes(1 << 20))",
    "disk_in_many_files": "for n in range(300):\n"
    "    with open(f'big{n}', 'wb') as file:\n        file.write(bytes(1 << 20))",
    "disk_sparse": "import os\nwith open('sparse', 'wb') as file:\n"
    "    os.truncate(file.fileno(), 1 << 40)",
    "disk_in_tmp": "import tempfile\nwith tempfile.TemporaryFile() as file:\n"
    "    for _ in range(300):\n        file.write(bytes(1 << 20))",
    "inodes": "import os\nos.mkdir('many')\n"
    "for n in range(50_000):\n    open(f'many/{n}', 'w').close()",
    "folders_in_depth": "import os\nfor _ in range(400):\n    os.mkdir('d')\n    os.chdir('d')",
    "open_files": "import os\nheld = [os.open('/dev/null', os.O_RDONLY) for _ in range(20_000)]",
    "processes": BOUNDED_FORK
    + """\
for _ in range(200):
    if os.fork() == 0:
        time.sleep(20)
        os._exit(0)
""",
    "processes_that_fork": BOUNDED_FORK
    + """\
first = os.getpid()
while born < 7 and time.monotonic() < end:
    os.fork()
    born += 1
time.sleep(5)
if os.getpid() != first:
    os._exit(0)
""",
    "threads": "import threading, time\n"
    "for _ in range(500):\n"
    "    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()",
    "recursion": "def down():\n    return down()\ndown()",
    "recursion_without_limit": "import sys\nsys.setrecursionlimit(10 ** 8)\n"
    "class Deep:\n    def __repr__(self):\n        return repr(self)\nrepr(Deep())",
    "parser_depth": "eval('(' * 100_000 + ')' * 100_000)",
    "compiler_depth": "eval('-' * 200_000 + '1')",
    "segfault": "import ctypes\nctypes.string_at(0)",
    "abort": "import os\nos.abort()",
    "floating_point_fault": "import os, signal\nos.kill(os.getpid(), signal.SIGFPE)",
    "stack_overflow": "import ctypes\nbuffer = (ctypes.c_char * 8)()\n"
    "ctypes.memset(buffer, 65, 1 << 26)",
    "core_dump": "import os, resource, signal\n"
    "try:\n    resource.setrlimit(resource.RLIMIT_CORE, (1 << 28, 1 << 28))\n"
    "except (ValueError, OSError):\n"
    "    pass\nos.kill(os.getpid(), signal.SIGQUIT)",
}
# One of each kind again where a test calls it.
IN_A_FUNCTION = (
    "loop",
    "loop_that_swallows_interrupts",
    "loop_in_a_big_number",
    "waits_for_input",
    "prints_50_mb",
    "memory",
    "disk",
    "processes",
    "recursion",
    "recursion_without_limit",
    "segfault",
    "traceback_of_50_mb",
)
PAYLOADS = LOOPS | OUTPUTS | RESOURCES


def _function(text: str) -> dict[str, str]:
    body = "".join(f"    {line}\n" for line in text.splitlines())
    return {"double": f"def double(x):\n{body}    return None"}


EXHAUSTION = (
    *(Hostile(name=name, klass="exhaustion", last=text) for name, text in PAYLOADS.items()),
    *(
        Hostile(
            name=f"function_{name}",
            klass="exhaustion",
            answers=_function(PAYLOADS[name]),
            expected=lost("double_test"),
        )
        for name in IN_A_FUNCTION
    ),
    Hostile(name="first_cell_loop", klass="exhaustion", first=LOOPS["loop"]),
    Hostile(name="first_cell_segfault", klass="exhaustion", first=RESOURCES["segfault"]),
    Hostile(
        name="two_functions_hang",
        klass="exhaustion",
        answers={
            "double": "import time\ndef double(x):\n    time.sleep(60)",
            "tally": "def tally(words):\n    time.sleep(60)",
        },
        expected=lost("double_test", "tally_test"),
    ),
    Hostile(
        name="answer_hangs_before_its_function",
        klass="exhaustion",
        answers={"double": LOOPS["loop"] + "\ndef double(x):\n    return x"},
        expected=lost("double_test"),
    ),
)
