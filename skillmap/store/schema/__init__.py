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
from skillmap.store.schema.intake import IntakeFormRow, IntakeLinkRow, ReferralRow
from skillmap.store.schema.meetings import (
    ActionItemRow,
    BriefRow,
    BriefWordsRow,
    IntroductionRow,
    MeetingRow,
    ReminderRow,
    SurveyRow,
)
from skillmap.store.schema.overrides import OverrideRow
from skillmap.store.schema.people import (
    ConsentRow,
    ExclusionRow,
    LearnerRow,
    MentorRow,
    PersonRoleRow,
    PersonRow,
    WishRow,
)
from skillmap.store.schema.places import OutcomeRow, PlacementRow, PracticePlaceRow
from skillmap.store.schema.privacy import ItemParameterRow, TombstoneRow
from skillmap.store.schema.programme import AttendanceRow, CohortRow, EventRow, OrganisationRow
from skillmap.store.schema.work import (
    AccessRow,
    DraftRow,
    OpeningRow,
    PairingRow,
    PublicationRow,
)

__all__ = [
    "AccessRow",
    "ActionItemRow",
    "AttemptRow",
    "AttendanceRow",
    "AttestationRow",
    "Base",
    "BriefRow",
    "BriefWordsRow",
    "CohortRow",
    "ConsentRow",
    "DisputeRow",
    "DraftRow",
    "EventRow",
    "ExclusionRow",
    "IntakeFormRow",
    "IntakeLinkRow",
    "IntroductionRow",
    "ItemParameterRow",
    "ItemTierRow",
    "LearnerRow",
    "LoginFailureRow",
    "LoginLinkRow",
    "MeetingRow",
    "MentorRow",
    "OpeningRow",
    "OrganisationRow",
    "OutcomeRow",
    "OverrideRow",
    "PairingRow",
    "PasswordRow",
    "PersonRoleRow",
    "PersonRow",
    "PlacementRow",
    "PracticePlaceRow",
    "ProfileRow",
    "PublicationRow",
    "ReferralRow",
    "RegradingRow",
    "ReminderRow",
    "ResponseRow",
    "StatementRow",
    "SurveyRow",
    "TombstoneRow",
    "WebSessionRow",
    "WishRow",
]
