import json
from pathlib import Path
from typing import Any

import pytest

from skillmap.catalog import ReadOpenings, read_openings
from skillmap.errors import FeedError
from tests.catalog.builders import NOW, SKILLS, make_entry


def read(folder: Path, content: str | bytes) -> ReadOpenings:
    path = folder / "openings.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_openings(path, fetched_at=NOW, skills=SKILLS)


def entries(n: int) -> list[dict[str, Any]]:
    return [make_entry(uuid=f"ad-{number}") for number in range(n)]


@pytest.mark.parametrize(
    "write",
    [
        json.dumps,
        lambda made: json.dumps({"items": made}),
        lambda made: "\n".join(json.dumps(one) for one in made) + "\n\n",
        lambda made: json.dumps(made, indent=2).encode("utf-8-sig"),
    ],
    ids=["list", "items", "lines", "byte order mark"],
)
def test_each_form_of_file_gives_the_same_openings(write: Any, tmp_path: Path) -> None:
    found = read(tmp_path, write(entries(3)))

    assert [one.id for one in found.openings] == ["ad-0", "ad-1", "ad-2"]
    assert found.problems == ()


def test_one_entry_alone_is_a_file_too(tmp_path: Path) -> None:
    assert len(read(tmp_path, json.dumps(make_entry())).openings) == 1


def test_a_bad_entry_stops_no_other(tmp_path: Path) -> None:
    made = [*entries(2), {"uuid": "broken", "status": "ACTIVE"}, 7, make_entry(uuid="last")]

    found = read(tmp_path, json.dumps(made))

    assert [one.id for one in found.openings] == ["ad-0", "ad-1", "last"]
    assert found.problems[0].startswith("openings.json, entry 3: Advertisement broken")
    assert found.problems[1].startswith("openings.json, entry 4: Advertisement without uuid")


def test_a_bad_line_stops_no_other(tmp_path: Path) -> None:
    lines = [json.dumps(make_entry(uuid="first")), "{no json", json.dumps(make_entry(uuid="last"))]

    found = read(tmp_path, "\n".join(lines))

    assert [one.id for one in found.openings] == ["first", "last"]
    assert "line 2" in found.problems[0]


def test_of_several_states_of_an_ad_the_last_counts(tmp_path: Path) -> None:
    made = [make_entry(title="Old"), make_entry(uuid="other"), make_entry(title="New")]

    found = read(tmp_path, json.dumps(made))

    assert [one.title for one in found.openings] == ["Utvikler", "New"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is no JSON"),
        ("{", "is no JSON"),
        ('[{"uuid": "a"},', "is no JSON: Expecting value at line 1, column 16"),
        ("7", "holds no list"),
        ('"text"', "holds no list"),
        ("[" * 100_000, "nested too deep"),
        ("9" * 5_000, "a number is too long"),
        (b"\xff\xfe[]", "is not UTF-8 at byte 0"),
    ],
)
def test_a_file_that_holds_no_openings_is_refused(
    content: str | bytes, why: str, tmp_path: Path
) -> None:
    with pytest.raises(FeedError, match=why):
        read(tmp_path, content)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"none\.json cannot be read: No such file"):
        read_openings(tmp_path / "none.json", fetched_at=NOW, skills=SKILLS)
