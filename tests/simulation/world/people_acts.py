"""What people do and what becomes of them: this module is one function for each such act."""

import random
from dataclasses import replace
from datetime import timedelta

from nudges.services.answers.record_response import record_reply
from nudges.services.keeping.forget_person import forget
from nudges.services.own.preferences import pause, start, stop
from nudges.services.people.sync_people import import_people
from tests.simulation.world.house import SPOKEN
from tests.simulation.world.humans import DEPARTMENTS, PLACES, TEAMS, newcomer, people_file
from tests.simulation.world.scene import Scene


def do_join(scene: Scene, luck: random.Random) -> str:
    new = newcomer(luck, 1000 + len(scene.ground.humans))
    scene.change(new)
    return new.person_id


def do_leave(scene: Scene, luck: random.Random) -> str:
    gone = replace(scene.somebody(luck), has_left=True)
    scene.change(gone)
    return gone.person_id


def do_travel(scene: Scene, luck: random.Random) -> str:
    human, place = scene.somebody(luck), luck.choice(tuple(PLACES))
    moved = replace(human, zone=PLACES[place][0], place=luck.choice((place, human.place)))
    scene.change(moved)
    scene.ground.moved.append((human.person_id, scene.house.clock()))
    return f"{human.person_id} to {moved.zone}, office in {moved.place}"


def do_move(scene: Scene, luck: random.Random) -> str:
    human = scene.somebody(luck)
    moved = replace(human, department=luck.choice(DEPARTMENTS), role=luck.choice(("employee", "intern")))
    moved = replace(moved, team=luck.choice(TEAMS))
    scene.change(moved)
    return f"{human.person_id} to {moved.department}, {moved.team}, {moved.role}"


def do_tell(scene: Scene, luck: random.Random) -> str:
    """Import the people file, which names those too whom the app has to forget."""
    here = [one for one in scene.ground.humans.values() if not one.has_left]
    import_people(scene.house.core, people_file(here))
    scene.ground.hear_file(one for one in here if one.person_id not in scene.ground.forgotten)
    return f"{len(here)} lines"


def do_stop(scene: Scene, luck: random.Random) -> str:
    person_id = scene.somebody(luck).person_id
    stop(scene.house.core, person_id)
    if person_id not in scene.ground.forgotten:
        scene.ground.stopped.add(person_id)
    return person_id


def do_pause(scene: Scene, luck: random.Random) -> str:
    person_id, days = scene.somebody(luck).person_id, luck.choice((1, 3, 7))
    pause(scene.house.core, person_id, days)
    if person_id not in scene.ground.forgotten:
        scene.ground.rest(person_id, scene.house.core.clock() + timedelta(days=days))
    return f"{person_id} for {days} days"


def do_start(scene: Scene, luck: random.Random) -> str | None:
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


def do_forget(scene: Scene, luck: random.Random) -> str:
    person_id = scene.somebody(luck).person_id
    forget(scene.house.core, person_id)
    scene.ground.forget(person_id)
    scene.judge.forget(person_id)
    return person_id


def do_reply(scene: Scene, luck: random.Random) -> str:
    """Type something; Slack tells of it twice."""
    person_id, event_id = scene.somebody(luck).person_id, f"Ev{luck.random()}"
    for _ in range(2):
        record_reply(scene.house.core, person_id, event_id, f"{SPOKEN} {event_id}, no time")
    return person_id
