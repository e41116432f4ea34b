"""Laws of comparing openings with a profile."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmap.errors import MatchingError
from skillmap.matching import Coverage, coverage, match_openings, one_exercise_away

from .builders import (
    SKILLS,
    make_course,
    make_item,
    make_learner,
    make_line,
    make_opening,
    make_profile,
    make_response,
    make_skill,
    needs_language,
    needs_skill,
    speaks,
)

# With the builder's sd of 0.5 and the middle cut .6 (logit .405):
MET, NEAR, WEAK = 1.5, 0.4, -1.5
ITEMS = tuple(make_item(f"{skill}{n}", skill, difficulty=n) for skill in SKILLS for n in (1, 3, 5))
COURSE = make_course(
    ITEMS,
    skills={
        "loops": make_skill("loops"),
        "lists": make_skill("lists", adjacent=("loops",)),
        "pandas": make_skill("pandas", adjacent=("sql", "elsewhere")),
        "sql": make_skill("sql"),
    },
)


def matches_for(*openings, profile=None, learner=None, course=COURSE, responses=(), **options):
    return match_openings(
        learner=learner or make_learner(),
        profile=profile or make_profile(),
        openings=openings,
        course=course,
        responses=responses,
        **options,
    )


def match_of(requirement, **options):
    return matches_for(make_opening(requirement), **options)[0].matches[0]


_REQUIREMENTS = st.lists(
    st.one_of(
        st.builds(needs_skill, st.sampled_from([*SKILLS, "cobol"]), is_required=st.booleans()),
        st.builds(
            needs_language,
            st.sampled_from(["en", "nb", "no"]),
            st.sampled_from([None, "A2", "B1", "C2", "fluent"]),
            is_required=st.booleans(),
        ),
    ),
    max_size=5,
)
_LOGITS = st.dictionaries(st.sampled_from(SKILLS), st.floats(-3, 3), max_size=4)
_LINES = _LOGITS.map(
    lambda logits: [make_line(skill, logit) for skill, logit in sorted(logits.items())]
)
_LISTS_OF_OPENINGS = st.lists(_REQUIREMENTS, max_size=4).map(
    lambda lists: [make_opening(*some, id=f"o{n}") for n, some in enumerate(lists)]
)
_RESPONSES = st.lists(
    st.builds(
        make_response,
        st.sampled_from([item.grade_id for item in ITEMS]),
        st.sampled_from([0.0, 0.5, 1.0]),
        attempt=st.integers(1, 3),
    ),
    max_size=6,
    unique_by=lambda one: (one.item, one.attempt),
)


@given(_LISTS_OF_OPENINGS, _LINES, st.sampled_from(SKILLS), st.floats(0, 3))
def test_a_better_answer_never_lowers_a_score(openings, lines, skill, rise):
    risen = [
        replace(line, estimate=replace(line.estimate, logit=line.estimate.logit + rise))
        if line.skill == skill
        else line
        for line in lines
    ]

    before = matches_for(*openings, profile=make_profile({}, *lines))
    after = matches_for(*openings, profile=make_profile({}, *risen))

    score_after = {one.opening: one.score for one in after}
    assert all(score_after[one.opening] >= one.score for one in before)


@given(_LISTS_OF_OPENINGS, _LINES, _RESPONSES, st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(openings, lines, responses, random):
    def shuffled(values):
        return random.sample(values, len(values))

    items = {item.id: item for item in shuffled(ITEMS)}
    skills = dict(shuffled(list(COURSE.skills.items())))
    course = replace(
        COURSE, items=items, skills=skills, levels=tuple(shuffled(list(COURSE.levels)))
    )

    got = matches_for(
        *shuffled(openings),
        profile=make_profile({}, *shuffled(lines)),
        responses=shuffled(responses),
        course=course,
    )

    assert got == matches_for(*openings, profile=make_profile({}, *lines), responses=responses)


@given(_REQUIREMENTS, _LINES, st.randoms(use_true_random=False))
def test_the_order_of_requirements_changes_no_score(requirements, lines, random):
    shuffled = random.sample(requirements, len(requirements))
    profile = make_profile({}, *lines)

    one = matches_for(make_opening(*requirements), profile=profile)[0]
    other = matches_for(make_opening(*shuffled), profile=profile)[0]

    assert one.score == other.score


@given(_LISTS_OF_OPENINGS, _LINES, st.text(max_size=5), st.sampled_from(["nb", "en"]))
def test_name_home_and_page_language_change_nothing(openings, lines, words, page_language):
    profile = make_profile({}, *lines)
    other = make_learner(name=words, municipality=words, topics=words, page_language=page_language)

    assert matches_for(*openings, profile=profile, learner=other) == matches_for(
        *openings, profile=profile
    )


@given(_LISTS_OF_OPENINGS, _LINES)
def test_scores_lie_in_the_unit_interval_and_fall(openings, lines):
    matches = matches_for(*openings, profile=make_profile({}, *lines))

    scores = [one.score for one in matches]
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)


@given(_LISTS_OF_OPENINGS, _LINES)
def test_met_names_evidence_and_untested_is_never_missing(openings, lines):
    tested = {line.skill for line in lines}

    for job in matches_for(*openings, profile=make_profile({}, *lines)):
        for one in job.matches:
            if one.requirement.kind == "language":
                assert one.status in {"stated", "missing"}
                continue
            is_untested = one.requirement.ref not in tested
            assert bool(one.evidence) == (one.status == "met")
            assert (one.via is None) or one.status == "near"
            assert (one.probability is None) == is_untested
            assert not (is_untested and one.status in {"met", "missing"})


@given(_LISTS_OF_OPENINGS, _LINES)
def test_counts_add_up_to_what_is_required(openings, lines):
    for job in matches_for(*openings, profile=make_profile({}, *lines)):
        n = coverage(job)
        counted = n.n_met + n.n_near + n.n_missing + n.n_not_tested + n.n_stated
        assert counted == n.n_required == sum(one.requirement.is_required for one in job.matches)


@pytest.mark.parametrize(("logit", "status"), [(MET, "met"), (NEAR, "near"), (WEAK, "missing")])
def test_the_probability_of_the_level_decides(logit, status):
    match = match_of(needs_skill("loops"), profile=make_profile({"loops": logit}))

    assert match.status == status


def test_the_middle_level_is_asked_for_unless_another_is_named():
    profile = make_profile({"loops": MET})

    assert match_of(needs_skill("loops"), profile=profile, required_level="working").status == "met"
    assert match_of(needs_skill("loops"), profile=profile, required_level="strong").status == "near"


def test_a_line_without_graded_responses_is_not_tested():
    profile = make_profile({}, make_line("loops", 3.0, n_responses=0))
    hidden = make_profile({}, make_line("loops", 3.0, standing="not_tested"))

    assert match_of(needs_skill("loops"), profile=profile).status == "not_tested"
    assert match_of(needs_skill("loops"), profile=hidden).status == "not_tested"


def test_high_probability_without_an_item_to_name_is_only_near():
    profile = make_profile({}, make_line("loops", 3.0, evidence=()))

    assert match_of(needs_skill("loops"), profile=profile).status == "near"


@pytest.mark.parametrize(("met", "asked"), [("loops", "lists"), ("lists", "loops")])
def test_a_met_neighbour_makes_near_in_both_directions(met, asked):
    match = match_of(needs_skill(asked), profile=make_profile({met: MET}))

    assert (match.status, match.via, match.probability) == ("near", met, None)


def test_a_met_neighbour_lifts_missing_to_near_and_a_near_one_does_not():
    strong = match_of(needs_skill("sql"), profile=make_profile({"sql": WEAK, "pandas": MET}))
    vague = match_of(needs_skill("sql"), profile=make_profile({"sql": WEAK, "pandas": NEAR}))

    assert (strong.status, strong.via) == ("near", "pandas")
    assert (vague.status, vague.via) == ("missing", None)


def test_a_broader_skill_is_not_met_by_its_parts():
    skills = {"python": make_skill("python"), "loops": make_skill("loops", broader="python")}
    course = make_course(skills=skills)

    match = match_of(needs_skill("python"), profile=make_profile({"loops": MET}), course=course)

    assert match.status == "not_tested"


@pytest.mark.parametrize(
    ("asked", "stated", "status"),
    [
        ("B1", {"nb": "B2"}, "stated"),
        ("C1", {"nb": "B2"}, "missing"),
        (None, {"nb": "B2"}, "stated"),
        ("fluent", {"nb": "B1"}, "missing"),
        ("A1", {"en": "C2"}, "missing"),
    ],
)
def test_a_language_is_stated_or_missing_and_b2_when_no_level_is_named(asked, stated, status):
    match = match_of(needs_language("no", asked), learner=make_learner(spoken=speaks(**stated)))

    assert (match.status, match.evidence, match.closed_by) == (status, (), None)


def test_required_weighs_three_times_preferred():
    opening = make_opening(needs_skill("loops"), needs_skill("sql", is_required=False))

    loops = matches_for(opening, profile=make_profile({"loops": MET, "sql": WEAK}))[0]
    sql = matches_for(opening, profile=make_profile({"loops": WEAK, "sql": MET}))[0]

    assert (loops.score, sql.score) == (0.75, 0.25)


def test_not_tested_lies_between_missing_and_near():
    opening = make_opening(needs_skill("loops"))
    scores = [
        matches_for(opening, profile=profile)[0].score
        for profile in (
            make_profile({"loops": WEAK}),
            make_profile(),
            make_profile({"loops": NEAR}),
            make_profile({"loops": MET}),
        )
    ]

    assert scores == pytest.approx([0.0, 0.2, 0.5, 1.0])


def test_an_opening_without_requirements_comes_last_and_ties_fall_by_id():
    missing = needs_skill("loops")
    openings = [make_opening(id="a"), make_opening(missing, id="c"), make_opening(missing, id="b")]

    matches = matches_for(*openings, profile=make_profile({"loops": WEAK}))

    assert [one.opening for one in matches] == ["b", "c", "a"]


def test_one_exercise_away_lacks_exactly_one_near_skill():
    near, met, weak = needs_skill("loops"), needs_skill("pandas"), needs_skill("lists")
    spoken = needs_language("en", "B1")
    openings = [
        make_opening(near, met, spoken, id="yes"),
        make_opening(near, needs_skill("cobol", is_required=False), id="yes-too"),
        make_opening(near, needs_language("nb", "B1"), id="language-missing"),
        make_opening(met, id="nothing-lacks"),
        make_opening(near, needs_skill("cobol"), id="two-lack"),
        make_opening(needs_skill("cobol"), id="not-tested"),
        make_opening(id="asks-nothing"),
    ]
    profile = make_profile({"loops": NEAR, "pandas": MET, weak.ref: WEAK})

    away = one_exercise_away(matches_for(*openings, profile=profile))

    assert {one.opening for one in away} == {"yes", "yes-too"}


def test_no_exercise_left_is_not_one_exercise_away():
    solved = [make_response(f"loops{n}", 1.0) for n in (1, 3, 5)]
    profile = make_profile({"loops": NEAR})
    opening = make_opening(needs_skill("loops"))

    assert one_exercise_away(matches_for(opening, profile=profile, responses=solved)) == []


def test_coverage_counts_what_is_required_by_status():
    opening = make_opening(
        needs_skill("loops"),
        needs_skill("sql"),
        needs_skill("cobol"),
        needs_language("en", "B2"),
        needs_language("nb", "B2"),
        needs_skill("loops", is_required=False),
    )

    match = matches_for(opening, profile=make_profile({"loops": MET, "sql": NEAR}))[0]

    assert coverage(match) == Coverage(
        n_required=5, n_met=1, n_near=1, n_missing=1, n_not_tested=1, n_stated=1
    )


def test_bad_input_is_named():
    with pytest.raises(MatchingError, match="'o1' is listed 2 times.*profile is of 'bo'"):
        matches_for(make_opening(), make_opening(), profile=make_profile(learner="bo"))


def test_an_unknown_level_is_named_with_a_hint():
    with pytest.raises(MatchingError, match="Did you mean 'working'"):
        matches_for(make_opening(), required_level="workin")


def test_a_course_without_levels_is_refused():
    with pytest.raises(MatchingError, match="defines no levels"):
        matches_for(make_opening(), course=make_course(levels=()))
