import os
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.errors import GradingError
from skillmap.grading import files
from skillmap.grading.files import (
    FileRules,
    UnreadableSubmissionError,
    copy_whole,
    hash_files,
    notebooks_in,
    regular_files,
)

RULES = FileRules(ignore=("*.pyc", ".ipynb_checkpoints"))
NAMES = st.binary(min_size=1, max_size=20).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in (b".", b"..")
)


def fill(folder: Path) -> Path:
    """Everything that is no file, beside one that is."""
    folder.mkdir()
    (folder / "one.ipynb").write_text("{}", encoding="utf-8")
    (folder / "link.ipynb").symlink_to("/etc/hostname")
    (folder / "broken.ipynb").symlink_to("/nowhere")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "folder.ipynb").mkdir()
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "one.ipynb").write_text("{}", encoding="utf-8")
    with socket.socket(socket.AF_UNIX) as listening:
        before = os.getcwd()
        os.chdir(folder)
        try:
            listening.bind("socket.ipynb")
        finally:
            os.chdir(before)
    return folder


def test_only_files_themselves_count(tmp_path: Path) -> None:
    folder = fill(tmp_path / "a")

    assert [path.name for path in regular_files(folder, RULES)] == ["one.ipynb"]
    assert notebooks_in(folder) == {"one"}


def test_links_pipes_and_sockets_are_neither_hashed_nor_copied(tmp_path: Path) -> None:
    folder = fill(tmp_path / "a")

    copy_whole(folder, tmp_path / "b", RULES)

    assert [path.name for path in (tmp_path / "b").iterdir()] == ["one.ipynb"]
    assert hash_files(folder, RULES) == hash_files(tmp_path / "b", RULES)


def test_a_file_above_the_limit_is_left_out_unread(tmp_path: Path) -> None:
    folder = fill(tmp_path / "a")
    with (folder / "data.bin").open("wb") as file:
        file.truncate(1 << 40)

    copy_whole(folder, tmp_path / "b", RULES)

    assert not (tmp_path / "b" / "data.bin").exists()
    assert hash_files(folder, RULES) == hash_files(tmp_path / "b", RULES)


def test_folders_nested_without_end_end_nothing(tmp_path: Path) -> None:
    folder = fill(tmp_path / "a")
    subprocess.run(["mkdir", "-p", folder / "/".join(["d"] * 1100)], check=True)

    try:
        copy_whole(folder, tmp_path / "b", RULES)

        assert hash_files(folder, RULES) == hash_files(tmp_path / "b", RULES)
    finally:
        subprocess.run(["rm", "-r", folder], check=True)  # too deep for Python's rmtree


@given(st.dictionaries(NAMES, st.binary(max_size=50), max_size=5))
def test_a_copy_has_the_names_and_bytes_of_what_was_handed_in(
    handed_in: dict[bytes, bytes],
) -> None:
    with tempfile.TemporaryDirectory() as made:
        source, target = Path(made, "a"), Path(made, "b")
        (source / "nested").mkdir(parents=True)
        for name, content in handed_in.items():
            (source / "nested" / os.fsdecode(name)).write_bytes(content)

        copy_whole(source, target, FileRules())

        assert hash_files(source, FileRules()) == hash_files(target, FileRules())
        copied = (target / "nested").glob("*") if handed_in else []
        assert {os.fsencode(path.name): path.read_bytes() for path in copied} == handed_in


def test_a_copy_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fill(tmp_path / "a")
    copy_whole(folder, tmp_path / "b", RULES)
    (folder / "one.ipynb").write_text("changed", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.shutil, "copyfileobj", full)
    with pytest.raises(GradingError, match="No space left") as raised:
        copy_whole(folder, tmp_path / "b", RULES)

    assert not isinstance(raised.value, UnreadableSubmissionError)
    assert (tmp_path / "b" / "one.ipynb").read_text(encoding="utf-8") == "{}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_file_that_cannot_be_read_is_the_learner_s_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fill(tmp_path / "a")

    def forbidden(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(files, "open_regular", forbidden)

    assert hash_files(folder, RULES)
    with pytest.raises(UnreadableSubmissionError, match=r"one\.ipynb cannot be read"):
        copy_whole(folder, tmp_path / "b", RULES)
    assert not (tmp_path / "b").exists()


def test_what_a_cut_off_copy_left_is_cleared_away(tmp_path: Path) -> None:
    folder = fill(tmp_path / "a")
    for left_over in (".b.incoming", ".b.replaced"):
        (tmp_path / left_over).mkdir()
        (tmp_path / left_over / "half.ipynb").write_text("{", encoding="utf-8")

    copy_whole(folder, tmp_path / "b", RULES)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
    assert notebooks_in(tmp_path / "b") == {"one"}
