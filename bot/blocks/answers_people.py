"""About people and groups: this module is the answers to `why`, `people`, `barriers` and what is stored."""

from slack_sdk.models.blocks import Block

from bot.blocks.answers import Answer, answer, line_answer
from bot.blocks.parts import Safe, context, escape, header, lines, mention, say, section
from bot.blocks.times import bar, hours, when
from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text
from nudges.domain.measuring.views import SegmentView
from nudges.domain.people.own_views import WhyLine, WhyView
from nudges.domain.playbooks.company import Brief

CAMPAIGNS_SHOWN = 15
PLACES_SHOWN = 15


def why_answer(why: WhyView, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return why this person gets nudges, when the next one comes, and what they may change."""
    return answer([header(text("why.header", language)), *why_blocks(why, language)])


def why_blocks(why: WhyView, language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return the same without its heading, for a note that has one."""
    blocks: list[Block] = [section(_wishes(why, language))]
    blocks += [section(_why_line(line, why.zone, language)) for line in why.lines[:CAMPAIGNS_SHOWN]]
    if not why.lines:
        blocks.append(section(say("why.none", language)))
    own = say("why.hours", language, hours=hours(why.working_hours, language), zone=why.zone)
    return [*blocks, context(lines([own, say("why.choices", language)]))]


def people_answer(segment: SegmentView, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return who is in a segment: how many, by which rule, where, and a few of them."""
    if not segment.is_known:
        key = "people.nearest" if segment.nearest else "people.unknown"
        return line_answer(key, language, name=segment.name, nearest=segment.nearest)
    head = [_how_many(segment, language), say("people.rule", language, rule=segment.rule)]
    blocks: list[Block] = [header(text("people.header", language, name=segment.name)), section(lines(head))]
    if segment.brief is not None:
        blocks.append(section(_brief(segment.brief, language)))
    blocks += [section(escape(note)) for note in segment.notes]
    if segment.is_guarded:
        blocks.append(section(say("people.guarded_why", language)))
    elif segment.count == 0:
        blocks.append(section(say("people.empty", language)))
    if segment.by_place:
        blocks.append(section(lines([say("people.by_place", language), *_places(segment, language)])))
    if segment.sample:
        names = Safe(", ".join(mention(person_id) for person_id in segment.sample))
        blocks.append(section(say("people.sample", language, names=names)))
    return answer([*blocks, context(say("people.noted", language))])


def _how_many(segment: SegmentView, language: str) -> str:
    if not segment.is_guarded:
        return plural("people.count", segment.count, language)
    return text("people.guarded", language, band=segment.band) if segment.band else text("people.too_few", language)


def _brief(brief: Brief, language: str) -> Safe:
    depends, likely = (text(f"brief.{one}", language) for one in (brief.depends_on_collaboration, brief.likely_to_use))
    head = say("brief.head", language, priority=brief.priority, depends=depends, likely=likely)
    job = say("brief.job", language, job=brief.job, tool=brief.tool)
    return lines([head, job, say("brief.evidence", language, evidence=brief.evidence, said_by=brief.said_by)])


def _wishes(why: WhyView, language: str) -> Safe:
    if why.wishes.is_stopped:
        return say("wishes.stopped", language)
    if why.wishes.paused_until is not None:
        return say("wishes.paused", language, when=when(why.wishes.paused_until, why.wishes.zone, language))
    return say("wishes.running", language)


def _why_line(line: WhyLine, zone: str, language: str) -> Safe:
    told = [
        say("why.campaign", language, title=line.playbook_title, owner=mention(line.owner_id)),
        say("why.rule", language, segment=line.segment, rule=line.rule),
    ]
    if line.is_held_out:
        return lines([*told, say("why.held_out", language)])
    if line.last_sent_at is not None:
        told.append(say("why.last", language, when=when(line.last_sent_at, zone, language)))
    coming = say("why.next", language, when=when(line.next_at, zone, language)) if line.next_at else None
    told.append(coming or say("why.next_none", language))
    if has_text(f"skip.{line.last_skip}"):
        told.append(say("why.last_skip", language, sentence=text(f"skip.{line.last_skip}", language)))
    return lines(told)


def _places(segment: SegmentView, language: str) -> list[Safe]:
    shown = segment.by_place[:PLACES_SHOWN]
    rows = [
        say(
            "people.place",
            language,
            bar=bar(count, segment.count),
            place=place if place.strip("?") else text("people.no_place", language),
            count=count,
        )
        for place, count in shown
    ]
    left = len(segment.by_place) - len(shown)
    return [*rows, escape(plural("people.more", left, language))] if left else rows
