"""A nudge shown before it is sent: this module makes previews, posts them on request, and stores none of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nudges.domain.checks.findings import Finding
from nudges.domain.delivery.messages import Message
from nudges.domain.delivery.previews import (
    PreviewId,
    PreviewState,
    Reader,
    answered_message,
    example_reader,
    in_order,
    message_in,
    real_reader,
    when_in_words,
)
from nudges.domain.editing.draft_pieces import nudge_spans
from nudges.domain.files.suggest import nearest
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.languages import language_for
from nudges.domain.playbooks.playbook import Nudge, Playbook, Quiz
from nudges.domain.times.workdays import zone_of
from nudges.errors import ContentRefused, DeliveryError, PlaybookRefused, PreviewNotPosted
from nudges.ports import Receipt
from nudges.services.authoring.import_playbooks import Library, ReadPlaybook
from nudges.services.core import Core
from nudges.services.people.known_people import known_person
from nudges.store import people

# The messenger's own codes are in the error; these two mean the same for an author: the app is not there.
ABSENT = ("not_in_channel", "channel_not_found", "is_archived")


@dataclass(frozen=True)
class Preview:
    """One nudge as one reader sees it, in each of its states, with its time in words and what was found in it."""

    playbook: str
    title: str
    nudge: str
    kind: str
    reader: Reader
    zone: str
    language: str
    when: str
    messages: Mapping[PreviewState, Message]
    findings: tuple[Finding, ...]

    def message(self, state: PreviewState = PreviewState.FRESH) -> Message:
        """Return the message in this state; fresh where this kind of nudge has no such state."""
        return self.messages.get(state) or self.messages[PreviewState.FRESH]


def entry_of(library: Library, name: str) -> tuple[ReadPlaybook, Company]:
    """Return the playbook to look at; PlaybookRefused names the nearest, or the first fault."""
    entry = library.playbooks.get(name)
    if entry is not None and library.company is not None:
        return entry, library.company
    if entry is not None:
        raise PlaybookRefused("company.yaml is missing or has faults, so nothing can be previewed.")
    faults = [finding for finding in library.findings if finding.is_error and _stem(finding.file) == name]
    if faults:
        said = f"{name} has faults, so it cannot be previewed yet. The first, on line {faults[0].line}:"
        raise PlaybookRefused(f"{said} {faults[0].sentence}", hint=faults[0].fix)
    raise PlaybookRefused(f"There is no playbook called {name}. {_offered(name, library.playbooks)}", hint="")


def default_reader(library: Library, name: str, *, segment: str = "", language: str = "") -> Reader:
    """Return an example person of this segment of the audience, by default its first; PlaybookRefused if unknown."""
    entry, company = entry_of(library, name)
    segments = entry.playbook.audience.segments
    if segment and segment not in company.segments:
        raise PlaybookRefused(f"There is no segment {segment}. {_offered(segment, company.segments)}", hint="")
    return example_reader(entry.playbook, company, segment or segments[0], language)


def previews(library: Library, name: str, nudge_key: str, reader: Reader) -> tuple[Preview, ...]:
    """Return the nudge, or without a key every nudge in the order they come; PlaybookRefused when there is none."""
    entry, company = entry_of(library, name)
    playbook = entry.playbook
    if nudge_key and playbook.nudge(nudge_key) is None:
        keys = [nudge.key for nudge in playbook.nudges]
        raise PlaybookRefused(f"{name} has no nudge {nudge_key}. {_offered(nudge_key, keys)}", hint="")
    spans = nudge_spans(entry.text)
    found = [finding for finding in library.findings if finding.file == entry.file]
    return tuple(
        _preview(playbook, nudge, company, reader, [f for f in found if f.line in spans.get(nudge.key, ())])
        for nudge in in_order(playbook)
        if not nudge_key or nudge.key == nudge_key
    )


def own_reader(core: Core, name: str, person_id: str, segment: str = "") -> Reader:
    """Return the person who asks as their own reader; somebody we do not know yet becomes an example person."""
    entry, company = entry_of(core.library(), name)
    example = default_reader(core.library(), name, segment=segment)
    with core.db.reading() as session:
        person = known_person(session, core, company, person_id)
        is_new = people.preference(session, core.workspace_id, person_id).introduced_at is None
    if person is None:
        return example
    return real_reader(entry.playbook, company, person, is_new=is_new, segment=segment)


def preview_for(core: Core, actor_id: str, name: str, nudge_key: str, segment: str = "") -> Preview:
    """Return one nudge as the person who asks would see it; PlaybookRefused when there is none."""
    core.library.refresh()
    return previews(core.library(), name, nudge_key, own_reader(core, name, actor_id, segment))[0]


def post_to_oneself(core: Core, actor_id: str, name: str, nudge_key: str, segment: str = "") -> Receipt:
    """Post the preview to the person who asks. Raises PlaybookRefused or PreviewNotPosted."""
    shown = preview_for(core, actor_id, name, nudge_key, segment)
    return _post(core, actor_id, shown.message(), actor_id, "your conversation with me")


def post_to_reviewers(core: Core, actor_id: str, name: str, nudge_key: str, segment: str = "") -> tuple[str, Receipt]:
    """Post it, as an example person sees it, to the reviewers' channel; return the channel's name and the receipt.

    Raises PlaybookRefused or PreviewNotPosted.
    """
    core.library.refresh()
    reader = default_reader(core.library(), name, segment=segment)
    channel, channel_id = reviewers_of(core)
    shown = previews(core.library(), name, nudge_key, reader)[0]
    return channel, _post(core, channel_id, shown.message(), actor_id, f"#{channel}")


def reviewers_of(core: Core) -> tuple[str, str]:
    """Return the reviewers' channel, name and id; PreviewNotPosted when company.yaml names none."""
    company = core.company()
    name = company.publishing.reviewers or ""
    channel_id = company.channels.get(name, "")
    if not channel_id:
        hint = "Put `publishing: {reviewers: <name>}` into company.yaml, with a name that stands under `channels`."
        raise PreviewNotPosted("No reviewers' channel is named in company.yaml.", hint=hint)
    return name, channel_id


def quiz_of(core: Core, preview_id: PreviewId) -> Quiz | None:
    """Return the quiz that a preview shows; None where it is none, or is not in the playbook any more."""
    entry = core.library().playbooks.get(preview_id.playbook)
    nudge = entry.playbook.nudge(preview_id.nudge) if entry else None
    return nudge if isinstance(nudge, Quiz) else None


def reply_to(core: Core, preview_id: PreviewId, answer: str) -> Message | None:
    """Return the message to a person who answered so; None when the playbook does not say so any more."""
    quiz = quiz_of(core, preview_id)
    if quiz is None:
        return None
    shown = answered_message(Message(preview_id.encode(), quiz.kind, ""), quiz, answer, preview_id.language)
    return shown if shown.answer is not None else None


def _preview(
    playbook: Playbook, nudge: Nudge, company: Company, reader: Reader, findings: Sequence[Finding]
) -> Preview:
    made = {
        state: message_in(state, playbook=playbook, nudge=nudge, company=company, reader=reader)
        for state in PreviewState
    }
    return Preview(
        playbook=playbook.playbook,
        title=playbook.title,
        nudge=nudge.key,
        kind=nudge.kind,
        reader=reader,
        zone=zone_of(reader.person, company).name,
        language=language_for(reader.person, playbook, nudge),
        when=when_in_words(nudge, reader.person, company),
        messages={state: message for state, message in made.items() if message is not None},
        findings=tuple(findings),
    )


def _post(core: Core, conversation_id: str, message: Message, actor_id: str, place: str) -> Receipt:
    try:
        return core.messenger.post_preview(conversation_id, message, asked_by=actor_id)
    except ContentRefused as error:
        hint = "Shorten the nudge or take out what is unusual in it, and look again."
        raise PreviewNotPosted(f"Slack refuses this text as it stands ({error.slack_code}).", hint=hint) from error
    except DeliveryError as error:
        if error.slack_code in ABSENT and place.startswith("#"):
            hint = f"Invite me there: type `/invite @Nudger` in {place}, then press the button again."
            raise PreviewNotPosted(f"I am not in {place}, so I cannot post there.", hint=hint) from error
        raise PreviewNotPosted(f"The preview did not reach {place} ({error.slack_code or error.code}).") from error


def _offered(name: str, known: Sequence[str] | Mapping[str, object]) -> str:
    near = nearest(name, known)
    return f"Did you mean {near}?" if near else f"There are: {', '.join(sorted(known)) or 'none'}."


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
