"""What was picked in a message: this module makes an answer of ticks and menus as they stood with a click."""

from bot.blocks.actions import ActionId, PickId
from bot.listeners.payloads import Click
from nudges.domain.playbooks.playbook import Pick, Quiz


def picked_answer(quiz: Quiz, click: Click) -> str:
    """Return the answer that was picked in the message; empty where it is none."""
    if quiz.pick is Pick.IN_ORDER:
        places = [click.picked.get(f"{ActionId.PICK}.{place}", ()) for place in range(len(quiz.choices))]
        return quiz.answer_of([key for keys in places for key in keys])
    return quiz.answer_of(click.picked.get(PickId.ALL.action, ()))


def sure_in(click: Click) -> str:
    """Return how sure the person said they were; empty when they did not say."""
    return next(iter(click.picked.get(PickId.SURE.action, ())), "")
