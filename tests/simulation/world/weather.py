"""What circumstances do to the app: this module is one function for each kind of bad weather and its end."""

import random
from datetime import timedelta

from nudges.store import instance
from tests.simulation.world import zones
from tests.simulation.world.scene import Scene
from tests.simulation.world.slack import BROKEN, UNREACHABLE

# A clock that is fast by hours cannot be told from a rest; once it is right again the app waits until it has caught up.
SMALL_LEAPS = (
    timedelta(minutes=-50), timedelta(minutes=-5), timedelta(minutes=7), timedelta(minutes=55),
    timedelta(hours=2), timedelta(hours=3),
)  # fmt: skip
WILD_LEAPS = (timedelta(days=-3650), timedelta(days=-2), timedelta(days=200), timedelta(days=3650))
LEAPS = SMALL_LEAPS + WILD_LEAPS


def do_crash(scene: Scene, luck: random.Random) -> str:
    return "and start"


def do_storm(scene: Scene, luck: random.Random) -> str:
    """Answers get lost, posts come late, limits bite, the history lags."""
    chances = {name: luck.choice((0.0, 0.1, 0.25)) for name in ("lost_answer", "rate_limit", "server_error")}
    late = {"late_acceptance": luck.choice((0.0, 0.15)), "late_seconds": luck.choice((5.0, 45.0, 100.0))}
    reading = {"history_error": luck.choice((0.0, 0.3)), "history_lag": luck.choice((0.0, 30.0, 60.0))}
    faults = {**chances, **late, **reading, "retry_after": luck.choice((1, 2, 30))}
    scene.house.slack.set_faults(**faults)
    scene.is_stormy = True
    scene.ground.begin("storm", scene.house.clock())
    return ", ".join(f"{name} {value:g}" for name, value in faults.items() if value)


def do_calm(scene: Scene, luck: random.Random) -> str:
    names = ("lost_answer", "rate_limit", "server_error", "late_acceptance", "history_error", "history_lag")
    scene.house.slack.set_faults(**dict.fromkeys(names, 0.0))
    scene.is_stormy = False
    scene.ground.end("storm", scene.house.clock())
    return ""


def do_slack_down(scene: Scene, luck: random.Random) -> str:
    scene.house.slack.trouble = luck.choice((UNREACHABLE, UNREACHABLE, BROKEN))
    scene.ground.begin("slack", scene.house.clock())
    return scene.house.slack.trouble


def do_slack_up(scene: Scene, luck: random.Random) -> str:
    scene.house.slack.trouble = ""
    scene.ground.end("slack", scene.house.clock())
    return ""


def do_sleep(scene: Scene, luck: random.Random) -> str:
    scene.is_asleep = True
    scene.ground.begin("sleep", scene.house.clock())
    return ""


def do_wake(scene: Scene, luck: random.Random) -> str:
    scene.is_asleep = False
    scene.ground.end("sleep", scene.house.clock())
    return ""


def do_leap(scene: Scene, luck: random.Random) -> str:
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


def do_clock_right(scene: Scene, luck: random.Random) -> str:
    skew, scene.house.app_clock.skew = scene.house.app_clock.skew, timedelta(0)
    with scene.house.core.db.reading() as session:
        here = instance.workspace(session, scene.house.core.workspace_id)
    scene.ground.is_held = here is not None and here.hold_reason == "rehearsed"
    # What was done by a fast clock seems to come from the future: the app waits until that is past.
    scene.ground.end("leap", scene.house.clock() + (skew if skew in SMALL_LEAPS[-2:] else timedelta(0)))
    return ""


def do_new_zones(scene: Scene, luck: random.Random) -> str:
    zone, edition = luck.choice(sorted(zones.EDITIONS)), luck.randint(0, 1)
    zones.swap(scene.house.folder / "zoneinfo", zone, edition)
    scene.ground.moved.append(("", scene.house.clock()))
    return f"{zone}, edition {edition}"
