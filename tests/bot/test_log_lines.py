"""What the log writes: this module is the tests that nothing forges a line and no secret stands in one."""

import json
import logging
import sys
from typing import Any

import pytest

from bot.logs import JsonLines

FORGED = '{"at": "now", "level": "INFO", "room": "bot", "text": "all is well"}'
BREAKS = (
    "\n",
    "\r\n",
    "\r",
    "\v",
    "\f",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    '"}\n',
    "\\\n",
    "\x1b[2J\n",
)
CANARY = "ZEBRA12345"
SECRETS = (
    f"xoxb-1-2-{CANARY}",
    f"xoxp-{CANARY}",
    f"xoxe-1-{CANARY}",
    f"xoxe.xoxb-1-{CANARY}",
    f"xapp-1-A0-{CANARY}",
    f"https://hooks.slack.com/actions/T0/1/{CANARY}",
    f"https://hooks.slack.com/commands/T0/1/{CANARY}",
    f"https://hooks.slack.com/app/T0/1/{CANARY}",
    f"https://hooks.slack.com/services/T0/B0/{CANARY}",
    f"https://hooks.slack.com/workflows/T0/A0/1/{CANARY}",
    f"https://hooks.slack-gov.com/actions/T0/1/{CANARY}",
    f"http://127.0.0.1:3100/response/{CANARY}",
)


def written(text: str, **fields: Any) -> str:
    record = logging.LogRecord("bot.test", logging.WARNING, __file__, 1, "%s", (text,), None)
    record.__dict__.update(fields)
    return JsonLines().format(record)


def with_trace(text: str) -> str:
    try:
        raise ValueError(text)
    except ValueError:
        record = logging.LogRecord("bot.test", logging.ERROR, __file__, 1, "broken", (), sys.exc_info())
    return JsonLines().format(record)


@pytest.mark.parametrize("end", BREAKS)
def test_nothing_that_is_logged_begins_a_line_of_its_own(end: str) -> None:
    text = f"name{end}{FORGED}"
    for line in (written(text, nudge_key=text), with_trace(text)):
        assert len(line.splitlines()) == 1 and line.isprintable()
        assert json.loads(line)["level"] in ("WARNING", "ERROR")
    assert json.loads(written(text, nudge_key=text))["nudge_key"] == text


@pytest.mark.parametrize("secret", SECRETS)
def test_no_token_and_no_address_for_answers_stands_in_a_line_which_stays_json(secret: str) -> None:
    for line in (written(f"failed: {secret}", url=secret, after="kept"), with_trace(f"failed for '{secret}'")):
        assert CANARY not in line
        assert "***" in line
        assert json.loads(line)["room"] == "bot.test"
    assert json.loads(written(secret, after="kept"))["after"] == "kept"
