"""What publishing would do, in figures: this module is the lines that `publish` prints before it asks."""

from nudges.domain.measuring.views import Draft


def draft_text(found: Draft) -> str:
    """Return what publishing would do, in lines for a terminal."""
    width = max(len(key) for key, *_ in found.nudges)
    lines = [
        f"{found.title} ({found.name})",
        f"From {found.starts_on:%a %d %b %Y} to {found.ends_on:%a %d %b %Y}, each in the reader's own zone.",
        f"Audience: {found.figure(found.audience)} people ({found.figure(found.held_out)} spared for comparison).",
        *(f"  {found.figure(count):>5}  {name}: {rule}" for name, rule, count in found.segments),
        f"Not reachable: {found.not_sendable} (left, bots, invited). Zone not told by Slack: {found.without_zone}.",
        *_pace(found),
        "Nudges:",
        *(
            f"  {key:<{width}}  {kind:<5}  {when}  ({found.figure(people)} people)"
            for key, kind, when, people in found.nudges
        ),
        *(f"Note: {warning}" for warning in found.warnings),
    ]
    return "\n".join(lines)


def _pace(found: Draft) -> list[str]:
    minutes = f"One nudge to all of them takes about {found.minutes_at_pace} min at the workspace's pace."
    return [] if found.private_k else [minutes]
