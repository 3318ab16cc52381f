"""One post of a body that is JSON already: this module spares the library taking apart what it would put together.

What comes back is the library's own answer, and what goes wrong is raised as the library raises it.
"""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

METHOD = "chat.postMessage"
UNREADABLE = {"ok": False, "error": "no JSON came back"}  # a code with blanks is none of Slack's: nothing is sure


def post_json(client: WebClient, content: str) -> SlackResponse:
    """Post the message and return Slack's answer; SlackApiError when it is a no."""
    url = client.base_url + METHOD
    headers = {
        "Content-type": "application/json;charset=utf-8",
        "Authorization": f"Bearer {client.token}",
        **client.headers,
    }
    try:
        answer = client._perform_urllib_http_request_internal(url, _Ready(content.encode(), headers))
    except HTTPError as error:  # the simulated Slack's client raises these, as urllib does
        body = error.read().decode(errors="replace")
        answer = {"status": error.code, "headers": dict(error.headers.items()), "body": body}
    data, status = _data(answer["body"]), int(answer["status"])
    response = SlackResponse(
        client=client,
        http_verb="POST",
        api_url=url,
        req_args={},
        data=data,
        headers=answer["headers"],
        status_code=status,
    )
    if status != 200 or not data.get("ok"):
        raise SlackApiError(f"The request to the Slack API failed. (url: {url})", response)  # type: ignore[no-untyped-call]
    return response


class _Ready(Request):
    """A request to an address that is known: the library's own takes the address to pieces for each."""

    def __init__(self, content: bytes, headers: dict[str, str]) -> None:
        self._data = content
        self.headers = headers
        self.unredirected_hdrs: dict[str, str] = {}


def _data(body: str) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except ValueError:
        return UNREADABLE
    return data if isinstance(data, dict) else UNREADABLE
