"""A plan in figures and a nudge in words: this module is what `plan`, `publish` and `preview` print."""

from pathlib import Path

from nudges.domain.messages import compose
from nudges.domain.people import Person
from nudges.domain.views import Draft
from nudges.errors import PlaybookRefused
from nudges.services.import_playbooks import read_folder

EXAMPLE = Person("U0EXAMPLE", first_name="Ana", team="Billing Lisbon", place="Lisbon")


def draft_text(found: Draft) -> str:
    """Return what publishing would do, in lines for a terminal."""
    width = max(len(key) for key, *_ in found.nudges)
    lines = [
        f"{found.title} ({found.name})",
        f"From {found.starts_on:%a %d %b %Y} to {found.ends_on:%a %d %b %Y}, each in the reader's own zone.",
        f"Audience: {found.audience} people ({found.held_out} spared as a comparison group).",
        *(f"  {count:>5}  {name}: {rule}" for name, rule, count in found.segments),
        f"Not reachable: {found.not_sendable} (left, bots, invited). Zone not told by Slack: {found.without_zone}.",
        f"One nudge to all of them takes about {found.minutes_at_pace} min at the workspace's pace.",
        "Nudges:",
        *(f"  {key:<{width}}  {kind:<5}  {when}  ({people} people)" for key, kind, when, people in found.nudges),
        *(f"Note: {warning}" for warning in found.warnings),
    ]
    return "\n".join(lines)


def preview_text(folder: Path, playbook_name: str, nudge_key: str) -> str:
    """Return one nudge as an example person would read it; PlaybookRefused when there is none."""
    library = read_folder(folder)
    entry = library.playbooks.get(playbook_name)
    nudge = entry.playbook.nudge(nudge_key) if entry else None
    if entry is None or library.company is None:
        known = ", ".join(sorted(library.playbooks)) or "none"
        raise PlaybookRefused(f"There is no usable playbook {playbook_name} in {folder}. There are: {known}.")
    if nudge is None:
        known = ", ".join(one.key for one in entry.playbook.nudges)
        raise PlaybookRefused(f"{playbook_name} has no nudge {nudge_key}. There are: {known}.", hint="")
    segment = entry.playbook.audience.segments[0]
    message = compose(
        delivery_id="preview",
        playbook=entry.playbook,
        nudge=nudge,
        person=EXAMPLE,
        company=library.company,
        segment=segment,
        is_first=False,
    )
    parts = [message.win, message.body, message.question, *(f"( ) {choice.text}" for choice in message.choices)]
    parts += [f"-- {message.by}"] if message.by else []
    parts += [f"[{message.try_it.label}]"] if message.try_it else []
    return "\n\n".join(part for part in parts if part)
