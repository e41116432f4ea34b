"""Submissions that take points without a right answer wherever tests share the learner's process.

Expected of each: the cells named get nothing (0, or they wait for a person), all others keep their
points. `always_*`, `any_*`: objects equal to everything. `drops_*`, `patched_*`, `shadowed_*`:
tests or their tools are changed. `reads_*`: the expected value or the hidden test is read.
`credit_*`: partial credit that is no number between 0 and the maximum.
A test runs each in one process with the tests, and sees that it does get points there.
"""

from collections.abc import Mapping

from tests.hostile.expectations import Hostile, forged
from tests.hostile.patching import OF_DISPLAY, OF_SHELL, OF_TOOLS, WRONG

__all__ = ["FORGING"]

ALWAYS = """\
class Always{base}:
    __hash__ = None
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
"""
OF_DOUBLE = "def double(x):\n    return Always({argument})"
EQUAL_ARRAY = """\
import numpy
class Always(numpy.ndarray):
    def __eq__(self, other):
        return numpy.ones(3, dtype=bool)
    def __array_function__(self, function, types, args, kwargs):
        if function is numpy.isclose:
            return numpy.ones(3, dtype=bool)
        return super().__array_function__(function, types, args, kwargs)
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        plain = [numpy.asarray(one) for one in inputs]
        return getattr(ufunc, method)(*plain, **kwargs)
def column(name):
    return numpy.zeros(3).view(Always)
"""
EQUAL_FRAME = """\
import pandas
class Always(pandas.DataFrame):
    def __eq__(self, other):
        return True
def double(x):
    return Always({"x": [x]})
"""
FLOAT_OF_CREDIT = """\
class Always(float):
    __hash__ = None
    def __eq__(self, other):
        return True
    def __rmul__(self, other):
        return self
    def __truediv__(self, other):
        return 4.0
def mean(numbers):
    return Always(0)
"""
BOOL_OF_RESULT = """\
class Answer:
    def __bool__(self):
        return True
class Always:
    def __eq__(self, other):
        return Answer()
def double(x):
    return Always()
"""
FALSE_CLASS = """\
class Always:
    @property
    def __class__(self):
        return int
    def __eq__(self, other):
        return True
def double(x):
    return Always()
"""
RUNS_WHEN_LOADED = """\
import os
class Always:
    def __eq__(self, other):
        return True
    def __reduce__(self):
        return os.system, ("touch '@OUTSIDE@/unpickled'",)
def double(x):
    return Always()
"""
EQUALS = {
    "always_object": ("double", ALWAYS.format(base="") + OF_DOUBLE.format(argument="")),
    "always_int": ("double", ALWAYS.format(base="(int)") + OF_DOUBLE.format(argument="1")),
    "always_str": ("double", ALWAYS.format(base="(str)") + OF_DOUBLE.format(argument="'x'")),
    "always_list": ("double", ALWAYS.format(base="(list)") + OF_DOUBLE.format(argument="")),
    "always_tuple": ("double", ALWAYS.format(base="(tuple)") + OF_DOUBLE.format(argument="")),
    "always_dict": (
        "tally",
        ALWAYS.format(base="(dict)") + "def tally(words):\n    return Always()",
    ),
    "always_float": ("mean", FLOAT_OF_CREDIT),
    "always_array": ("column", EQUAL_ARRAY),
    "always_frame": ("double", EQUAL_FRAME),
    "always_by_bool": ("double", BOOL_OF_RESULT),
    "always_of_false_class": ("double", FALSE_CLASS),
    "always_runs_when_loaded": ("double", RUNS_WHEN_LOADED),
    "any_of_mock": ("double", "from unittest.mock import ANY\ndef double(x):\n    return ANY"),
}

# The expected value stands somewhere in the process.
FROM_CONSTANTS = """\
    constants = list(code.co_consts)
    return constants[constants.index(x) + 1]
"""
FROM_TEXT = """\
    import ast
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Call):
            if getattr(node.left.func, "id", "") == "double":
                if ast.literal_eval(node.left.args[0]) == x:
                    return ast.literal_eval(node.comparators[0])
"""
FROM_NOTEBOOK = """\
    import json
    with open(path) as file:
        cells = json.load(file)["cells"]
    text = "\\n".join("".join(c["source"]) for c in cells if "double(3)" in "".join(c["source"]))
"""
READS = {
    "reads_the_callers_code": "def double(x):\n    import sys\n"
    "    code = sys._getframe(1).f_code\n" + FROM_CONSTANTS,
    "reads_by_a_trace": "import sys\nseen = []\n"
    "def trace(frame, event, argument):\n"
    "    if frame.f_code.co_name == 'double':\n        seen.append(frame.f_back.f_code)\n"
    "sys.settrace(trace)\n"
    "def double(x):\n    sys.settrace(trace)\n"
    "    code = [*seen, sys._getframe(1).f_code][-1]\n" + FROM_CONSTANTS,
    "reads_from_a_thread": "import sys, threading\n"
    "def double(x):\n    found = []\n    main = threading.get_ident()\n"
    "    def look():\n"
    "        frame = sys._current_frames()[main]\n"
    "        while frame.f_code.co_name != 'double':\n            frame = frame.f_back\n"
    "        found.append(frame.f_back.f_code)\n"
    "    thread = threading.Thread(target=look)\n    thread.start()\n    thread.join(5)\n"
    "    code = found[0]\n" + FROM_CONSTANTS,
    "reads_by_gc": "def double(x):\n    import gc\n"
    "    lists = [one for one in gc.get_objects() if type(one) is list]\n"
    "    texts = [t for one in lists for t in one if type(t) is str]\n"
    "    text = next(t for t in texts if t.startswith('assert double(3)'))\n" + FROM_TEXT,
    "reads_the_history": "def double(x):\n    text = get_ipython().user_ns['In'][-1]\n" + FROM_TEXT,
    "reads_by_inspect": "def double(x):\n    import inspect, linecache, sys\n"
    "    frame = inspect.currentframe().f_back\n"
    "    text = ''.join(linecache.getlines(frame.f_code.co_filename))\n" + FROM_TEXT,
    "reads_its_own_notebook": "def double(x):\n    path = 'main.ipynb'\n"
    + FROM_NOTEBOOK
    + FROM_TEXT,
    "reads_the_source": "def double(x):\n    path = '@ROOT@/source/h1/main.ipynb'\n"
    + FROM_NOTEBOOK
    + FROM_TEXT,
    "late_thread_changes_names": """\
import threading, time
class Always:
    __eq__ = lambda self, other: True
def change():
    end = time.monotonic() + 20
    while time.monotonic() < end:
        globals()["double"] = lambda x: Always()
        changed.set()
        time.sleep(0.01)
changed = threading.Event()
threading.Thread(target=change, daemon=True).start()
changed.wait(5)
""",
}
OF_CREDIT = {
    "credit_nan": "return float('nan')",
    "credit_infinite": "return float('inf')",
    "credit_minus_infinite": "return float('-inf')",
    "credit_negative": "return -5",
    "credit_above": "return 777",
    "credit_huge": "return 10 ** 300",
    "credit_complex": "return 3 + 1j",
    "credit_numpy_nan": "import numpy\n    return numpy.float64('nan')",
    "credit_array": "import numpy\n    return numpy.array([3.0, 3.0])",
}
TEXT_OF_CREDIT = """\
class Text:
    __rmul__ = lambda self, other: self
    __truediv__ = lambda self, other: {credit}
    __repr__ = lambda self: "4"
def mean(numbers):
    return 5 if numbers == [5] else Text()
"""
OTHER_CREDIT = {"credit_text": "'well done'", "credit_list": "[4]", "credit_of_repr": "self"}


def _credit(body: str) -> str:
    return f"def mean(numbers):\n    if numbers == [5]:\n        return 5\n    {body}"


def _forging(name: str, target: str, answers: Mapping[str, str], first: str = "") -> Hostile:
    grade_id = "mean_credit" if target == "mean" else f"{target}_test"
    return Hostile(
        name=name, klass="forging", answers=answers, first=first, expected=forged(grade_id)
    )


def _with_wrong(target: str, text: str) -> dict[str, str]:
    """Put the patch above a wrong answer, unless it brings one."""
    return {target: text if f"def {target}(" in text else text + WRONG[target]}


FORGING = (
    *(_forging(name, target, {target: text}) for name, (target, text) in EQUALS.items()),
    *(
        _forging(name, "double", {"double": WRONG["double"]}, first)
        for name, first in OF_SHELL.items()
    ),
    *(_forging(name, "double", {"double": text}) for name, text in (OF_DISPLAY | READS).items()),
    *(
        _forging(name, target, _with_wrong(target, text))
        for name, (target, text) in OF_TOOLS.items()
    ),
    *(_forging(name, "mean", {"mean": _credit(body)}) for name, body in OF_CREDIT.items()),
    *(
        _forging(name, "mean", {"mean": TEXT_OF_CREDIT.format(credit=credit)})
        for name, credit in OTHER_CREDIT.items()
    ),
)
