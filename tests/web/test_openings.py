"""An opening as a card: what it asks for, in an order that can be read."""

from hypothesis import given
from hypothesis import strategies as st

from skillmap.model import (
    JobMatch,
    LearnerId,
    Opening,
    PersonId,
    Requirement,
    RequirementMatch,
    RequirementStatus,
)
from skillmap.web.messages import load_messages
from skillmap.web.views.openings import MAX_ROWS, OpeningCard, opening_cards
from skillmap.web.words import Words
from tests.web.conftest import Site
from tests.web.world import NOW, make_course, make_opening

STATUSES: tuple[RequirementStatus, ...] = ("met", "stated", "near", "missing", "not_tested")
WORDS = ("Shown", "You say so", "Near", "Not there yet", "Not tested")


def make_match(status: RequirementStatus, is_required: bool) -> RequirementMatch:
    demand = Requirement(kind="skill", ref="sql", is_required=is_required, words="SQL")
    return RequirementMatch(requirement=demand, status=status)


def card_of(*matches: RequirementMatch, **overrides: str) -> OpeningCard:
    opening: Opening = make_opening(1, (), **overrides)
    learner = LearnerId(PersonId("amina"))
    match = JobMatch(learner=learner, opening=opening.id, score=0.5, matches=matches)
    words = Words(load_messages()["en"], make_course(), NOW.tzinfo)
    (card,) = opening_cards([match], {opening.id: opening}, [], words)
    return card


@given(st.lists(st.builds(make_match, st.sampled_from(STATUSES), st.booleans()), max_size=15))
def test_every_demand_is_there_the_required_and_the_shown_first(
    matches: list[RequirementMatch],
) -> None:
    card = card_of(*matches)
    rows = [*card.rows, *card.folded]

    places = [(not row.is_required, WORDS.index(row.word)) for row in rows]

    assert len(rows) == len(matches)
    assert places == sorted(places)
    assert len(card.rows) <= MAX_ROWS
    assert bool(card.rows) == bool(matches)


def test_what_is_only_a_plus_is_folded_away_behind_what_is_required() -> None:
    card = card_of(make_match("met", False), make_match("missing", True), make_match("near", False))

    assert [row.is_required for row in card.rows] == [True]
    assert [row.word for row in card.folded] == ["Shown", "Near"]


def test_places_are_not_shouted() -> None:
    places = {
        "OSLO": "Oslo",
        "MØRE OG ROMSDAL": "Møre og Romsdal",
        "NORD-AURDAL": "Nord-Aurdal",
        "Ås": "Ås",
        "": "",
    }

    assert {place: card_of(municipality=place).municipality for place in places} == places


def test_an_ad_without_demands_says_so(site: Site) -> None:
    html = site.visitor("amina").get("/learner/openings").text

    assert html.count('<ul class="coverage">\n</ul>') == 0
    assert html.count("What they ask for") == html.count("<details") - html.count("Show ")
