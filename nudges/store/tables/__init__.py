"""The rows: this package is every table, and no row is seen outside the store."""

from nudges.store.tables.answers import ReplyRow, ResponseRow, SeenEventRow
from nudges.store.tables.barriers import BarrierReportRow, FlagRow, MembershipRow, PeriodRow
from nudges.store.tables.base import Row
from nudges.store.tables.campaigns import AudienceRow, CampaignRow, StoppedNudgeRow
from nudges.store.tables.deliveries import DeliveryRow, NoticeRow, PastCountRow
from nudges.store.tables.instance import AuditRow, InstanceRow, WorkspaceRow
from nudges.store.tables.people import ForgottenRow, PersonRow, PreferenceRow

__all__ = [
    "AudienceRow",
    "AuditRow",
    "BarrierReportRow",
    "CampaignRow",
    "DeliveryRow",
    "FlagRow",
    "ForgottenRow",
    "InstanceRow",
    "MembershipRow",
    "NoticeRow",
    "PastCountRow",
    "PeriodRow",
    "PersonRow",
    "PreferenceRow",
    "ReplyRow",
    "ResponseRow",
    "Row",
    "SeenEventRow",
    "StoppedNudgeRow",
    "WorkspaceRow",
]
