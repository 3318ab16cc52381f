"""The form in which a playbook is written: this module is its fields, its findings and what follows from saving it."""

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    RichTextBlock,
    RichTextElementParts,
    RichTextPreformattedElement,
)
from slack_sdk.models.views import View

from bot.blocks import forms
from bot.blocks.actions import CallbackId
from bot.blocks.answers import Answer, answer
from bot.blocks.answers_preview import next_buttons
from bot.blocks.draft_values import INDENTS_MAX, DraftOrigin
from bot.blocks.findings import findings_blocks, waived_blocks
from bot.blocks.parts import Safe, context, divider, fit, plain, say, section
from bot.texts import DEFAULT_LANGUAGE, plural, text
from nudges.domain.checks.findings import Finding
from nudges.domain.editing.draft_pieces import PIECE_MAX, Piece, numbered, piece_at, pieces
from nudges.errors import PlaybookRefused
from nudges.services.authoring.draft_files import Saved

FIELDS_MAX = 80  # of a hundred blocks; the rest is for findings
VIEW_BYTES_MAX = 250_000
BYTES_MAX = 230_000  # of a form that is opened, so that findings fit in as well
SPARE_FIELDS, SPARE_FIELDS_OF_NEW = 1, 3
MINE, THEIRS = "mine", "theirs"
NATIVE_ERRORS = 3  # so many are shown by Slack under their field; more need a list
_LABEL_MAX = 150
_SNIPPET_MAX = 2_900
_DIFFERENCES = 40


@dataclass(frozen=True)
class FieldName:
    """The fields of one showing of the form: shown again, they get new names, or Slack would keep the old texts."""

    shown: int

    def of(self, place: int) -> str:
        """Return the name of a field; it is both block id and action id."""
        return f"draft.{self.shown}.{place}"

    @property
    def choice(self) -> str:
        """The name of the question which text stays."""
        return f"draft.{self.shown}.choice"


@dataclass(frozen=True)
class Told:
    """What the form says above its fields."""

    findings: tuple[Finding, ...] = ()
    said: Safe | None = None
    difference: str | None = None  # there when the file has changed and the author must choose


def opening_form(file: str, version: str, content: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the form with a file's text; PlaybookRefused when it is too long for Slack."""
    cut = pieces(content)
    spare = SPARE_FIELDS if file else SPARE_FIELDS_OF_NEW
    if cut is None or len(cut) + spare > FIELDS_MAX:
        raise PlaybookRefused(_too_long(file, content), hint="Edit it in an editor, or make two playbooks of it.")
    view = _view(cut, DraftOrigin(file, version), Told(), spare=spare, language=language)
    if len(json.dumps(view.to_dict())) > BYTES_MAX:
        raise PlaybookRefused(_too_long(file, content), hint="Edit it in an editor, or make two playbooks of it.")
    return view


def shown_again(texts: Sequence[str], origin: DraftOrigin, told: Told, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the form with what the author has typed, word for word, and what was found in it."""
    fields = numbered(texts)
    again = DraftOrigin(origin.file, origin.version, origin.indents, origin.shown + 1)
    return _view(fields, again, told, spare=0, language=language, is_kept=True)


def fits(view: View) -> bool:
    """Return whether Slack takes a form of this size."""
    return len(json.dumps(view.to_dict())) <= VIEW_BYTES_MAX


def first_errors(
    texts: Sequence[str], origin: DraftOrigin, found: Sequence[Finding], language: str = DEFAULT_LANGUAGE
) -> dict[str, str]:
    """Return the first errors for where a list of them has no room; one without a field stands under the first."""
    said = field_errors(texts, origin, found[:NATIVE_ERRORS], language)
    return said or {FieldName(origin.shown).of(0): "\n".join(_one_line(one, language) for one in found[:NATIVE_ERRORS])}


def field_errors(
    texts: Sequence[str], origin: DraftOrigin, found: Sequence[Finding], language: str = DEFAULT_LANGUAGE
) -> dict[str, str] | None:
    """Return a few errors by the field in which their line stands; None when there are many, or one has no field."""
    if not found or len(found) > NATIVE_ERRORS:
        return None
    fields, names = numbered(texts), FieldName(origin.shown)
    by_field: dict[str, list[str]] = {}
    for finding in found:
        place = piece_at(fields, finding.line)
        if place is None:
            return None
        by_field.setdefault(names.of(place), []).append(_one_line(finding, language))
    return {name: "\n".join(said) for name, said in by_field.items()}


def saved_note(title: str, file: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return what is shown once the file is written."""
    said = section(say("draft.saved", language, title=title, file=file))
    return forms.note(text("draft.saved_title", language), [said, context(say("draft.saved_next", language))], language)


def saved_answer(saved: Saved, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return the message after saving: what was written, what is advised, what was waived, and the next steps."""
    blocks: list[Block] = [section(say("draft.saved", language, title=saved.title, file=saved.file))]
    if saved.advice:
        count = plural("check.advices", len(saved.advice), language)
        blocks += [context(count), *findings_blocks(saved.advice, shown=3, language=language)]
    if saved.waived:
        blocks += waived_blocks(saved.waived, language)
    return answer([*blocks, next_buttons(saved.name, language)])


def kept_note(said: Safe, content: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the whole text to be copied, where it could not be saved."""
    blocks: list[Block] = [section(said), *(_snippet(part) for part in _parts(content)[:98])]
    return forms.note(text("draft.kept_title", language), blocks, language)


def difference(theirs: str, mine: str) -> str:
    """Return the lines in which two texts differ, `-` theirs and `+` the author's own; the first forty."""
    changed = list(difflib.unified_diff(theirs.split("\n"), mine.split("\n"), "theirs", "yours", n=0, lineterm=""))
    rows = [row for row in changed[2:] if not row.startswith("@@")]
    return "\n".join(rows[:_DIFFERENCES])


def _view(
    fields: Sequence[Piece],
    origin: DraftOrigin,
    told: Told,
    *,
    spare: int,
    language: str,
    is_kept: bool = False,
) -> View:
    indents = origin.indents if is_kept else tuple(min(piece.indent, 99) for piece in fields)[:INDENTS_MAX]
    named = DraftOrigin(origin.file, origin.version, indents, origin.shown)
    names = FieldName(named.shown)
    inputs = [_field(piece, names.of(place), told.findings, language) for place, piece in enumerate(fields)]
    inputs += [_spare(names.of(len(fields) + extra), language) for extra in range(spare)]
    return View(
        type="modal",
        callback_id=CallbackId.PLAYBOOK_FORM,
        title=plain(text("draft.title", language), 24),
        submit=plain(text("draft.save", language), 24),
        close=plain(text("form.cancel", language), 24),
        private_metadata=named.encode(),
        blocks=[*_lead(named, told, names, language), *inputs],
    )


def _lead(origin: DraftOrigin, told: Told, names: FieldName, language: str) -> list[Block]:
    key = "draft.lead" if origin.file else "draft.lead_new"
    blocks: list[Block] = [section(say(key, language, file=origin.file))]
    if told.said:
        blocks.append(section(told.said))
    if told.difference is not None:
        blocks += [_snippet(fit(told.difference or "-", _SNIPPET_MAX)), _choice(names, language)]
    if told.findings:
        errors = sum(finding.is_error for finding in told.findings)
        blocks += [section(plural("draft.mend", errors, language)), *findings_blocks(told.findings, language=language)]
    return [*blocks, divider()]


def _field(piece: Piece, name: str, found: Sequence[Finding], language: str) -> InputBlock:
    mine = [one for one in found if one.is_error and piece.lines and piece.first <= one.line <= piece.last]
    hint = "\n".join(_one_line(one, language) for one in mine[:3])
    element = PlainTextInputElement(
        action_id=name, multiline=True, max_length=PIECE_MAX, initial_value=piece.text or None
    )
    return InputBlock(
        block_id=name,
        label=plain(_label(piece, language), _LABEL_MAX),
        element=element,
        hint=plain(hint, _LABEL_MAX * 4) if hint else None,
        optional=True,  # a field whose nudge was taken out stays empty
    )


def _label(piece: Piece, language: str) -> str:
    if not piece.lines:
        return text("draft.further", language)
    about = ", ".join(name for name in piece.names if name) or text("draft.head", language)
    return text("draft.field", language, first=str(piece.first), last=str(piece.last), about=about)


def _spare(name: str, language: str) -> InputBlock:
    element = PlainTextInputElement(action_id=name, multiline=True, max_length=PIECE_MAX)
    return InputBlock(
        block_id=name, label=plain(text("draft.further", language), _LABEL_MAX), element=element, optional=True
    )


def _choice(names: FieldName, language: str) -> InputBlock:
    options = [Option(text=plain(text(f"draft.keep_{which}", language), 75), value=which) for which in (MINE, THEIRS)]
    return InputBlock(
        block_id=names.choice,
        label=plain(text("draft.which", language), _LABEL_MAX),
        element=RadioButtonsElement(action_id=names.choice, options=options),
    )


def _one_line(finding: Finding, language: str) -> str:
    place = text("check.place", language, line=str(finding.line))
    return f"{place}: {finding.sentence} {finding.fix}"


def _snippet(content: str) -> RichTextBlock:
    return RichTextBlock(
        elements=[RichTextPreformattedElement(elements=[RichTextElementParts.Text(text=content or " ")])]
    )


def _parts(content: str) -> list[str]:
    found = [""]
    for line in content.split("\n"):
        if len(found[-1]) + len(line) >= _SNIPPET_MAX and found[-1]:
            found.append("")
        found[-1] = f"{found[-1]}\n{line}" if found[-1] else line
    return found


def _too_long(file: str, content: str) -> str:
    longest = max((len(line) for line in content.split("\n")), default=0)
    if longest > PIECE_MAX:
        return f"{file} has a line of {longest:,} characters; a field of Slack's forms takes {PIECE_MAX:,}."
    return f"{file} is too long for a form in Slack: {len(content):,} characters."
