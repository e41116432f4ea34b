"""Find everything that an instructor should mend before a course is released.

In: ContentPaths. Out: Problems, errors and warnings, in the order of files.
Law: nothing is executed and nothing is written; a broken file hides no other.
"""

from collections.abc import Iterator
from pathlib import Path

from skillmap.content.course import SKILL_TAG, judge_tables
from skillmap.content.files import ContentFiles, find_blueprint, read_files
from skillmap.content.folder_rules import judge_folders
from skillmap.content.item_rules import is_test, judge_test
from skillmap.content.notebook_rules import judge_lesson, judge_source
from skillmap.content.notebooks import Cell, Notebook, read_notebook
from skillmap.content.paths import ContentPaths
from skillmap.content.problems import Problem, Severity, shorten, unknown

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


def _judge_lessons(paths: ContentPaths) -> Iterator[Problem]:
    """Judge the course's own lessons, not those that it borrows."""
    if paths.lessons != paths.home / "notebooks":
        return
    for file in _lesson_files(paths.lessons):
        notebook = read_notebook(file)
        if isinstance(notebook, Problem):
            yield notebook
        else:
            yield from judge_lesson(notebook)


def _lesson_files(folder: Path) -> list[Path]:
    files = (f.relative_to(folder) for f in folder.rglob("*.ipynb"))
    return sorted(folder / f for f in files if not any(p.startswith(".") for p in f.parts))
