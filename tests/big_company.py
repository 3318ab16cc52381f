"""A company of any size, made inside the database: this module is for benchmarks of planning and for its plans.

People live in eight zones and by three weeks, in teams of fifty; one in fifty has stopped, one in fifty rests. One
campaign of three nudges is for all but every tenth, and spares a tenth of the teams.
"""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import bindparam, text

from nudges.domain.people.samples import PRIME
from nudges.services.authoring.shelf import Shelf
from nudges.services.core import Core
from nudges.store import campaigns
from nudges.store.campaigns import Campaign, CampaignStatus
from nudges.store.engine import Database, UtcDateTime
from tests.fakes import FixedClock, FixedDirectory, RecordingMessenger, utc

TEAM = "T0BIG"
FRIDAY = utc("2027-01-08 09:00")
COMPANY = """
admins: [U0AMIR]
default_zone: Europe/Lisbon
working_hours:
  default: "09:00-17:00 mon-fri"
  AE: "09:00-17:00 mon-thu, 09:00-12:00 fri"
holidays: {PT: auto, DE: DE-BY, US: auto}
segments:
  support: {department: Support}
  early: {all: [{segment: support}, {not: {role: contractor}}]}
"""
PLAYBOOK = """
playbook: find-an-expert
title: Find an expert before you escalate
tool: Slack channels
owner: U0AMIR
audience: {segments: [early, support]}
holdout: 10%
personal_wins:
  early: {kind: easier_day, text: Answer the customer on the first call}
  support: {kind: easier_day, text: Answer the customer on the first call}
nudges:
  - tip: first-tip
    when: {week: 1, day: tue, at: "10:00"}
    text: Ask in the channel.
  - tip: second-tip
    when: {week: 2, day: wed, at: "14:00"}
    text: Ask in the channel again.
  - tip: third-tip
    when: {after: first-tip, days: 7}
    text: And again.
"""
_SERIES = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
_PEOPLE = """
INSERT INTO people (workspace_id, person_id, kind, first_name, slack_zone, slack_title, slack_language, department,
  place, country, region, role, title, team, manager_id, language, hours, working_days, attributes, lot,
  is_in_directory, first_seen_at, updated_at)
{series}
SELECT :workspace_id, 'U' || (10000000 + i), 'member', 'Ana', CASE i % 8 WHEN 0 THEN 'Europe/Lisbon'
  WHEN 1 THEN 'Europe/Berlin' WHEN 2 THEN 'Asia/Dubai' WHEN 3 THEN 'America/New_York' WHEN 4 THEN 'Asia/Kolkata'
  WHEN 5 THEN 'America/Los_Angeles' WHEN 6 THEN 'Asia/Tokyo' ELSE '' END, '', '',
  CASE i % 10 WHEN 9 THEN 'Finance' ELSE 'Support' END,
  'Lisbon', CASE i % 8 WHEN 0 THEN 'PT' WHEN 1 THEN 'DE' WHEN 2 THEN 'AE' WHEN 3 THEN 'US' ELSE '' END, '',
  CASE i % 7 WHEN 6 THEN 'contractor' ELSE 'agent' END, '', 'Team ' || (i / 50), '', '',
  CASE i % 9 WHEN 7 THEN '10:00-14:00' WHEN 8 THEN '12:00-20:00' ELSE '' END,
  CASE i % 11 WHEN 10 THEN 'mon wed' ELSE '' END, '{{}}',
  CAST(CAST(i AS BIGINT) * 7919 % {prime} AS INTEGER), true, :seen_at, :seen_at
FROM n
"""
_WISHES = """
INSERT INTO preferences (workspace_id, person_id, stopped_at, paused_until, introduced_at, channel_id)
SELECT workspace_id, person_id, CASE lot % 100 WHEN 0 THEN :stopped_at ELSE NULL END,
  CASE lot % 100 WHEN 0 THEN NULL ELSE :paused_until END, NULL, ''
FROM people WHERE workspace_id = :workspace_id AND lot % 100 < 4
"""


def furnish(database: Database, people: int) -> int:
    """Put people and wishes into an empty database, and a live campaign for so many of them; return its id."""
    instants = [bindparam(name, type_=UtcDateTime) for name in ("seen_at", "stopped_at", "paused_until")]
    seen = {"workspace_id": TEAM, "last": people * 10 // 9 - 1, "seen_at": FRIDAY - timedelta(days=30)}
    wishes = {"workspace_id": TEAM, "stopped_at": FRIDAY, "paused_until": FRIDAY + timedelta(days=30)}
    with database.begin() as session:
        session.execute(text(_PEOPLE.format(series=_SERIES, prime=PRIME)).bindparams(instants[0]), seen)
        session.execute(text(_WISHES).bindparams(*instants[1:]), wishes)
        return campaigns.create(session, TEAM, a_campaign())


def a_campaign() -> Campaign:
    """Return the campaign, ready to be stored."""
    return Campaign(
        campaign_id=0,
        name="find-an-expert",
        playbook="find-an-expert",
        text=PLAYBOOK,
        company_text=COMPANY,
        text_hash="hash",
        status=CampaignStatus.LIVE,
        starts_on=date(2027, 1, 11),
        published_at=FRIDAY,
        published_by="U0AMIR",
        version=1,
    )


def a_core(database: Database, folder: Path) -> Core:
    """Return a core on this database; the folder is for its company.yaml."""
    (folder / "company.yaml").write_text(COMPANY, "utf-8")
    clock = FixedClock(FRIDAY)
    return Core(
        db=database.of_workspace(TEAM),
        clock=clock,
        messenger=RecordingMessenger(clock),
        directory=FixedDirectory([]),
        key=b"k" * 32,
        workspace_id=TEAM,
        library=Shelf(folder),
    )


def the_campaign(core: Core) -> Campaign:
    """Return the stored campaign."""
    with core.db.reading() as session:
        (found,) = campaigns.campaigns(session, TEAM)
    return found
