from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.content import load_course, load_people
from skillmap.errors import ContentError
from tests.content.builders import BLUEPRINT, SKILLS, TRACK, make_course, write

KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12)


def test_an_unknown_key_is_refused_by_name_with_its_place_and_a_hint(tmp_path: Path) -> None:
    paths = make_course(tmp_path, skills=SKILLS.replace("aliases", "alieses"))

    with pytest.raises(ContentError) as caught:
        load_course(paths)

    assert str(caught.value) == (
        "curriculum/skills.toml:skills 2 'py.data': unknown key 'alieses' (Did you mean 'aliases'?)"
    )


def test_an_unknown_key_of_an_inner_table_is_named(tmp_path: Path) -> None:
    paths = make_course(tmp_path, blueprint=BLUEPRINT.replace("why =", "because ="))

    with pytest.raises(ContentError) as caught:
        load_course(paths)

    assert "exercises 1 'double', wrong 1: unknown key 'because'" in str(caught.value)
    assert "known keys: code, hint, why" in str(caught.value)
    assert "exercises 1 'double', wrong 1: the key 'why' is missing" in str(caught.value)


@given(key=KEYS.filter(lambda key: key not in {"learners", "mentors", "staff", "exclusions"}))
def test_every_unknown_key_is_named(key: str) -> None:
    with TemporaryDirectory() as folder:
        file = write(Path(folder) / "people.toml", f"{key} = 1\n")

        with pytest.raises(ContentError, match=f"unknown key '{key}'"):
            load_people(file)


@given(text=st.text(max_size=60))
def test_no_text_makes_anything_but_people_or_a_content_error(text: str) -> None:
    with TemporaryDirectory() as folder:
        file = write(Path(folder) / "people.toml", text)

        try:
            load_people(file)
        except ContentError as error:
            assert str(file) in str(error)  # noqa: PT017  most texts are no TOML, some are


def test_malformed_toml_is_told_with_its_line(tmp_path: Path) -> None:
    paths = make_course(tmp_path, track='id = "python"\ntitles = { en = "Python }\n')

    with pytest.raises(ContentError, match=r"track\.toml:2:\d+: is not valid TOML: .*\(look for"):
        load_course(paths)


def test_toml_that_ends_too_early_is_told(tmp_path: Path) -> None:
    paths = make_course(tmp_path, track='# Python\nid = "python')

    with pytest.raises(ContentError, match=r"track\.toml:2: is not valid TOML"):
        load_course(paths)


def test_a_byte_order_mark_and_windows_line_ends_are_let_through(tmp_path: Path) -> None:
    paths = make_course(tmp_path)
    paths.skills.write_bytes(b"\xef\xbb\xbf" + SKILLS.replace("\n", "\r\n").encode())

    assert "py.data" in load_course(paths).skills


def test_text_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    paths = make_course(tmp_path)
    paths.skills.write_bytes('labels = "blåbær"'.encode("latin-1"))

    with pytest.raises(ContentError, match=r"skills\.toml: is not UTF-8 text"):
        load_course(paths)


def test_a_missing_catalogue_is_told(tmp_path: Path) -> None:
    paths = make_course(tmp_path)
    paths.skills.unlink()

    with pytest.raises(ContentError, match=r"skills\.toml: cannot be read: No such file"):
        load_course(paths)


def test_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    paths = make_course(
        tmp_path,
        skills=SKILLS.replace("cut = 0.6", "cut = 1.6"),
        track=TRACK.replace("minutes = 180", 'minutes = "long"'),
        blueprint=BLUEPRINT.replace("difficulty = 2", "difficulty = 6"),
    )

    with pytest.raises(ContentError) as caught:
        load_course(paths)

    skills, track, blueprint = str(caught.value).splitlines()
    assert "levels 2 'independent', cut: input should be less than 1, not 1.6" in skills
    assert "modules 1 'python.values', minutes: input should be a valid integer" in track
    assert "exercises 1 'double', difficulty: input should be less than or equal to 5" in blueprint


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('nb = "Datastrukturer"', 'no = "Datastrukturer"', "labels: no words in 'nb'"),
        ('en = "Data structures"', 'en = " "', "labels: no words in 'en'"),
        ('id = "py.data"', 'id = "Py Data"', "'Py Data' is no id"),
        ("http://data.europa.eu/esco", "https://else.example", "esco: string should match"),
    ],
)
def test_a_value_that_does_not_fit_is_told(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    paths = make_course(tmp_path, skills=SKILLS.replace(old, new))

    with pytest.raises(ContentError, match=message):
        load_course(paths)
