"""Who was there when it was killed: this module follows what a kill left in doubt, and tells it on the page."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from bot.cli.demo_story import Findings, Kill, Truth, story
from bot.sandbox.workspace import Slack
from nudges.errors import StorageError
from nudges.services.delivery.look_back import look_back
from nudges.store.engine import open_database


class Witness:
    """Looks at the app's books and counts at Slack, until all that a kill left in doubt is settled."""

    def __init__(self, slack: Slack, database_url: str, *, zone: tzinfo, city: str, say: Callable[[str], None]) -> None:
        self._slack = slack
        self._url = database_url
        self._zone, self._city = zone, city
        self._say = say
        self._kill: Kill | None = None
        self._since: float = 0.0
        self._told = ""

    @property
    def in_doubt_since(self) -> float | None:
        """Return the first kill whose doubts are not all settled; None when they are."""
        return self._since if self._kill else None

    def saw(self, what: str, *, at: float, since: float | None = None) -> None:
        """Begin a story: the demo or the app was killed at this (virtual) instant and goes on now.

        Doubts of an earlier kill that were not settled yet belong to it: those since `since`, or of the story so far.
        """
        earlier = [instant for instant in (since, self.in_doubt_since) if instant is not None]
        self._since = min([at, *earlier])
        self._kill = Kill(what, _instant(at), _instant(self._slack.clock.now()))
        self._show(self._kill, Findings())

    def look(self, *, is_back: bool) -> None:
        """Tell what is known by now; `is_back` says that the app has noted what its predecessor left open."""
        if self._kill is None or not is_back:
            return
        found = self._findings()
        if found is None:
            return
        self._show(self._kill, found)
        if found.is_settled:
            self._say(f"\n{self._told}\n")
            self._kill = None

    def _findings(self) -> Findings | None:
        """Return what is known; None when the database is busy or unwell, and the next look may know more."""
        try:
            database = open_database(self._url)
            try:
                past = look_back(database, self._slack.state.app.team_id, _instant(self._since))
            finally:
                database.close()
        except StorageError:
            return None
        # Counted after the books were read: what they call sent then must stand at Slack now.
        posted = Counter(one.delivery_id for one in self._slack.posted() if one.delivery_id)
        doubled = sum(count > 1 for count in posted.values())
        truth = Truth(len(posted), doubled, sum(one not in posted for one in past.sent_ids))
        return Findings(True, past.doubts, truth)

    def _show(self, kill: Kill, found: Findings) -> None:
        text = story(kill, found, self._zone, self._city)
        if text != self._told:
            self._told = text
            self._slack.put_notice(text, about=f"{kill.back_at:%Y%m%dT%H%M%S.%f}")


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
