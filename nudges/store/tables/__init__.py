"""The rows: this package is every table, and no row is seen outside the store."""

from nudges.store.tables.answers import ReplyRow, ResponseRow, SeenEventRow
from nudges.store.tables.barriers import BarrierReportRow, FlagRow, MembershipRow, PeriodRow
from nudges.store.tables.base import Row
from nudges.store.tables.campaigns import AudienceRow, CampaignRow, StoppedNudgeRow
from nudges.store.tables.deliveries import DeliveryRow, NoticeRow, PastCountRow
from nudges.store.tables.instance import AuditRow, InstanceRow, WorkspaceRow
from nudges.store.tables.people import ForgottenRow, PersonRow, PreferenceRow
from nudges.store.tables.publishing import ApprovalRow, CampaignVersionRow, MessageChangeRow, MessageWorkRow
from nudges.store.tables.segments import GroupMemberRow, GroupReadingRow, UsageRow

__all__ = [
    "ApprovalRow",
    "AudienceRow",
    "AuditRow",
    "BarrierReportRow",
    "CampaignRow",
    "CampaignVersionRow",
    "DeliveryRow",
    "FlagRow",
    "ForgottenRow",
    "GroupMemberRow",
    "GroupReadingRow",
    "InstanceRow",
    "MembershipRow",
    "MessageChangeRow",
    "MessageWorkRow",
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
    "UsageRow",
    "WorkspaceRow",
]
