"""The two orders that do not work, kept as negative controls: this module marks a row before or after it posts."""

import os
import sqlite3

from slack_sdk import WebClient


def work() -> None:
    """Post every row that is not marked, one after the other, with the mark on the side that NAIVE_ORDER says."""
    order = os.environ["NAIVE_ORDER"]
    database = sqlite3.connect(os.environ["NAIVE_DATABASE"], isolation_level=None)
    database.execute("CREATE TABLE IF NOT EXISTS marked (number INTEGER PRIMARY KEY)")
    client = WebClient(
        token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"], retry_handlers=[], timeout=1
    )
    for number in range(int(os.environ["NAIVE_TOTAL"])):
        while not is_marked(database, number):
            if order == "before":
                mark(database, number)
            if post(client, number) and order == "after":
                mark(database, number)


def is_marked(database: sqlite3.Connection, number: int) -> bool:
    """Return whether the row counts as sent."""
    return database.execute("SELECT 1 FROM marked WHERE number = ?", [number]).fetchone() is not None


def mark(database: sqlite3.Connection, number: int) -> None:
    """Count the row as sent."""
    database.execute("INSERT OR IGNORE INTO marked VALUES (?)", [number])


def post(client: WebClient, number: int) -> bool:
    """Post the row; anything that goes wrong counts as not sent."""
    metadata = {"event_type": "naive", "event_payload": {"delivery_id": f"naive-{number}"}}
    try:
        client.chat_postMessage(channel=f"U0P{number:05d}", text="A tip.", metadata=metadata)
    except Exception:
        return False
    return True
