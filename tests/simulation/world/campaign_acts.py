"""What authors and admins do: this module is one function for each such act."""

import random
from datetime import timedelta

from bot.simulation.approving import approve_open
from nudges.errors import NudgerError
from nudges.services.authoring.publish import ask_widening, publish, update
from nudges.services.delivery.order_changes import order_correction, order_recall
from nudges.services.delivery.steer import hold_workspace, pause_campaigns, release, resume_campaigns
from tests.simulation.world.ground import Run
from tests.simulation.world.scene import Scene
from tests.simulation.world.texts import ADMIN, AUTHOR, book_text, write

HOUR = timedelta(hours=1)
GOT = """
SELECT DISTINCT d.nudge_key FROM deliveries d JOIN campaigns c ON c.campaign_id = d.campaign_id
WHERE c.name = ? AND d.status = 'sent'
"""
BREAKS = ("\n  - tip: n0\n", "\nnudges: [", "\nholdut: 10%\n")


def do_publish(scene: Scene, luck: random.Random) -> str | None:
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


def do_edit(scene: Scene, luck: random.Random) -> str:
    return _edit_book(scene, luck.choice(sorted(scene.books)))


def _edit_book(scene: Scene, key: str) -> str:
    version = scene.versions[key] = scene.versions.get(key, 1) + 1
    write(scene.house.core.library.folder, key, book_text(scene.books[key], version))
    scene.broken.discard(key)
    return f"{key} v{version}"


def do_break(scene: Scene, luck: random.Random) -> str:
    key = luck.choice(sorted(scene.books))
    text = book_text(scene.books[key], scene.versions.get(key, 1)) + luck.choice(BREAKS)
    write(scene.house.core.library.folder, key, text)
    scene.broken.add(key)
    return key


def do_update(scene: Scene, luck: random.Random) -> str | None:
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


def do_correct(scene: Scene, luck: random.Random) -> str | None:
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


def do_recall(scene: Scene, luck: random.Random) -> str | None:
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


def do_widen(scene: Scene, luck: random.Random) -> str | None:
    run = scene.some_run(luck)
    if run is None or not run.book.is_piloted:
        return None
    try:
        ask_widening(scene.house.core, run.name, AUTHOR)
    except NudgerError as error:
        return f"{run.name} refused: {error.code}"
    approve_open(scene.house.core)
    return run.name


def do_pause_campaign(scene: Scene, luck: random.Random) -> str | None:
    run = scene.some_run(luck)
    if run is None or not pause_campaigns(scene.house.core, ADMIN, run.name):
        return None
    run.is_paused = True
    scene.ground.begin(f"pause {run.name}", scene.house.clock())
    return run.name


def do_resume_campaigns(scene: Scene, luck: random.Random) -> str:
    """Resume whatever is paused, one by one: `all` would end a hold too."""
    for run in scene.ground.runs.values():
        run.is_paused = False
        resume_campaigns(scene.house.core, ADMIN, run.name)
        scene.ground.end(f"pause {run.name}", scene.house.clock())
    return "all"


def do_hold(scene: Scene, luck: random.Random) -> str:
    hold_workspace(scene.house.core, "rehearsed")
    scene.ground.is_held = True
    scene.ground.begin("hold", scene.house.clock())
    return "by an admin"


def do_resume(scene: Scene, luck: random.Random) -> str:
    release(scene.house.core, ADMIN)
    scene.ground.is_held = False
    scene.ground.end("hold", scene.house.clock())
    return "by an admin"
