"""What of a nudge is looked at: this module weighs its texts, in every language that it can be read in.

It walks through whatever texts a kind of nudge has, so a new kind is found without a word here.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from pydantic import BaseModel

from nudges.domain.find.index import Passage
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.content_kinds import Poll
from nudges.domain.playbooks.languages import in_language, win_in_language
from nudges.domain.playbooks.markup import render_plain
from nudges.domain.playbooks.playbook import Nudge, Playbook
from nudges.domain.playbooks.sequels import SEQUELS

# How much a word says about the nudge, by where it stands; what is not named here counts as OTHER.
_WEIGHTS: Mapping[str, float] = {
    "fallback": 2.0,  # the author's own summary
    "question": 1.5,
    "label": 1.2,
    "text": 1.0,
    "topic": 1.2,
    "topics": 1.2,
    "by": 0.3,
    "alt": 0.5,
}
_OTHER = 0.7
_WRONG = 0.5  # what is left of a word's weight in an answer that is not right
# Nobody who looks for help is helped by a question back.
_NO_HELP = (*SEQUELS, Poll)
_KEY, _TITLE, _WIN, _JOB = 1.5, 0.5, 0.3, 0.2
_UNREAD = frozenset(
    {"key", "kind", "when", "stage", "priority", "translations", "waive", "link", "channel", "leads_to", "asked_as"}
)


def passages_of(playbook: Playbook, company: Company) -> Iterator[Passage]:
    """Give every nudge that somebody wrote once in each language, under its key."""
    for nudge in playbook.nudges:
        if isinstance(nudge, _NO_HELP):
            continue
        for language in dict.fromkeys((playbook.language, *nudge.translations)):
            texts = (*_texts(nudge, language, playbook), *_around(playbook, company, language))
            asked = nudge.translations[language].asked_as if language in nudge.translations else nudge.asked_as
            weighed = tuple((render_plain(text, {}), weight) for text, weight in texts)
            yield Passage(nudge.key, language, weighed, asked)


def _texts(nudge: Nudge, language: str, playbook: Playbook) -> Iterator[tuple[str, float]]:
    if language == playbook.language:
        yield nudge.key.replace("-", " "), _KEY
    yield from _walked(in_language(nudge, language), 1.0)


def _walked(part: BaseModel, share: float) -> Iterator[tuple[str, float]]:
    for name in type(part).model_fields:
        if name not in _UNREAD:
            weight = _WEIGHTS.get(name, _OTHER) * share
            yield from _read(getattr(part, name), weight)


def _read(value: object, weight: float) -> Iterator[tuple[str, float]]:
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        if not value.startswith("http"):
            yield value, weight
    elif isinstance(value, BaseModel):
        is_wrong = getattr(value, "right", None) is False
        yield from _walked(value, weight * _WRONG if is_wrong else weight)
    elif isinstance(value, Mapping):
        yield from _all_read(value.values(), weight)
    elif isinstance(value, Iterable):
        yield from _all_read(value, weight)


def _all_read(values: Iterable[object], weight: float) -> Iterator[tuple[str, float]]:
    for value in values:
        yield from _read(value, weight)


def _around(playbook: Playbook, company: Company, language: str) -> Iterator[tuple[str, float]]:
    """Give what the whole playbook is about: it helps between playbooks, and not within one."""
    for segment in playbook.audience.segments:
        win, brief = playbook.personal_wins.get(segment), company.briefs.get(segment)
        if win is not None:
            yield win_in_language(win, language, own=playbook.language), _WIN
        if brief is not None and language == playbook.language:
            yield brief.job, _JOB
    if language == playbook.language:
        yield playbook.title, _TITLE
