"""Find everything that an instructor should mend before a course is released.

In: ContentPaths. Out: Problems, errors and warnings, in the order of files.
Law: nothing is executed and nothing is written; a broken file hides no other.
"""

from collections.abc import Iterator
from pathlib import Path

from skillmap.content.catalogues import (
    SOURCE_LANGUAGE,
    catalogue_file,
    read_catalogues,
    texts_folder,
)
from skillmap.content.course import SKILL_TAG, judge_tables
from skillmap.content.exercise_rules import judge_exercise
from skillmap.content.files import ContentFiles, find_blueprint, read_files
from skillmap.content.folder_rules import judge_folders
from skillmap.content.item_rules import is_test, judge_test
from skillmap.content.notebook_rules import judge_lesson, judge_source
from skillmap.content.notebooks import Cell, Notebook, read_notebook
from skillmap.content.paths import ContentPaths
from skillmap.content.problems import Problem, Severity, shorten, unknown
from skillmap.content.reading_rules import judge_reading
from skillmap.content.safety_rules import judge_safety
from skillmap.content.text_rules import is_shown_text, judge_strays, judge_texts
from skillmap.content.track_rules import judge_tracks

__all__ = ["check_course"]


def check_course(paths: ContentPaths) -> list[Problem]:
    """Return all problems of a course; an empty list is a course in order."""
    files = read_files(paths)
    problems = [
        *judge_tables(files),
        *files.broken.values(),
        *_judge_notebooks(files),
        *judge_folders(paths.source),
        *_judge_modules(files),
        *judge_tracks(files),
        *_judge_exercises(files),
        *_judge_assignment_texts(files),
        *_judge_lessons(paths),
    ]
    return shorten(sorted(problems, key=lambda problem: problem.file), paths.home)


def _judge_notebooks(files: ContentFiles) -> Iterator[Problem]:
    for (assignment, _), notebook in files.notebooks.items():
        is_tagged = assignment in files.blueprints
        yield from judge_source(notebook, is_tagged=is_tagged)
        yield from _judge_tests(notebook, "error" if is_tagged else "warning")
        yield from _judge_tags(notebook, files.skills)
        if files.blueprints:
            yield from _judge_coverage(files, notebook)


def _judge_tests(notebook: Notebook, severity: Severity) -> Iterator[Problem]:
    for cell in notebook.cells:
        if is_test(cell):
            yield from judge_test(notebook, cell, severity=severity)


def _judge_tags(notebook: Notebook, known: frozenset[str] | None) -> Iterator[Problem]:
    for cell in notebook.cells:
        for word in _skill_tags(cell):
            if known is not None and word not in known:
                yield unknown(notebook.file, cell.place, "skill", word, known, home="skills.toml")
            if not cell.is_item:
                yield Problem(
                    file=str(notebook.file),
                    place=cell.place,
                    message=f"the tag {SKILL_TAG}{word} has no effect on a cell without points",
                    hint="tag the grade cell",
                    severity="warning",
                )


def _skill_tags(cell: Cell) -> list[str]:
    return [tag.removeprefix(SKILL_TAG) for tag in cell.tags if tag.startswith(SKILL_TAG)]


def _judge_coverage(files: ContentFiles, notebook: Notebook) -> Iterator[Problem]:
    """Report grade cells of no exercise; only a warning where the assignment has no blueprint."""
    file = find_blueprint(files.paths, notebook.assignment)
    if file in files.unread:
        return
    blueprint = files.blueprints.get(notebook.assignment)
    rows = blueprint.exercises if blueprint else []
    named = {test for row in rows if row.notebook == notebook.name for test in row.tests}
    for cell in notebook.by_grade_id().values():
        if cell.is_item and cell.grade_id not in named and not _skill_tags(cell):
            yield Problem(
                file=str(notebook.file),
                place=cell.place,
                message="no blueprint names this grade cell, so it shows no skill",
                hint=f"add it to the tests of an exercise in {notebook.assignment}.toml",
                severity="error" if blueprint else "warning",
            )


def _judge_modules(files: ContentFiles) -> Iterator[Problem]:
    for file, track in files.tracks.items():
        for module in track.modules:
            place = f"module {module.id!r}"
            if module.assignment not in files.assignments:
                word, known = module.assignment, files.assignments
                home = str(files.paths.source)
                yield unknown(file, f"{place}, assignment", "assignment", word, known, home=home)
            if module.lesson and not _has_lesson(files.paths, module.lesson):
                yield Problem(
                    file=str(file),
                    place=f"{place}, lesson",
                    message=f"there is no notebooks/{module.lesson}",
                    hint="write the lesson, or leave the key out",
                )


def _has_lesson(paths: ContentPaths, lesson: str) -> bool:
    return paths.lessons is not None and (paths.lessons / lesson).is_file()


def _judge_exercises(files: ContentFiles) -> Iterator[Problem]:
    for assignment, blueprint in files.blueprints.items():
        file = find_blueprint(files.paths, assignment) or Path()
        for row in blueprint.exercises:
            notebook = files.notebooks.get((assignment, row.notebook))
            if notebook:
                shown = {
                    language: "\n".join(text for _, text in rows)
                    for language, (_, rows) in _shown_texts(files.paths, notebook).items()
                }
                yield from judge_exercise(file, row, notebook, shown)


def _judge_assignment_texts(files: ContentFiles) -> Iterator[Problem]:
    """Judge what is written in skillmap's manner, and whatever has texts in another language."""
    for (assignment, _), notebook in files.notebooks.items():
        if assignment in files.blueprints:
            yield from _judge_words(files.paths, notebook)
    known = [one.file for one in files.notebooks.values()]
    broken = [Path(problem.file) for problem in files.broken.values()]
    yield from judge_strays(files.paths.texts, frozenset([*known, *broken]))


def _judge_words(paths: ContentPaths, notebook: Notebook) -> Iterator[Problem]:
    yield from judge_safety(notebook)
    yield from judge_texts(notebook, texts_folder(paths, notebook.file))
    for file, rows in _shown_texts(paths, notebook).values():
        yield from judge_reading(file, rows)


def _shown_texts(
    paths: ContentPaths, notebook: Notebook
) -> dict[str, tuple[Path, list[tuple[str, str]]]]:
    """Return by language the file that holds the text, and each text with its place."""
    english = [(cell.place, cell.source) for cell in notebook.cells if is_shown_text(cell)]
    folder = texts_folder(paths, notebook.file)
    others = {
        language: (
            catalogue_file(folder or Path(), language, notebook.file),
            [(f"cells {key!r}", entry.text) for key, entry in table.cells.items()],
        )
        for language, table in read_catalogues(folder, notebook.file)[0].items()
    }
    return {SOURCE_LANGUAGE: (notebook.file, english), **others}


def _judge_lessons(paths: ContentPaths) -> Iterator[Problem]:
    """Judge the course's own lessons, not those that it borrows."""
    if paths.lessons != paths.home / "notebooks":
        return
    files = _lesson_files(paths.lessons)
    for file in files:
        notebook = read_notebook(file)
        if isinstance(notebook, Problem):
            yield notebook
        else:
            yield from judge_lesson(notebook)
            yield from _judge_words(paths, notebook)
    yield from judge_strays(paths.lessons / "texts", frozenset(files))


def _lesson_files(folder: Path) -> list[Path]:
    files = (f.relative_to(folder) for f in folder.rglob("*.ipynb"))
    return sorted(folder / f for f in files if not any(p.startswith(".") for p in f.parts))
