"""Answers at the address that came with a click: this module posts them once, over connections that are kept."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env

from bot.slack_api.connections import Connections

logger = logging.getLogger(__name__)

TIMEOUT_S = 10
HEADERS = {"Content-Type": "application/json;charset=utf-8"}


class ResponseAddresses:
    """Posts to response addresses without retries, so that nothing shows twice; safe from any thread."""

    def __init__(self) -> None:
        self._http = Connections(timeout_s=TIMEOUT_S, proxy=load_http_proxy_from_env(logger) or "")

    def post(self, url: str, body: Mapping[str, Any]) -> bool:
        """Post this once; False when it was not taken."""
        try:
            answer = self._http.post(url, content=json.dumps(body).encode(), headers=HEADERS)
        except OSError as error:
            logger.warning("response address not reached", extra={"error": type(error).__name__})
            return False
        if answer.status != 200:
            logger.warning("response address refused", extra={"status": answer.status})
        return answer.status == 200

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
