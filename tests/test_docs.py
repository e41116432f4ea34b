"""The documents tell the truth: the reference, the README's commands, the links."""

import importlib.util
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skillmap.cli import app

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    if path.name not in {"CHANGELOG.md"}
)


def reference() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {"commands.md": module.commands(), "files.md": module.files()}


@pytest.mark.slow
@pytest.mark.parametrize("page", ["commands.md", "files.md"])
def test_the_reference_is_what_the_code_says(page: str) -> None:
    written = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")

    assert written == reference()[page], "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))

    broken = [link for link in links if not (page.parent / link).exists()]

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_the_documents_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    fenced = "\n".join(re.findall(r"```(?:\w*)\n(.*?)```", text, flags=re.S))
    named = set(
        re.findall(r"(?:^|/)skillmap (?:--course \S+ )?([a-z][a-z-]*)\b", fenced, flags=re.M)
    )

    for command in sorted(named):
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0, command


def test_every_make_door_in_the_documents_exists() -> None:
    doors = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M))
    named = {
        door
        for page in PAGES
        for door in re.findall(r"^make ([a-z-]+)", page.read_text("utf-8"), flags=re.M)
    }

    assert named <= doors


def test_the_readme_fits_in_120_lines() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 120


@pytest.mark.parametrize("adr", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda p: p.name)
def test_an_adr_fits_in_40_lines(adr: Path) -> None:
    assert len(adr.read_text(encoding="utf-8").splitlines()) <= 40
