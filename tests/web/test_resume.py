"""A learner's own copy: what JSON Resume it is, what it leaves out, and who took it."""

import json
import re
from typing import Any

import pytest

from skillmap.model import LearnerId, PersonId
from skillmap.store import access
from tests.web.conftest import Site, csrf_of
from tests.web.test_pages import FORBIDDEN
from tests.web.world import ask_about, said, saw

AMINA = LearnerId(PersonId("amina"))
# The part of https://github.com/jsonresume/resume-schema (v1.0.0, schema.json) that we fill.
DATE = re.compile(r"([12]\d{3}-[01]\d-[0-3]\d|[12]\d{3}-[01]\d|[12]\d{3})")
SHAPE: dict[str, Any] = {
    "$schema": str,
    "basics": {"name": str, "location": {"city": str}},
    "work": [{"position": str, "endDate": DATE, "summary": str}],
    "education": [{"area": str, "endDate": DATE, "courses": [str]}],
    "skills": [{"name": str, "level": str, "keywords": [str]}],
    "languages": [{"language": str, "fluency": str}],
    "references": [{"name": str, "reference": str}],
    "meta": {"version": str, "lastModified": DATE},
}


def problems(value: Any, shape: Any, where: str = "resume") -> list[str]:
    """Where a value leaves the schema; fields of other namespaces are free."""
    if isinstance(shape, dict):
        own = {key: inner for key, inner in value.items() if not key.startswith("x-")}
        found = [f"{where}.{key} is unknown" for key in own.keys() - shape.keys()]
        both = own.keys() & shape.keys()
        return found + [p for key in both for p in problems(own[key], shape[key], f"{where}.{key}")]
    if isinstance(shape, list):
        return [p for n, one in enumerate(value) for p in problems(one, shape[0], f"{where}[{n}]")]
    if isinstance(shape, re.Pattern):
        return [] if shape.fullmatch(value) else [f"{where} is no date: {value!r}"]
    return [] if isinstance(value, shape) else [f"{where} is a {type(value).__name__}"]


def take(site: Site, name: str = "yes") -> tuple[dict[str, Any], str]:
    own = site.visitor("amina")
    csrf = csrf_of(own.get("/learner/skills").text)
    answer = own.post("/learner/resume", data={"csrf": csrf, "name": name})
    assert answer.headers["content-disposition"] == 'attachment; filename="resume.json"'
    return json.loads(answer.text), answer.text


@pytest.mark.parametrize("name", ["yes", "no"])
def test_it_is_a_json_resume(site: Site, name: str) -> None:
    said(site.database)
    said(site.database, source="study", skill="plots", text="Statistics, one year.")
    said(site.database, source="self", skill="sql")
    saw(site.database)

    made, _ = take(site, name)

    assert problems(made, SHAPE) == []
    assert [one["position"] for one in made["work"]] == ["Testing"]
    assert [one["courses"] for one in made["education"]] == [["Statistics, one year."]]
    assert [one["name"] for one in made["references"]] == ["Zofia Nowak"]


def test_a_broken_one_would_be_found() -> None:
    assert problems({"skills": [{"name": 7, "rank": 1}], "meta": {"lastModified": "May"}}, SHAPE)


def test_kinds_of_evidence_stay_apart_and_only_graded_ones_have_a_level(site: Site) -> None:
    said(site.database, source="self", skill="sql")
    ask_about(site.database, item="py1/tasks/t1")

    skills = take(site)[0]["skills"]

    kinds = {one["x-skillmap"]["kind"] for one in skills if "level" in one}
    assert kinds == {"graded"}
    assert [one["name"] for one in skills if "level" not in one] == ["SQL queries"]
    graded = [one["x-skillmap"] for one in skills if "level" in one]
    assert all(0 <= low < high <= 1 for low, high in (one["interval90"] for one in graded))
    assert any(e["inQuestion"] for one in graded for e in one["evidence"])


def test_it_has_no_score_no_rank_and_no_skill_that_was_not_tested(site: Site) -> None:
    made, text = take(site)

    assert not re.search(FORBIDDEN + r"|score|total|theta|logit", text, re.IGNORECASE)
    assert all(one["x-skillmap"]["tasks"] > 0 for one in made["skills"])


def test_without_the_name_nothing_says_who_it_is(site: Site) -> None:
    saw(site.database, words="Amina wrote it, and Warsame explained it.")

    made, text = take(site, "no")

    assert not re.search("amina|warsame|oslo", text, re.IGNORECASE)
    assert (made["basics"], made["languages"]) == ({}, [])
    assert made["references"][0]["reference"] == "[…] wrote it, and […] explained it."


def test_it_is_made_only_when_asked_for_and_logged(site: Site) -> None:
    assert site.visitor("amina").get("/learner/resume").status_code == 405
    with site.database.begin() as session:
        before = len(access.of(session, AMINA))

    first, second = take(site)[1], take(site)[1]

    with site.database.begin() as session:
        seen = access.of(session, AMINA)
    assert first == second
    assert [one.what for one in seen[: len(seen) - before]] == ["access.what.resume"] * 2
