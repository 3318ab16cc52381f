"""Previews in Slack: this module answers `/nudge preview` and `/nudge check`, and posts a preview where wanted."""

from pathlib import Path

from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, line_answer
from bot.blocks.answers_preview import choose_answer, preview_answer, reply_answer
from bot.blocks.draft_values import PreviewValue, preview_in
from bot.blocks.findings import check_answer
from bot.listeners.payloads import Click
from bot.listeners.quiz_answers import picked_answer
from bot.texts import DEFAULT_LANGUAGE
from nudges.domain.checks.findings import Finding
from nudges.domain.files.suggest import nearest
from nudges.errors import PlaybookRefused, PreviewNotPosted
from nudges.services.authoring import preview_nudge
from nudges.services.authoring.draft_files import is_playbook_file
from nudges.services.authoring.import_playbooks import CheckReport, check_paths
from nudges.services.core import Core


def preview(core: Core, person_id: str, argument: str, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return one nudge with its choices, or the playbook's nudges to choose from; PlaybookRefused when there is none.

    The words are a playbook, a nudge and, for other eyes than one's own, a segment.
    """
    name, nudge_key, segment = [*argument.split(), "", "", ""][:3]
    core.library.refresh()
    if nudge_key:
        shown = preview_nudge.preview_for(core, person_id, name, nudge_key, segment)
        return preview_answer(shown, segment=segment, reviewers=_reviewers(core), language=language)
    reader = preview_nudge.own_reader(core, name, person_id)
    return choose_answer(preview_nudge.previews(core.library(), name, "", reader), language)


def check(core: Core, name: str, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what `nudger check` says of the folder, or of one playbook; PlaybookRefused when there is none."""
    core.library.refresh()
    report = check_paths([core.library.folder])
    files = [file for file in report.files if not name or _is_meant(core, file, name)]
    if not files:
        raise PlaybookRefused(f"There is no playbook called {name}. {_offered(report, name)}", hint="")
    found = [finding for finding in report.findings if not name or finding.file in files]
    editable = {Path(file).name: Path(file).stem for file in dict.fromkeys(_with_errors(found)) if _can_be_edited(file)}
    waived = [finding for finding in report.waived if not name or finding.file in files]
    return check_answer(found, files=len(files), editable=editable, waived=waived, language=language)


def post_to_me(core: Core, click: Click) -> Answer:
    """Post the preview into the conversation with the person who asks."""
    value = PreviewValue.decode(click.value)
    if value is None:
        return line_answer("click.old", click.language)
    preview_nudge.post_to_oneself(core, click.person_id, value.playbook, value.nudge, value.segment)
    return line_answer("preview.sent_to_me", click.language, nudge=value.nudge)


def post_to_reviewers(core: Core, click: Click) -> Answer:
    """Post the preview into the reviewers' channel."""
    value = PreviewValue.decode(click.value)
    if value is None:
        return line_answer("click.old", click.language)
    channel, _ = preview_nudge.post_to_reviewers(core, click.person_id, value.playbook, value.nudge, value.segment)
    return line_answer("preview.sent_to_reviewers", click.language, nudge=value.nudge, channel=channel)


def clicked(core: Core, click: Click) -> Answer | None:
    """Return the kind answer to a click on a preview, where nothing is stored; None for a click on anything else."""
    found = preview_in(click.value)
    if found is None:
        return None
    preview_id, choice_key = found
    quiz = preview_nudge.quiz_of(core, preview_id)
    answer = picked_answer(quiz, click) if quiz is not None and click.action is ActionId.CHECK_ANSWER else choice_key
    shown = preview_nudge.reply_to(core, preview_id, answer) if answer else None
    return reply_answer(shown, click.language)


def _reviewers(core: Core) -> str:
    try:
        return preview_nudge.reviewers_of(core)[0]
    except PreviewNotPosted:
        return ""


def _is_meant(core: Core, file: str, name: str) -> bool:
    entry = core.library().playbooks.get(name)
    return (entry is not None and entry.file == file) or name in (Path(file).name, Path(file).stem)


def _with_errors(found: list[Finding]) -> list[str]:
    return [finding.file for finding in found if finding.is_error]


def _can_be_edited(file: str) -> bool:
    return is_playbook_file(Path(file).name) and Path(file).suffix != ""


def _offered(report: CheckReport, name: str) -> str:
    known = [Path(file).stem for file in report.files]
    near = nearest(name, known)
    return f"Did you mean {near}?" if near else f"There are: {', '.join(known) or 'none'}."
