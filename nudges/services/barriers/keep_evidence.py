"""What a person said, put down: this module writes reports, guesses and words within the caller's transaction."""

from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.barriers.evidence import SAID, AskBack, Heard, ask_id_of, may_ask, week_counted
from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.barriers.periods import period_now, week_now
from nudges.services.core import Core
from nudges.store import campaigns, deliveries, evidence, flags, responses

PATIENCE = timedelta(seconds=2)  # Slack waits three; beyond two there is no acknowledgement and nothing is stored
LONGEST_TEXT = 3000


def hash_of(core: Core, person_id: str) -> str:
    """Return the keyed hash under which a person's evidence is kept."""
    return person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)


def open_period(session: Session, core: Core) -> int:
    """Return the period that takes what is said now; one that was decided takes nothing more."""
    return max(period_now(session, core), flags.last_closed(session, core.workspace_id) + 1)


def report(
    session: Session, core: Core, person_id: str, kind: BarrierKind, *, playbook: str, weight: float = SAID
) -> bool:
    """Store that a person says this is in the way, or that we guess so; False when as much was stored before."""
    period = open_period(session, core)
    return evidence.add_report(
        session,
        core.workspace_id,
        hashed=hash_of(core, person_id),
        kind=kind.value,
        period=period,
        playbook=playbook,
        weight=weight,
        week=week_counted(week_now(session, core), period),
    )


def keep_text(session: Session, core: Core, person_id: str, source: str, text: str) -> int:
    """Keep a person's words for thirty days and return their number."""
    kept = text[:LONGEST_TEXT]
    hashed, now = hash_of(core, person_id), core.clock()
    return responses.keep_text(session, core.workspace_id, hashed=hashed, source=source, text=kept, now=now)


def hear(
    session: Session, core: Core, person_id: str, heard: Heard | None, *, playbook: str, reply_id: int, text_id: str
) -> AskBack | None:
    """Note what a person's words sound like, as a guess; return the question back where they may be asked.

    What the person has said themselves in these weeks is not guessed again.
    """
    if heard is None or has_said(session, core, person_id, heard.kind):
        return None
    if heard.weight:
        report(session, core, person_id, heard.kind, playbook=playbook, weight=heard.weight)
    if not may_be_asked(session, core, person_id, heard):
        return None
    ask_id = ask_id_of(key=core.key, workspace_id=core.workspace_id, person_id=person_id, text_id=text_id)
    new = evidence.Asked(ask_id, heard.kind.value, playbook, reply_id, core.clock())
    evidence.ask(session, core.workspace_id, hash_of(core, person_id), new)
    return AskBack(ask_id, heard.kind)


def may_be_asked(session: Session, core: Core, person_id: str, heard: Heard) -> bool:
    """Return whether to ask back: it is worth it, they have not said so anyway, and the last time is a week ago."""
    if not heard.is_worth_asking or has_said(session, core, person_id, heard.kind):
        return False
    before = evidence.asked(session, core.workspace_id, hash_of(core, person_id))
    return may_ask(before.asked_at if before else None, core.clock())


def has_said(session: Session, core: Core, person_id: str, kind: BarrierKind) -> bool:
    """Return whether the person has said this themselves in the weeks that are still open."""
    closed = flags.last_closed(session, core.workspace_id)
    said = evidence.reports_of_person(session, core.workspace_id, hash_of(core, person_id))
    return any(one.kind == kind and one.weight >= SAID and one.period > closed for one in said)


def playbook_of(session: Session, core: Core, person_id: str, delivery_id: str) -> str | None:
    """Return the playbook of a person's own nudge, empty where there is no nudge; None for what is not theirs."""
    if not delivery_id:
        return ""
    delivery = deliveries.find(session, core.workspace_id, delivery_id)
    if delivery is None or delivery.person_id != person_id or delivery.is_notice:
        return None
    campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
    return campaign.playbook if campaign else None
