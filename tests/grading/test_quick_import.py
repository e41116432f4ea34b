"""In fresh interpreters, because an import happens once."""

import subprocess
import sys
from pathlib import Path

import pytest

import skillmap

pytestmark = pytest.mark.slow

# Loaded by its path: the package around it imports nbgrader itself.
START = f"""
import sys
from importlib.util import module_from_spec, spec_from_file_location
path = {str(Path(skillmap.__file__).parent / "grading" / "quick_import.py")!r}
spec = spec_from_file_location("quick_import", path)
module = module_from_spec(spec)
spec.loader.exec_module(module)
put_off = module.grammar_of_iris_put_off
"""
CHECK = """
from jsonschema import Draft7Validator, FormatChecker
checker = FormatChecker()
for text in ("http://example.org/å", "http://exa mple.org", "example", ":", ""):
    print(checker.conforms(text, "iri"), checker.conforms(text, "iri-reference"))
"""


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", START + code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_nbgrader_is_imported_without_building_the_grammar() -> None:
    code = (
        "with put_off():\n    import nbgrader.api\n"
        "print({'lark', 'rfc3987_syntax'} & {*sys.modules})"
    )

    assert python(code) == "set()\n"


def test_an_iri_is_judged_as_without_the_delay() -> None:
    without = python(CHECK)

    assert python("with put_off():\n    import jsonschema" + CHECK) == without
    assert {"True True", "False False"} <= set(without.splitlines())


def test_whoever_imports_the_package_itself_gets_it() -> None:
    code = (
        "with put_off():\n    import jsonschema\n"
        "import rfc3987_syntax\nprint(rfc3987_syntax.__file__)"
    )

    assert python(code).strip().endswith("__init__.py")


def test_a_package_that_is_there_already_stays() -> None:
    code = (
        "import rfc3987_syntax as before\n"
        "with put_off():\n    import rfc3987_syntax as inside\n"
        "print(inside is before is sys.modules['rfc3987_syntax'])"
    )

    assert python(code) == "True\n"


def test_an_import_that_fails_leaves_nothing_behind() -> None:
    code = (
        "try:\n    with put_off():\n        raise ImportError\n"
        "except ImportError:\n    print('rfc3987_syntax' in sys.modules)"
    )

    assert python(code) == "False\n"


def test_an_iri_may_be_judged_while_imports_are_going_on() -> None:
    code = (
        "with put_off():\n"
        "    from jsonschema import Draft7Validator, FormatChecker\n"
        "    print(FormatChecker().conforms('http://example.org', 'iri'))\n"
    )

    assert python(code) == "True\n"
