"""A small promise under a nudge: this module checks that one can be made there, and is there in each translation."""

from nudges.domain.checks.findings import Code
from nudges.domain.files.source import Report
from nudges.domain.files.yaml_nodes import MapNode

OWN_ANSWERS = ("workshop", "challenge", "poll")  # a second yes beside theirs would be one too many
NEEDS = {"commit": "commit"}


def check_commit(kind: str, nudge: MapNode, report: Report) -> None:
    """Note a promise that nobody could make, and days without one."""
    commit, days = nudge.key("commit"), nudge.key("commit_days")
    if commit is not None and kind in OWN_ANSWERS:
        sentence = f"A {kind} asks for an answer of its own, so `commit` would not be shown."
        report.add(Code.IDLE_COMMIT, commit, sentence, "Delete it, or put it under a tip that comes later.")
    if commit is None and days is not None:
        sentence = "`commit_days` says when to ask about a promise, and there is no `commit`."
        fix = "Add `commit: I will ask in the channel before I mail, this week`, or delete this."
        report.add(Code.IDLE_COMMIT, days, sentence, fix)


def lacking(nudge: MapNode, words: MapNode) -> list[str]:
    """Return what of the promise a translation leaves out."""
    return ["`commit`"] if nudge.key("commit") is not None and words.get("commit") is None else []
