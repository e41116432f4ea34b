"""Tours run from top to bottom, keep no output, and have short cells."""

import json
from pathlib import Path

import pytest

TOURS = sorted((Path(__file__).parents[2] / "notebooks" / "tours").glob("*.ipynb"))
MAX_LINES = 15


def test_there_is_a_tour() -> None:
    assert [path.stem for path in TOURS] == ["how-an-estimate-comes-about"]


@pytest.mark.parametrize("path", TOURS, ids=lambda path: path.stem)
def test_cells_are_short_and_keep_no_output(path: Path) -> None:
    cells = [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]

    assert max(len(cell["source"]) for cell in cells) <= MAX_LINES
    assert [cell["id"] for cell in cells if cell["outputs"] or cell["execution_count"]] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", TOURS, ids=lambda path: path.stem)
def test_it_runs_and_draws(path: Path, tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()

    shown = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    assert [out for out in shown if out.get("name") == "stderr"] == []
    assert sum("image/png" in out.get("data", {}) for out in shown) == 4
