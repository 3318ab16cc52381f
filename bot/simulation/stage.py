"""Where a rehearsal and a plan of the same files begin: this module reads the folder, gathers people and publishes.

Both begin here, with the same key, workspace and campaign numbers, so that the draws of comparison groups and the
order among equals are the same for both.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.simulation.approving import Yes, approve_open
from bot.simulation.clock import SteppedClock
from bot.simulation.house import Cast, House, furnish, hush
from bot.simulation.imported import imported_cast
from bot.simulation.planted import Planted
from bot.simulation.synthetic import synthetic_cast
from nudges.domain.forecasts.forecast import World
from nudges.domain.forecasts.reactions import Reaction
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook
from nudges.errors import PlaybookRefused
from nudges.services.authoring.foresee import world_now
from nudges.services.authoring.import_playbooks import Library, read_folder
from nudges.services.authoring.publish import PublishedCampaign, publish
from nudges.store import campaigns

AUTHOR = "rehearsal"
MORNING = time(8, 0)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Request:
    """What is to be rehearsed, or planned for people of a file."""

    folder: Path
    playbooks: tuple[str, ...] = ()  # none: every one that can be used
    weeks: int = 8
    size: int = 200
    seed: int = 7
    starts_on: date | None = None  # the day of publishing; today if none is given
    people_csv: str | None = None
    reactions: tuple[Reaction, ...] | None = None
    is_whole: bool = False  # pass over pilots
    planted: Planted | None = None  # what is in people's way


@dataclass(frozen=True)
class Stage:
    """A furnished house in which everything has just been published; nothing has been planned or sent."""

    house: House
    company: Company
    playbooks: Mapping[str, Playbook]
    published: Sequence[PublishedCampaign]
    agreed: Sequence[Yes]
    begins_at: datetime
    first_on: date  # the first day of the earliest campaign
    ends_at: datetime

    def world(self, *, posts_per_second: float = 0.0) -> World:
        """Return what a forecast knows before anything happens; a rehearsal posts as if it took no time."""
        core = self.house.core
        with core.db.reading() as session:
            known = world_now(session, core, posts_per_second=posts_per_second)
        return replace(known, runs=[replace(run, begins_now=True) for run in known.runs])


@contextmanager
def set_stage(request: Request, today: date) -> Iterator[Stage]:
    """Give the stage of a request; all of it is deleted at the end. PlaybookRefused says why nothing can be shown."""
    library = read_folder(request.folder)
    company = library.company or Company()
    playbooks = {name: library.playbooks[name].playbook for name in _names(library, request.playbooks)}
    with furnished(request, today) as house:
        begins_at = house.clock()
        published = [publish(house.core, name, AUTHOR, is_whole=request.is_whole) for name in playbooks]
        agreed = approve_open(house.core)  # the second person says yes at once
        with house.core.db.reading() as session:
            running = campaigns.campaigns(session, house.core.workspace_id)
        first_on = min(one.starts_on for one in running)
        ends_at = _midnight(first_on + WEEK * request.weeks, company)
        yield Stage(house, company, playbooks, published, agreed, begins_at, first_on, ends_at)


@contextmanager
def furnished(request: Request, today: date) -> Iterator[House]:
    """Give the house of a request: its people, its folder and the morning of its day; nothing is published."""
    hush()
    library = read_folder(request.folder)
    company = library.company or Company()
    playbooks = [library.playbooks[name].playbook for name in _names(library, request.playbooks)]
    cast = _cast(request, company, playbooks)
    begins_at = datetime.combine(request.starts_on or today, MORNING, ZoneInfo(company.default_zone)).astimezone(UTC)
    with scratch(request.folder, cast, begins_at, request.seed) as house:
        yield house


@contextmanager
def scratch(playbooks: Path, cast: Cast, begins_at: datetime, seed: int) -> Iterator[House]:
    """Give a furnished house in a folder of its own, with a copy of the playbooks; all of it is deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="nudger-rehearsal-") as name:
        folder = Path(name)
        shutil.copytree(playbooks, folder / "playbooks", ignore=_all_but_playbooks)
        house = furnish(folder, folder / "playbooks", cast, SteppedClock(begins_at), seed=seed)
        try:
            yield house
        finally:
            house.close()


def _names(library: Library, wanted: Sequence[str]) -> list[str]:
    known = sorted(library.playbooks)
    missing = [name for name in wanted if name not in library.playbooks]
    if missing or not known or library.company is None:
        what = f"There is no usable playbook {missing[0]}." if missing else "There is no playbook that can be used."
        hint = f"Usable are: {', '.join(known) or 'none'}. `nudger check` tells what is wrong with the others."
        raise PlaybookRefused(what, hint=hint)
    return list(dict.fromkeys(wanted)) or known


def _cast(request: Request, company: Company, playbooks: Sequence[Playbook]) -> Cast:
    if request.people_csv is not None:
        return imported_cast(request.people_csv, company)
    return synthetic_cast(company, playbooks, size=request.size, seed=request.seed)


def _midnight(day: date, company: Company) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(company.default_zone)).astimezone(UTC)


def _all_but_playbooks(folder: str, names: list[str]) -> list[str]:
    """Copy what a playbooks folder is read for; a database or a repository beside it is none of ours."""
    return [name for name in names if not name.lower().endswith((".yaml", ".yml"))]
