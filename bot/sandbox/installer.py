"""Installing, letting in, removing, revoking: this module is what admins do with the app in any workspace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from bot.sandbox import oauth
from bot.sandbox.credentials import BOT_SCOPES
from bot.sandbox.delivery import Outcome
from bot.sandbox.errors import Impossible
from bot.sandbox.installs import Code, Installation, Place
from bot.sandbox.payloads import about_the_app
from bot.sandbox.records import AppIdentity, Json
from bot.sandbox.virtual_clock import VirtualClock
from bot.sandbox.workspaces import Workspaces


class Installer:
    """Each act names `where`: the id of a workspace or of an organisation. The app hears before an act returns."""

    def __init__(self, workspaces: Workspaces, clock: VirtualClock) -> None:
        self._workspaces = workspaces
        self._installs = workspaces.installs
        self._clock = clock
        self._installs.on_revoked = self._revoked_by_app

    # Places

    def add_organisation(self, organisation: str, *, name: str = "") -> Place:
        """Return a new organisation; workspaces join it as they are added."""
        bot_user, called = f"U0APP{organisation[1:]}", name or f"Organisation {organisation}"
        place = Place(organisation, called, bot_user, enterprise_id=organisation, enterprise_name=called)
        self._add(place)
        return place

    def identity(self, team_id: str, *, name: str, app: AppIdentity, organisation: str | None) -> AppIdentity:
        """Return the app as a new workspace knows it; in an organisation its bot is the same everywhere."""
        roof = self._place(organisation) if organisation else None
        if team_id in self._installs.places:
            raise Impossible("known_workspace", f"There is a workspace {team_id} already.")
        own = (roof.id if roof else team_id)[1:]
        return replace(
            app,
            bot_id=f"B0APP{own}",
            bot_user=f"U0APP{own}",
            team_id=team_id,
            team_name=name or f"Workspace {team_id}",
            domain=team_id.lower(),
            enterprise_id=roof.id if roof else None,
            enterprise_name=roof.name if roof else "",
        )

    def _add(self, place: Place) -> None:
        with self._installs.lock:
            if place.id in self._installs.places:
                raise Impossible("known_workspace", f"There is a workspace or organisation {place.id} already.")
            self._installs.places[place.id] = place

    # Installing

    def new_code(
        self, where: str, *, scopes: Iterable[str] = BOT_SCOPES, redirect_uri: str = "", person: str = ""
    ) -> str:
        """Return the code that a browser would carry to the app; without a person, anybody there has said yes."""
        wanted = self._code(where, scopes, redirect_uri=redirect_uri, person=person)
        return oauth.new_code(self._installs, wanted)

    def install(self, where: str, *, scopes: Iterable[str] = BOT_SCOPES, person: str = "") -> Json:
        """Install without a browser; return what oauth.v2.access answers."""
        code = self._code(where, scopes, person=person)
        app_id = self._workspaces.home().state.app.app_id
        with self._installs.lock:
            return oauth.install(self._installs, code, app_id=app_id, now=self._clock.now())

    def _code(self, where: str, scopes: Iterable[str], *, redirect_uri: str = "", person: str = "") -> Code:
        place = self._place(where)
        state = self._workspaces.lobby(where).state
        somebody = person or next((user for user in state.users if state.can_get_messages(user)), "")
        made_at = self._clock.now()
        return Code(place.id, frozenset(scopes), made_at=made_at, redirect_uri=redirect_uri, person=somebody)

    def let_in(self, organisation: str, *workspaces: str) -> None:
        """Add the app of an organisation to some of its workspaces."""
        self._change(organisation, add=workspaces)

    def shut_out(self, organisation: str, *workspaces: str) -> None:
        self._change(organisation, take=workspaces)

    def _change(self, organisation: str, *, add: tuple[str, ...] = (), take: tuple[str, ...] = ()) -> None:
        with self._installs.lock:
            known = self._installation(organisation)
            strange = set(add) - set(self._installs.workspaces_of(organisation))
            if strange:
                raise Impossible("unknown_workspace", f"{organisation} has no workspace {', '.join(sorted(strange))}.")
            let_in = (known.let_in | set(add)) - set(take)
            self._installs.installations[organisation] = replace(known, let_in=let_in)

    # Ending

    def uninstall(self, where: str) -> list[Outcome]:
        """Remove the app: its tokens end as `account_inactive`, and it hears so twice over."""
        with self._installs.lock:
            installation = self._installation(where)
            del self._installs.installations[where]
            self._installs.end_tokens(where, "account_inactive")
        return [self._tell_revoked(installation), self._tell(installation, {"type": "app_uninstalled"})]

    def revoke(self, where: str) -> list[Outcome]:
        """End the tokens of an installation as `token_revoked`."""
        with self._installs.lock:
            installation = self._installation(where)
            self._installs.end_tokens(where, "token_revoked")
        return [self._tell_revoked(installation)]

    def expire(self, where: str) -> None:
        """Let the access tokens run out now; refresh tokens stay good."""
        with self._installs.lock:
            self._installation(where)
            for token in self._installs.tokens_of(where):
                self._installs.tokens[token.value] = replace(token, expires_at=self._clock.now())

    def _revoked_by_app(self, installation: Installation) -> None:
        """Tell it after its own call has been answered: no lock may be held while the app is called."""
        later = self._workspaces.lobby(installation.place.id).delivery.run_later
        later(0.0, partial(self._tell_revoked, installation))

    def _tell_revoked(self, installation: Installation) -> Outcome:
        tokens = {"oauth": [], "bot": [installation.place.bot_user]}
        return self._tell(installation, {"type": "tokens_revoked", "tokens": tokens})

    def _tell(self, installation: Installation, event: Json) -> Outcome:
        slack = self._workspaces.lobby(installation.place.id)
        with slack.state.lock:
            stamped = {**event, "event_ts": f"{self._clock.now():.6f}"}
            payload = about_the_app(slack.state, stamped, installation.place)
        return slack.delivery.send_payload(payload, person=None)

    # Finding

    def _place(self, where: str) -> Place:
        place = self._installs.places.get(where)
        if place is None:
            raise Impossible("unknown_workspace", f"There is no workspace or organisation {where} in this sandbox.")
        return place

    def _installation(self, where: str) -> Installation:
        found = self._installs.installations.get(where)
        if found is None:
            raise Impossible("not_installed", f"The app is not installed in {where}.")
        return found
