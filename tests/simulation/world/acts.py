"""What people, authors and circumstances do to the app: this module is one function for each act of a plan.

An act returns a line for the trace, or None when there was nothing to do. It notes the truth only once the app has
committed; killed in the middle it is done again.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.simulation.approving import approve_open
from nudges.errors import NudgerError
from nudges.services.answers.record_response import record_reply
from nudges.services.authoring.publish import ask_widening, publish, update
from nudges.services.delivery.order_changes import order_correction, order_recall
from nudges.services.delivery.steer import hold_workspace, pause_campaigns, release, resume_campaigns
from nudges.services.keeping.forget_person import forget
from nudges.services.own.preferences import pause, start, stop
from nudges.services.people.sync_people import import_people
from nudges.store import instance
from tests.simulation.world import zones
from tests.simulation.world.ground import Ground, Run
from tests.simulation.world.house import SPOKEN, WorldHouse
from tests.simulation.world.humans import DEPARTMENTS, OFFICE, PLACES, TEAMS, Human, newcomer, people_file
from tests.simulation.world.judges import Judge
from tests.simulation.world.slack import BROKEN, UNREACHABLE
from tests.simulation.world.texts import ADMIN, AUTHOR, BookSpec, book_text, write

HOUR = timedelta(hours=1)
GOT = """
SELECT DISTINCT d.nudge_key FROM deliveries d JOIN campaigns c ON c.campaign_id = d.campaign_id
WHERE c.name = ? AND d.status = 'sent'
"""
BREAKS = ("\n  - tip: n0\n", "\nnudges: [", "\nholdut: 10%\n")
# A clock that is fast by hours cannot be told from a rest; once it is right again the app waits until it has caught up.
SMALL_LEAPS = (
    timedelta(minutes=-50), timedelta(minutes=-5), timedelta(minutes=7), timedelta(minutes=55),
    timedelta(hours=2), timedelta(hours=3),
)  # fmt: skip
WILD_LEAPS = (timedelta(days=-3650), timedelta(days=-2), timedelta(days=200), timedelta(days=3650))
LEAPS = SMALL_LEAPS + WILD_LEAPS


@dataclass
class Scene:
    """What acts work on, and how things stand beside the app."""

    house: WorldHouse
    ground: Ground
    judge: Judge
    books: Mapping[str, BookSpec]
    again: str  # the command that lives through the same again
    is_asleep: bool = False
    is_unsettled: bool = False
    has_orders: bool = False  # somebody has ordered corrections or recalls
    is_stormy: bool = False  # answers get lost
    versions: dict[str, int] = field(default_factory=dict)  # of the file, by playbook
    broken: set[str] = field(default_factory=set)
    _wanted: str = ""  # whom an act is about, where that is known

    @property
    def is_cut_off(self) -> bool:
        """Return whether nobody's click can reach the app."""
        return self.is_asleep or bool(self.house.slack.trouble)

    def about(self, person_id: str, act: "Doing", luck: random.Random) -> str | None:
        """Do an act about this person."""
        self._wanted = person_id if person_id in self.ground.humans else ""
        try:
            return act(self, luck)
        finally:
            self._wanted = ""

    def somebody(self, luck: random.Random) -> Human:
        """Return whom an act is about."""
        humans = self.ground.humans
        if self._wanted:
            return humans[self._wanted]
        return humans[luck.choice([name for name in sorted(humans) if name not in OFFICE])]

    def some_run(self, luck: random.Random) -> Run | None:
        """Return one of the campaigns there are."""
        runs = self.ground.runs
        return runs[luck.choice(sorted(runs))] if runs else None

    def change(self, human: Human) -> None:
        """Make somebody as they are now, at Slack too; the app hears of it when it is told."""
        self.ground.humans[human.person_id] = human
        self.house.slack.state.users[human.person_id] = {"team_id": "T0SANDBOX", **human.account()}


Doing = Callable[[Scene, random.Random], str | None]


def _join(scene: Scene, luck: random.Random) -> str:
    new = newcomer(luck, 1000 + len(scene.ground.humans))
    scene.change(new)
    return new.person_id


def _leave(scene: Scene, luck: random.Random) -> str:
    gone = replace(scene.somebody(luck), has_left=True)
    scene.change(gone)
    return gone.person_id


def _travel(scene: Scene, luck: random.Random) -> str:
    human, place = scene.somebody(luck), luck.choice(tuple(PLACES))
    moved = replace(human, zone=PLACES[place][0], place=luck.choice((place, human.place)))
    scene.change(moved)
    scene.ground.moved.append((human.person_id, scene.house.clock()))
    return f"{human.person_id} to {moved.zone}, office in {moved.place}"


def _move(scene: Scene, luck: random.Random) -> str:
    human = scene.somebody(luck)
    moved = replace(human, department=luck.choice(DEPARTMENTS), role=luck.choice(("employee", "intern")))
    moved = replace(moved, team=luck.choice(TEAMS))
    scene.change(moved)
    return f"{human.person_id} to {moved.department}, {moved.team}, {moved.role}"


def _tell(scene: Scene, luck: random.Random) -> str:
    """Import the people file, which names those too whom the app has to forget."""
    here = [one for one in scene.ground.humans.values() if not one.has_left]
    import_people(scene.house.core, people_file(here))
    scene.ground.hear_file(one for one in here if one.person_id not in scene.ground.forgotten)
    return f"{len(here)} lines"


def _stop(scene: Scene, luck: random.Random) -> str:
    person_id = scene.somebody(luck).person_id
    stop(scene.house.core, person_id)
    if person_id not in scene.ground.forgotten:
        scene.ground.stopped.add(person_id)
    return person_id


def _pause(scene: Scene, luck: random.Random) -> str:
    person_id, days = scene.somebody(luck).person_id, luck.choice((1, 3, 7))
    pause(scene.house.core, person_id, days)
    if person_id not in scene.ground.forgotten:
        scene.ground.rest(person_id, scene.house.core.clock() + timedelta(days=days))
    return f"{person_id} for {days} days"


def _start(scene: Scene, luck: random.Random) -> str | None:
    ground = scene.ground
    away = sorted(ground.stopped | ground.forgotten | ground.paused.keys())
    if not away:
        return None
    person_id = luck.choice(away)
    start(scene.house.core, person_id)
    ground.stopped.discard(person_id)
    ground.forgotten.discard(person_id)
    ground.paused.pop(person_id, None)
    return person_id


def _forget(scene: Scene, luck: random.Random) -> str:
    person_id = scene.somebody(luck).person_id
    forget(scene.house.core, person_id)
    scene.ground.forget(person_id)
    scene.judge.forget(person_id)
    return person_id


def _reply(scene: Scene, luck: random.Random) -> str:
    """Type something; Slack tells of it twice."""
    person_id, event_id = scene.somebody(luck).person_id, f"Ev{luck.random()}"
    for _ in range(2):
        record_reply(scene.house.core, person_id, event_id, f"{SPOKEN} {event_id}, no time")
    return person_id


def _publish(scene: Scene, luck: random.Random) -> str | None:
    core = scene.house.core
    key = luck.choice(sorted(scene.books.keys() - scene.ground.runs.keys()) or sorted(scene.books))
    core.library.refresh()
    starts_on = (core.clock() + timedelta(days=luck.randint(1, 2))).date()
    try:
        done = publish(core, key, AUTHOR, starts_on=starts_on)
    except NudgerError as error:
        return f"{key} refused: {error.code}" if key in scene.ground.runs else None
    approve_open(core)
    version = scene.versions.get(key, 1)
    scene.ground.runs[key] = Run(done.name, scene.books[key], [(scene.house.clock(), version)])
    return f"{done.name} v{version} from {starts_on}"


def _edit(scene: Scene, luck: random.Random) -> str:
    return _edit_book(scene, luck.choice(sorted(scene.books)))


def _edit_book(scene: Scene, key: str) -> str:
    version = scene.versions[key] = scene.versions.get(key, 1) + 1
    write(scene.house.core.library.folder, key, book_text(scene.books[key], version))
    scene.broken.discard(key)
    return f"{key} v{version}"


def _break(scene: Scene, luck: random.Random) -> str:
    key = luck.choice(sorted(scene.books))
    text = book_text(scene.books[key], scene.versions.get(key, 1)) + luck.choice(BREAKS)
    write(scene.house.core.library.folder, key, text)
    scene.broken.add(key)
    return key


def _update(scene: Scene, luck: random.Random) -> str | None:
    run = scene.some_run(luck)
    return None if run is None else _update_run(scene, run)


def _put_in_force(scene: Scene, run: Run, luck: random.Random) -> None:
    if luck.random() < 0.8:
        _edit_book(scene, run.book.key)
        _update_run(scene, run)


def _update_run(scene: Scene, run: Run) -> str:
    core = scene.house.core
    core.library.refresh()
    try:
        done = update(core, run.name, AUTHOR)
    except NudgerError as error:
        return f"{run.name} refused: {error.code}"
    if done.asked and not approve_open(core):
        return f"{run.name} waits"
    run.in_force.append((scene.house.clock(), scene.versions.get(run.book.key, 1)))
    return f"{run.name} v{run.in_force[-1][1]}"


def _correct(scene: Scene, luck: random.Random) -> str | None:
    run = scene.some_run(luck)
    if run is None:
        return None
    # An author corrects what people have got: mend the file, put it in force, and give it to those who have the old.
    _put_in_force(scene, run, luck)
    got = sorted(row[0] for row in scene.judge.rows.execute(GOT, (run.name,)))
    nudge = luck.choice(got or [run.book.nudges[0].key])
    try:
        order_correction(scene.house.core, run.name, nudge, AUTHOR)
    except NudgerError as error:
        return f"{run.name}/{nudge} refused: {error.code}"
    scene.has_orders = True
    return f"{run.name}/{nudge}"


def _recall(scene: Scene, luck: random.Random) -> str | None:
    run = scene.some_run(luck)
    if run is None:
        return None
    nudge = luck.choice((*(one.key for one in run.book.nudges), ""))
    try:
        order_recall(scene.house.core, run.name, nudge, AUTHOR)
    except NudgerError as error:
        return f"{run.name}/{nudge} refused: {error.code}"
    scene.has_orders = True
    run.recalled |= {nudge} if nudge else {one.key for one in run.book.nudges}
    return f"{run.name}/{nudge or 'everything'}"


def _widen(scene: Scene, luck: random.Random) -> str | None:
    run = scene.some_run(luck)
    if run is None or not run.book.is_piloted:
        return None
    try:
        ask_widening(scene.house.core, run.name, AUTHOR)
    except NudgerError as error:
        return f"{run.name} refused: {error.code}"
    approve_open(scene.house.core)
    return run.name


def _pause_campaign(scene: Scene, luck: random.Random) -> str | None:
    run = scene.some_run(luck)
    if run is None or not pause_campaigns(scene.house.core, ADMIN, run.name):
        return None
    run.is_paused = True
    scene.ground.begin(f"pause {run.name}", scene.house.clock())
    return run.name


def _resume_campaigns(scene: Scene, luck: random.Random) -> str:
    """Resume whatever is paused, one by one: `all` would end a hold too."""
    for run in scene.ground.runs.values():
        run.is_paused = False
        resume_campaigns(scene.house.core, ADMIN, run.name)
        scene.ground.end(f"pause {run.name}", scene.house.clock())
    return "all"


def _hold(scene: Scene, luck: random.Random) -> str:
    hold_workspace(scene.house.core, "rehearsed")
    scene.ground.is_held = True
    scene.ground.begin("hold", scene.house.clock())
    return "by an admin"


def _resume(scene: Scene, luck: random.Random) -> str:
    release(scene.house.core, ADMIN)
    scene.ground.is_held = False
    scene.ground.end("hold", scene.house.clock())
    return "by an admin"


def _crash(scene: Scene, luck: random.Random) -> str:
    return "and start"


def _storm(scene: Scene, luck: random.Random) -> str:
    """Answers get lost, posts come late, limits bite, the history lags."""
    chances = {name: luck.choice((0.0, 0.1, 0.25)) for name in ("lost_answer", "rate_limit", "server_error")}
    late = {"late_acceptance": luck.choice((0.0, 0.15)), "late_seconds": luck.choice((5.0, 45.0, 100.0))}
    reading = {"history_error": luck.choice((0.0, 0.3)), "history_lag": luck.choice((0.0, 30.0, 60.0))}
    faults = {**chances, **late, **reading, "retry_after": luck.choice((1, 2, 30))}
    scene.house.slack.set_faults(**faults)
    scene.is_stormy = True
    scene.ground.begin("storm", scene.house.clock())
    return ", ".join(f"{name} {value:g}" for name, value in faults.items() if value)


def _calm(scene: Scene, luck: random.Random) -> str:
    names = ("lost_answer", "rate_limit", "server_error", "late_acceptance", "history_error", "history_lag")
    scene.house.slack.set_faults(**dict.fromkeys(names, 0.0))
    scene.is_stormy = False
    scene.ground.end("storm", scene.house.clock())
    return ""


def _slack_down(scene: Scene, luck: random.Random) -> str:
    scene.house.slack.trouble = luck.choice((UNREACHABLE, UNREACHABLE, BROKEN))
    scene.ground.begin("slack", scene.house.clock())
    return scene.house.slack.trouble


def _slack_up(scene: Scene, luck: random.Random) -> str:
    scene.house.slack.trouble = ""
    scene.ground.end("slack", scene.house.clock())
    return ""


def _sleep(scene: Scene, luck: random.Random) -> str:
    scene.is_asleep = True
    scene.ground.begin("sleep", scene.house.clock())
    return ""


def _wake(scene: Scene, luck: random.Random) -> str:
    scene.is_asleep = False
    scene.ground.end("sleep", scene.house.clock())
    return ""


def _leap(scene: Scene, luck: random.Random) -> str:
    """Let the app's clock be wrong: by minutes or hours it works on, by years it must not do anything."""
    return _skew(scene, luck.choice(LEAPS))


def falter(scene: Scene, luck: random.Random) -> str:
    """Let the clock be wrong for a moment, as when a virtual machine is moved."""
    return _skew(scene, luck.choice(SMALL_LEAPS))


def _skew(scene: Scene, skew: timedelta) -> str:
    scene.house.app_clock.skew = skew
    scene.ground.is_held = scene.ground.is_held or skew in WILD_LEAPS
    scene.ground.begin("leap", scene.house.clock())
    return f"by {skew}"


def _clock_right(scene: Scene, luck: random.Random) -> str:
    skew, scene.house.app_clock.skew = scene.house.app_clock.skew, timedelta(0)
    with scene.house.core.db.reading() as session:
        here = instance.workspace(session, scene.house.core.workspace_id)
    scene.ground.is_held = here is not None and here.hold_reason == "rehearsed"
    # What was done by a fast clock seems to come from the future: the app waits until that is past.
    scene.ground.end("leap", scene.house.clock() + (skew if skew in SMALL_LEAPS[-2:] else timedelta(0)))
    return ""


def _new_zones(scene: Scene, luck: random.Random) -> str:
    zone, edition = luck.choice(sorted(zones.EDITIONS)), luck.randint(0, 1)
    zones.swap(scene.house.folder / "zoneinfo", zone, edition)
    scene.ground.moved.append(("", scene.house.clock()))
    return f"{zone}, edition {edition}"


ACTS: Mapping[str, Doing] = {
    "join": _join, "leave": _leave, "travel": _travel, "move": _move, "tell": _tell,
    "stop": _stop, "start": _start, "pause": _pause, "forget": _forget, "reply": _reply,
    "publish": _publish, "edit": _edit, "break": _break, "update": _update, "correct": _correct, "recall": _recall,
    "widen": _widen, "pause campaign": _pause_campaign, "resume campaign": _resume_campaigns,
    "hold": _hold, "resume": _resume, "crash": _crash, "storm": _storm, "calm": _calm,
    "slack down": _slack_down, "slack up": _slack_up, "sleep": _sleep, "wake": _wake,
    "leap": _leap, "clock right": _clock_right, "new zones": _new_zones,
}  # fmt: skip
