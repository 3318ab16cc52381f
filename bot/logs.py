"""Log lines as JSON: this module writes fields, never people's words, and hides what looks like a secret."""

import json
import logging
import re

# Tokens of every kind, rotated ones too, and the addresses at which Slack takes answers from whoever knows them. None
# reaches over a quote: what is left must still be one line of JSON.
_SECRET = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|(?:https?://)?hooks\.slack(?:-gov)?\.com/[^\s\"\\]+"
    r"|https?://[^\s\"\\]*/(?:services|response|actions|commands|app)/[^\s\"\\]+"
)
_OWN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON, with its extra fields and its trace."""
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "room": record.name,
            "text": record.getMessage(),
        }
        line |= {name: str(value) for name, value in record.__dict__.items() if name not in _OWN}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        # Escaped to ASCII: no character of a text, U+2028 and its like included, begins another line for any reader.
        return _SECRET.sub("***", json.dumps(line))


def set_up_logging(level: int) -> None:
    """Log to standard error; the libraries only when something is wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in ("bot", "nudges"):
        logging.getLogger(name).setLevel(level)
    for name in ("slack_bolt", "slack_sdk", "apscheduler", "httpx"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # Whoever called says in one sentence what the failure means; the library would say it a second time.
    logging.getLogger("slack_sdk.web.base_client").setLevel(logging.CRITICAL)
