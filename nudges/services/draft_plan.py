"""What publishing would do, in figures: this module drafts; nothing is stored or sent."""

from collections import Counter
from dataclasses import replace
from datetime import date

from nudges.domain.audiences import NEVER_SENDABLE, first_segment
from nudges.domain.company import Company
from nudges.domain.experiments import holdout_key_of, is_held_out
from nudges.domain.people import Person
from nudges.domain.playbook import Playbook
from nudges.domain.schedule_words import describe_when, in_words
from nudges.domain.segments import describe, matches
from nudges.domain.views import Draft
from nudges.domain.workdays import zone_of
from nudges.services.core import Core
from nudges.services.publishable import first_day, usable
from nudges.services.spans import last_day
from nudges.store import campaigns, people
from nudges.store.campaigns import CampaignStatus


def draft(core: Core, name: str, *, starts_on: date | None = None) -> Draft:
    """Return what publishing would do; PlaybookRefused says why it cannot be done."""
    entry, company = usable(core, name)
    with core.db.reading() as session:
        everybody = list(people.everybody(session, core.workspace_id))
        free = campaigns.free_name(session, core.workspace_id, entry.playbook.playbook)
        running = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED)
    begins = first_day(core, entry.playbook, starts_on)
    found = _draft(core, entry.playbook, company, everybody, name=free, starts_on=begins)
    twins = [one.name for one in running if one.playbook == entry.playbook.playbook]
    return replace(found, warnings=(*_twice(twins), *found.warnings))


def _draft(
    core: Core, playbook: Playbook, company: Company, everybody: list[Person], *, name: str, starts_on: date
) -> Draft:
    found = {person.person_id: first_segment(playbook, company, person) for person in everybody}
    inside = [person for person in everybody if found[person.person_id]]
    counts = Counter(found[person.person_id] for person in inside)
    held_out = sum(_would_be_spared(core, playbook, person) for person in inside)
    reached = len(inside) - held_out
    rules = [(segment, describe(company.segments[segment], company.segments)) for segment in playbook.audience.segments]
    return Draft(
        playbook=playbook.playbook,
        title=playbook.title,
        name=name,
        starts_on=starts_on,
        ends_on=last_day(playbook, starts_on),
        audience=len(inside),
        not_sendable=sum(_is_named_but_unreachable(playbook, company, person) for person in everybody),
        without_zone=sum(zone_of(person, company).is_fallback for person in inside),
        held_out=held_out,
        segments=tuple((segment, rule, counts[segment]) for segment, rule in rules),
        nudges=tuple((nudge.key, nudge.kind, describe_when(nudge), reached) for nudge in playbook.nudges),
        warnings=tuple(_warnings(core, playbook, reached)),
        minutes_at_pace=_minutes(reached, core.posts_per_second),
    )


def _would_be_spared(core: Core, playbook: Playbook, person: Person) -> bool:
    # The campaign's number is not known yet, so this is the size to expect, not the very people.
    return is_held_out(team_key=holdout_key_of(person), campaign_id=0, share=playbook.holdout, key=core.key)


def _is_named_but_unreachable(playbook: Playbook, company: Company, person: Person) -> bool:
    rules = (company.segments[name] for name in playbook.audience.segments if name in company.segments)
    return person.kind in NEVER_SENDABLE and any(matches(rule, person, company.segments) for rule in rules)


def _twice(twins: list[str]) -> list[str]:
    if not twins:
        return []
    names = ", ".join(twins)
    return [f"It runs already as {names}: whoever is in both would get these nudges a second time."]


def _warnings(core: Core, playbook: Playbook, reached: int) -> list[str]:
    found = []
    minutes = _minutes(reached, core.posts_per_second)
    for nudge in playbook.nudges:
        if reached / core.posts_per_second > nudge.when.window.total_seconds():
            found.append(
                f"{nudge.key}: {reached} messages need {minutes} min, its window is {in_words(nudge.when.window)}."
            )
    if playbook.audience.pilot is not None:
        found.append(
            f"The pilot ({playbook.audience.pilot.segment}) is not sent ahead yet: everybody is reached at once."
        )
    if playbook.holdout:
        found.append(f"About {playbook.holdout:.0%} of the teams are spared as a comparison group.")
    return found


def _minutes(posts: int, per_second: float) -> int:
    return max(1, round(posts / per_second / 60))
