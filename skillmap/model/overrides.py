"""What a mentor or an instructor decides about the next exercise of one learner."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from skillmap.model.learning import ItemId
from skillmap.model.people import LearnerId, PersonId

__all__ = ["Override", "OverrideKind", "in_force"]

OverrideKind = Literal["pin", "dismiss", "clear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A person put an item first for a learner, left it out, or took that back.

    kind: "pin" puts it first, "dismiss" leaves it out, "clear" ends what was decided before.
    """

    learner: LearnerId
    item: ItemId
    kind: OverrideKind
    by: PersonId
    at: datetime


def in_force(overrides: Iterable[Override]) -> list[Override]:
    """Keep the last decision on each item, oldest first; `overrides` come in the order made."""
    last: dict[ItemId, Override] = {}
    for override in overrides:
        last.pop(override.item, None)
        last[override.item] = override
    return [override for override in last.values() if override.kind != "clear"]
