"""Submissions whose folder is the attack: shadows of modules, links, pipes, odd names, false times.

Expected of each: a notebook that is no regular file is refused in words; a data file that is none
is the course's own again; everything else changes nothing, and is not run by the grader.
"""

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.hostile.expectations import Hostile, as_honest, forged
from tests.hostile.patching import WRONG

__all__ = ["FILES"]

Spoil = Callable[[Path, Path], object]
MEGABYTE = 1 << 20


def _write(name: str, text: str) -> Spoil:
    """Write a file of that name; it touches a file outside when it is run."""

    def spoil(folder: Path, root: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        touch = f"open({str(root.parent / 'outside' / 'imported')!r}, 'a').close()\n"
        path.write_text(touch + text, encoding="utf-8")

    return spoil


def _replace(name: str, make: Callable[[Path, Path], object]) -> Spoil:
    def spoil(folder: Path, root: Path) -> None:
        (folder / name).unlink()
        make(folder / name, root)

    return spoil


def _link(target: str) -> Callable[[Path, Path], object]:
    return lambda path, root: path.symlink_to(target.replace("@ROOT@", str(root)))


def _hard_link(path: Path, root: Path) -> None:
    [other] = root.glob("exchange/*/inbound/honest-1+*/main.ipynb")
    path.hardlink_to(other)


def _pipe(path: Path, root: Path) -> None:
    del root
    os.mkfifo(path)


def _folder(path: Path, root: Path) -> None:
    del root
    path.mkdir()
    (path / "inside.txt").touch()


def _named(*names: bytes) -> Spoil:
    def spoil(folder: Path, root: Path) -> None:
        del root
        for name in names:
            (folder / os.fsdecode(name)).write_text("odd", encoding="utf-8")

    return spoil


def _deep_folders(folder: Path, root: Path) -> None:
    del root
    for _ in range(60):
        folder = folder / "deeper"
    folder.mkdir(parents=True)


def _many_files(folder: Path, root: Path) -> None:
    del root
    (folder / "many").mkdir()
    for number in range(3_000):
        (folder / "many" / str(number)).touch()


def _sparse(folder: Path, root: Path) -> None:
    del root
    with (folder / "sparse.bin").open("wb") as file:
        file.truncate(1 << 30)


def _zip_bomb(folder: Path, root: Path) -> None:
    del root
    with zipfile.ZipFile(folder / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("zeros", "w") as file:
            for _ in range(50):
                file.write(bytes(MEGABYTE))
        archive.writestr("../../../outside/slipped.txt", "out of the folder")
    held = io.BytesIO((folder / "more.zip").read_bytes())
    (folder / "main.ipynb.gz").write_bytes(held.getvalue())


def _stamp(content: bytes) -> Spoil:
    return _replace("timestamp.txt", lambda path, root: path.write_bytes(content))


def _looping_links(folder: Path, root: Path) -> None:
    del root
    (folder / "up").symlink_to(folder, target_is_directory=True)
    (folder / "self").symlink_to("self")
    (folder / "all").symlink_to("/", target_is_directory=True)


def _nested(folder: Path, root: Path) -> None:
    del root
    shutil.copytree(folder, folder / "again")


STOP = "raise RuntimeError('imported from the folder of a submission')\n"
LENIENT = {
    "unittest.py": ("tally", "class TestCase:\n    assertEqual = lambda *a, **k: None\n"),
    "math.py": ("root", "def isclose(*a, **k):\n    return True\n"),
    "numpy.py": ("column", "class testing:\n    assert_allclose = lambda *a, **k: None\n"),
    "pandas.py": ("rows", "DataFrame = dict\nclass testing:\n    assert_frame_equal = print\n"),
}
# Only the grader itself could load these: the answers import none of them.
LOADED_BY_A_GRADER = (
    "sitecustomize.py",
    "usercustomize.py",
    "conftest.py",
    "nbgrader_config.py",
    "jupyter_nbconvert_config.py",
    "skillmap.py",
    "sqlalchemy.py",
    "nbformat.py",
    "json.py",
    "ast.py",
    "__init__.py",
    ".ipython/profile_default/startup/00-first.py",
    ".ipython/profile_default/ipython_config.py",
    ".config/matplotlib/matplotlibrc.py",
)
IS_NO_FILE: dict[str, Callable[[Path, Path], object]] = {
    "link_to_gradebook": _link("@ROOT@/gradebook.db"),
    "link_to_source": _link("@ROOT@/source/h1/main.ipynb"),
    "link_to_release": _link("@ROOT@/release/h1/main.ipynb"),
    "link_to_passwd": _link("/etc/passwd"),
    "link_to_zeros": _link("/dev/zero"),
    "link_to_environment": _link("/proc/self/environ"),
    "link_to_itself": _link("main.ipynb"),
    "link_to_nothing": _link("/nowhere/at/all"),
    "pipe": _pipe,
    "folder": _folder,
}
ODD_NAMES: dict[str, tuple[bytes, ...]] = {
    "name_newline": (b"line\nbreak.txt", b"main\n.ipynb"),
    "name_bidi": ("\u202egnp.ipynb".encode(), "\u2066a\u2069.txt".encode()),
    "name_of_255_bytes": (b"n" * 255, b"n" * 249 + b".ipynb"),
    "name_not_utf8": (b"\xff\xfe.txt", b"\xc3\x28.ipynb"),
    "name_control": (b"\x1b[2J\x07.txt", b"\x7f.ipynb"),
    "name_like_option": (b"-rf", b"--help.ipynb", b"~", b"$(touch x)"),
    "name_like_notebook": (b"main.ipynb.ipynb", b"MAIN.IPYNB", b"main .ipynb", b".ipynb"),
    "name_like_glob": (b"*.ipynb", b"[ab].ipynb", b"main?.ipynb"),
    "name_like_html": (b"<img src=x onerror=alert(1)>.txt",),
}
STAMPS = {
    "time_of_1970": b"1970-01-01 00:00:00.000000 UTC",
    "time_of_9999": b"9999-12-31 23:59:59.999999 UTC",
    "time_huge": b"9" * MEGABYTE,
    "time_binary": b"\xff\0\xfe",
    "time_empty": b"",
}
MORE: dict[str, Spoil] = {
    "files_in_depth": _deep_folders,
    "files_in_thousands": _many_files,
    "file_sparse": _sparse,
    "file_zip_bomb": _zip_bomb,
    "files_nested": _nested,
    "links_in_a_loop": _looping_links,
    "time_is_a_link": _replace("timestamp.txt", _link("@ROOT@/gradebook.db")),
    "time_is_a_folder": _replace("timestamp.txt", _folder),
}


def _file(name: str, spoil: Spoil, **more: bool) -> Hostile:
    return Hostile(name=name, klass="tampering", spoil=spoil, **more)


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name)


FILES = (
    *(
        Hostile(
            name=f"lenient_{_safe(name)}",
            klass="tampering",
            answers={target: WRONG[target]},
            spoil=_write(name, text),
            expected=forged(f"{target}_test"),
        )
        for name, (target, text) in LENIENT.items()
    ),
    *(_file(f"beside_{_safe(name)}", _write(name, STOP)) for name in LOADED_BY_A_GRADER),
    *(
        _file(f"notebook_{name}", _replace("main.ipynb", make), refused=True)
        for name, make in IS_NO_FILE.items()
    ),
    Hostile(
        name="notebook_hard_link",
        klass="tampering",
        spoil=_replace("main.ipynb", _hard_link),
        expected=as_honest(),
        may_be_refused=True,
    ),
    *(
        _file(f"data_{name}", _replace("data.csv", make), may_be_refused=True)
        for name, make in IS_NO_FILE.items()
    ),
    _file("data_lies", _replace("data.csv", lambda path, root: path.write_text("height\n7\n"))),
    *(_file(name, _named(*names), may_be_refused=True) for name, names in ODD_NAMES.items()),
    *(_file(name, _stamp(content), may_be_refused=True) for name, content in STAMPS.items()),
    *(_file(name, spoil, may_be_refused=True) for name, spoil in MORE.items()),
)
