"""What a person may see of themselves: this module answers why, shows Home, and lists all that is stored."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from nudges.domain.audiences import first_segment
from nudges.domain.deliveries import DeliveryStatus, person_hash
from nudges.domain.languages import in_language, language_for
from nudges.domain.people import Person
from nudges.domain.playbook import Nudge, Playbook, Quiz
from nudges.domain.segments import describe
from nudges.domain.views import HomeView, NudgeLine, WhyLine, WhyView
from nudges.domain.workdays import calendar_of, working_week_of
from nudges.services.core import Core
from nudges.services.frozen import frozen
from nudges.services.known_people import known_person
from nudges.services.preferences import read_wishes
from nudges.services.roles import role_of
from nudges.store import audit, campaigns, flags, groups, history, people, reports, responses, usage
from nudges.store.campaigns import Campaign, CampaignStatus
from nudges.store.reports import SentNudge

HOME_LINES = 10
SUMMARY = 120
_READABLE = {"nudge_key": "nudge", "status": "state", "reason": "reason", "due_at": "due", "sent_at": "sent"}
_OF_MEMBER = {"segment": "as", "is_held_out": "spared", "entered_at": "since", "left_at": "until"}
_OF_PLACE = {"team": "team", "department": "department", "place": "place"}


def why(core: Core, person_id: str) -> WhyView:
    """Return why this person gets nudges: which rule of which campaign, when the next comes, why the last did not."""
    company = core.company()
    with core.db.reading() as session:
        person = people.person(session, core.workspace_id, person_id) or Person(person_id)
        wishes = read_wishes(session, core, person)
        mine = reports.deliveries_of(session, core.workspace_id, person_id)
        live = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED)
        lines = [line for one in live if (line := _why_line(session, core, one, person, mine)) is not None]
    calendar = calendar_of(person, company)
    hours = working_week_of(person, company).describe()
    return WhyView(wishes, tuple(lines), hours, calendar.zone)


def home(core: Core, person_id: str) -> HomeView:
    """Return a person's Home: what came, what is next, what they chose."""
    with core.db.reading() as session:
        person = people.person(session, core.workspace_id, person_id) or Person(person_id)
        sent = [one for one in reports.deliveries_of(session, core.workspace_id, person_id) if one.sent_at is not None]
        return HomeView(
            first_name=person.first_name,
            zone=calendar_of(person, core.company()).zone,
            wishes=read_wishes(session, core, person),
            sent=_lines(session, core.workspace_id, person, sent[:HOME_LINES]),
            sent_count=len(sent),
            next_at=history.next_due_at(session, core.workspace_id, person_id=person_id),
            role=role_of(core, person_id),
        )


def count_sent(core: Core, person_id: str) -> int:
    """Return how many nudges the person got."""
    with core.db.reading() as session:
        return sum(one.sent_at is not None for one in reports.deliveries_of(session, core.workspace_id, person_id))


def waits_for(core: Core, person_id: str) -> bool:
    """Return whether something waits to be sent to this person."""
    with core.db.reading() as session:
        return bool(person_id) and history.next_due_at(session, core.workspace_id, person_id=person_id) is not None


def my_data(core: Core, person_id: str) -> dict[str, Any]:
    """Return all that is stored about a person, ready for JSON; only ever shown to that person.

    docs/data-map.md lists the columns; a test holds both together.
    """
    hashed = person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
    with core.db.reading() as session:
        person = people.person(session, core.workspace_id, person_id)
        wish = people.preference(session, core.workspace_id, person_id)
        meant = campaigns.memberships_of(session, core.workspace_id, person_id)
        done = responses.responses_of(session, core.workspace_id, person_id)
        typed = responses.texts_of(session, core.workspace_id, hashed)
        said = flags.reports_of_person(session, core.workspace_id, hashed)
        stood = flags.memberships_of_person(session, core.workspace_id, hashed)
        owned = flags.owned_by(session, core.workspace_id, person_id)
        looked = audit.lines_of(session, core.workspace_id, person_id)
        belongs = groups.groups_of(session, core.workspace_id, person_id)
        used = usage.usage_of(session, core.workspace_id, person_id)
        forgotten_at = people.forgotten_at(session, core.workspace_id, hashed)
        rows = reports.rows_of_person(session, core.workspace_id, person_id)
        return {
            "person": _plain_person(person) if person else {},
            "wishes": {name: value for name, value in wish.__dict__.items() if value},
            "nudges": [_filled(row, **_READABLE) for row in rows],
            "responses": [{"at": at, "nudge": key, "what": kind, "value": value} for at, key, kind, value in done],
            "typed": [{"at": at, "where": source, "text": text} for at, source, text in typed],
            "reported": [{"period": one.period, "kind": one.kind, "playbook": one.playbook} for one in said],
            "meant_for": [{"campaign": name, **_filled(member.__dict__, **_OF_MEMBER)} for name, member in meant],
            "stood_in": [{"period": period, **_filled(where.__dict__, **_OF_PLACE)} for period, where in stood],
            "in_groups": [{"group": group_id} for group_id in belongs],
            "used": [{"week": one.week_on, "tool": one.tool, "days": one.active_days} for one in used],
            "owner_of": [{"flag": flag_id} for flag_id in owned],
            "looked_at": [{"at": at, "what": action, "about": subject} for at, action, subject in looked],
            "forgotten": {"at": forgotten_at} if forgotten_at else {},
            "kept_with_nudges": [_filled({name: row[name] for name in row if name not in _READABLE}) for row in rows],
        }


def _why_line(
    session: Session, core: Core, campaign: Campaign, person: Person, mine: list[SentNudge]
) -> WhyLine | None:
    playbook, company = frozen(campaign)
    segment = first_segment(playbook, company, known_person(session, core, company, person.person_id) or person)
    if not segment:
        return None
    member = campaigns.member(session, campaign.campaign_id, person.person_id)
    of_this = [one for one in mine if one.campaign_id == campaign.campaign_id]
    sent_at = [one.sent_at for one in of_this if one.sent_at is not None]
    waiting = [one.due_at for one in of_this if one.status == DeliveryStatus.PLANNED and one.due_at is not None]
    skipped = [one.reason for one in of_this if one.status == DeliveryStatus.SKIPPED]
    return WhyLine(
        playbook_title=playbook.title,
        campaign=campaign.name,
        segment=segment,
        rule=describe(company.segments[segment], company.segments),
        owner_id=playbook.owner,
        is_held_out=member is not None and member.is_held_out,
        last_sent_at=max(sent_at, default=None),
        next_at=min(waiting, default=None),
        last_skip=skipped[0] if skipped else "",
    )


def _lines(session: Session, workspace_id: str, person: Person, sent: list[SentNudge]) -> tuple[NudgeLine, ...]:
    done = responses.states(session, [one.delivery_id for one in sent])
    found = []
    for one in sent:
        campaign = campaigns.by_id(session, workspace_id, one.campaign_id)
        playbook = frozen(campaign)[0] if campaign else None
        nudge = playbook.nudge(one.nudge_key) if playbook else None
        if playbook is None or nudge is None or one.sent_at is None:
            continue
        nudge = in_language(nudge, language_for(person, playbook, nudge))
        state = done.get(one.delivery_id)
        answer = state.answer if state else None
        choice = nudge.choice(answer.choice_key) if isinstance(nudge, Quiz) and answer else None
        found.append(
            NudgeLine(
                title=playbook.title,
                kind=nudge.kind,
                summary=_summary(playbook, nudge),
                sent_at=one.sent_at,
                answer=choice.text if choice else "",
                was_right=answer.is_right if answer else None,
                feedback=state.feedback if state else "",
            )
        )
    return tuple(found)


def _summary(playbook: Playbook, nudge: Nudge) -> str:
    text = nudge.question if isinstance(nudge, Quiz) else nudge.text
    first = next((line.strip() for line in text.splitlines() if line.strip()), playbook.title)
    return first if len(first) <= SUMMARY else first[: SUMMARY - 1].rstrip() + "\u2026"


def _filled(values: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Return what holds something, under these names where some are given."""
    chosen = names or {name: name for name in values}
    return {shown: values[name] for name, shown in chosen.items() if values[name]}


def _plain_person(person: Person) -> dict[str, Any]:
    values = {name: value for name, value in person.__dict__.items() if value}
    return values | {"kind": person.kind.value, "attributes": dict(person.attributes)}
