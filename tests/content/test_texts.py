"""Texts in other languages: drift is found, and translating loses nothing."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from skillmap.content import (
    ContentPaths,
    check_course,
    has_texts,
    release_notebooks,
    require_language,
    translate_file,
)
from skillmap.content.catalogues import fingerprint
from skillmap.content.messages_cell import read_messages, write_messages
from skillmap.errors import ContentError
from tests.content.builders import (
    BLUEPRINT,
    HIDDEN,
    errors_of,
    make_cell,
    make_course,
    make_essay,
    make_solution,
    make_test,
    warnings_of,
    write,
)

TASK = "## Double\n\nWrite `double`, because."
OPPGAVE = "## Doble\n\nSkriv `double`, fordi."
SAID = 'MESSAGES = {\n    "gave": "{call} gave {got!r}",\n}'
GAVE = "{call} ga {got!r}"


def make_messages(source: str = SAID, **overrides: Any) -> dict[str, Any]:
    mark = {"grade_id": "messages", "locked": True, **overrides}
    return {**make_cell(source, **mark), "id": "messages"}


def make_told_test(key: str = "gave") -> dict[str, Any]:
    cell = make_test()
    cell["source"] = f"assert double(2) == 4, MESSAGES[{key!r}].format(call='double(2)', got=1)"
    return cell


def make_cells(messages: dict[str, Any] | None = None, key: str = "gave") -> list[dict[str, Any]]:
    hidden = {**make_test("double_hidden", points=2), "source": HIDDEN}
    task = {**make_cell(TASK, type="markdown"), "id": "double-task"}
    cells = [task, messages or make_messages(), make_solution(), make_told_test(key), hidden]
    cells.append(make_essay())
    return [{"id": f"cell-{n}", **cell} for n, cell in enumerate(cells)]


def make_catalogue(**texts: str) -> str:
    """A catalogue in order; other texts of `make_cells` by name."""
    task, gave = texts.get("task", OPPGAVE), texts.get("gave", GAVE)
    english = fingerprint(texts.get("english", TASK))
    return (
        f"[cells.double-task]\nsource_sha256 = '{english}'\ntext = '''\n{task}'''\n"
        f"[messages.gave]\nsource_sha256 = '{fingerprint('{call} gave {got!r}')}'\n"
        f"text = '''{gave}'''\n"
    )


def make_bilingual(root: Path, catalogue: str | None = None, **options: Any) -> ContentPaths:
    folder = root / "assessments" / "texts" / "nb" / "python-1"
    write(folder / "values.toml", make_catalogue() if catalogue is None else catalogue)
    return make_course(root, **{"cells": make_cells(), **options})


def test_a_course_in_two_languages_that_fit_has_no_error(tmp_path: Path) -> None:
    assert errors_of(make_bilingual(tmp_path)) == []


@pytest.mark.parametrize(
    ("catalogue", "message"),
    [
        ("", "cells 'double-task': this text is missing"),
        ("", "messages 'gave': this text is missing"),
        (make_catalogue(english="## Twice"), "the English text has changed"),
        (make_catalogue() + "[cells.old]\nsource_sha256='0123456789ab'\ntext='x'", "no such text"),
        (make_catalogue(gave="{call} ga {fikk!r}"), "its placeholders differ"),
        (make_catalogue().replace("text", "tekst", 1), "unknown key 'tekst'"),
    ],
)
def test_drift_between_the_languages_is_an_error(
    tmp_path: Path, catalogue: str, message: str
) -> None:
    problems = errors_of(make_bilingual(tmp_path, catalogue))

    assert any(message in str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (make_cells(make_messages("MESSAGES = {'gave': f'{1}'}")), "no dict of plain texts"),
        (make_cells(make_messages(SAID + "\nprint(1)")), "no dict of plain texts"),
        (make_cells(make_messages(locked=False)), "learners could change what tests say"),
        (make_cells(key="given"), "there is no message 'given' (MESSAGES has: gave)"),
        (make_cells(make_messages(SAID.replace("{got", "{{got"))), "cannot be filled in"),
    ],
)
def test_messages_that_cannot_be_said_are_errors(
    tmp_path: Path, cells: list[dict[str, Any]], message: str
) -> None:
    problems = errors_of(make_bilingual(tmp_path, cells=cells))

    assert any(message in str(problem) for problem in problems)


def test_texts_of_no_notebook_are_errors(tmp_path: Path) -> None:
    paths = make_bilingual(tmp_path)
    write(tmp_path / "assessments" / "texts" / "nb" / "python-1" / "old.toml", "")
    write(tmp_path / "notebooks" / "texts" / "nb" / "python" / "old.toml", "")

    assert [problem.message for problem in errors_of(paths)] == [
        "there is no notebook for these texts"
    ] * 2


def test_a_notebook_without_texts_in_a_language_of_the_course_is_warned_of(tmp_path: Path) -> None:
    paths = make_bilingual(tmp_path)
    (tmp_path / "assessments" / "texts" / "nb" / "python-1" / "values.toml").unlink()

    assert "no texts in 'nb'" in str(warnings_of(paths))
    assert not has_texts(paths, "python-1", "nb")
    assert release_notebooks(paths, "python-1", "nb") == {}


def test_a_lesson_has_texts_too(tmp_path: Path) -> None:
    paths = make_bilingual(tmp_path)
    lesson = [{**make_cell("# Values", type="markdown"), "id": "title"}]
    write(tmp_path / "notebooks" / "python" / "values.ipynb", json.dumps(notebook(lesson)))
    write(tmp_path / "notebooks" / "texts" / "nb" / "python" / "values.toml", "")

    assert "notebooks/texts/nb/python/values.toml:cells 'title'" in str(errors_of(paths)[0])


def test_a_release_in_bokmål_differs_in_text_and_messages_alone(tmp_path: Path) -> None:
    paths = make_bilingual(tmp_path)

    released = json.loads(release_notebooks(paths, "python-1", "nb")["values.ipynb"])

    source = json.loads((paths.source / "python-1" / "values.ipynb").read_text(encoding="utf-8"))
    assert released["cells"][0]["source"] == OPPGAVE
    assert read_messages(released["cells"][1]["source"]) == {"gave": GAVE}
    assert released["cells"][2:] == source["cells"][2:]
    assert released["metadata"]["skillmap_language"] == "nb"


def test_there_and_back_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = make_bilingual(tmp_path)
    copy = released_copy(paths, tmp_path / "mine.ipynb", "en")
    before = copy.read_bytes()

    assert translate_file(copy, "nb", paths) == ()
    assert OPPGAVE.splitlines()[0] in copy.read_text(encoding="utf-8")
    assert translate_file(copy, "en", paths) == ()

    assert copy.read_bytes() == before


def test_a_text_that_the_learner_changed_stays(tmp_path: Path) -> None:
    paths = make_bilingual(tmp_path)
    copy = released_copy(paths, tmp_path / "mine.ipynb", "nb")
    copy.write_text(copy.read_text(encoding="utf-8").replace("Skriv `", "Jeg: skriv `", 1))

    assert translate_file(copy, "en", paths) == ("double-task",)
    assert "Jeg: skriv" in copy.read_text(encoding="utf-8")
    assert "{call} gave" in json.loads(copy.read_text(encoding="utf-8"))["cells"][1]["source"][1]


def test_a_notebook_of_the_course_is_translated_by_its_place(tmp_path: Path) -> None:
    paths = make_bilingual(tmp_path)
    own = write(tmp_path / "home" / "python-1" / "values.ipynb", json.dumps(notebook(make_cells())))

    translate_file(own, "nb", paths)

    assert json.loads(own.read_text(encoding="utf-8"))["cells"][0]["source"] == OPPGAVE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "this is no notebook"),
        ("{}", "no notebook"),
        ('{"cells": [], "metadata": {}}', "no tex"),
    ],
)
def test_what_cannot_be_translated_is_said(tmp_path: Path, text: str, message: str) -> None:
    paths = make_bilingual(tmp_path)

    with pytest.raises(ContentError, match=message):
        translate_file(write(tmp_path / "strange.ipynb", text), "nb", paths)


def test_regression_the_source_of_all_texts_is_never_overwritten(tmp_path: Path) -> None:
    paths = make_bilingual(tmp_path)
    own = paths.source / "python-1" / "values.ipynb"
    before = own.read_bytes()

    with pytest.raises(ContentError, match="Translate a copy outside"):
        translate_file(own, "nb", paths)

    assert own.read_bytes() == before


def test_a_language_without_texts_is_refused_with_the_closest_one(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="Did you mean 'nb'"):
        require_language(make_bilingual(tmp_path), "nbo")


def test_messages_are_read_as_they_are_written() -> None:
    texts = {"gave": 'så "{call}" — \\ {got!r}', "two": "a\nb"}

    assert read_messages(write_messages(texts)) == texts


def test_a_plain_blueprint_needs_no_languages(tmp_path: Path) -> None:
    assert check_course(make_course(tmp_path, blueprint=BLUEPRINT)) == []


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def released_copy(paths: ContentPaths, file: Path, language: str) -> Path:
    """The released notebook as Jupyter would save it."""
    raw = release_notebooks(paths, "python-1", language)["values.ipynb"].decode()
    nbformat.write(nbformat.reads(raw, as_version=4), file)
    return file
