"""Findings in Slack: this module is a fault with its line, its sentence and its fix, where an author can read them."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, answer
from bot.blocks.parts import Safe, bold, button, code, context, divider, header, lines, say, section
from bot.texts import DEFAULT_LANGUAGE, plural, text
from nudges.domain.checks.findings import Finding

SHOWN = 10
FILES_TO_EDIT = 5
WAIVED_SHOWN = 5


def findings_blocks(
    found: Sequence[Finding], *, shown: int = SHOWN, language: str = DEFAULT_LANGUAGE, has_files: bool = False
) -> list[Block]:
    """Return the first findings, faults before advice, and how many more there are."""
    ordered = sorted(found, key=lambda finding: (not finding.is_error, finding))
    blocks: list[Block] = [section(finding_text(one, language, has_file=has_files)) for one in ordered[:shown]]
    left = len(ordered) - shown
    return [*blocks, context(plural("check.more", left, language))] if left > 0 else blocks


def finding_text(finding: Finding, language: str = DEFAULT_LANGUAGE, *, has_file: bool = False) -> Safe:
    """Return one finding: where, what, the line itself and the fix."""
    key = "check.place_in" if has_file else "check.place"
    place = text(key, language, line=str(finding.line), file=file_name(finding.file))
    label = "waived" if finding.waived_because else "" if finding.is_error else "advice"
    kind = f" · {text(f'check.{label}', language)}" if label else ""
    head = lines([bold(place), Safe(f"{code(finding.code.value)}{kind}")], "  ")
    if finding.waived_because:
        return lines([head, finding.sentence, say("check.because", language, reason=finding.waived_because)])
    return lines(
        [head, finding.sentence, code(finding.source_line.strip()), say("check.fix", language, fix=finding.fix)]
    )


def check_answer(
    found: Sequence[Finding],
    *,
    files: int,
    editable: Mapping[str, str],
    waived: Sequence[Finding] = (),
    language: str = DEFAULT_LANGUAGE,
) -> Answer:
    """Return what the check says; `editable` names the playbooks with faults by what their buttons carry.

    What authors have waived comes last, with their reasons.
    """
    errors = sum(finding.is_error for finding in found)
    counts = [
        plural("check.files", files, language),
        plural("check.faults", errors, language),
        plural("check.advices", len(found) - errors, language),
        *([plural("check.waivers", len(waived), language)] if waived else []),
    ]
    blocks: list[Block] = [
        header(text("check.clean" if not errors else "check.header", language)),
        context(", ".join(counts)),
    ]
    if found:
        blocks += [divider(), *findings_blocks(found, language=language, has_files=True)]
    if waived:
        blocks += [divider(), *waived_blocks(waived, language, has_files=True)]
    if editable:
        blocks.append(_edit_buttons(editable, language))
    return answer(blocks)


def waived_blocks(
    waived: Sequence[Finding], language: str = DEFAULT_LANGUAGE, *, has_files: bool = False
) -> list[Block]:
    """Return what authors have thought about and left, with their reasons."""
    head = context(say("check.waived_header", language))
    return [head, *findings_blocks(waived, shown=WAIVED_SHOWN, language=language, has_files=has_files)]


def file_name(path: str) -> str:
    """Return a file's name without its folders."""
    return path.replace("\\", "/").rpartition("/")[2]


def _edit_buttons(editable: Mapping[str, str], language: str) -> ActionsBlock:
    buttons = [
        button(text("check.edit", language, name=name), f"{ActionId.EDIT_PLAYBOOK}.{place}", value=value)
        for place, (name, value) in enumerate(list(editable.items())[:FILES_TO_EDIT])
    ]
    return ActionsBlock(block_id="files_with_faults", elements=buttons)
