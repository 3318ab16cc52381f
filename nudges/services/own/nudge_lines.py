"""A person's own history, a line each: this module puts what was sent and answered into words for their eyes."""

from sqlalchemy.orm import Session

from nudges.domain.people.own_views import NudgeLine
from nudges.domain.people.people import Person
from nudges.domain.playbooks.languages import in_language, language_for, title_for
from nudges.domain.playbooks.playbook import Nudge, Playbook, Poll, Quiz
from nudges.services.authoring.frozen import frozen
from nudges.store import campaigns, responses
from nudges.store.reports import SentNudge

SUMMARY = 120


def nudge_lines(session: Session, workspace_id: str, person: Person, sent: list[SentNudge]) -> tuple[NudgeLine, ...]:
    """Return what was sent, each with its answer; what is in no text any more is left out."""
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
        picked = nudge.picked(answer.choice_key) if isinstance(nudge, Quiz) and answer else ()
        found.append(
            NudgeLine(
                title=title_for(person.language, playbook),
                kind=nudge.kind,
                summary=summary_of(playbook, nudge),
                sent_at=one.sent_at,
                answer=", ".join(choice.text for choice in picked),
                was_right=answer.is_right if answer else None,
                feedback=state.feedback if state else "",
            )
        )
    return tuple(found)


def summary_of(playbook: Playbook, nudge: Nudge) -> str:
    """Return the first line of what a nudge says, cut where it is long."""
    text = nudge.question if isinstance(nudge, Quiz | Poll) else nudge.text
    first = next((line.strip() for line in text.splitlines() if line.strip()), playbook.title)
    return first if len(first) <= SUMMARY else first[: SUMMARY - 1].rstrip() + "\u2026"
