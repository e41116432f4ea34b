import pytest

from skillmap.judging.free_names import free_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(text):\n    return text + SUFFIX", {"SUFFIX"}),
        ("for text in texts:\n    show(text)", {"texts", "show"}),
        ("for text in texts:\n    pass\nprint(text)", {"texts", "print", "text"}),
        ("x = x + 1", {"x"}),
        ("x = 1\ny = x", set()),
        ("x: int = 1\ny = x", {"int"}),
        ("x += 1", {"x"}),
        ("def f():\n    global n\n    n += 1", {"n"}),
        ("table['x'] += 1", {"table"}),
        ("if ready:\n    x = 1\nprint(x)", {"ready", "print", "x"}),
        ("import pandas as pd\npd.DataFrame()", set()),
        ("import os.path\nos.getcwd()", set()),
        (
            "with open(name) as file:\n    text = file.read()\nprint(text)",
            {"open", "name", "print"},
        ),
        ("[row for row in rows if row > low]", {"rows", "low"}),
        ("class A(Base):\n    x = y\n    def f(self):\n        return z", {"Base", "y", "z"}),
        ("def f():\n    global n\n    n = n + 1", {"n"}),
        ("def f():\n    return f()", {"f"}),
        ("a, (b, *c) = pair\nprint(a, b, c)", {"pair", "print"}),
        ("table['x'] = 1", {"table"}),
        ("row.x = 1\nprint(row)", {"row", "print"}),
        ("%matplotlib inline", set()),
        ("def", set()),
    ],
)
def test_only_names_made_elsewhere_are_free(source: str, names: set[str]) -> None:
    assert free_names(source) == names
