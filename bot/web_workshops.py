"""Calendar files of workshops: this module is the page that a link in an invitation leads to.

The address is the key, made by us and impossible to guess; the file says when and where, and nothing about anybody.
"""

import logging
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.offices import Offices
from bot.settings import Settings
from nudges.errors import NudgerError
from nudges.services.delivery.calendar_links import PATH, workspace_in
from nudges.services.delivery.workshop_files import calendar_file

logger = logging.getLogger(__name__)

CALENDAR_TYPE = "text/calendar; charset=utf-8"
HEADERS = {"content-disposition": 'attachment; filename="workshop.ics"', "x-robots-tag": "noindex"}


def workshop_routes(settings: Settings, offices: Offices) -> Sequence[BaseRoute]:
    """Return the page, or none where others cannot reach our web side."""
    if not settings.nudger_public_url:
        return ()
    return (Route(f"{PATH}/{{token}}.ics", CalendarPage(offices).show, methods=["GET"]),)


class CalendarPage:
    """One file at each address; an address that we did not make leads nowhere."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices

    async def show(self, request: Request) -> Response:
        """Return the calendar file, made anew from what the campaign says now."""
        text = await run_in_threadpool(self._text, str(request.path_params["token"]))
        if text is None:
            raise HTTPException(404)
        return Response(text, media_type=CALENDAR_TYPE, headers=HEADERS)

    def _text(self, token: str) -> str | None:
        workspace_id = workspace_in(token)
        if not workspace_id:
            return None
        try:
            return calendar_file(self._offices.core(workspace_id), token)
        except NudgerError as error:
            logger.warning("calendar file not made", extra={"code": error.code})
            return None
