"""Thirty-odd people, two playbooks and their people file: this module is the company of the acceptance tests.

Monday 8 March 2027 is a public holiday in Berlin and nowhere else here; the four weeks close on Monday 29 March.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.page_json import PersonFacts
from bot.sandbox.run import facts_of

LISBON, TOKYO, NEW_YORK, BERLIN = (
    ZoneInfo(name) for name in ("Europe/Lisbon", "Asia/Tokyo", "America/New_York", "Europe/Berlin")
)
ADMIN, AUTHOR, IT, CHIEF = "U0AMIR", "U0PRIYA", "U0LEE", "U0MARTA"
BILLING_LEAD, ORDERS_LEAD = "U0RUI", "U0ZE"
BILLING = ("U0MAYA", "U0BEA", "U0CARL", "U0DITA", "U0EVA", "U0FAY", "U0GIL", "U0HUGO")
ORDERS = ("U0ODA", "U0OLE", "U0ORI", "U0OSK", "U0OTA", "U0OVE", "U0OZZ", "U0OPI")
YUKI, NEIL, HANS = "U0YUKI", "U0NEIL", "U0HANS"
GUEST, ROBOT, LEAVER, STRANGER = "U0GUEST", "U0ROBOT", "U0LEFT", "U0STRANGER"
NEVER_WRITTEN_TO = (GUEST, ROBOT, LEAVER, STRANGER)

PUBLISHED_AT = datetime(2027, 3, 5, 15, 0, tzinfo=LISBON)  # a Friday
MONDAY = datetime(2027, 3, 8, tzinfo=LISBON)
TUESDAY_NOON = datetime(2027, 3, 9, 12, 30, tzinfo=LISBON)
PERIOD_CLOSED = datetime(2027, 3, 29, 12, 0, tzinfo=LISBON)

COMPANY = """
admins: [U0AMIR]
authors: [U0PRIYA]
approvers: [U0LEE]
default_zone: Europe/Lisbon
working_hours: {default: "09:00-17:00 mon-fri"}
holidays: {PT: auto, DE: DE-BE}
caps: {day: 1, week: 3}
channels: {ask-billing: C0BILLING}
barriers:
  owner: U0PRIYA
  remedies:
    manager_discourages: [{do: Send every manager the one-page kit, by: owner, within: 14d}]
segments:
  desks: {department: [Customer service, Order desk, Service abroad]}
  sharers: {team: [Sharing Lisbon]}
  nobody-yet: {department: Space travel}
"""
EXPERT = """
playbook: find-an-expert
title: Find an expert before you escalate
tool: Slack channels
owner: U0PRIYA
goal: {business: Resolve more at first contact, kpi: first_contact_resolution, it_partner: U0LEE}
sponsor: {name: Dana Ortiz, role: VP Service, says: I ask there myself before every customer call.}
audience: {segments: [desks]}
personal_wins:
  desks: {kind: easier_day, text: Answer the customer on the first call}
nudges:
  - tip: ask-before-you-search
    stage: sell
    when: {week: 1, day: mon, at: "10:00"}
    text: |
      Stuck on a billing question, {first_name}? Post it in *#ask-billing*: the median answer comes in six minutes.
    try_it: {label: Open the channel, channel: ask-billing}
  - quiz: where-would-you-ask
    when: {week: 1, day: tue, at: "10:00"}
    question: A customer reports a double charge. Where do you ask first?
    choices:
      - {key: channel, text: "#ask-billing", right: true, reply: Yes. Six minutes.}
      - {key: mail, text: A mail to the lead, reply: "It works, but only you learn the answer."}
  - story: how-maya-closed-it
    when: {week: 2, day: wed, at: "14:00"}
    by: {name: Maya, team: Billing Lisbon}
    text: One line in the channel while the customer read me the numbers, and four minutes later it was done.
remedies:
  manager_discourages: [{do: Ask Dana to post her own question in the channel, by: owner, within: 7d}]
"""
SHARING = """
playbook: share-a-draft
title: Share a draft
tool: Slack canvases
owner: U0PRIYA
goal: {business: Fewer meetings, kpi: meeting_hours, it_partner: U0LEE}
audience: {segments: [desks]}
personal_wins:
  desks: {kind: contact, text: Colleagues who know the same customers}
nudges:
  - tip: start-small
    when: {week: 1, day: mon, at: "10:00"}
    text: A draft that others can see finds its first mistake before lunch.
  - tip: name-the-question
    when: {week: 1, day: mon, at: "11:00"}
    text: Say in the first line what you want to hear about your draft.
  - tip: thank-the-first
    when: {week: 1, day: tue, at: "11:00"}
    text: Thank the first colleague who finds a mistake, and there will be a second.
  - tip: share-the-why
    when: {week: 1, day: wed, at: "11:00"}
    text: One sentence on why you wrote it saves ten questions.
  - tip: ask-for-examples
    when: {week: 1, day: thu, at: "11:00"}
    text: An example of your own shows others what you mean.
"""


def write_playbooks(folder: Path) -> Path:
    """Write company.yaml and both playbooks; return their folder."""
    folder.mkdir(parents=True)
    for name, text in (("company", COMPANY), ("find-an-expert", EXPERT), ("share-a-draft", SHARING)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def users() -> list[dict[str, Any]]:
    """Return what Slack knows: everybody with their zone, a guest, a bot, a leaver and a stranger."""
    zones = {YUKI: "Asia/Tokyo", NEIL: "America/New_York", HANS: "Europe/Berlin"}
    staff = [_user(row.split(",")[0], zones) for row in _rows()]
    others = [
        {**_user(GUEST), "is_restricted": True},
        {**_user(ROBOT), "is_bot": True},
        {**_user(LEAVER), "deleted": True},
        {**_user(STRANGER), "is_stranger": True, "team_id": "T0OTHER"},
    ]
    return [*staff, *others]


def people_csv() -> str:
    """Return the people file; guest, bot and leaver stand in it as well, since such files are never quite right."""
    gone = [f"{person},Customer service,Lisbon,PT,agent,Billing Lisbon,{BILLING_LEAD}" for person in NEVER_WRITTEN_TO]
    return "\n".join(["slack_id,department,place,country,role,team,manager", *_rows(), *gone]) + "\n"


def facts() -> dict[str, PersonFacts]:
    """Return what the page shows of everybody, with who is who for a visitor."""
    tags = {BILLING[0]: ("employee",), ADMIN: ("admin",), AUTHOR: ("author",), BILLING_LEAD: ("manager",)}
    return facts_of(people_csv(), tags)


def _rows() -> Iterator[str]:
    yield f"{CHIEF},Leadership,Lisbon,PT,executive,,"
    yield f"{ADMIN},Communications,Lisbon,PT,lead,Communications,{CHIEF}"
    yield f"{AUTHOR},Communications,Lisbon,PT,author,Communications,{ADMIN}"
    yield f"{IT},IT,Lisbon,PT,owner,Tools,{CHIEF}"
    yield f"{BILLING_LEAD},Management,Lisbon,PT,manager,Leads,{CHIEF}"
    yield f"{ORDERS_LEAD},Management,Porto,PT,manager,Leads,{CHIEF}"
    yield from (f"{person},Customer service,Lisbon,PT,agent,Billing Lisbon,{BILLING_LEAD}" for person in BILLING)
    yield from (f"{person},Order desk,Porto,PT,agent,Orders Porto,{ORDERS_LEAD}" for person in ORDERS)
    yield f"{YUKI},Service abroad,Tokyo,JP,agent,Abroad,{CHIEF}"
    yield f"{NEIL},Service abroad,New York,US,agent,Abroad,{CHIEF}"
    yield f"{HANS},Service abroad,Berlin,DE,agent,Abroad,{CHIEF}"
    yield from (f"U0BACK{number:02},Back office,Lisbon,PT,clerk,Back office,{CHIEF}" for number in range(20))


def _user(person_id: str, zones: dict[str, str] | None = None) -> dict[str, Any]:
    name = person_id.removeprefix("U0").title()
    return {
        "id": person_id,
        "name": name.lower(),
        "real_name": f"{name} Example",
        "tz": (zones or {}).get(person_id, "Europe/Lisbon"),
        "profile": {"first_name": name, "email": f"{name.lower()}@example.com"},
    }
