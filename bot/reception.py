"""Every request of Slack's, whichever workspace it is for: this module finds the workspace's own app and asks it."""

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from slack_bolt import BoltRequest, BoltResponse

from bot.bolt_app import bolt_app, plain_client, quiet_logger
from bot.counted_threads import CountedThreads
from bot.eager import Eager, asker_of
from bot.listeners.light_clicks import Door
from bot.listeners.whose import address_of
from bot.offices import NotInstalled, Office, Offices
from bot.settings import Settings
from bot.slack_api import ResponseAddresses
from bot.texts import text
from nudges.errors import StorageError

logger = logging.getLogger(__name__)

LISTENERS = 10  # threads of a workspace for what comes after an acknowledgement, as far as they are needed
APPS_KEPT = 50  # built in some milliseconds when they are needed again
SHARE = 12  # requests of one workspace at once where there are several, of the twenty that a process answers


@dataclass
class _Room:
    """One workspace's app, its threads, and how many requests are in it."""

    office: Office
    app: Door
    executor: CountedThreads
    inside: int = field(default=0)


class Reception:
    """Takes what the guard or a socket let through; stands where the library expects its one app."""

    def __init__(self, settings: Settings, offices: Offices) -> None:
        self.logger = quiet_logger()
        self.client = plain_client(settings)
        self._settings = settings
        self._offices = offices
        self._addresses = ResponseAddresses()
        self._eager = Eager()
        self._lock = threading.Lock()
        self._rooms: OrderedDict[str, _Room] = OrderedDict()

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer a request; whoever is not installed, or asks without end, gets a kind word and nothing else."""
        if self._eager.is_too_much(address_of(req.body).team_id, asker_of(req.body)):
            return _in_a_hurry(req)
        try:
            room = self._enter(req)
        except StorageError:
            logger.warning("request refused, because the database cannot be used")
            return BoltResponse(status=503, body="")
        if room is None:
            return _stranger(req)
        try:
            if room.inside > SHARE and len(self._offices.workspace_ids()) > 1:
                # Slack delivers events again and shows its sign at clicks; the others go on.
                return BoltResponse(status=503, body="")
            return room.app.dispatch(req)
        finally:
            self._leave(room)

    @property
    def is_idle(self) -> bool:
        """Return whether every request is answered, and what comes after its acknowledgement is done too."""
        with self._lock:
            return all(not room.inside and room.executor.is_idle for room in self._rooms.values())

    def close(self) -> None:
        """Finish what comes after acknowledgements."""
        with self._lock:
            rooms, self._rooms = list(self._rooms.values()), OrderedDict()
        for room in rooms:
            room.executor.shutdown(wait=True)
        self._addresses.close()

    def _enter(self, request: BoltRequest) -> _Room | None:
        for workspace_id in address_of(request.body).workspace_ids:
            try:
                office = self._offices.office(workspace_id)
            except NotInstalled:
                continue
            with self._lock:
                room = self._room(workspace_id, office)
                room.inside += 1
            return room
        return None

    def _room(self, workspace_id: str, office: Office) -> _Room:
        room = self._rooms.get(workspace_id)
        if room is None or room.office is not office:
            executor = CountedThreads(max_workers=LISTENERS, name=f"listener-{workspace_id}")
            app = bolt_app(self._settings, office, executor, post=self._addresses.post)
            room = self._rooms[workspace_id] = _Room(office, app, executor)
        self._rooms.move_to_end(workspace_id)
        idle = (name for name, one in self._rooms.items() if not one.inside and one is not room)
        if len(self._rooms) > APPS_KEPT and (oldest := next(idle, None)):
            self._rooms.pop(oldest).executor.shutdown(wait=False)
        return room

    def _leave(self, room: _Room) -> None:
        with self._lock:
            room.inside -= 1


def _in_a_hurry(request: BoltRequest) -> BoltResponse:
    if "command" in request.body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text("hurry.command")})
    # Nothing was done, and no acknowledgement says so: Slack shows its sign at a click, and tells an event again.
    return BoltResponse(status=503, body="")


def _stranger(request: BoltRequest) -> BoltResponse:
    logger.info("request of a workspace that does not have the app")
    if "command" in request.body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text("stranger.command")})
    return BoltResponse(status=200, body="")
