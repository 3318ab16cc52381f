"""A small company with two playbooks: this module is what rehearsals are tested on."""

from datetime import date
from pathlib import Path

from bot.simulation.rehearsal import Rehearsal, Request, rehearse

FRIDAY = date(2027, 1, 8)
COMPANY = """
admins: [U0AMIR]
authors: [U0PRIYA]
default_zone: Europe/Lisbon
working_hours: {default: "09:00-17:00 mon-fri", AE: "09:00-17:00 mon-thu, 09:00-12:00 fri"}
place_zones: {Lisbon: Europe/Lisbon, Berlin: Europe/Berlin, Dubai: Asia/Dubai, New York: America/New_York}
holidays: {PT: auto, DE: DE-BE, AE: none, US: US-NY}
caps: {day: 1, week: 2}
segments:
  customer-service: {all: [{department: Customer service}, {not: {role: [intern]}}]}
  sales: {department: Sales}
"""
SERVICE = """
playbook: find-an-expert
title: Find an expert before you escalate
tool: Slack channels
owner: U0PRIYA
audience: {segments: [customer-service]}
personal_wins:
  customer-service: {kind: easier_day, text: Answer the customer on the first call}
nudges:
  - tip: ask-first
    when: {week: 1, day: tue, at: "10:00"}
    text: Stuck on a billing question, {first_name}? Post it in the channel.
  - quiz: where-to-ask
    when: {after: ask-first, days: 7}
    question: A customer reports a double charge. Where do you ask first?
    choices:
      - {key: channel, text: In the channel, right: true, reply: Yes.}
      - {key: mail, text: By mail, reply: "It works, but only you learn the answer."}
  - tip: say-thanks
    when: {week: 3, day: mon, at: "16:00"}
    text: Thank whoever answered you. It takes ten seconds, and next time they answer first.
  - tip: answer-one
    when: {after: say-thanks, days: 1, at: "09:30"}
    text: Answer one question of somebody else today.
"""
EVERYBODY = """
playbook: write-it-once
title: Write it once
tool: Slack canvases
owner: U0PRIYA
audience: {segments: [sales, customer-service]}
personal_wins:
  sales: {kind: easier_day, text: "Answer a question once, not every month"}
nudges:
  - tip: second-time
    when: {week: 1, day: tue, at: "11:00"}
    text: The second time you explain something, write it down.
  - story: ines
    when: {week: 2, day: wed, at: "14:00"}
    by: {name: Inês, team: Finance Lisbon}
    text: Every month the same mails. Then I wrote one page.
  - tip: share-it
    when: {week: 3, day: thu, at: "10:00"}
    text: Put the page where people ask anyway.
"""


def write_folder(folder: Path, **more: str) -> Path:
    """Put the company and its playbooks into a folder and return it."""
    texts = {"company": COMPANY, "find-an-expert": SERVICE, "write-it-once": EVERYBODY, **more}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def rehearsed(folder: Path, **options: object) -> Rehearsal:
    """Return a rehearsal of the folder from a Friday in January on."""
    values = {"weeks": 4, "size": 30, "starts_on": FRIDAY, **options}
    return rehearse(Request(folder, **values), FRIDAY)  # type: ignore[arg-type]
