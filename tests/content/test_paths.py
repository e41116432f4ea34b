from pathlib import Path

import pytest

from skillmap.content import find_content, is_plain_course, shipped_content
from skillmap.errors import ContentError
from tests.content.builders import make_course, make_plain_course, write


def test_a_course_s_own_content_goes_before_the_shipped_one(tmp_path: Path) -> None:
    make_course(tmp_path / "shipped")
    make_course(tmp_path / "own")

    paths = find_content(tmp_path / "own", shipped=tmp_path / "shipped")

    own = tmp_path / "own"
    assert paths.skills == own / "curriculum" / "skills.toml"
    assert paths.tracks == own / "curriculum"
    assert paths.source == own / "assessments" / "source"
    assert paths.blueprints == own / "assessments" / "blueprints"
    assert paths.lessons == own / "notebooks"


def test_a_folder_without_content_uses_the_shipped_one_whole(tmp_path: Path) -> None:
    shipped = make_course(tmp_path / "shipped")
    write(tmp_path / "programme" / "skillmap.toml", "")

    paths = find_content(tmp_path / "programme", shipped=tmp_path / "shipped")

    assert (paths.skills, paths.tracks, paths.source, paths.blueprints, paths.lessons) == (
        shipped.skills,
        shipped.tracks,
        shipped.source,
        shipped.blueprints,
        shipped.lessons,
    )


def test_a_plain_course_borrows_skills_and_has_neither_tracks_nor_blueprints(
    tmp_path: Path,
) -> None:
    paths = make_plain_course(tmp_path)

    assert paths.skills == tmp_path / "shipped" / "curriculum" / "skills.toml"
    assert paths.source == tmp_path / "plain" / "source"
    assert paths.tracks is None
    assert paths.blueprints is None


def test_the_source_folder_of_nbgrader_s_configuration_decides(tmp_path: Path) -> None:
    make_course(tmp_path / "shipped")
    (tmp_path / "plain" / "masters").mkdir(parents=True)

    paths = find_content(
        tmp_path / "plain", source_dir=Path("masters"), shipped=tmp_path / "shipped"
    )

    assert paths.source == tmp_path / "plain" / "masters"
    assert paths.tracks is None


def test_an_absolute_source_folder_may_be_the_shipped_one(tmp_path: Path) -> None:
    shipped = make_course(tmp_path / "shipped")
    (tmp_path / "programme").mkdir()

    paths = find_content(
        tmp_path / "programme", source_dir=shipped.source, shipped=tmp_path / "shipped"
    )

    assert paths.blueprints == shipped.blueprints
    assert paths.tracks == shipped.tracks


def test_a_missing_course_folder_is_named(tmp_path: Path) -> None:
    make_course(tmp_path)

    with pytest.raises(ContentError, match="nowhere: The course folder does not exist"):
        find_content(tmp_path / "nowhere", shipped=tmp_path)


def test_a_missing_source_folder_is_named(tmp_path: Path) -> None:
    make_course(tmp_path)

    with pytest.raises(ContentError, match="masters: The source folder"):
        find_content(tmp_path, source_dir=Path("masters"), shipped=tmp_path)


def test_the_checkout_is_found(tmp_path: Path) -> None:
    checkout = Path(__file__).resolve().parents[2]

    assert shipped_content() == checkout


@pytest.mark.parametrize(
    ("files", "is_plain"),
    [
        ((), False),
        (("source/ps1/a.ipynb",), True),
        (("nbgrader_config.py",), True),
        (("nbgrader_config.py", "skillmap.toml"), False),
        (("source/ps1/a.ipynb", "assessments/source/a/b.ipynb"), False),
    ],
)
def test_a_course_made_without_skillmap_is_recognised(
    tmp_path: Path, files: tuple[str, ...], is_plain: bool
) -> None:
    for file in files:
        write(tmp_path / file, "")

    assert is_plain_course(tmp_path) is is_plain
