"""/ui for admins: workspaces, organisations and the app in them: this module turns their requests into acts."""

from __future__ import annotations

from collections.abc import Callable

from starlette.routing import BaseRoute, Route

from bot.sandbox.delivery import Outcome
from bot.sandbox.endpoints import acting, reading, required
from bot.sandbox.errors import Impossible, Refusal
from bot.sandbox.installs import Place
from bot.sandbox.people import Crowd
from bot.sandbox.records import Json
from bot.sandbox.workspace import Slack


class AdminApi:
    """What tests and curious visitors do with the app, from outside the process."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._oauth = slack.oauth
        self._installs = slack.workspaces.installs

    def routes(self) -> list[BaseRoute]:
        acts = {
            "workspaces": self.add_workspace,
            "organisations": self.add_organisation,
            "install": self.install,
            "let_in": self.let_in,
            "shut_out": self.shut_out,
            "uninstall": self.uninstall,
            "revoke": self.revoke,
            "expire": self.expire,
        }
        return [
            Route("/ui/workspaces", reading(self.places), methods=["GET"]),
            *(Route(f"/ui/{name}", acting(_refusable(act)), methods=["POST"]) for name, act in acts.items()),
        ]

    def places(self, query: Json) -> Json:
        with self._installs.lock:
            places = list(self._installs.places.values())
            return {
                "workspaces": [self._workspace(one) for one in places if not one.is_organisation],
                "organisations": [self._organisation(one) for one in places if one.is_organisation],
            }

    def _workspace(self, place: Place) -> Json:
        installation = self._installs.covering(place.id, place.enterprise_id)
        return {
            "id": place.id,
            "name": place.name,
            "people": len(self._slack.workspace(place.id).state.users),
            "organisation": place.enterprise_id,
            "installation": installation.place.id if installation else None,
        }

    def _organisation(self, place: Place) -> Json:
        installation = self._installs.installations.get(place.id)
        return {
            "id": place.id,
            "name": place.name,
            "workspaces": self._installs.workspaces_of(place.id),
            "let_in": sorted(installation.let_in) if installation else [],
            "installed": installation is not None,
        }

    def add_workspace(self, body: Json) -> Json:
        people = body.get("people") or []
        team_id = required(body, "id")
        self._slack.add_workspace(
            team_id,
            name=str(body.get("name") or ""),
            people=Crowd(people, prefix=f"U{team_id[1:]}") if isinstance(people, int) else people,
            organisation=body.get("organisation"),
            token=body.get("token"),
        )
        return self._workspace(self._installs.places[team_id])

    def add_organisation(self, body: Json) -> Json:
        return self._organisation(self._oauth.add_organisation(required(body, "id"), name=str(body.get("name") or "")))

    def install(self, body: Json) -> Json:
        return self._oauth.install(required(body, "where"))

    def let_in(self, body: Json) -> Json:
        self._oauth.let_in(required(body, "where"), *body.get("workspaces", ()))
        return self._organisation(self._installs.places[body["where"]])

    def shut_out(self, body: Json) -> Json:
        self._oauth.shut_out(required(body, "where"), *body.get("workspaces", ()))
        return self._organisation(self._installs.places[body["where"]])

    def uninstall(self, body: Json) -> Json:
        return _told(self._oauth.uninstall(required(body, "where")))

    def revoke(self, body: Json) -> Json:
        return _told(self._oauth.revoke(required(body, "where")))

    def expire(self, body: Json) -> Json:
        self._oauth.expire(required(body, "where"))
        return {"ok": True}


def _told(outcomes: list[Outcome]) -> Json:
    """Return whether the app has acknowledged every event."""
    return {"ok": all(one.ok for one in outcomes), "errors": [one.error for one in outcomes if one.error]}


def _refusable(act: Callable[[Json], Json]) -> Callable[[Json], Json]:
    def acted(body: Json) -> Json:
        try:
            return act(body)
        except Refusal as refusal:
            raise Impossible(refusal.error, "Slack would refuse to install the app there.") from refusal

    return acted
