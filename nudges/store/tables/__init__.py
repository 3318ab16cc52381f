"""The rows: this package is every table, and no row is seen outside the store."""

from nudges.store.tables.answers import ReplyRow, ResponseRow, SeenEventRow
from nudges.store.tables.barriers import BarrierReportRow, FlagRow, MembershipRow, PeriodRow
from nudges.store.tables.base import Row
from nudges.store.tables.campaigns import AudienceRow, CampaignRow, StoppedNudgeRow
from nudges.store.tables.deliveries import DeliveryRow, NoticeRow, PastCountRow
from nudges.store.tables.installations import InstallationRow, OauthStateRow
from nudges.store.tables.instance import AuditRow, InstanceRow, WorkspaceRow
from nudges.store.tables.people import ForgottenRow, PersonRow, PreferenceRow
from nudges.store.tables.publishing import ApprovalRow, CampaignVersionRow, MessageChangeRow, MessageWorkRow
from nudges.store.tables.rollups import RollupRow
from nudges.store.tables.segments import GroupMemberRow, GroupReadingRow, UsageRow
from nudges.store.tables.work import PaceRow, ProcessRow, QueueStepRow

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
    "InstallationRow",
    "InstanceRow",
    "MembershipRow",
    "MessageChangeRow",
    "MessageWorkRow",
    "NoticeRow",
    "OauthStateRow",
    "PaceRow",
    "PastCountRow",
    "PeriodRow",
    "PersonRow",
    "PreferenceRow",
    "ProcessRow",
    "QueueStepRow",
    "ReplyRow",
    "ResponseRow",
    "RollupRow",
    "Row",
    "SeenEventRow",
    "StoppedNudgeRow",
    "UsageRow",
    "WorkspaceRow",
]
