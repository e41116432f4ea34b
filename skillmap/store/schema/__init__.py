"""The tables, one module per idea; each column says what it is for."""

from skillmap.store.schema.accounts import (
    LoginFailureRow,
    LoginLinkRow,
    PasswordRow,
    WebSessionRow,
)
from skillmap.store.schema.attested import AttestationRow, StatementRow
from skillmap.store.schema.columns import Base
from skillmap.store.schema.disputes import DisputeRow, ItemTierRow, RegradingRow
from skillmap.store.schema.evidence import AttemptRow, ProfileRow, ResponseRow
from skillmap.store.schema.overrides import OverrideRow
from skillmap.store.schema.people import ConsentRow, ExclusionRow, LearnerRow, MentorRow, PersonRow
from skillmap.store.schema.work import (
    AccessRow,
    DraftRow,
    OpeningRow,
    PairingRow,
    PublicationRow,
)

__all__ = [
    "AccessRow",
    "AttemptRow",
    "AttestationRow",
    "Base",
    "ConsentRow",
    "DisputeRow",
    "DraftRow",
    "ExclusionRow",
    "ItemTierRow",
    "LearnerRow",
    "LoginFailureRow",
    "LoginLinkRow",
    "MentorRow",
    "OpeningRow",
    "OverrideRow",
    "PairingRow",
    "PasswordRow",
    "PersonRow",
    "ProfileRow",
    "PublicationRow",
    "RegradingRow",
    "ResponseRow",
    "StatementRow",
    "WebSessionRow",
]
