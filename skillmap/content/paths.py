"""Find where the content of a course lies.

In: the course folder or None. Out: ContentPaths.
Law: each part is taken from the course folder, else from the checkout, else from the bundle in the
wheel. Tracks come with the notebooks they speak of: a plain nbgrader course, which brings `source/`
and no `curriculum/`, borrows the skill catalogue and has no tracks.
"""

from dataclasses import dataclass
from pathlib import Path

from skillmap.errors import ContentError

__all__ = ["ContentPaths", "find_content", "is_plain_course", "shipped_content"]

PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPaths:
    """Absolute paths of the content. A part that the course does not have is None.

    home: the folder that file names in messages are relative to.
    skills: the catalogue's file. tracks: folder of `<track>/track.toml`.
    source: nbgrader's source folder, `<assignment>/<notebook>.ipynb`.
    texts: what the notebooks of assignments say in other languages, a folder for each.
    """

    home: Path
    skills: Path
    tracks: Path | None
    source: Path
    blueprints: Path | None
    lessons: Path | None
    texts: Path | None = None


def shipped_content() -> Path:
    """Return the folder of the content that comes with skillmap: the checkout, else the bundle."""
    checkout = PACKAGE.parent
    bundle = PACKAGE / "_bundled"
    if (checkout / "pyproject.toml").is_file() and (checkout / "curriculum").is_dir():
        return checkout
    if (bundle / "curriculum").is_dir():
        return bundle
    raise ContentError(
        f"{PACKAGE}: this installation of skillmap brings no content. Install it again,"
        " or run it from a complete checkout."
    )


def is_plain_course(root: Path) -> bool:
    """Tell whether `root` is an nbgrader course that was made without skillmap."""
    if (root / "assessments").is_dir():
        return False
    if (root / "source").is_dir():
        return True
    return (root / "nbgrader_config.py").is_file() and not (root / "skillmap.toml").is_file()


def find_content(
    root: Path | None, *, source_dir: Path | None = None, shipped: Path | None = None
) -> ContentPaths:
    """Find each part of the content.

    root: the course folder; None when only the shipped content is meant.
    source_dir: where nbgrader's configuration puts the source notebooks, relative to `root`;
    None when it says nothing. shipped: instead of `shipped_content()`.
    Raises ContentError when `root` or `source_dir` is no folder.
    """
    spare = (shipped or shipped_content()).resolve()
    home = _folder(root, "The course folder") if root else spare
    source = _source(home, spare, source_dir)
    tracks = _first_folder(home / "curriculum")
    if tracks is None and source == spare / "assessments" / "source":
        tracks = spare / "curriculum"
    assessed = home if source != spare / "assessments" / "source" else spare
    return ContentPaths(
        home=home,
        skills=_skills(home, spare),
        tracks=tracks,
        source=source,
        blueprints=_first_folder(assessed / "assessments" / "blueprints"),
        lessons=_first_folder(home / "notebooks", spare / "notebooks"),
        texts=_first_folder(assessed / "assessments" / "texts"),
    )


def _source(home: Path, spare: Path, source_dir: Path | None) -> Path:
    if source_dir is not None:
        return _folder(home / source_dir, "The source folder of the nbgrader configuration")
    own = _first_folder(home / "assessments" / "source", home / "source")
    return own or spare / "assessments" / "source"


def _skills(home: Path, spare: Path) -> Path:
    own = home / "curriculum" / "skills.toml"
    return own if own.is_file() else spare / "curriculum" / "skills.toml"


def _folder(path: Path, what: str) -> Path:
    if not path.is_dir():
        raise ContentError(f"{path}: {what} does not exist. Check the path, or make the folder.")
    return path.resolve()


def _first_folder(*candidates: Path) -> Path | None:
    return next((folder for folder in candidates if folder.is_dir()), None)
