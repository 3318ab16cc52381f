"""A look at one segment: this module counts it in the database and says what the count does not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import and_
from sqlalchemy.orm import Session

from nudges.domain.measuring.views import SegmentView
from nudges.domain.people.facts import Wanted, asks_behaviour, hinges_on_behaviour
from nudges.domain.people.group_problems import problem_in_words
from nudges.domain.people.segment_counts import guarded
from nudges.domain.people.segments import describe
from nudges.domain.playbooks.company import Company
from nudges.services.core import Core
from nudges.services.people.known_people import scene_of, wanted_of
from nudges.store import groups, usage
from nudges.store.segment_sql import Asking, condition, count, count_by_place, ids, segment_condition

SAMPLE = 20


def look_at_segment(session: Session, core: Core, company: Company, name: str) -> SegmentView:
    """Return how many people are in a segment of this company, and who for example, as far as that may be shown."""
    rule = company.segments[name]
    asking = Asking(session, scene_of(core, company), company.segments)
    inside = segment_condition(asking, name, company)
    view = SegmentView(name, describe(rule, company.segments), count(asking, inside), (), ())
    view = replace(view, brief=company.briefs.get(name), notes=tuple(_notes(session, core, company, name)))
    if not asks_behaviour(rule, company.segments):
        places = Counter({place or "?": number for place, number in count_by_place(asking, inside).items()})
        return replace(view, by_place=tuple(places.most_common()), sample=ids(asking, inside, limit=SAMPLE))
    decided = condition(asking, hinges_on_behaviour(rule, company.segments))
    asked, told = count(asking, and_(asking.here, decided)), count(asking, and_(inside, decided))
    shown = guarded(inside=view.count, asked=asked, told=told, k=core.company().k)
    return replace(view, count=0, is_guarded=True, band=shown.band)


def _notes(session: Session, core: Core, company: Company, name: str) -> Iterator[str]:
    wanted = wanted_of(company, [name])
    yield from _group_notes(session, core, company, wanted)
    if wanted.usage and usage.span(session, core.workspace_id) is None:
        yield "No usage was imported yet, so `used` finds nobody: `nudger usage import usage.csv`."


def _group_notes(session: Session, core: Core, company: Company, wanted: Wanted) -> Iterator[str]:
    channels = scene_of(core, company).channels
    problems, known = groups.problems(session, core.workspace_id), groups.known(session, core.workspace_id)
    for group_id in sorted(wanted.user_groups | {channels[one] for one in wanted.channels if one in channels}):
        if group_id in problems:
            yield problem_in_words(group_id, problems[group_id])
        elif group_id not in known:
            yield f"{group_id} was not read from Slack yet, so rules that name it find nobody: `nudger people sync`."
