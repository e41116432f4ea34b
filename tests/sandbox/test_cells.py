"""Cells run as in a notebook, and none can hide its errors, fill the memory or end the runner."""

import json
import re

import nbformat
import pytest
from nbclient import NotebookClient

from tests.sandbox.warm_process import WarmProcess

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    process = WarmProcess(str(tmp_path_factory.mktemp("home")))
    yield process
    process.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    process = WarmProcess(
        str(tmp_path_factory.mktemp("home")), max_output_bytes=20_000, max_notebook_bytes=50_000
    )
    yield process
    process.close()


def stream_text(answer, name="stdout"):
    streams = [one for one in answer["outputs"] if one["output_type"] == "stream"]
    return "".join(one["text"] for one in streams if one["name"] == name)


def result_text(answer):
    results = [one for one in answer["outputs"] if one["output_type"] == "execute_result"]
    return results[-1]["data"]["text/plain"] if results else None


def trusted(source):
    return {"source": source, "is_trusted_source": True}


# What a notebook shows


def test_the_last_expression_is_the_result_with_its_number(warm):
    first, second = warm.run("x = 1", "x + 1")

    assert first == {"outputs": [], "is_ok": True, "ename": None, "execution_count": 1}
    assert second["outputs"] == [
        {
            "output_type": "execute_result",
            "data": {"text/plain": "2"},
            "metadata": {},
            "execution_count": 2,
        }
    ]


def test_adjacent_writes_become_one_stream_in_the_order_of_displays(warm):
    (answer,) = warm.run("print('a'); print('b'); display(1); print('c')")

    kinds = [one.get("text") or one["data"]["text/plain"] for one in answer["outputs"]]
    assert kinds == ["a\nb\n", "1", "c\n"]


def test_an_error_quotes_the_cells_line_and_none_of_the_runners(warm):
    _, answer = warm.run("def half(x):\n    return x / 0", "half(1)")

    (error,) = answer["outputs"]
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    text = "\n".join(error["traceback"])
    assert "Cell In[1], line 2, in half\n    return x / 0" in text
    assert "Cell In[2], line 1, in <module>" in text
    assert "sandbox" not in text


def test_statements_before_a_faulty_one_have_run(warm):
    answers = warm.run("x = 5\nprint(x)\nreturn 3", "x")

    assert stream_text(answers[0]) == "5\n"
    assert answers[0]["ename"] == "SyntaxError"
    assert result_text(answers[1]) == "5"


def test_a_later_cell_renews_a_display(warm):
    first, second = warm.run(
        "handle = display('old', display_id='one')", "handle.update('new'); 'done'"
    )

    assert first["outputs"][0]["data"]["text/plain"] == "'old'"
    assert [one["output_type"] for one in second["outputs"]] == ["execute_result"]


def test_text_written_past_python_is_a_stream_too(warm):
    (answer,) = warm.run("import os\nos.write(1, b'out'); os.write(2, b'err');")

    assert stream_text(answer) == "out"
    assert stream_text(answer, "stderr") == "err"


def test_what_subprocesses_print_is_kept(warm):
    (answer,) = warm.run("import subprocess\nsubprocess.run(['echo', 'hello']);")

    assert stream_text(answer) == "hello\n"


def test_learners_classes_live_in_main(warm):
    answers = warm.run(
        "import pickle, typing, dataclasses\n"
        "@dataclasses.dataclass\nclass Point:\n    x: 'int'\n"
        "pickle.loads(pickle.dumps(Point(1)))",
        "typing.get_type_hints(Point), __name__",
        "from __future__ import annotations\nimport inspect\ndef f(): return 1",
        "print(inspect.getsource(f))",
    )

    assert [result_text(one) for one in answers[:2]] == [
        "Point(x=1)",
        "({'x': int}, '__main__')",
    ]
    assert stream_text(answers[3]).strip() == "def f(): return 1"


def test_a_warm_up_leaves_no_trace(warm):
    answers = warm.run("In, Out, _, 'pd' in globals(), 'f' in globals()", "_1")

    assert result_text(answers[0]) == (
        "(['', \"In, Out, _, 'pd' in globals(), 'f' in globals()\"], {}, '', False, False)"
    )
    assert answers[0]["execution_count"] == 1
    assert answers[1]["is_ok"]


def test_nothing_is_written_under_home(tmp_path):
    process = WarmProcess(str(tmp_path))
    process.run("1", "print(2)", "1/0")
    process.close()

    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert not [one for one in files if "matplotlib" not in str(one)]
    assert not (tmp_path / ".ipython").exists()


def test_a_figure_becomes_a_picture(warm):
    pytest.importorskip("matplotlib")
    answers = warm.run("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);")

    assert [set(one["data"]) for one in answers[-1]["outputs"]] == [{"image/png", "text/plain"}]


# What cells may do to the runner

HOSTILE = {
    "repr raises": "class A:\n    def __repr__(self): raise ValueError('no')\nA()",
    "repr exits": "class A:\n    def __repr__(self): raise SystemExit\nA()",
    "repr is no text": "class A:\n    def __repr__(self): return 5\nA()",
    "html is no text": "class A:\n    def _repr_html_(self): return object()\nA()",
    "bundle is no dict": "class A:\n    def _repr_mimebundle_(self, **k): return 7\nA()",
    "bundle of odd values": (
        "class D(dict):\n    def items(self): raise ValueError\n"
        "class A:\n    def _repr_mimebundle_(self, **k):\n"
        "        return {'text/plain': D(a=object()), 'b': {1: (2, 10**5000, float('nan'))}}\nA()"
    ),
    "str of exception raises": (
        "class E(Exception):\n    def __str__(self): raise KeyError\nraise E"
    ),
    "str of exception exits": (
        "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E"
    ),
    "odd class": (
        "class M(type):\n    __name__ = property(lambda s: 1/0)\n"
        "    __qualname__ = property(lambda s: 1/0)\n"
        "class E(Exception, metaclass=M):\n    __class__ = property(lambda s: 1/0)\nraise E"
    ),
    "odd cause": (
        "class E(Exception):\n    __cause__ = property(lambda s: 1/0)\n"
        "    __traceback__ = property(lambda s: 1/0)\nraise E"
    ),
    "base exception": "class E(BaseException): pass\nraise E",
    "recursion": "def f(): f()\nf()",
    "mutual recursion": "def f(): g()\ndef g(): f()\nf()",
    "memory": "x = 'a' * (1 << 33)",
    "group": "raise ExceptionGroup('many', [ValueError(1), KeyError(2)])",
    "syntax": "def (",
    "null byte": "x = 1\0",
    "indent": "if True:\nx",
    "surrogate": "raise ValueError('\\ud800')",
    "lone surrogate source": "x = '\ud800' + 1",
    "sys.exit": "import sys\nsys.exit(3)",
    "exit": "exit",
    "quit": "x = 1\nquit()",
    "input": "input('name')",
    "bad magic": "%nosuchmagic",
    "no print": "import builtins\nfor name in dir(builtins): delattr(builtins, name)\nboom",
    "no BaseException": "import builtins\ndel builtins.BaseException, builtins.len\n1/0",
    "interrupt": "raise KeyboardInterrupt",
    "low recursion": "import sys, inspect\nsys.setrecursionlimit(len(inspect.stack()) + 7)\n1/0",
    "patched traceback": (
        "import traceback\ntraceback.TracebackException = None\n"
        "get_ipython().showtraceback = lambda *a, **k: None\n"
        "get_ipython()._showtraceback = None\nget_ipython().record = lambda e: None\n"
        "import sys\nsys.excepthook = None\n1/0"
    ),
    "custom handler": ("get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)\n1/0"),
    "patched transformer": ("get_ipython().input_transformers_post.append(lambda lines: 5)\n1/0"),
    "generator exit": "raise GeneratorExit",
    "await": "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    1/0\nawait f()",
    "stop": "raise StopIteration",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_every_failure_is_an_error_output_and_the_next_cell_runs(warm, name):
    answers = warm.run(HOSTILE[name], trusted("print('still here')"))

    assert len(answers) == 2
    if "html" not in name and "bundle" not in name:
        assert not answers[0]["is_ok"]
        assert "error" in [one["output_type"] for one in answers[0]["outputs"]]
    assert stream_text(answers[1]) == "still here\n"


HARMLESS = {
    "stdout replaced": "import sys\nsys.stdout = None",
    "stdout closed": "import sys\nsys.stdout.close(); print('open')",
    "descriptors closed": "import os\nos.close(1); os.close(2); os.closerange(0, 100)",
    "thread goes on": (
        "import threading, time\n"
        "def tick():\n    for _ in range(50):\n        print('tick'); time.sleep(.01)\n"
        "threading.Thread(target=tick, daemon=True).start()"
    ),
    "fork": "import os\nif os.fork() == 0:\n    print('child')",
    "tracing": "import sys\nsys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)",
    "len is gone": "import builtins\ndel builtins.len",
    "all is true": "import builtins\nbuiltins.all = lambda xs: True",
    "any error": "import builtins\nbuiltins.AssertionError = None",
    "transformer drops asserts": (
        "import ast\nclass Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Drop())"
    ),
    "source emptied": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
    "source emptied late": "get_ipython().input_transformers_post.append(lambda ls: ['pass\\n'])",
    "run_cell patched": "get_ipython().run_cell = get_ipython().transform_cell = lambda *a: 'pass'",
    "class patched": "type(get_ipython()).transform_cell = lambda self, cell: 'pass'",
    "compile patched": "get_ipython().compile = lambda *a: (lambda: None).__code__",
    "parser patched": (
        "import ast\nget_ipython().compile.ast_parse = lambda *a, **k: ast.parse('pass')"
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_a_trusted_cell_finds_the_shell_as_it_was(warm, name):
    answers = warm.run(
        HARMLESS[name],
        trusted("assert len([1]) == 1\nassert not all([0])\nprint('checked')"),
        trusted("assert 1 == 2, 'wrong'"),
    )

    assert answers[0]["is_ok"]
    assert [one["output_type"] for one in answers[1]["outputs"]] == ["stream"]
    assert stream_text(answers[1]) == "checked\n"
    assert (answers[2]["ename"], answers[2]["is_ok"]) == ("AssertionError", False)


def test_a_printer_cannot_forge_a_partial_score(warm):
    answers = warm.run(
        "plain = get_ipython().display_formatter.formatters['text/plain']\n"
        "plain.for_type(float, lambda x, p, c: p.text('1.0'))\n"
        "get_ipython().display_formatter.format = lambda *a, **k: ({'text/plain': '1.0'}, {})",
        trusted("0.25"),
    )

    assert result_text(answers[1]) == "0.25"


def test_a_learners_own_cells_keep_their_changes(warm):
    answers = warm.run(
        "import builtins\nbuiltins.abs = lambda x: 'mine'\ndel builtins.sum",
        "abs(-1), 'sum' in dir(builtins)",
        trusted("abs(-1)"),
    )

    assert [result_text(one) for one in answers[1:]] == ["('mine', False)", "1"]


# Limits


def test_a_cell_out_of_time_is_interrupted_and_the_next_runs(warm):
    answers = warm.run({"source": "while True: pass", "cpu_s": 0.2}, "1")

    assert [one["ename"] for one in answers[0]["outputs"]] == [
        "KeyboardInterrupt",
        "CellTimeoutError",
    ]
    assert answers[1]["is_ok"]


def test_a_cell_that_swallows_the_interrupt_gets_more_of_them(warm):
    # A loop on one line is left by an interrupt past its own handler: CPython 3.11's compiler.
    loop = "while True:\n        x = 1\n        y = 2\n"
    swallow = f"try:\n    {loop}except KeyboardInterrupt:\n    print('one')\nif True:\n    {loop}"
    answers = warm.run({"source": swallow, "cpu_s": 0.1}, "1")

    assert stream_text(answers[0]) == "one\n"
    assert answers[0]["ename"] == "KeyboardInterrupt"
    assert answers[1]["is_ok"]


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n    def __repr__(self):\n        while True: pass\nA()",
        "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
        "import asyncio\nasync def f():\n    while True: await asyncio.sleep(0)\nawait f()",
    ],
)
def test_time_runs_out_inside_a_learners_methods_too(warm, source):
    answers = warm.run({"source": source, "cpu_s": 0.1}, "1")

    assert answers[0]["outputs"][-1]["ename"] == "CellTimeoutError"
    assert answers[1]["is_ok"]


FLOODS = {
    "print": "for i in range(10**5): print(i)",
    "one text": "print('x' * 10**7)",
    "not ascii": "print('\\u20ac' * 10**6)",
    "descriptor": "import os\nfor _ in range(100): os.write(1, b'x' * 10**5)",
    "result": "'x' * 10**7",
    "displays": "for i in range(10**4): display(i)",
    "switching": (
        "import sys\nfor i in range(10**4):\n    sys.stdout.write('a'); sys.stderr.write('b')"
    ),
    "bundle": "display({'a/b': [['x'] * 10**6] * 10**3}, raw=True)",
    "message": "raise ValueError('x' * 10**7)",
    "tracebacks": (
        "for i in range(10**3):\n    try: 1/0\n    except Exception: get_ipython().showtraceback()"
    ),
    "name": "raise type('E' * 10**7, (Exception,), {})('x')",
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_output_is_cut(small, name):
    answers = small.run(FLOODS[name], "print('still here')")

    assert len(json.dumps(answers[0])) < 300_000
    assert stream_text(answers[1]) == "still here\n"


def test_what_a_score_hangs_on_outlives_a_spent_budget(small):
    flood = "print('x' * 10**6)"
    answers = small.run(
        *[flood] * 4,
        "print('y' * 10**6)\n0.5",
        "import sys\nprint('y' * 10**6)\nsys.stderr.write('careful');",
        "print('y' * 10**6)\nassert False, 'no'",
    )

    assert "truncated" in stream_text(answers[0])
    assert result_text(answers[4]) == "0.5"
    assert stream_text(answers[5], "stderr") == "careful"
    assert answers[6]["outputs"][-2]["ename"] == "AssertionError"


def test_threads_of_earlier_cells_are_silent_in_a_trusted_cell(warm):
    answers = warm.run(
        "import threading, sys\nstop = False\n"
        "def shout():\n    while not stop: sys.stderr.write('x')\n"
        "threading.Thread(target=shout, daemon=True).start()",
        trusted("import time\ntime.sleep(.1)\nprint('quiet')"),
        "stop = True",
    )

    assert answers[1]["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "quiet\n"}]


# The same as a real kernel

SNIPPETS = [
    "1 + 1",
    "'a'",
    "None",
    "x = 3;",
    "x;",
    "print('a', end='')\nprint('b')",
    "import sys\nprint('e', file=sys.stderr)",
    "display(1, 'two', [3])",
    "print('a')\ndisplay({'text/plain': 'p', 'text/html': '<b>p</b>'}, raw=True)\nprint('b')\n4",
    "from IPython.display import HTML, Markdown, Latex, JSON, SVG, Image\nHTML('<i>x</i>')",
    "Markdown('*x*')",
    "Latex('$x$')",
    "JSON({'a': [1, 2]})",
    "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
    "print('gone')\nclear_output(wait=True)\nprint('kept')",
    "h = display('a', display_id=True)\nh.update('b')",
    "1/0",
    "print('before')\nundefined_name",
    "assert 1 == 2",
    "assert 1 == 2, 'because'",
    "raise KeyError('k')",
    "def f(:",
    "x = 5\nreturn x",
    "input('?')",
    "import sys\nsys.exit()",
    "import warnings\nwarnings.warn('careful')",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "import numpy as np\nnp.arange(3)",
    "np.float64(0.5)",
    "{'b': 1, 'a': [list(range(40)), {1, 2}]}",
    "%pwd\n_ == _",
    "%%capture out\nprint('hidden')",
    "out.stdout",
    "%nosuchmagic",
    "%%nosuchmagic\n1",
    "import asyncio\nawait asyncio.sleep(0, 'done')",
    "_",
    "class A:\n    def _repr_html_(self): return '<p>'\n    def __repr__(self): return 'A'\nA()",
    "class B:\n    def __repr__(self): raise ValueError('r')\nB()",
    "class C:\n    def _ipython_display_(self): print('own')\nC()",
    "%time 1 + 1",
    "for i in range(3):\n    i",
    "if True:\n    7",
    "!echo hello",
    "y = !echo a\ny",
    "In[1], Out[1], _1",
    "?print",
    "   1 + 1",
    ">>> 2 + 2",
    "get_ipython().run_cell('print(5)').success",
    "import logging\nlogging.warning('log')",
    "warnings.warn('old', DeprecationWarning)",
    "'%d' % 3 != '3', 5 % 2",
    "text = '''\n%pwd\n!ls\n?x\n'''\ntext",
    "x = 5  # why?\nx",
    "a = %pwd\ntype(a)",
    "print('\u00e9\u20ac')",
    "%%time\nx = 1",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('t');",
    "plt.figure()\n1/0",
    "async def g():\n    return 3",
    "await g()",
]


def told(output):
    """What of an output must be the same in a real kernel."""
    kind = output["output_type"]
    if kind == "stream":
        text = re.sub(r"<ipython-input[^>]*>|\S*\d+\.py|[\de.+]+ [μµnm]?s\b", "#", output["text"])
        return kind, output["name"], "" if "To exit" in text else text
    if kind == "error":
        return kind, output["ename"], re.sub(r"\(.*, line", "(line", output["evalue"])
    plain = output["data"].get("text/plain")
    return kind, sorted(output["data"]), re.sub(r"0x[0-9a-f]+", "#", plain or "")


def merged(outputs):
    """What must be the same, in whatever pieces a kernel happens to send its streams."""
    kept = []
    for one in outputs:
        if kept and one["output_type"] == "stream" and one["name"] == kept[-1].get("name"):
            kept[-1] = {**kept[-1], "text": kept[-1]["text"] + one["text"]}
        else:
            kept.append(dict(one))
    results = [one for one in kept if one["output_type"] != "stream"]
    return [told(one) for one in kept if one["output_type"] == "stream"] + [
        told(one) for one in results
    ]


@pytest.fixture(scope="module")
def pairs(warm, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("work"))
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in SNIPPETS]
    )
    NotebookClient(
        notebook, allow_errors=True, timeout=60, resources={"metadata": {"path": folder}}
    ).execute()
    return list(zip(notebook.cells, warm.run(*SNIPPETS, folder=folder), strict=True))


@pytest.mark.parametrize("number", range(len(SNIPPETS)), ids=SNIPPETS)
def test_a_cell_gives_what_a_real_kernel_gives(pairs, number):
    cell, answer = pairs[number]

    # nbgrader, not the kernel, makes an error output of a magic's misuse.
    outputs = [one for one in answer["outputs"] if one.get("ename") != "UsageError"]
    assert merged(outputs) == merged(cell.outputs)
    assert answer["execution_count"] == cell.execution_count
