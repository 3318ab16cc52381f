"""What `nudger new` writes for the kinds beyond tip, story and quiz: this module is their texts, with comments."""

from collections.abc import Callable, Mapping

from nudges.domain.editing.template_names import Names, try_it


def howto(names: Names) -> str:
    """Return a how-to as an entry of `nudges`."""
    return f"""\
- howto: {names.name}
  stage: show
  when: {{week: {names.week}, day: tue, at: "10:00"}}
  text: From a question to its answer, without leaving what you are doing.
  # Two to seven steps, each one thing to do. A film is welcome beside them:
  # video: {{link: "https://intranet.example.com/film", minutes: 2}}
  steps:
    - Write one line that says what you want to do, and where it stops.
    - Go on with your work; whoever knows writes under it.
    - Thank them with a tick, so that the next one sees that it helped.
{try_it(names)}  fallback: Three steps from a question to its answer
"""


def workshop(names: Names) -> str:
    """Return a workshop as an entry of `nudges`."""
    return f"""\
- workshop: {names.name}
  stage: show
  # The invitation. A reminder on the working day before, and one question afterwards, follow by themselves.
  when: {{week: {names.week}, day: tue, at: "10:00"}}
  title: Your first question, together  # what stands in the calendar
  text: |
    Bring a question from your own desk. We ask it together, and you leave with its answer.
  # Counted from each start; or a date: on: 2027-02-03. Readers see their own time.
  held: {{week: {min(names.week + 1, 104)}, day: thu, at: "14:00", zone: Europe/Lisbon, lasts: 45m}}
  place: Room 2.14, Lisbon  # change this; or join: with a link, or both
  seats: 12
  fallback: Bring a question, leave with its answer
"""


def challenge(names: Names) -> str:
    """Return a challenge as an entry of `nudges`."""
    return f"""\
- challenge: {names.name}
  # Ask comes after sell and show; without a stage it may stand anywhere.
  when: {{week: {names.week}, day: tue, at: "10:00"}}
  text: |
    Next time you are stuck, see what happens when many read it instead of one.
  # One small thing on the reader's own work. Whoever says yes is asked once how it went.
  task: Ask one question where everybody can read it
  days: 5
{try_it(names)}  fallback: One question where everybody can read it
"""


def exclusive(names: Names) -> str:
    """Return an exclusive as an entry of `nudges`."""
    place = f"channel: {names.channel}" if names.channel else 'link: "https://intranet.example.com/answers"'
    return f"""\
- exclusive: {names.name}
  stage: sell
  when: {{week: {names.week}, day: fri, at: "10:00"}}
  # Something that is nowhere else: not in the newsletter, not in a mail.
  text: |
    On Fridays the people who decide answer questions there, in their own words. Read last week's; it takes two minutes.
  try_it: {{label: Read the answers, {place}}}
  fallback: Answers you find nowhere else
"""


def poll(names: Names) -> str:
    """Return a poll as an entry of `nudges`."""
    return f"""\
- poll: {names.name}
  when: {{week: {names.week}, day: wed, at: "10:00"}}
  # An open question. Totals are shown to those who voted, once enough have.
  question: What would save you most time next month?
  options:
    - {{key: templates, text: Templates for answers}}
    - {{key: searching, text: Finding what was said before}}
    - {{key: meetings, text: Fewer meetings}}
  fallback: What would save you most time?
"""


def leader(names: Names) -> str:
    """Return a leader's word as an entry of `nudges`."""
    return f"""\
- leader: {names.name}
  stage: sell
  when: {{week: {names.week}, day: mon, at: "10:00"}}
  # The sponsor's own words, agreed with them: what they do themselves, and what they got wrong. No appeal.
  text: |
    My first question there was one I was a little ashamed of. It took four minutes, and two others thanked me for it.

    I have asked there ever since, mostly before I call a customer.
  fallback: A word about a first question
"""


KINDS: Mapping[str, Callable[[Names], str]] = {
    "howto": howto,
    "workshop": workshop,
    "challenge": challenge,
    "exclusive": exclusive,
    "poll": poll,
    "leader": leader,
}
