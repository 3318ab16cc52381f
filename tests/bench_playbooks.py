"""Checking beside the field's checkers: this module times one playbook of a thousand nudges in the same run."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml

from nudges.domain.files.loading import load_company, load_playbook

PLAYBOOKS = Path(__file__).resolve().parents[1] / "playbooks"
BIN = Path(sys.executable).parent
NUDGES = 1_000
HEAD = """playbook: a-thousand
title: Find an expert before you escalate
tool: Slack channels
owner: U0PRIYA
goal: {business: Resolve more at first contact, kpi: first_contact_resolution, it_partner: U0LEE}
sponsor: {name: Dana Ortiz, role: VP Service, says: "I ask there myself before every customer call."}
audience:
  segments: [customer-service]
personal_wins:
  customer-service: {kind: easier_day, text: Answer the customer on the first call}
nudges:
"""
TIP = """  - tip: ask-before-you-search-{n}
    stage: show
    when: {{week: {week}, day: {day}, at: "10:00"}}
    text: |
      Stuck on billing question number {n}? Post it in *#ask-billing*: the median answer comes in six minutes.
    try_it: {{label: Open the channel, channel: ask-billing}}
"""
STORY = """  - story: how-maya-closed-it-{n}
    when: {{week: {week}, day: {day}, at: "14:00"}}
    by: {{name: Maya, team: Customer service Lisbon}}
    text: I asked question {n}, and had the answer before the customer had finished the form.
"""
QUIZ = """  - quiz: where-would-you-ask-{n}
    when: {{after: ask-before-you-search-{tip}, days: 7}}
    question: A customer reports double charge {n}. Where do you ask first?
    choices:
      - {{key: mail, text: A mail to the billing lead, reply: "It works, but only you learn the answer."}}
      - {{key: channel, text: "#ask-billing", right: true, reply: "Yes. The next colleague finds it too."}}
"""


def a_thousand_nudges() -> str:
    """Return the text of a playbook with a thousand nudges of all three kinds."""
    shapes, days = (TIP, STORY, QUIZ), ("mon", "tue", "wed", "thu", "fri")
    values = ({"n": n, "tip": n - n % 3, "week": n % 100 + 1, "day": days[n % 5]} for n in range(NUDGES))
    return HEAD + "".join(shapes[value["n"] % 3].format(**value) for value in values)


def loading(line: Callable[..., None], timed: Callable[[Callable[[], object]], float]) -> None:
    """Load it with places, types and every rule, beside the parser's bare events."""
    text = a_thousand_nudges()
    company = load_company((PLAYBOOKS / "company.yaml").read_text(encoding="utf-8"), file="company.yaml").value

    def ours() -> None:
        assert load_playbook(text, file="bench", company=company).value is not None

    def events() -> None:
        for _ in yaml.parse(text, Loader=yaml.CSafeLoader):
            pass

    line(f"{NUDGES} nudges loaded and checked", timed(ours), timed(events), "PyYAML's bare C event stream")


def checking(line: Callable[..., None], timed: Callable[[Callable[[], object]], float]) -> None:
    """Run `nudger check` as a process beside yamllint and check-jsonschema on the same file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        playbook, schema = folder / "a-thousand.yaml", folder / "playbook.schema.json"
        playbook.write_text(a_thousand_nudges(), encoding="utf-8")
        (folder / "company.yaml").write_bytes((PLAYBOOKS / "company.yaml").read_bytes())
        schema.write_text(_run("nudger", "schema").stdout, encoding="utf-8")
        ours = timed(lambda: _run("nudger", "check", str(playbook)))
        lint = timed(lambda: _run("yamllint", "-d", "relaxed", str(playbook)))
        by_schema = timed(lambda: _run("check-jsonschema", "--schemafile", str(schema), str(playbook)))
    line(f"`nudger check` of {NUDGES} nudges, whole process", ours, lint, "yamllint, which knows no playbooks")
    line(f"`nudger check` of {NUDGES} nudges, whole process", ours, by_schema, "check-jsonschema with our schema")


def _run(command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run([str(BIN / command), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode < 2, done.stderr
    return done
