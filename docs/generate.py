"""Write docs/reference from the code: the commands, and the files that people write.

Run `make docs` after a change of either; a test fails while they differ.
"""

import html
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from pydantic.fields import FieldInfo
from typer.cli import get_docs_for_click
from typer.main import get_command

from skillmap.cli import app
from skillmap.content import catalogues, people_tables, settings, tables
from skillmap.content.toml_files import Table

REFERENCE = Path(__file__).parent / "reference"
FILES: dict[str, tuple[type[Table], ...]] = {
    "curriculum/skills.toml": (tables.LevelTable, tables.SkillTable),
    "curriculum/<track>/track.toml": (tables.TrackFile, tables.ModuleTable, tables.PartsTable),
    "assessments/blueprints/<assignment>.toml": (
        tables.ExerciseTable,
        tables.WrongTable,
        tables.RubricTable,
        tables.RubricLevelTable,
    ),
    "assessments/texts/<language>/<assignment>/<notebook>.toml": (
        catalogues.CatalogueFile,
        catalogues.EntryTable,
    ),
    "people.toml": (
        people_tables.LearnerTable,
        people_tables.MentorTable,
        people_tables.StaffTable,
        people_tables.ExclusionTable,
    ),
    "skillmap.toml": (settings.SettingsFile,),
}


def commands() -> str:
    """The reference of the command line, as Typer writes it."""
    click = get_command(app)
    text = get_docs_for_click(obj=click, ctx=typer.Context(click), name="skillmap")
    return html.unescape(text).rstrip() + "\n"


def files() -> str:
    """The keys of each file that instructors and coordinators write."""
    lines = ["# Files that people write", ""]
    lines += ["TOML. An unknown key is refused by its name; `skillmap check` says where.", ""]
    for file, parts in FILES.items():
        lines += [f"## `{file}`", ""]
        for part in parts:
            lines += [(part.__doc__ or "").strip().replace("``", "`"), "", *_keys(part), ""]
    return "\n".join(lines).rstrip() + "\n"


def _keys(part: type[Table]) -> Iterator[str]:
    yield "| key | means | when left out |"
    yield "|---|---|---|"
    for name, field in part.model_fields.items():
        yield f"| `{name}` | {field.description} | {_default(field)} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "*(needed)*"
    return "nothing" if field.default is None else f"`{json.dumps(field.default)}`"


def main() -> None:
    """Write both pages."""
    REFERENCE.mkdir(exist_ok=True)
    (REFERENCE / "commands.md").write_text(commands(), encoding="utf-8")
    (REFERENCE / "files.md").write_text(files(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
