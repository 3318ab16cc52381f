"""A person's Home: this module reads what came, what is next, what they keep, chose and learned, for them alone."""

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.own_stories import is_own_story
from nudges.domain.people.own_views import HomeView, NextNudge, Topic
from nudges.domain.people.people import Person
from nudges.domain.playbooks.languages import title_for
from nudges.domain.times.workdays import calendar_of
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.services.own.glass_box import my_data
from nudges.services.own.learning_view import Learned, learned_of
from nudges.services.own.nudge_lines import nudge_lines
from nudges.services.own.preferences import read_wishes
from nudges.services.own.saved_nudges import saved_lines
from nudges.services.own.votes import read_ballot
from nudges.services.people.roles import role_of
from nudges.store import campaigns, history, people, reports
from nudges.store.campaigns import CampaignStatus
from nudges.store.reports import SentNudge

HOME_LINES = 10
WAITING = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY)


def home(core: Core, person_id: str) -> HomeView:
    """Return a person's Home: what came, what is next, what they chose, and how much is stored."""
    stored = counted(core, person_id)
    with core.db.reading() as session:
        person = people.person(session, core.workspace_id, person_id) or Person(person_id)
        mine = reports.deliveries_of(session, core.workspace_id, person_id)
        sent = [one for one in mine if one.sent_at is not None]
        next_at = history.next_due_at(session, core.workspace_id, person_id=person_id)
        coming, is_passed_over = _coming(session, core, person, mine)
        return HomeView(
            first_name=person.first_name,
            zone=calendar_of(person, core.company()).zone,
            wishes=read_wishes(session, core, person),
            sent=nudge_lines(session, core.workspace_id, person, sent[:HOME_LINES]),
            sent_count=len(sent),
            next_at=(coming[0].due_at if coming else None) if is_passed_over else next_at,
            role=role_of(core, person_id),
            now=core.clock(),
            next_nudge=_next(session, core, person, coming),
            topics=tuple(_topic(one) for one in learned_of(session, core, person_id)),
            saved=saved_lines(session, core, person),
            ballot=read_ballot(session, core, person_id),
            stored=stored,
        )


def counted(core: Core, person_id: str) -> tuple[tuple[str, int], ...]:
    """Return how many records each part of what is stored about a person has, in the order of `my_data`."""
    return tuple((name, len(part)) for name, part in my_data(core, person_id).items() if part)


def count_sent(core: Core, person_id: str) -> int:
    """Return how many nudges the person got."""
    with core.db.reading() as session:
        return sum(one.sent_at is not None for one in reports.deliveries_of(session, core.workspace_id, person_id))


def waits_for(core: Core, person_id: str) -> bool:
    """Return whether something waits to be sent to this person."""
    with core.db.reading() as session:
        return bool(person_id) and history.next_due_at(session, core.workspace_id, person_id=person_id) is not None


def _topic(one: Learned) -> Topic:
    return Topic(one.title, one.met, one.known, one.coming_back, one.next_at)


def _coming(session: Session, core: Core, person: Person, mine: list[SentNudge]) -> tuple[list[SentNudge], bool]:
    """Return what of all that waits is due, the first one first, and whether their own story was to be before it.

    What a paused campaign holds waits for nobody's clock.
    """
    live = {one.campaign_id: one for one in campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE)}
    waiting = [one for one in mine if one.due_at and one.status in WAITING and one.campaign_id in live]
    in_order = sorted(waiting, key=lambda one: (one.due_at or core.clock(), one.delivery_id))
    texts = {campaign_id: frozen(live[campaign_id])[0] for campaign_id in {one.campaign_id for one in in_order}}
    told = [one for one in in_order if not is_own_story(texts[one.campaign_id].nudge(one.nudge_key), person)]
    return told, told[:1] != in_order[:1]


def _next(session: Session, core: Core, person: Person, coming: list[SentNudge]) -> NextNudge | None:
    """Return what the first of it is."""
    campaign = campaigns.by_id(session, core.workspace_id, coming[0].campaign_id) if coming else None
    if campaign is None:
        return None
    playbook, _ = frozen(campaign)
    nudge = playbook.nudge(coming[0].nudge_key)
    return NextNudge(title_for(person.language, playbook), nudge.kind) if nudge else None
