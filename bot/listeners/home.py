"""The Home tab: this module shows it whenever a person opens it or changes a setting there."""

from dataclasses import dataclass

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks.surfaces import home_view
from bot.listeners.answering import Desk
from bot.listeners.failing import guarded
from bot.listeners.payloads import Payload, opened_home_of
from nudges.services.own import own_home


@dataclass(frozen=True)
class Openings:
    """Slack says whenever a person comes by; only the Home tab is ours to draw."""

    desk: Desk

    def accept(self, ack: Ack) -> None:
        """Acknowledge; there is nothing to store."""
        ack()

    def show(self, body: Payload, client: WebClient) -> None:
        """Draw Home for the person who opened it."""
        person_id = opened_home_of(body)
        if person_id:
            show(self.desk, client, person_id)


def show(desk: Desk, client: WebClient, person_id: str) -> None:
    """Draw a person's Home as it stands now."""
    view = home_view(own_home.home(desk.core, person_id), desk.language(person_id))
    client.views_publish(user_id=person_id, view=view)


def register(app: App, desk: Desk) -> None:
    """Listen to openings."""
    openings = Openings(desk)
    app.event("app_home_opened")(ack=openings.accept, lazy=[guarded(desk, openings.show)])
