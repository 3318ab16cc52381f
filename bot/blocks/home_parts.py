"""The parts of Home that are a person's own: this module is the vote, what they learned, and what they saved."""

from slack_sdk.models.blocks import ActionsBlock, Block, Option, RadioButtonsElement

from bot.blocks.actions import ActionId
from bot.blocks.own_values import PlaybookValue, SavedValue
from bot.blocks.parts import Safe, button, context, divider, escape, fit, header, lines, plain, say, section
from bot.blocks.times import bar, local_day
from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text
from nudges.domain.people.own_views import BallotView, Candidate, HomeView, SavedLine, Topic
from nudges.domain.playbooks.markup import render_plain

CANDIDATES_LEAST = 2  # of one thing there is nothing to choose
TOPICS_SHOWN = 12
SAVED_SHOWN = 8
LONGEST_SUMMARY = 240
LONGEST_OPTION = 75
BAR = 8


def kind_name(kind: str, language: str) -> str:
    """Return what a kind of nudge is called."""
    return text(f"kind.{kind}", language) if has_text(f"kind.{kind}") else kind


def capital(said: str) -> str:
    """Return the words as they stand at the beginning of a line."""
    return said[:1].upper() + said[1:]


def vote_blocks(ballot: BallotView, language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return the vote: what stands to choice, what was chosen, and that it counts."""
    blocks: list[Block] = [divider(), header(text("vote.header", language))]
    if len(ballot.candidates) >= CANDIDATES_LEAST:
        options = [_option(candidate, language) for candidate in ballot.candidates]
        chosen = next((one for one in options if one.value == ballot.chosen), None)
        ticks = RadioButtonsElement(action_id=ActionId.VOTE, options=options, initial_option=chosen)
        # The block's id changes with the choice, so that no client keeps an older one.
        blocks += [
            section(say("vote.lead", language)),
            ActionsBlock(block_id=f"home.vote.{ballot.chosen}", elements=[ticks]),
        ]
    elif ballot.candidates:
        blocks.append(section(say("vote.one", language, title=ballot.candidates[0].title)))
    else:
        blocks.append(section(say("vote.none", language)))
    if ballot.chosen:
        blocks.append(
            section(lines([say("vote.chosen", language, title=ballot.chosen_title), _count(ballot, language)]))
        )
    is_open = ballot.chosen or len(ballot.candidates) >= CANDIDATES_LEAST
    return [*blocks, context(say("vote.seen", language, k=ballot.k))] if is_open else blocks


def learned_blocks(home: HomeView, language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return what a person has learned, by topic, for them alone."""
    blocks: list[Block] = [divider(), header(text("learned.header", language))]
    if not home.topics:
        return [*blocks, section(say("learned.none", language))]
    told = [_topic(topic, home, language) for topic in home.topics[:TOPICS_SHOWN]]
    return [*blocks, section(lines(told, "\n\n")), context(say("learned.lead", language))]


def saved_blocks(home: HomeView, language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return what a person keeps, each with the buttons that show and remove it."""
    blocks: list[Block] = [divider(), header(text("saved.header", language))]
    if not home.saved:
        return [*blocks, section(say("saved.none", language))]
    for line in home.saved[:SAVED_SHOWN]:
        blocks += _saved(line, home, language)
    left = len(home.saved) - SAVED_SHOWN
    return [*blocks, context(plural("saved.more", left, language))] if left > 0 else blocks


def _option(candidate: Candidate, language: str) -> Option:
    about = text("vote.is_new" if candidate.is_new else "vote.is_more", language)
    return Option(
        text=plain(candidate.title, LONGEST_OPTION),
        value=PlaybookValue(candidate.playbook).encode(),
        description=plain(about, LONGEST_OPTION),
    )


def _count(ballot: BallotView, language: str) -> Safe:
    if not ballot.band:
        return say("vote.soon", language, k=ballot.k)
    return say("vote.leading" if ballot.is_leading else "vote.counted", language, band=ballot.band)


def _topic(topic: Topic, home: HomeView, language: str) -> Safe:
    drawn = bar(topic.known, topic.met, BAR)
    told = say("learned.topic", language, title=topic.title, bar=drawn, known=topic.known, met=topic.met)
    if topic.next_at is None:
        return told
    if home.now is not None and topic.next_at <= home.now:  # it waits for a slot that nothing new wants
        return lines([told, escape(plural("learned.soon", topic.coming_back, language))])
    day = local_day(topic.next_at, home.zone, language)
    return lines([told, escape(plural("learned.coming", topic.coming_back, language, day=day))])


def _saved(line: SavedLine, home: HomeView, language: str) -> list[Block]:
    day = local_day(line.saved_at, home.zone, language)
    title = say("home.nudge", language, title=line.title, kind=kind_name(line.kind, language), day=day)
    summary = fit(render_plain(line.summary, {"first_name": home.first_name}), LONGEST_SUMMARY)
    key = SavedValue(line.campaign_id, line.nudge_key)
    buttons = [
        button(
            text("saved.show", language), ActionId.SHOW_SAVED, value=key.encode(), aloud=_aloud("show", line, language)
        ),
        button(
            text("saved.remove", language), ActionId.UNSAVE, value=key.encode(), aloud=_aloud("remove", line, language)
        ),
    ]
    return [section(lines([title, summary])), ActionsBlock(block_id=f"home.saved.{key.encode()}", elements=buttons)]


def _aloud(what: str, line: SavedLine, language: str) -> str:
    return f"{text(f'saved.{what}', language)}: {line.title}"
