"""Previews on paper: the page escapes everything and looks like the message; the terminal says the same in words."""

import io
import json
import re
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.cli import main
from bot.preview.cards import as_json, card_of
from bot.preview.html import page
from bot.preview.mrkdwn import Span, lines_of
from bot.preview.terminal import card, plain_card
from nudges.domain.delivery.previews import PreviewState, Reader
from nudges.domain.people.people import Person
from nudges.services.authoring.import_playbooks import read_folder
from nudges.services.authoring.preview_nudge import Preview, default_reader, previews
from tests.bot.office import BEN, Office

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>{{7*7}}</b>"
COMPANY = f"""
admins: [U0AMIR]
default_zone: Europe/Lisbon
channels: {{ask-billing: C0BILLING}}
segments:
  customer-service: {{department: {json.dumps(EVIL)}}}
"""
PLAYBOOK = f"""
playbook: evil
title: {json.dumps(EVIL)}
tool: {json.dumps(EVIL)}
owner: U0PRIYA
audience: {{segments: [customer-service]}}
personal_wins:
  customer-service: {{kind: easier_day, text: {json.dumps(EVIL)}}}
nudges:
  - tip: a-tip
    when: {{week: 1, day: mon, at: "10:00"}}
    text: {json.dumps(EVIL + " {first_name} {team} {place} `" + EVIL + "`")}
    try_it: {{label: "{EVIL[:17]}", link: "https://example.com/?q='x"}}
    image: {{link: "https://example.com/x.png", alt: {json.dumps(EVIL)}}}
  - story: a-story
    when: {{week: 1, day: tue, at: "10:00"}}
    by: {{name: {json.dumps(EVIL)}, team: {json.dumps(EVIL)}}}
    text: {json.dumps(EVIL)}
  - quiz: a-quiz
    when: {{after: a-tip, days: 7}}
    question: {json.dumps(EVIL)}
    choices:
      - {{key: a, text: {json.dumps(EVIL[:45])}, reply: {json.dumps(EVIL)}}}
      - {{key: b, text: {json.dumps(EVIL[:44])}, right: true, reply: {json.dumps(EVIL)}}}
"""
GOOD = """
playbook: asking
title: Ask first
tool: Slack channels
owner: U0PRIYA
audience: {segments: [everybody]}
personal_wins:
  everybody: {kind: easier_day, text: Go home on time}
nudges:
  - quiz: second
    when: {after: first, days: 7}
    question: Where do you ask?
    choices:
      - {key: a, text: By mail, reply: Only you learn it.}
      - {key: b, text: In the channel, right: true, reply: Six minutes.}
    translations:
      de: {question: Wo fragst du?, choices: {a: {text: Per Mail, reply: Nur du.}, b: {text: Im Kanal, reply: Ja.}}}
  - tip: first
    stage: show
    when: {week: 1, day: tue, at: "10:00", window: 3h}
    text: |
      Hello {first_name} of {team}. *Bold*, _leaning_, ~gone~ and `code`.
      > A quote with <https://example.com/a|a link>.
"""


class Seen(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def folder_with(tmp_path: Path, playbook: str, company: str) -> Path:
    (tmp_path / "company.yaml").write_text(company, "utf-8")
    (tmp_path / "one.yaml").write_text(playbook, "utf-8")
    return tmp_path


def shown(
    tmp_path: Path, playbook: str, company: str, reader: Reader | None = None, **options: Any
) -> tuple[Preview, ...]:
    library = read_folder(folder_with(tmp_path, playbook, company))
    assert library.playbooks, [finding.text() for finding in library.findings]
    name = next(iter(library.playbooks))
    return previews(library, name, "", reader or default_reader(library, name, **options))


@pytest.fixture
def good(tmp_path: Path) -> tuple[Preview, ...]:
    company = "default_zone: Europe/Lisbon\nplace_zones: {Porto: Europe/Lisbon}\nsegments: {everybody: {country: PT}}\n"
    return shown(tmp_path, GOOD, company)


def test_nothing_an_author_or_a_person_writes_becomes_markup(tmp_path: Path) -> None:
    person = Person("U1", first_name=EVIL, team=EVIL, place=EVIL, zone="Europe/Lisbon", department=EVIL)
    seen = Seen(page(shown(tmp_path, PLAYBOOK, COMPANY, Reader(person, "customer-service", is_real=True))))
    names = {tag for tag, _ in seen.tags}
    assert not names & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "input", "svg"}
    attributes = {name for _, attrs in seen.tags for name in attrs}
    assert not [name for name in attributes if name.startswith("on") or name in ("style", "src", "srcdoc")]
    links = [attrs.get("href") or "" for tag, attrs in seen.tags if tag == "a"]
    assert all(link.startswith(("https://", "#n")) for link in links)
    assert seen.text.count("<script>alert(1)</script>") >= 12
    assert "{{7*7}}" in seen.text
    assert "49" not in seen.text


def test_the_page_needs_nothing_else_and_lets_nothing_in(good: tuple[Preview, ...]) -> None:
    document = page(good)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', document)
    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1]
    assert "sha256-" in policy[1]
    assert "unsafe" not in policy[1]
    assert not re.search(r"url\(|@import|src=", document)


def test_the_page_shows_every_nudge_in_order_in_each_state(good: tuple[Preview, ...]) -> None:
    text = Seen(page(good)).text
    assert text.index("Week 1, Tuesday 10:00 Europe/Lisbon, within 3 h") < text.index("7 days after first")
    for words in ("On a computer", "On a phone", "answered, right", "answered, another choice", "Six minutes."):
        assert words in text
    assert "marked useful" in text
    assert "reported what is in the way" in text
    assert "The notification, as it is read aloud" in text


def test_an_example_person_fits_the_segment_and_reads_the_introduction_first(good: tuple[Preview, ...]) -> None:
    first, second = good
    assert (first.nudge, second.nudge) == ("first", "second")
    assert first.reader.person.country == "PT"
    assert first.reader.person.place == "Porto"
    assert first.message().is_first
    assert not second.message().is_first
    assert "Hello Ana of Porto" in first.message().body


def test_a_reader_with_another_language_reads_the_translation_and_its_reply(tmp_path: Path) -> None:
    company = "admins: [U0AMIR]\nsegments: {everybody: {country: PT}}\n"
    quiz = shown(tmp_path, GOOD, company, language="de")[1]
    assert "Wo fragst du?" in quiz.message().question
    answered = quiz.message(PreviewState.ANSWERED).answer
    assert answered is not None
    assert answered.reply == "Ja."


def test_the_terminal_shows_marks_buttons_and_addresses(good: tuple[Preview, ...]) -> None:
    blocks = card_of(good[0], PreviewState.FRESH).states[0].blocks
    plain = plain_card(blocks)
    assert "Bold, leaning, gone and code." in plain
    assert "▎ A quote with a link (https://example.com/a)." in plain
    assert "[ Useful ]  [ Not for me ]" in plain
    console = Console(file=io.StringIO(), force_terminal=True, width=90, color_system="truecolor")
    console.print(card(blocks, title="first (tip)"))
    drawn = console.file.getvalue()  # type: ignore[attr-defined]
    assert "\x1b[1mBold" in drawn
    assert "first (tip)" in drawn


def test_what_is_no_mark_stays_as_it_is() -> None:
    assert lines_of("2 * 3 * 4 and a_b_c")[0].spans == (Span("2 * 3 * 4 and a_b_c"),)
    assert lines_of("*a `*b*` c*")[0].spans[1] == Span("*b*", is_bold=True, is_code=True)
    assert lines_of("&lt;b&gt; &amp;amp;")[0].spans == (Span("<b> &amp;"),)
    assert lines_of("<javascript:alert(1)|x>")[0].spans == (Span("x"),)
    assert [line.is_code for line in lines_of("a\n```\nx  y\n```\nb")] == [False, True, False]


def test_machines_get_blocks_states_and_findings(good: tuple[Preview, ...]) -> None:
    answer = as_json(good[1], PreviewState.FRESH)
    assert answer["reader"]["segment"] == "everybody"
    assert answer["states"][0]["blocks"][0]["type"] == "context"
    assert json.dumps(answer)


@dataclass(frozen=True)
class Terminal:
    """`nudger` in a folder of its own."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str) -> tuple[int, str]:
        """Return the exit code and all that was printed."""
        self.monkeypatch.setattr(sys, "argv", ["nudger", *words])
        try:
            main()
        except SystemExit as ended:
            printed = self.capsys.readouterr()
            return int(ended.code or 0), printed.out + printed.err
        raise AssertionError("a command ends the process")


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    company = "default_zone: Europe/Lisbon\nsegments: {everybody: {country: PT}}\n"
    monkeypatch.setenv("NUDGER_PLAYBOOKS", str(folder_with(tmp_path, GOOD, company)))
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def test_the_command_prints_one_nudge_or_all(terminal: Terminal) -> None:
    code, one = terminal.run("preview", "asking", "first")
    assert code == 0
    assert "Week 1, Tuesday 10:00 Europe/Lisbon, within 3 h" in one
    assert "Where do you ask?" not in one
    _, both = terminal.run("preview", "asking", "--state", "answered")
    assert "Your answer: In the channel" in both


def test_the_command_writes_a_page_and_says_where(terminal: Terminal, tmp_path: Path) -> None:
    code, printed = terminal.run("preview", "asking", "--format", "html", "--out", "page.html")
    assert code == 0
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")
    assert "Written to page.html" in printed


def test_the_command_gives_json(terminal: Terminal) -> None:
    _, printed = terminal.run("preview", "asking", "first", "--format", "json", "--language", "de")
    assert json.loads(printed)[0]["reader"] == {
        "name": "Ana",
        "segment": "everybody",
        "language": "en",
        "is_real": False,
    }


def test_somebody_not_known_is_replaced_by_an_example_and_that_is_said(terminal: Terminal, tmp_path: Path) -> None:
    code, printed = terminal.run("preview", "asking", "first", "--as", "U0NOBODY")
    assert code == 0
    assert "U0NOBODY is not known here" in printed
    assert not list(tmp_path.glob("*.db")), "looking must not make a database"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["askign"], "Did you mean asking?"),
        (["asking", "frist"], "Did you mean first?"),
        (["asking", "--segment", "everyone"], "There is no segment everyone"),
    ],
)
def test_a_name_that_is_not_known_is_refused_with_the_nearest(terminal: Terminal, words: list[str], said: str) -> None:
    code, printed = terminal.run("preview", *words)
    assert code == 2
    assert said in printed


def test_a_person_of_the_directory_reads_as_themselves(office: Office, terminal: Terminal) -> None:
    folder = office.core.library.folder
    terminal.monkeypatch.setenv("NUDGER_PLAYBOOKS", str(folder))
    terminal.monkeypatch.setenv("DATABASE_URL", office.core.db.url)
    _, printed = terminal.run("preview", "find-an-expert", "--as", BEN)
    assert "Read by Ben" in printed
    assert "Hello, I am Nudger" not in printed, "Ben has had it"
