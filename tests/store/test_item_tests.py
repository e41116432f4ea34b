"""Laws of what is known of tests: tiers are replaced as a whole, regradings are kept."""

from skillmap.model import AssignmentId, ItemId, ItemTier, Regrading
from skillmap.store import Database, item_tests
from tests.store.builders import DAY, MONDAY

LOOPS, PANDAS = AssignmentId("loops"), AssignmentId("pandas")


def make_tier(grade_id: str, tier: str = "value", **overrides: object) -> ItemTier:
    values: dict[str, object] = {"assignment": LOOPS, "notebook": "exercise", "reason": None}
    values |= {"grade_id": grade_id, "tier": tier, "decided_at": MONDAY}
    return ItemTier(**{**values, **overrides})  # type: ignore[arg-type]  # a builder


def test_tiers_come_back_by_item_with_their_reasons(database: Database) -> None:
    beside = make_tier("b", "in-kernel", reason="Later cells use what this test makes.")
    apart, elsewhere = make_tier("a", "extractor"), make_tier("a", assignment=PANDAS)
    with database.begin() as session:
        assert item_tests.read_tiers(session) == []
        item_tests.record_tiers(session, LOOPS, [beside, apart])
        item_tests.record_tiers(session, PANDAS, [elsewhere])

    with database.begin() as session:
        assert item_tests.read_tiers(session) == [apart, beside, elsewhere]
        assert item_tests.read_tiers(session, assignment=PANDAS) == [elsewhere]
    assert [one.is_apart for one in (apart, beside)] == [True, False]


def test_a_new_decision_replaces_all_of_its_assignment_and_nothing_else(
    database: Database,
) -> None:
    elsewhere, newer = make_tier("a", assignment=PANDAS), make_tier("b", decided_at=MONDAY + DAY)
    with database.begin() as session:
        item_tests.record_tiers(session, PANDAS, [elsewhere])
        item_tests.record_tiers(session, LOOPS, [make_tier("a"), make_tier("b", "in-kernel")])
        item_tests.record_tiers(session, LOOPS, [newer])

        assert item_tests.read_tiers(session) == [newer, elsewhere]


def test_regradings_come_back_oldest_first(database: Database) -> None:
    late = Regrading(assignment=LOOPS, item=ItemId("loops/exercise/a"), at=MONDAY + DAY)
    early = Regrading(assignment=LOOPS, item=None, at=MONDAY)
    with database.begin() as session:
        item_tests.record_regrading(session, late)
        item_tests.record_regrading(session, early)

        assert item_tests.read_regradings(session) == [early, late]
