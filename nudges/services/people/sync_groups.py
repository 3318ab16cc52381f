"""Who belongs to what: this module reads the user groups and channels that some rule names, and no others."""

import logging
from collections.abc import Iterator

from sqlalchemy.orm import Session

from nudges.domain.people.group_problems import NOT_ANSWERED, problem_in_words
from nudges.domain.playbooks.company import Company
from nudges.errors import DirectoryError, GroupUnreadable, StorageError
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.people.known_people import scene_of, wanted_of
from nudges.store import campaigns, groups
from nudges.store.campaigns import CampaignStatus
from nudges.store.groups import GroupReading

logger = logging.getLogger(__name__)


def groups_named(session: Session, core: Core) -> list[str]:
    """Return Slack's ids of the groups that today's rules name, or those of a running campaign."""
    found: set[str] = set()
    for company in _companies(session, core):
        wanted, channels = wanted_of(company), scene_of(core, company).channels
        found |= wanted.user_groups | {channels[name] for name in wanted.channels if name in channels}
    return sorted(found)


def read_groups(core: Core, group_ids: list[str]) -> dict[str, GroupReading]:
    """Ask Slack for the members of these groups; what cannot be read is remembered with the reason."""
    return {group_id: _read(core, group_id) for group_id in group_ids}


def group_problems(session: Session, core: Core) -> tuple[str, ...]:
    """Return a sentence for each group that could not be read."""
    found = groups.problems(session, core.workspace_id)
    return tuple(problem_in_words(group_id, code) for group_id, code in sorted(found.items()))


def _companies(session: Session, core: Core) -> Iterator[Company]:
    yield core.company()
    for campaign in campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED):
        try:
            yield frozen(campaign)[1]
        except StorageError as error:  # said where the campaign is planned
            logger.warning("campaign's rules not read", extra={"campaign": campaign.name, "code": error.code})


def _read(core: Core, group_id: str) -> GroupReading:
    try:
        return GroupReading(frozenset(core.directory.group_members(group_id)))
    except GroupUnreadable as error:
        logger.info("group not readable", extra={"group": group_id, "slack_code": error.slack_code})
        return GroupReading(frozenset(), error.slack_code or "unknown")
    except DirectoryError as error:
        # People are still taken over: one busy moment must not make the whole directory six hours older.
        logger.info("group not read", extra={"group": group_id, "code": error.code})
        return GroupReading(None, NOT_ANSWERED)
