"""How the plays of a file fit together: this module notes plays of one name, which nobody could choose between."""

from nudges.domain.checks.findings import Code
from nudges.domain.files.source import Report
from nudges.domain.files.yaml_nodes import ListNode, MapNode, Node, ScalarNode


def check_plays(root: MapNode, report: Report) -> None:
    """Note each play that is called like another of its kind."""
    kinds = root.get("plays")
    for _, grades in kinds.entries if isinstance(kinds, MapNode) else ():
        seen: set[str] = set()
        for _, plays in grades.entries if isinstance(grades, MapNode) else ():
            for name in _names(plays):
                if name.text.strip() in seen:
                    sentence = f"Two plays of this kind are called `{name.text.strip()[:60]}`."
                    report.add(Code.DUPLICATE_KEY, name, sentence, "Give one of them another name.")
                seen.add(name.text.strip())


def _names(plays: Node) -> list[ScalarNode]:
    items = plays.items if isinstance(plays, ListNode) else ()
    found = [item.get("play") for item in items if isinstance(item, MapNode)]
    return [name for name in found if isinstance(name, ScalarNode)]
