"""Names that templates are filled with: this module is a company's own words for `nudger new`."""

from dataclasses import dataclass

NOBODY = "U0CHANGE"  # stands where an author's own people belong


@dataclass(frozen=True)
class Names:
    """What a template is filled with: names of this company."""

    name: str
    segment: str = ""
    channel: str = ""
    owner: str = NOBODY
    partner: str = NOBODY
    week: int = 1
    pilot: str = ""


def try_it(names: Names) -> str:
    """Return a button that leads to the company's first channel, or a comment where there is none."""
    if names.channel:
        return f"  try_it: {{label: Ask your question, channel: {names.channel}}}\n"
    return '  # A button, when there is a place to go:\n  # try_it: {label: See one, link: "https://..."}\n'
