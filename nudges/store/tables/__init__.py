"""The rows: this package is every table, and no row is seen outside the store."""

from nudges.store.tables.answers import ReplyRow, ResponseRow, SeenEventRow
from nudges.store.tables.barriers import (
    AskBackRow,
    BarrierReportRow,
    FlagEventRow,
    FlagRow,
    MembershipRow,
    PeriodRow,
)
from nudges.store.tables.base import Row
from nudges.store.tables.campaigns import AudienceRow, CampaignRow, StoppedNudgeRow
from nudges.store.tables.deliveries import DeliveryRow, NoticeRow, PastCountRow
from nudges.store.tables.home import SavedNudgeRow, VoteRow
from nudges.store.tables.installations import InstallationRow, OauthStateRow
from nudges.store.tables.instance import AuditRow, InstanceRow, WorkspaceRow
from nudges.store.tables.needs import NeedPostRow, NeedRow
from nudges.store.tables.people import ForgottenRow, PersonRow, PreferenceRow
from nudges.store.tables.publications import PeriodLimitsRow, PublicationRow
from nudges.store.tables.publishing import ApprovalRow, CampaignVersionRow, MessageChangeRow, MessageWorkRow
from nudges.store.tables.recall import RecallCardRow
from nudges.store.tables.rollups import RollupRow
from nudges.store.tables.segments import GroupMemberRow, GroupReadingRow, UsageRow
from nudges.store.tables.stories import StoryRow
from nudges.store.tables.weekly import WeeklyCountRow, WeekRow
from nudges.store.tables.work import PaceRow, ProcessRow, QueueStepRow
from nudges.store.tables.workshops import WorkshopRow, WorkshopSeatRow

__all__ = [
    "ApprovalRow",
    "AskBackRow",
    "AudienceRow",
    "AuditRow",
    "BarrierReportRow",
    "CampaignRow",
    "CampaignVersionRow",
    "DeliveryRow",
    "FlagEventRow",
    "FlagRow",
    "ForgottenRow",
    "GroupMemberRow",
    "GroupReadingRow",
    "InstallationRow",
    "InstanceRow",
    "MembershipRow",
    "MessageChangeRow",
    "MessageWorkRow",
    "NeedPostRow",
    "NeedRow",
    "NoticeRow",
    "OauthStateRow",
    "PaceRow",
    "PastCountRow",
    "PeriodLimitsRow",
    "PeriodRow",
    "PersonRow",
    "PreferenceRow",
    "ProcessRow",
    "PublicationRow",
    "QueueStepRow",
    "RecallCardRow",
    "ReplyRow",
    "ResponseRow",
    "RollupRow",
    "Row",
    "SavedNudgeRow",
    "SeenEventRow",
    "StoppedNudgeRow",
    "StoryRow",
    "UsageRow",
    "VoteRow",
    "WeekRow",
    "WeeklyCountRow",
    "WorkshopRow",
    "WorkshopSeatRow",
    "WorkspaceRow",
]
