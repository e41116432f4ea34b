from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmap.catalog import parse_entry
from skillmap.errors import FeedError
from skillmap.model import Opening
from tests.catalog.builders import NOW, SKILLS, make_entry

UUID = "11111111-1111-4111-8111-111111111111"


def parse(entry: object) -> Opening:
    return parse_entry(entry, fetched_at=NOW, skills=SKILLS)


def test_an_entry_becomes_an_opening() -> None:
    opening = parse(make_entry())

    assert (opening.id, opening.title, opening.employer) == (UUID, "Utvikler", "Oppdiktet AS")
    assert (opening.municipality, opening.deadline) == ("OSLO", "Snarest")
    assert opening.text == "Du har erfaring med Python."
    assert opening.apply_url == "https://jobb.example.no/1"
    assert opening.source == "IMPORTAPI"
    assert opening.published == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert opening.expires == datetime(2027, 1, 31, 22, 59, 59, tzinfo=UTC)
    assert opening.is_active


def test_requirements_are_read_from_text_and_title() -> None:
    opening = parse(make_entry(title="Java-utvikler"))

    assert [(one.ref, one.is_required, one.words) for one in opening.requirements] == [
        ("java", True, "Java-utvikler"),
        ("python", True, "Du har erfaring med Python."),
    ]


def test_contact_persons_are_dropped() -> None:
    assert "kari" not in repr(parse(make_entry())).lower()


@pytest.mark.parametrize("status", ["INACTIVE", "STOPPED", "", "active", "SOMETHING NEW"])
def test_whatever_is_not_active_loses_its_content(status: str) -> None:
    opening = parse(make_entry(status=status))

    assert not opening.is_active
    assert (opening.title, opening.employer, opening.text, opening.apply_url) == ("", "", "", "")
    assert opening.requirements == ()


def test_an_inactive_stub_without_content_is_read() -> None:
    opening = parse({"uuid": UUID, "sistEndret": "2026-11-01T10:00:00Z", "status": "INACTIVE"})

    assert (opening.id, opening.is_active) == (UUID, False)


def test_an_active_entry_without_content_is_refused() -> None:
    with pytest.raises(FeedError, match=f"{UUID}: ad_content is missing"):
        parse({"uuid": UUID, "status": "ACTIVE"})


def test_missing_and_null_texts_are_empty() -> None:
    entry = {"uuid": UUID, "status": "ACTIVE", "ad_content": {"title": None, "employer": None}}

    opening = parse(entry)

    assert (opening.title, opening.employer, opening.municipality, opening.text) == ("", "", "", "")
    assert opening.published == NOW


def test_unknown_keys_are_passed_over() -> None:
    assert parse({**make_entry(brandNew={"a": 1}), "and": 2}).title == "Utvikler"


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"title": 7}, "ad_content.title"),
        ({"published": "soon"}, "ad_content.published"),
        ({"workLocations": "Oslo"}, "ad_content.workLocations"),
        ({"employer": []}, "ad_content.employer"),
        ({"description": {"html": ""}}, "ad_content.description"),
    ],
)
def test_a_broken_field_is_named_with_its_advertisement(
    overrides: dict[str, Any], field: str
) -> None:
    with pytest.raises(FeedError, match=f"{UUID}.*{field}"):
        parse(make_entry(**overrides))


@pytest.mark.parametrize("entry", [None, 7, "text", [], {}, {"uuid": ""}, {"uuid": None}])
def test_what_is_no_entry_is_refused(entry: object) -> None:
    with pytest.raises(FeedError, match="without uuid"):
        parse(entry)


def test_a_refusal_repeats_nothing_of_the_content() -> None:
    entry = make_entry(employer="Kari Oppdiktet", title=["secret"])

    with pytest.raises(FeedError) as caught:
        parse(entry)

    assert "Kari" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_time_without_zone_is_oslo_s() -> None:
    opening = parse(make_entry(published="2026-11-02T09:00:00"))

    assert opening.published == datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("filler", ["1970-01-01T00:00:00Z", "", None])
def test_a_filler_for_published_gives_way_to_the_last_change(filler: str | None) -> None:
    opening = parse(make_entry(published=filler, sistEndret="2026-11-05T10:00:00Z"))

    assert opening.published == datetime(2026, 11, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "filler",
    ["2099-12-31T00:00:00+01:00", "9999-12-31T23:59:59", "1970-01-01T00:00:00", "", None],
)
def test_a_filler_for_expires_means_six_months_after_the_last_sign_of_life(
    filler: str | None,
) -> None:
    opening = parse(make_entry(expires=filler, updated="2026-11-10T09:00:00Z"))

    assert opening.expires == datetime(2026, 11, 10, 9, tzinfo=UTC) + timedelta(days=183)


@pytest.mark.parametrize(
    ("application", "source", "link", "expected"),
    [
        ("", "https://a.example.no/x", "https://b.example.no", "https://a.example.no/x"),
        ("mailto:jobb@example.org", "", "https://b.example.no", "https://b.example.no"),
        ("javascript:alert(1)", "ftp://a.example.no", "", ""),
        ("http://[", "www.example.no", "https://", ""),
        ("https://a.example.no/a b", "", "", ""),
        (None, None, None, ""),
    ],
)
def test_the_apply_link_is_the_first_web_address(
    application: str | None, source: str | None, link: str | None, expected: str
) -> None:
    opening = parse(make_entry(applicationUrl=application, sourceurl=source, link=link))

    assert opening.apply_url == expected


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([{"city": "Bergen"}, {"municipal": "OSLO"}], "OSLO"),
        ([{"city": "Bergen", "municipal": None}], "BERGEN"),
        ([], ""),
        (None, ""),
    ],
)
def test_the_municipality_is_the_first_named_or_else_a_city(
    places: list[dict[str, str | None]] | None, expected: str
) -> None:
    assert parse(make_entry(workLocations=places)).municipality == expected


def test_half_a_surrogate_pair_can_be_stored() -> None:
    opening = parse(make_entry(title="Utvikler \ud83d", description="<p>\ud83d \x00Python</p>"))

    assert (opening.title + opening.text).encode()


AD_FIELDS = list(make_entry()["ad_content"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from([*make_entry(), *AD_FIELDS])


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(FIELDS, JSON, max_size=4))
def test_any_entry_is_read_or_refused(overrides: dict[str, Any]) -> None:
    content = {"uuid": UUID, "status": "ACTIVE", **make_entry(), **overrides}
    if "ad_content" not in overrides:
        content["ad_content"] = {**make_entry()["ad_content"], **overrides}

    with suppress(FeedError):
        opening = parse(content)
        assert opening.published.tzinfo is not None
        assert opening.expires.tzinfo is not None
