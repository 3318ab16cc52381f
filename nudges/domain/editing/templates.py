"""What a new file begins with: this module is the texts of `nudger new`, with comments that teach.

They are good playbooks as they stand; what an author must change carries a comment that says so.
"""

from collections.abc import Callable, Mapping

from nudges.domain.editing.template_names import NOBODY, Names, try_it
from nudges.domain.editing.templates_kinds import KINDS

__all__ = ["NOBODY", "NUDGES", "Names"]


def tip(names: Names) -> str:
    """Return a tip as an entry of `nudges`."""
    return f"""\
- tip: {names.name}
  # sell says why, show says how; ask asks for something, only after the other two.
  stage: show
  when: {{week: {names.week}, day: tue, at: "10:00"}}
  # One thing, the reader's task first, the tool in passing. 120 words are plenty.
  text: |
    Stuck, and somebody must have solved it before? Write one line: what you want to do, and where it stops.

    Whoever knows reads it between two things of their own, and you carry on with your day meanwhile.
{try_it(names)}  fallback: One line, and somebody knows the answer  # what a notification shows
"""


def story(names: Names) -> str:
    """Return a story as an entry of `nudges`."""
    return f"""\
- story: {names.name}
  stage: show
  when: {{week: {names.week}, day: wed, at: "14:00"}}
  by: {{name: Maya, team: Customer service Lisbon}}  # change this: a real colleague, asked beforehand
  # In the teller's own words: the snag, what they did, how the day went on. No praise of the tool.
  text: |
    A customer was on the line, and I did not know the answer. I used to promise a call back, then ask around.

    This time I wrote one line. Six minutes later I had the answer, and the customer was still there.
  fallback: How Maya had the answer in six minutes
"""


def quiz(names: Names) -> str:
    """Return a quiz as an entry of `nudges`."""
    return f"""\
- quiz: {names.name}
  stage: show
  when: {{week: {names.week}, day: thu, at: "10:00"}}
  # A situation from the reader's own day. Nobody is graded: a wrong answer gets a kind and useful reply.
  question: You are stuck, and a customer is waiting. What gets you the answer soonest?
  choices:
    - key: mail
      text: A mail to the one who may know
      reply: It often works, but only you learn the answer, and it may come tomorrow.
    # Not always the first and not always the longest, or people tap without reading.
    - key: line
      text: One line where many read
      right: true
      reply: Yes. Somebody who knows is nearly always there, and the next colleague finds the answer too.
  fallback: What gets you the answer soonest?
"""


def playbook(names: Names) -> str:
    """Return a whole playbook of three nudges."""
    nudges = "\n".join(
        indented(text, 2)
        for text in (
            tip(Names("why-it-helps", channel=names.channel)).replace("stage: show", "stage: sell"),
            story(Names("how-a-colleague-did-it", week=2)),
            quiz(Names("what-would-you-do", week=3)),
        )
    )
    return f"""\
# Change what you read here until it is yours. `nudger check` says what is missing, line by line;
# docs/playbooks.md explains every key.

playbook: {names.name}
title: Find the answer while it still matters  # change this: what people read as its heading
tool: Slack channels
owner: {names.owner}  # hears about faults and flags
# What the company wants. Readers never see it.
goal: {{business: Resolve more at first contact, kpi: first_contact_resolution, it_partner: {names.partner}}}
# Change this: a leader who does it too, in words they have agreed to.
sponsor: {{name: Dana Ortiz, role: VP Service, says: "I ask there myself before every customer call."}}
# How things stood before, to see afterwards what has changed; `nudger check --profile live` asks for it.
# Posts and reach may be left out where they say nothing about your tool.
# baseline:
#   {{measured_on: 2027-01-04, active_share: 34%, organic_posts_per_person_week: 0.4, average_reach: 12, source: Slack}}
audience:
  segments: [{names.segment}]  # as company.yaml names them
{_pilot(names)}# What the reader gains, for each segment; it opens every message. Never what the company gains.
personal_wins:
  {names.segment}: {{kind: easier_day, text: Have the answer before the customer hangs up}}

nudges:
{nudges}
# What will be done when a barrier shows, decided now and not in haste.
remedies:
  manager_discourages: [{{do: Ask the sponsor to post a question of their own, by: owner, within: 7d}}]
  not_comfortable_sharing: [{{do: Offer a small channel where drafts are welcome, by: owner, within: 14d}}]
"""


def company(names: Names) -> str:
    """Return a company.yaml to begin with."""
    return f"""\
# What all playbooks share; docs/playbooks.md explains every key.

admins: [{names.owner}]  # change this: Slack user ids (profile, More, Copy member ID)
authors: [{names.owner}]
default_zone: Europe/Lisbon  # where nothing else is known about somebody
working_hours: {{default: "09:00-17:00 mon-fri"}}
caps: {{day: 1, week: 3}}  # the most nudges a person gets, over all playbooks
k: 5  # nothing is shown about fewer people
channels: {{}}  # names for buttons and their ids: {{ask-billing: C024BE91L}}
segments:
  # Rules over the people of Slack and people.csv; see `Segments` in docs/playbooks.md.
  customer-service: {{department: Customer service}}
  # A few of them, the same ones every time, for pilots.
  customer-service-pilot: {{all: [{{segment: customer-service}}, {{sample: 10%}}]}}
"""


NUDGES: Mapping[str, Callable[[Names], str]] = {"tip": tip, "story": story, "quiz": quiz, **KINDS}


def indented(text: str, columns: int) -> str:
    """Return the text moved to the right, empty lines left empty."""
    return "".join(f"{' ' * columns}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


def _pilot(names: Names) -> str:
    if names.pilot:
        rules = "{not_for_me: 40%, barrier_reports: 5}"
        return f"""\
  # A few people first; all others wait until ten have answered and six of them found it useful.
  pilot: {{segment: {names.pilot}, answers: 10, useful: 60%, stop_when: {rules}}}
"""
    stop = "stop_when: {not_for_me: 40%, barrier_reports: 5}"
    rule = f"{{all: [{{segment: {names.segment}}}, {{sample: 10%}}]}}"
    return f"""\
  # A few people first. In company.yaml, under `segments`, write the line
  #   {names.segment}-pilot: {rule}
  # and here, without the #:
  # pilot: {{segment: {names.segment}-pilot, answers: 10, useful: 60%, {stop}}}
"""
