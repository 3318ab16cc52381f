"""docs/data-map.md as tests read it: this module gives its lines by table."""

from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data-map.md"


def documented() -> dict[str, list[list[str]]]:
    """Return the lines of each table of the page."""
    found: dict[str, list[list[str]]] = {}
    for section in PAGE.read_text("utf-8").split("\n## ")[1:]:
        name, _, body = section.partition("\n")
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if line[:1] == "|"]
        if rows and rows[0][0] == "column":
            found[name.strip()] = rows[2:]
    return found
