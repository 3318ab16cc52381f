"""The Home tab: this module is a person's own view of their nudges, their settings and the way out."""

from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.models.views import View

from bot.blocks.actions import ActionId
from bot.blocks.home_parts import capital, kind_name, learned_blocks, saved_blocks, vote_blocks
from bot.blocks.parts import Safe, button, context, divider, fit, header, lines, say, section
from bot.blocks.settings import settings_buttons, settings_line
from bot.blocks.stored import stored_in_words
from bot.blocks.times import local_day, soon, when
from bot.texts import DEFAULT_LANGUAGE, plural, text
from nudges.domain.measuring.views import Role, Wishes
from nudges.domain.people.own_views import HomeView, NudgeLine
from nudges.domain.playbooks.markup import render_plain

NUDGES_SHOWN = 6
LONGEST_SUMMARY = 240
NEW_PLAYBOOK = "new"  # as in `/nudge edit new`


def home_view(home: HomeView, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the Home tab of one person."""
    blocks = [
        *_greeting(home, language),
        # Who has stopped gets nothing of what could be chosen.
        *([] if home.wishes.is_stopped else vote_blocks(home.ballot, language)),
        *saved_blocks(home, language),
        *learned_blocks(home, language),
        *_sent(home, language),
        *_yours(home, language),
    ]
    if home.role is not Role.EMPLOYEE:
        blocks += [context(say("home.helper", language)), _writing(language)]
    return View(type="home", blocks=blocks)


def next_line(wishes: Wishes, home: HomeView, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return what comes next for the person and when, or why nothing does."""
    if wishes.is_stopped:
        return say("home.stopped", language)
    if wishes.paused_until is not None:
        return say("home.paused", language, when=when(wishes.paused_until, wishes.zone, language))
    if home.next_at is None:
        return say("home.next_none", language)
    told = soon(home.next_at, home.zone, home.now or home.next_at, language)
    if home.next_nudge is None:
        return say("home.next", language, when=told)
    kind = capital(kind_name(home.next_nudge.kind, language))
    coming = say("home.next_what", language, when=told, kind=kind, title=home.next_nudge.title)
    return coming if home.sent_count else lines([coming, say("home.first_next", language)])


def _greeting(home: HomeView, language: str) -> list[Block]:
    name = home.first_name
    hello = text("home.hello", language, first_name=name) if name else text("home.hello_nobody", language)
    blocks: list[Block] = [
        header(hello),
        context(say("home.what", language)),
        section(next_line(home.wishes, home, language)),
    ]
    if not home.wishes.is_stopped and home.wishes.hours:
        blocks.append(context(settings_line(home.wishes, language)))
    return [*blocks, *settings_buttons(home.wishes, language)]


def _sent(home: HomeView, language: str) -> list[Block]:
    blocks: list[Block] = [divider(), header(text("home.sent_header", language))]
    if not home.sent:
        return [*blocks, section(say("home.sent_none", language))]
    blocks.append(context(plural("home.sent_count", home.sent_count, language)))
    return blocks + [section(_nudge(nudge, home, language)) for nudge in home.sent[:NUDGES_SHOWN]]


def _nudge(nudge: NudgeLine, home: HomeView, language: str) -> Safe:
    day = local_day(nudge.sent_at, home.zone, language)
    title = say("home.nudge", language, title=nudge.title, kind=kind_name(nudge.kind, language), day=day)
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


def _yours(home: HomeView, language: str) -> list[Block]:
    buttons = [
        button(text("home.barrier", language), ActionId.REPORT_BARRIER),
        button(text("home.why", language), ActionId.WHY_ME),
        button(text("story.mine", language), ActionId.MY_STORIES),
        button(text("home.my_data", language), ActionId.MY_DATA),
        button(text("home.forget", language), ActionId.FORGET_ME, style="danger"),
    ]
    parts = stored_in_words(home.stored, language)
    stored = say("home.stored", language, parts=parts) if parts else say("home.stored_nothing", language)
    return [
        divider(),
        header(text("home.yours_header", language)),
        section(say("home.yours", language)),
        section(stored),
        ActionsBlock(block_id="home.yours", elements=buttons),
        context(say("home.sees", language)),
    ]
