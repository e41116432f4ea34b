"""Laws of what nobody graded, against the demands of openings."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.matching import one_exercise_away
from skillmap.model import Attestation, Statement, Witness

from .builders import SKILLS, make_opening, make_profile, needs_skill
from .test_openings import (
    _LINES,
    _LISTS_OF_OPENINGS,
    MET,
    NEAR,
    WEAK,
    make_learner,
    match_of,
    matches_for,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEVELS = ("basic", "working", "strong")


def attest(skill: str = "loops", **overrides: Any) -> Attestation:
    values: dict[str, Any] = {
        "learner": "ada",
        "skill": skill,
        "witness": Witness(name="Kari", role="mentor"),
        "words": "I saw it.",
        "level": "working",
        "seen_on": date(2026, 11, 2),
        "recorded_at": NOON,
        "consented_at": NOON,
    }
    return Attestation(**values | overrides)


def state(skill: str = "loops", **overrides: Any) -> Statement:
    values: dict[str, Any] = {"learner": "ada", "skill": skill, "source": "work", "years": 9.0}
    return Statement(**values | {"stated_at": NOON} | overrides)


_SKILLS = st.sampled_from([*SKILLS, "cobol"])
_ATTESTED = st.lists(
    st.builds(
        attest,
        _SKILLS,
        level=st.sampled_from([*LEVELS, "unknown"]),
        learner=st.sampled_from(["ada", "bo"]),
        consented_at=st.sampled_from([None, NOON]),
        withdrawn_at=st.sampled_from([None, NOON]),
        seen_on=st.dates(date(2020, 1, 1), date(2026, 11, 1)),
    ),
    max_size=4,
)
_STATED = st.lists(
    st.builds(
        state,
        _SKILLS,
        level=st.sampled_from([None, *LEVELS]),
        learner=st.sampled_from(["ada", "bo"]),
        withdrawn_at=st.sampled_from([None, NOON]),
    ),
    max_size=4,
)


def reaches(attestation: Attestation) -> bool:
    return attestation.learner == "ada" and attestation.level in {"working", "strong"}


@given(_LISTS_OF_OPENINGS, _LINES, _ATTESTED, _STATED)
def test_met_rests_on_items_or_on_an_attestation_that_counts(openings, lines, attested, stated):
    profile = make_profile({}, *lines)
    holding = {one.skill for one in attested if one.counts and reaches(one)}

    for job in matches_for(*openings, profile=profile, attested=attested, stated=stated):
        for one in job.matches:
            if one.status == "met":
                assert bool(one.evidence) != (one.reason is not None)
                assert one.reason is None or one.requirement.ref in holding
            else:
                assert one.reason is None
            if one.requirement.kind == "skill" and one.requirement.ref in holding:
                assert one.status == "met"


@given(_LISTS_OF_OPENINGS, _LINES, _ATTESTED, _STATED)
def test_words_alone_never_meet_and_never_lower(openings, lines, attested, stated):
    profile = make_profile({}, *lines)
    without = matches_for(*openings, profile=profile, attested=attested)

    after = matches_for(*openings, profile=profile, attested=attested, stated=stated)

    met = {job.opening: [m.status == "met" for m in job.matches] for job in without}
    scores = {job.opening: job.score for job in without}
    assert {job.opening: [m.status == "met" for m in job.matches] for job in after} == met
    assert all(job.score >= scores[job.opening] for job in after)
    assert {job.opening for job in one_exercise_away(after)} == {
        job.opening for job in one_exercise_away(without)
    }


@given(_LISTS_OF_OPENINGS, _LINES, _ATTESTED, _ATTESTED)
def test_one_attestation_more_never_lowers_a_score(openings, lines, attested, more):
    profile = make_profile({}, *lines)
    before = matches_for(*openings, profile=profile, attested=attested)

    after = matches_for(*openings, profile=profile, attested=[*attested, *more])

    scores = {job.opening: job.score for job in after}
    assert all(scores[job.opening] >= job.score for job in before)


@given(_LISTS_OF_OPENINGS, _LINES, _ATTESTED, _STATED)
def test_what_does_not_count_changes_nothing(openings, lines, attested, stated):
    profile = make_profile({}, *lines)
    counting = [one for one in attested if one.counts and one.learner == "ada"]
    standing = [one for one in stated if one.stands and one.learner == "ada"]

    got = matches_for(*openings, profile=profile, attested=attested, stated=stated)

    assert got == matches_for(*openings, profile=profile, attested=counting, stated=standing)


@given(_LISTS_OF_OPENINGS, _LINES, _ATTESTED, _STATED, st.text(max_size=5), st.text(min_size=1))
def test_who_is_named_changes_nothing_but_the_name(openings, lines, attested, stated, name, by):
    profile = make_profile({}, *lines)
    witness = Witness(name=by if by.strip() else "B", role="lead")
    others = [attest(a.skill, **_values(a) | {"witness": witness}) for a in attested]

    got = matches_for(*openings, profile=profile, attested=attested, stated=stated)
    other = matches_for(
        *openings,
        profile=profile,
        attested=others,
        stated=stated,
        learner=make_learner(name=name, page_language="nb"),
    )

    assert [(o.opening, o.score, [m.status for m in o.matches]) for o in got] == [
        (o.opening, o.score, [m.status for m in o.matches]) for o in other
    ]


def _values(one: Attestation) -> dict[str, Any]:
    names = ("learner", "level", "consented_at", "withdrawn_at", "seen_on")
    return {name: getattr(one, name) for name in names}


@pytest.mark.parametrize("logit", [None, WEAK, NEAR])
def test_an_attestation_meets_and_names_the_newest_witness(logit):
    profile = make_profile({} if logit is None else {"loops": logit})
    older = attest(witness=Witness(name="Ola", role="lead"), seen_on=date(2026, 1, 1))

    match = match_of(needs_skill("loops"), profile=profile, attested=[attest(), older])

    assert (match.status, match.evidence, match.closed_by) == ("met", (), None)
    assert match.reason.key == "requirement.attested_by"
    assert match.reason.values == {"name": "Kari", "role": "mentor", "day": "2026-11-02"}


def test_graded_evidence_speaks_first():
    profile = make_profile({"loops": MET})

    match = match_of(needs_skill("loops"), profile=profile, attested=[attest()])

    assert match.evidence
    assert match.reason is None


@pytest.mark.parametrize(
    ("asked", "status"), [("basic", "met"), ("working", "met"), ("strong", "not_tested")]
)
def test_an_attestation_reaches_its_level_and_no_higher(asked, status):
    match = match_of(needs_skill("loops"), attested=[attest()], required_level=asked)

    assert match.status == status


def test_an_attested_neighbour_makes_near():
    match = match_of(needs_skill("lists"), attested=[attest("loops")])

    assert (match.status, match.via) == ("near", "loops")


@pytest.mark.parametrize(
    ("logit", "level", "status"),
    [
        (None, None, "stated"),
        (None, "strong", "stated"),
        (None, "basic", "not_tested"),
        (WEAK, "strong", "missing"),
        (NEAR, "strong", "near"),
        (MET, None, "met"),
    ],
)
def test_a_statement_speaks_only_where_nothing_was_tested(logit, level, status):
    profile = make_profile({} if logit is None else {"loops": logit})

    match = match_of(needs_skill("loops"), profile=profile, stated=[state(level=level)])

    assert match.status == status


def test_a_stated_skill_lies_between_not_tested_and_near():
    opening = make_opening(needs_skill("sql"))
    said, near = [state("sql")], make_profile({"sql": NEAR})

    scores = [
        matches_for(opening)[0].score,
        matches_for(opening, stated=said)[0].score,
        matches_for(opening, profile=near, stated=said)[0].score,
    ]

    assert scores == sorted(set(scores))


def test_consent_is_read_at_the_time_of_the_comparison():
    withdrawn = attest(withdrawn_at=NOON + timedelta(days=1))

    assert match_of(needs_skill("loops"), attested=[withdrawn]).status == "not_tested"
