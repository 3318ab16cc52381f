"""A company's own people in a rehearsal: this module makes the accounts that go with a people file.

The file is then imported as in life, faults and all. Slack's side of it is made up: everybody is a member in the zone
of their place or country.
"""

import csv
import io
from collections.abc import Iterator

from bot.sandbox.records import Json
from bot.simulation.house import Cast
from bot.simulation.places import zone_for
from bot.simulation.synthetic import slack_user
from nudges.domain.playbooks.company import Company
from nudges.errors import ImportRefused

NAMELESS = "Colleague"


def imported_cast(text: str, company: Company) -> Cast:
    """Return everybody the file names; ImportRefused when it names nobody. Its other faults are told at the import."""
    users = tuple({user["id"]: user for user in _users(text, company)}.values())
    if not users:
        raise ImportRefused("The people file has nobody in it, or no column slack_id or email.")
    return Cast(users, text)


def _users(text: str, company: Company) -> Iterator[Json]:
    body = text.lstrip("\ufeff")
    delimiter = max(",;\t", key=body.split("\n", 1)[0].count)
    for number, raw in enumerate(csv.DictReader(io.StringIO(body, newline=""), delimiter=delimiter), start=1):
        row = {str(key).strip().lower(): (value or "").strip() for key, value in raw.items() if isinstance(value, str)}
        email = row.get("email", "").lower()
        person_id = row.get("slack_id", "") or (f"U0FILE{number:05}" if email else "")
        if person_id:
            name = row.get("first_name") or email.partition("@")[0].partition(".")[0].title() or NAMELESS
            zone = zone_for(row.get("place", ""), row.get("country", ""), company)
            yield slack_user(person_id, name, zone, row.get("title", ""), email)
