"""A nudge made ready for one person, with no word of Slack: this module is what the messenger is asked to show."""

from dataclasses import dataclass, replace

from nudges.domain.company import Company
from nudges.domain.languages import in_language, language_for, surface_language, win_in_language
from nudges.domain.markup import render_mrkdwn
from nudges.domain.people import Person
from nudges.domain.playbook import Nudge, Playbook, Quiz, Story
from nudges.domain.responses import Answered, DeliveryState


@dataclass(frozen=True)
class ChoiceLine:
    """One answer as it stands on its button, and its letter."""

    key: str
    text: str


@dataclass(frozen=True)
class AnswerShown:
    """What the person chose and what they read for it."""

    text: str
    is_right: bool
    reply: str
    right_text: str


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
    kind: str  # tip | story | quiz | notice
    body: str
    is_first: bool = False
    win: str = ""
    win_kind: str = ""
    by: str = ""
    question: str = ""
    choices: tuple[ChoiceLine, ...] = ()
    try_it: TryItLink | None = None
    answer: AnswerShown | None = None
    feedback: str = ""  # "" | useful | not_for_me
    has_reported: bool = False
    notice_key: str = ""
    notice_values: tuple[tuple[str, str], ...] = ()
    language: str = ""
    fallback: str = ""
    picture: Picture | None = None
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
) -> Message:
    """Return the nudge as this person is to see it, before any answer; `segment` is their first of the audience.

    What is not translated into the person's language stays in the playbook's own.
    """
    win = playbook.personal_wins.get(segment)
    win_text = win_in_language(win, person.language, own=playbook.language) if win else ""
    nudge = in_language(nudge, language_for(person, playbook, nudge))
    values = {"first_name": person.first_name, "team": person.team, "place": person.place}
    return Message(
        delivery_id=delivery_id,
        kind=nudge.kind,
        body=render_mrkdwn(nudge.text.strip(), values),
        is_first=is_first,
        win=render_mrkdwn(win_text, values),
        win_kind=win.kind.value if win else "",
        by=f"{nudge.by.name}, {nudge.by.team}" if isinstance(nudge, Story) else "",
        question=render_mrkdwn(nudge.question, values) if isinstance(nudge, Quiz) else "",
        choices=tuple(ChoiceLine(c.key, c.text) for c in nudge.choices) if isinstance(nudge, Quiz) else (),
        try_it=_try_it(nudge, company),
        language=surface_language(person, playbook),
        fallback=nudge.fallback or "",
        picture=Picture(nudge.image.link, nudge.image.alt or "") if nudge.image else None,
    )


def with_state(message: Message, nudge: Nudge, state: DeliveryState) -> Message:
    """Return the message as it looks after what the person has done with it; `nudge` is in the message's language."""
    answer = _answer_shown(nudge, state.answer) if isinstance(nudge, Quiz) and state.answer else None
    return replace(message, answer=answer, feedback=state.feedback, has_reported=state.has_reported)


def _try_it(nudge: Nudge, company: Company) -> TryItLink | None:
    if nudge.try_it is None:
        return None
    channel_id = company.channels.get(nudge.try_it.channel or "", "")
    return TryItLink(nudge.try_it.label, channel_id, nudge.try_it.link or "")


def _answer_shown(quiz: Quiz, answer: Answered) -> AnswerShown | None:
    chosen = quiz.choice(answer.choice_key)
    if chosen is None:
        return None
    right_text = " / ".join(choice.text for choice in quiz.choices if choice.right)
    return AnswerShown(chosen.text, chosen.right, render_mrkdwn(chosen.reply, {}), right_text)
