"""Code that changes the tests, or the tools that they use, wherever both share a process.

OF_SHELL: a first cell that changes what the shell does with a test. OF_DISPLAY: an answer that
shows a result of its own. OF_TOOLS: (function, code above its answer) against the libraries and
names that a test calls.
"""

from collections.abc import Mapping

__all__ = ["OF_DISPLAY", "OF_SHELL", "OF_TOOLS", "WRONG"]

WRONG = {
    "double": "def double(x):\n    return x",
    # Right for what the visible test asks.
    "tally": 'def tally(words):\n    return {"a": 2, "b": 1} if words else {}',
    "root": "def root(x):\n    if x < 0:\n        raise ValueError(x)\n    return 0.5",
    "column": "def column(name):\n    import numpy\n    return numpy.zeros(3)",
    "rows": "def rows(n):\n    return [{'n': 0, 'square': 0}] * n",
}
# What the test cell's own shell does with it.
NO_ASSERT = """\
import ast
class NoAssert(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
"""
ALL_WELL = """\
import IPython
IPython.core.interactiveshell.ExecutionResult.success = property(lambda self: True)
"""
OF_SHELL = {
    "drops_asserts_of_the_tree": NO_ASSERT + "get_ipython().ast_transformers.append(NoAssert())",
    "drops_asserts_of_the_text": """\
def without(lines):
    return [line for line in lines if not line.startswith("assert")]
get_ipython().input_transformers_cleanup.append(without)
""",
    "drops_asserts_in_the_compiler": NO_ASSERT
    + """\
compiler = get_ipython().compile
parse = compiler.ast_parse
compiler.ast_parse = lambda *a, **k: ast.fix_missing_locations(NoAssert().visit(parse(*a, **k)))
""",
    "drops_tests_by_run_cell": """\
shell = get_ipython()
run_cell = shell.run_cell
def lenient(raw_cell, *args, **kwargs):
    return run_cell("pass" if "assert" in raw_cell else raw_cell, *args, **kwargs)
shell.run_cell = lenient
""",
    "drops_tests_by_do_execute": """\
shell = get_ipython()
kernel = getattr(shell, "kernel", None)
place = (kernel, "do_execute") if kernel else (shell, "run_cell_async")
real = getattr(*place)
def lenient(code, *args, **kwargs):
    if "assert" in code:
        code = "pass"
        if "transformed_cell" in kwargs:
            kwargs["transformed_cell"] = code
    return real(code, *args, **kwargs)
setattr(*place, lenient)
""",
    "drops_tests_by_run_code": """\
shell = get_ipython()
run_code = shell.run_code
async def lenient(code_obj, result=None, *, async_=False):
    failed = await run_code(code_obj, None, async_=async_)
    return False
shell.run_code = lenient
shell._showtraceback = lambda *args: None
""",
    "patched_showtraceback": ALL_WELL
    + "get_ipython().showtraceback = lambda *args, **kwargs: None\n",
    "patched_inner_showtraceback": ALL_WELL
    + "get_ipython()._showtraceback = lambda *args, **kwargs: None\n",
    "patched_custom_exception": ALL_WELL
    + "get_ipython().set_custom_exc((BaseException,), lambda *args, **kwargs: None)\n",
    "patched_excepthooks": ALL_WELL
    + """\
import sys, threading
quiet = lambda *args, **kwargs: None
sys.excepthook = sys.unraisablehook = threading.excepthook = quiet
get_ipython().CustomTB = get_ipython()._showtraceback = quiet
""",
    "patched_after_the_run": """\
def forgive(result):
    result.error_in_exec = result.error_before_exec = None
get_ipython().events.register("post_run_cell", forgive)
get_ipython()._showtraceback = lambda *args: None
""",
}
OF_DISPLAY = {
    "credit_shown_by_displayhook": """\
def double(x):
    get_ipython().displayhook(2)
    return x
""",
    "credit_sent_by_the_kernel": """\
def double(x):
    shell = get_ipython()
    data = {"text/plain": "2"}
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        shell.displayhook.write_format_data(data, {})
    else:
        content = {"data": data, "metadata": {}, "execution_count": 1}
        kernel.session.send(kernel.iopub_socket, "execute_result", content,
                            parent=kernel.get_parent("shell"))
    return x
""",
}

# The tests' tools; answers as in WRONG.
OF_TOOLS: Mapping[str, tuple[str, str]] = {
    "patched_numpy_testing": (
        "column",
        "import numpy.testing, numpy\n"
        "numpy.testing.assert_allclose = lambda *a, **k: None\n"
        "class Yes(numpy.ndarray):\n"
        "    __eq__ = lambda self, other: numpy.array([True])\n"
        "def column(name):\n    return numpy.zeros(3).view(Yes)\n",
    ),
    "patched_pandas_testing": (
        "rows",
        "import pandas.testing\npandas.testing.assert_frame_equal = lambda *a, **k: None\n",
    ),
    "patched_unittest": (
        "tally",
        "import unittest\n"
        "unittest.TestCase.assertEqual = lambda *a, **k: None\n"
        "class Lenient(dict):\n    __eq__ = lambda self, other: True\n"
        "def tally(words):\n    return Lenient()\n",
    ),
    "patched_isclose": ("root", "import math\nmath.isclose = lambda *a, **k: True\n"),
    "patched_builtin_all": (
        "tally",
        "import builtins, sys\n"
        "def all(items, real=builtins.all):\n"
        "    return sys._getframe(1).f_globals is globals() or real(items)\n"
        "builtins.all = all\ndel all\n",
    ),
    "patched_import": (
        "root",
        "import builtins, math, types\n"
        "fake = types.SimpleNamespace(isclose=lambda *a, **k: True)\n"
        "def lenient(name, *args, real=builtins.__import__, **kwargs):\n"
        "    return fake if name == 'math' else real(name, *args, **kwargs)\n"
        "builtins.__import__ = lenient\n",
    ),
    "patched_module_table": (
        "root",
        "import sys, types\n"
        "sys.modules['math'] = types.SimpleNamespace(isclose=lambda *a, **k: True)\n",
    ),
    "patched_finder": (
        "root",
        "import sys, types, importlib.machinery\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'math':\n"
        "            return importlib.machinery.ModuleSpec(name, self)\n"
        "    def create_module(self, spec):\n        return types.ModuleType(spec.name)\n"
        "    def exec_module(self, module):\n"
        "        module.isclose = lambda *a, **k: True\n"
        "sys.meta_path.insert(0, Finder())\ndel sys.modules['math']\n",
    ),
    "shadowed_builtin_names": (
        "tally",
        "all = lambda items: True\nisinstance = lambda thing, kind: True\n",
    ),
    "shadowed_exception_name": (
        "root",
        "class ValueError(Exception):\n    pass\n"
        "class Always:\n    __float__ = lambda self: 7.0\n"
        "def root(x):\n"
        "    if x < 0:\n        raise ValueError(x)\n"
        "    return Always()\n",
    ),
    "shadowed_exception_parent": (
        "root",
        "ValueError = Exception\ndef root(x):\n    return 7 if x == 49 else {}[x]\n",
    ),
}
