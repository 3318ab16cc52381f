"""The Home tab: this module is a person's own view of their nudges, their settings and the way out."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from bot.blocks.actions import ActionId, DaysValue
from bot.blocks.parts import Safe, button, context, divider, fit, header, lines, say, section
from bot.blocks.times import local_day, when
from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text
from nudges.domain.markup import render_plain
from nudges.domain.views import HomeView, NudgeLine, Role, Wishes

NUDGES_SHOWN = 10
LONGEST_SUMMARY = 240
NEW_PLAYBOOK = "new"  # as in `/nudge edit new`


def home_view(home: HomeView, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the Home tab of one person."""
    blocks = [*_greeting(home, language), *_sent(home, language), *_yours(language)]
    if home.role is not Role.EMPLOYEE:
        blocks += [context(say("home.helper", language)), _writing(language)]
    return View(type="home", blocks=blocks)


def next_line(wishes: Wishes, home: HomeView, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return what comes next for the person, or why nothing does."""
    if wishes.is_stopped:
        return say("home.stopped", language)
    if wishes.paused_until is not None:
        return say("home.paused", language, when=when(wishes.paused_until, wishes.zone, language))
    if home.next_at is None:
        return say("home.next_none", language)
    return say("home.next", language, when=when(home.next_at, home.zone, language))


def _greeting(home: HomeView, language: str) -> list[Block]:
    name = home.first_name
    hello = text("home.hello", language, first_name=name) if name else text("home.hello_nobody", language)
    return [
        header(hello),
        context(say("home.what", language)),
        section(next_line(home.wishes, home, language)),
        ActionsBlock(block_id="home.wishes", elements=_wish_buttons(home.wishes, language)),
    ]


def _wish_buttons(wishes: Wishes, language: str) -> list[ButtonElement]:
    stop = button(text("home.stop", language), ActionId.STOP_ME)
    start = button(text("home.start", language), ActionId.START_ME, style="primary")
    if wishes.is_stopped:
        return [start]
    if wishes.paused_until is not None:
        return [start, stop]
    week = button(text("home.pause_week", language), f"{ActionId.PAUSE_ME}.7", value=DaysValue(7).encode())
    weeks = button(text("home.pause_weeks", language), f"{ActionId.PAUSE_ME}.14", value=DaysValue(14).encode())
    return [week, weeks, stop]


def _sent(home: HomeView, language: str) -> list[Block]:
    blocks: list[Block] = [divider(), header(text("home.sent_header", language))]
    if not home.sent:
        return [*blocks, section(say("home.sent_none", language))]
    blocks.append(context(plural("home.sent_count", home.sent_count, language)))
    return blocks + [section(_nudge(nudge, home, language)) for nudge in home.sent[:NUDGES_SHOWN]]


def _nudge(nudge: NudgeLine, home: HomeView, language: str) -> Safe:
    kind = text(f"kind.{nudge.kind}", language) if has_text(f"kind.{nudge.kind}") else nudge.kind
    title = say("home.nudge", language, title=nudge.title, kind=kind, day=local_day(nudge.sent_at, home.zone, language))
    answer = Safe("")
    if nudge.answer:
        answer = say("home.answered_right" if nudge.was_right else "home.answered", language, answer=nudge.answer)
    known = nudge.feedback in ("useful", "not_for_me")
    feedback = say(f"home.said_{nudge.feedback}", language) if known else Safe("")
    # The summary is the author's own text, with its marks and variables.
    summary = render_plain(nudge.summary, {"first_name": home.first_name})
    return lines([title, fit(summary, LONGEST_SUMMARY), lines([answer, feedback], "  ")])


def _writing(language: str) -> ActionsBlock:
    write = button(text("home.write", language), ActionId.EDIT_PLAYBOOK, value=NEW_PLAYBOOK)
    return ActionsBlock(block_id="home.writing", elements=[write])


def _yours(language: str) -> list[Block]:
    buttons = [
        button(text("home.barrier", language), ActionId.REPORT_BARRIER),
        button(text("home.why", language), ActionId.WHY_ME),
        button(text("home.my_data", language), ActionId.MY_DATA),
        button(text("home.forget", language), ActionId.FORGET_ME, style="danger"),
    ]
    return [
        divider(),
        header(text("home.yours_header", language)),
        section(say("home.yours", language)),
        ActionsBlock(block_id="home.yours", elements=buttons),
        context(say("home.sees", language)),
    ]
