"""A nudge made ready for one person, with no word of Slack: this module is what the messenger is asked to show."""

from dataclasses import dataclass, replace

from nudges.domain.barriers.flag_views import FlagDigest
from nudges.domain.delivery.responses import DeliveryState
from nudges.domain.people.people import Person
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.involved import Involved, involved, involved_after
from nudges.domain.playbooks.kind_shown import KindParts, kind_parts, tapped
from nudges.domain.playbooks.languages import in_language, language_for, surface_language, win_in_language
from nudges.domain.playbooks.markup import render_mrkdwn
from nudges.domain.playbooks.playbook import Leader, Nudge, Playbook, Poll, Quiz, Story
from nudges.domain.playbooks.quiz_shown import (
    AnswerShown,
    ChoiceLine,
    QuizShown,
    answer_shown,
    choice_lines,
    quiz_shown,
)
from nudges.domain.playbooks.sequels import SEQUELS
from nudges.domain.recall.reviews import Review

# What a message is made of is imported from here.
__all__ = ["AnswerShown", "ChoiceLine", "Message", "Picture", "TryItLink", "compose", "with_state", "worded"]


@dataclass(frozen=True)
class TryItLink:
    """Where the tip can be tried: a channel's id or an https address."""

    label: str
    channel_id: str = ""
    link: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture under the text, and the words that a screen reader speaks for it."""

    link: str
    alt: str


@dataclass(frozen=True)
class Message:
    """One nudge for one person; the texts are safe mrkdwn (author's markup kept, everything else escaped).

    `language` is that of the app's own words round it, kept when it is shown again; `fallback` is what the author
    wants a notification to say.
    """

    delivery_id: str
    kind: str  # of a nudge, or `notice`
    body: str
    is_first: bool = False
    win: str = ""
    win_kind: str = ""
    by: str = ""
    question: str = ""
    choices: tuple[ChoiceLine, ...] = ()
    try_it: TryItLink | None = None
    answer: AnswerShown | None = None
    quiz: QuizShown | None = None  # of a quiz: how it is answered, and what follows the answer
    parts: KindParts | None = None  # of a how-to, a workshop, a challenge or a poll, and of what follows from them
    feedback: str = ""  # "" | useful | not_for_me
    has_reported: bool = False
    notice_key: str = ""
    notice_values: tuple[tuple[str, str], ...] = ()
    language: str = ""
    fallback: str = ""
    picture: Picture | None = None
    involved: Involved | None = None  # the promise it offers, the story it asks for
    review: Review | None = None  # of a question that came back
    is_saved: bool = False  # kept for later by the person
    is_weary: bool = False  # marked as not for them, like those before: other ways are offered
    flag_week: FlagDigest | None = None  # of an owner of flags
    is_recalled: bool = False  # taken back by its authors; it stands only because it was answered


def compose(
    *,
    delivery_id: str,
    playbook: Playbook,
    nudge: Nudge,
    person: Person,
    company: Company,
    segment: str,
    is_first: bool,
    wording: int = 0,
) -> Message:
    """Return the nudge as this person is to see it, before any answer; `segment` is their first of the audience.

    What is not translated into the person's language stays in the playbook's own. `wording` is for a quiz that comes
    back: which of its ways to ask.
    """
    win = playbook.personal_wins.get(segment)
    worded_win = win.worded(playbook.place_of(nudge.key)) if win else None
    win_text = win_in_language(worded_win, person.language, own=playbook.language) if worded_win else ""
    nudge = worded(in_language(nudge, language_for(person, playbook, nudge)), wording)
    values = {"first_name": person.first_name, "team": person.team, "place": person.place}
    return Message(
        delivery_id=delivery_id,
        kind=nudge.kind,
        body=render_mrkdwn(nudge.text.strip(), values),
        is_first=is_first,
        win="" if isinstance(nudge, SEQUELS) else render_mrkdwn(win_text, values),
        win_kind=win.kind.value if win else "",
        by=_by(nudge, playbook),
        question=render_mrkdwn(nudge.question, values) if isinstance(nudge, Quiz | Poll) else "",
        choices=choice_lines(nudge, delivery_id) if isinstance(nudge, Quiz) else (),
        quiz=quiz_shown(nudge, DeliveryState(), values) if isinstance(nudge, Quiz) else None,
        parts=kind_parts(nudge, values),
        involved=involved(nudge, values),
        try_it=_try_it(nudge, company),
        language=surface_language(person, playbook),
        fallback=nudge.fallback or "",
        picture=Picture(nudge.image.link, nudge.image.alt or "") if nudge.image else None,
    )


def with_state(message: Message, nudge: Nudge, state: DeliveryState) -> Message:
    """Return the message as it looks after what the person has done with it; `nudge` is in its language and wording."""
    parts = tapped(message.parts, state.tapped) if message.parts else None
    stake = involved_after(message.involved, nudge, nudge.kind, state) if message.involved else None
    now = (state.feedback, state.has_reported, parts, stake)
    if now != (message.feedback, message.has_reported, message.parts, message.involved):
        message = replace(message, feedback=now[0], has_reported=now[1], parts=parts, involved=stake)
    if not isinstance(nudge, Quiz):
        return message
    if message.review is not None:
        message = replace(message, review=replace(message.review, is_known=message.review.is_known or state.is_known))
    values = dict(message.quiz.variables) if message.quiz else {}
    return replace(message, answer=answer_shown(nudge, state), quiz=quiz_shown(nudge, state, values))


def worded(nudge: Nudge, wording: int) -> Nudge:
    """Return a quiz in one of its wordings; any other nudge as it is."""
    return nudge.worded(wording) if isinstance(nudge, Quiz) else nudge


def _by(nudge: Nudge, playbook: Playbook) -> str:
    if isinstance(nudge, Leader) and playbook.sponsor is not None:
        return f"{playbook.sponsor.name}, {playbook.sponsor.role}"
    return ", ".join(filter(None, (nudge.by.name, nudge.by.team))) if isinstance(nudge, Story) else ""


def _try_it(nudge: Nudge, company: Company) -> TryItLink | None:
    if nudge.try_it is None:
        return None
    channel_id = company.channels.get(nudge.try_it.channel or "", "")
    return TryItLink(nudge.try_it.label, channel_id, nudge.try_it.link or "")
