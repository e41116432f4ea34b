"""Laws of the weak prior that a learner's own statement gives."""

from dataclasses import replace
from datetime import UTC, date, datetime
from math import exp
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from skillmap.estimation.stated import MAX_SHIFT, MIN_SD, stated_prior
from skillmap.model import Level, Statement

TODAY = date(2026, 11, 23)
LEVELS = tuple(
    Level(id=id, labels={}, cut=cut)
    for id, cut in (("basic", 0.35), ("working", 0.6), ("top", 0.9))
)


def make_statement(**overrides: Any) -> Statement:
    values: dict[str, Any] = {
        "learner": "ada",
        "skill": "loops",
        "source": "work",
        "stated_at": datetime(2026, 11, 1, tzinfo=UTC),
        "text": "Words say nothing in numbers.",
    }
    return Statement(**values | overrides)


_STATEMENTS = st.builds(
    make_statement,
    years=st.none() | st.floats(0, 60),
    last_used=st.none() | st.integers(1950, 2026),
    level=st.sampled_from([None, "basic", "working", "top", "unknown"]),
)


@given(_STATEMENTS)
def test_a_statement_is_worth_little_and_never_makes_surer(statement: Statement) -> None:
    prior = stated_prior(statement, TODAY, levels=LEVELS)

    assert abs(prior.mean_logit_shift) <= MAX_SHIFT
    assert MIN_SD <= prior.sd < 1


@given(_STATEMENTS, st.integers(0, 60))
def test_longer_away_never_moves_more(statement: Statement, years: int) -> None:
    earlier = replace(statement, last_used=max(1950, (statement.last_used or 2026) - years))

    recent = stated_prior(replace(statement, last_used=statement.last_used or 2026), TODAY)
    old = stated_prior(earlier, TODAY)

    assert abs(old.mean_logit_shift) <= abs(recent.mean_logit_shift)
    assert old.sd >= recent.sd


@given(_STATEMENTS, st.floats(0, 30))
def test_more_years_never_lower(statement: Statement, more: float) -> None:
    years = min(60.0, (statement.years or 0) + more)
    fewer = stated_prior(replace(statement, years=statement.years or 0), TODAY, levels=LEVELS)

    longer = stated_prior(replace(statement, years=years), TODAY, levels=LEVELS)

    assert longer.mean_logit_shift >= fewer.mean_logit_shift - 1e-12


def test_the_bound_is_what_three_right_answers_move() -> None:
    def slope(m: float) -> float:
        return m / MIN_SD**2 - 3 / (1 + exp(m))

    assert brentq(slope, 0, 3) == pytest.approx(MAX_SHIFT, abs=0.005)


def test_five_years_away_halve_it_and_add_doubt() -> None:
    now = stated_prior(make_statement(years=30, last_used=2026), date(2026, 11, 1))
    then = stated_prior(make_statement(years=30, last_used=2021), date(2026, 12, 31))

    assert then.mean_logit_shift == pytest.approx(now.mean_logit_shift / 2, rel=0.01)
    assert then.sd > now.sd == MIN_SD


@pytest.mark.parametrize(
    "statement",
    [
        make_statement(),
        make_statement(level="unknown"),
        make_statement(years=20.0, withdrawn_at=datetime(2026, 11, 2, tzinfo=UTC)),
    ],
)
def test_without_a_claim_the_prior_stays(statement: Statement) -> None:
    prior = stated_prior(statement, TODAY, levels=LEVELS)

    assert (prior.mean_logit_shift, prior.sd) == (0.0, MIN_SD)


def test_an_own_level_counts_only_with_the_catalogue() -> None:
    modest, proud = make_statement(level="basic"), make_statement(level="top")

    shifts = [stated_prior(one, TODAY, levels=LEVELS).mean_logit_shift for one in (modest, proud)]

    assert shifts[0] < 0 < shifts[1]
    assert stated_prior(proud, TODAY).mean_logit_shift == 0
