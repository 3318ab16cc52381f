"""Results for a spreadsheet: this module is the table of banded figures as CSV and as JSON, never a person's answer."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from nudges.domain.measuring.results import Figure, NudgeResult, ResultsView
from nudges.services.core import Core
from nudges.services.measuring import read_status
from nudges.services.measuring.results import results

ACTION = "export"
ALL = "all"
# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class ExportRow:
    """One figure: about which nudge and segment, which share, of how many people, at the end of which day."""

    campaign: str
    nudge: str
    kind: str
    segment: str
    measure: str  # sent | answered | useful | not_for_me | choice | right | wrong
    choice: str
    right: str  # yes | no, for choices
    share: str
    people: str
    as_of: date


def export(core: Core, actor_id: str, name: str = "") -> tuple[ExportRow, ...]:
    """Return the figures of one campaign, or of all; CampaignNotFound offers the nearest name. It is noted."""
    names = [name] if name else [campaign.name for campaign in read_status.campaign_list(core)]
    views = (results(core, actor_id, one, action=ACTION) for one in names)
    return tuple(row for view in views for row in rows_of(view))


def rows_of(view: ResultsView) -> Iterator[ExportRow]:
    """Give the figures of one campaign, a row each; what may not be told has no row."""
    for nudge in view.nudges:
        yield from _sent(view, nudge)
        for figure in (*nudge.answered, *nudge.useful):
            yield _row(view, nudge, figure, figure.side)
        graded = [choice for choice in nudge.choice_texts if choice.right is not None]
        rights = {choice.key: "yes" if choice.right else "no" for choice in graded}
        for figure in nudge.choices:
            if nudge.choice_texts:
                yield _row(view, nudge, figure, "choice", choice=figure.side, right=rights.get(figure.side, ""))
            else:  # of an answer with several parts only its grade is told
                yield _row(view, nudge, figure, figure.side)


def as_csv(rows: Sequence[ExportRow]) -> str:
    """Return the table as RFC 4180 wants it, with a header; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(ExportRow.__dataclass_fields__)
    writer.writerows([guarded(str(value)) for value in asdict(row).values()] for row in rows)
    return out.getvalue()


def as_json(rows: Sequence[ExportRow]) -> str:
    """Return the table as a list of objects."""
    return json.dumps([asdict(row) for row in rows], indent=2, default=str, ensure_ascii=False) + "\n"


def guarded(cell: str) -> str:
    """Return the cell with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _sent(view: ResultsView, nudge: NudgeResult) -> Iterator[ExportRow]:
    for segment, people in ((ALL, nudge.sent_band), *nudge.sent_bands.items()):
        if people:
            yield ExportRow(view.name, nudge.key, nudge.kind, segment, "sent", "", "", "", people, view.until)


def _row(
    view: ResultsView, nudge: NudgeResult, figure: Figure, measure: str, *, choice: str = "", right: str = ""
) -> ExportRow:
    return ExportRow(
        campaign=view.name,
        nudge=nudge.key,
        kind=nudge.kind,
        segment=figure.group or ALL,
        measure=measure,
        choice=choice,
        right=right,
        share=figure.share.share,
        people=figure.share.of,
        as_of=figure.as_of,
    )
