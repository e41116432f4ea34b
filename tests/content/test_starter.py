import shutil
from pathlib import Path

import pytest

from skillmap.content import check_course, copy_starter, find_content
from skillmap.errors import ContentError, StoreError
from tests.content.builders import make_course, write


def make_shipped(root: Path) -> Path:
    make_course(root / "shipped")
    return root / "shipped"


def test_a_starter_course_is_in_order_on_its_own(tmp_path: Path) -> None:
    shipped = make_shipped(tmp_path)

    files = copy_starter(tmp_path / "new" / "course", shipped=shipped)

    paths = find_content(tmp_path / "new" / "course", shipped=shipped)
    assert len(files) == 5
    assert all(file.is_file() for file in files)
    assert paths.source == tmp_path / "new" / "course" / "assessments" / "source"
    assert check_course(paths) == []


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    note = write(tmp_path / "course" / "note.txt", "mine")

    copy_starter(tmp_path / "course", shipped=make_shipped(tmp_path))

    assert note.read_text(encoding="utf-8") == "mine"


def test_what_exists_is_never_overwritten(tmp_path: Path) -> None:
    shipped = make_shipped(tmp_path)
    mine = write(tmp_path / "course" / "curriculum" / "skills.toml", "mine")

    with pytest.raises(ContentError, match="curriculum: exists already"):
        copy_starter(tmp_path / "course", shipped=shipped)

    assert mine.read_text(encoding="utf-8") == "mine"
    assert [path.name for path in (tmp_path / "course").iterdir()] == ["curriculum"]


def test_a_file_is_no_course_folder(tmp_path: Path) -> None:
    write(tmp_path / "course", "")

    with pytest.raises(ContentError, match="this is a file"):
        copy_starter(tmp_path / "course", shipped=make_shipped(tmp_path))


@pytest.mark.parametrize("exists", [True, False])
def test_a_full_disk_leaves_no_half_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exists: bool
) -> None:
    shipped = make_shipped(tmp_path)
    course = tmp_path / "course"
    if exists:
        course.mkdir()
    copied = []

    def fill_disk(source: Path, target: Path) -> None:
        if len(copied) == 2:
            raise OSError(28, "No space left on device")
        copied.append(Path(target).write_bytes(Path(source).read_bytes()))

    monkeypatch.setattr(shutil, "copyfile", fill_disk)

    with pytest.raises(StoreError, match="No space left on device"):
        copy_starter(course, shipped=shipped)

    assert list(course.iterdir()) == [] if exists else not course.exists()


def test_a_stop_while_moving_takes_back_what_was_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = make_shipped(tmp_path)
    rename = Path.rename

    def stop_at_the_second(source: Path, target: Path) -> Path:
        if target == tmp_path / "course" / "assessments":
            raise KeyboardInterrupt
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", stop_at_the_second)

    with pytest.raises(KeyboardInterrupt):
        copy_starter(tmp_path / "course", shipped=shipped)

    assert not (tmp_path / "course").exists()


def test_a_read_only_bundle_gives_files_that_can_be_edited(tmp_path: Path) -> None:
    shipped = make_shipped(tmp_path)
    for path in [shipped, *shipped.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)

    files = copy_starter(tmp_path / "course", shipped=shipped)

    for path in [shipped, *shipped.rglob("*")]:
        path.chmod(0o755)
    assert all(file.stat().st_mode & 0o200 for file in files)
    assert all(file.parent.stat().st_mode & 0o200 for file in files)


def test_leftovers_of_editors_are_not_copied(tmp_path: Path) -> None:
    shipped = make_shipped(tmp_path)
    write(shipped / "notebooks" / ".ipynb_checkpoints" / "x.ipynb", "{}")

    files = copy_starter(tmp_path / "course", shipped=shipped)

    assert not any(".ipynb_checkpoints" in file.parts for file in files)
