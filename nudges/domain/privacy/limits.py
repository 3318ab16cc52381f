"""The smallest numbers anything is shown of: this module is the limits of a period, fixed when it begins."""

from dataclasses import dataclass

from nudges.domain.measuring.disclosure import SMALLEST_K, UNNAMED_LEFT, band
from nudges.domain.playbooks.company import Company


@dataclass(frozen=True)
class Limits:
    """A group needs k members, a count r people who said it; a company may ask for more than five, never for fewer."""

    k: int = SMALLEST_K
    r: int = SMALLEST_K

    def __post_init__(self) -> None:
        if min(self.k, self.r) < SMALLEST_K:
            raise ValueError(f"nothing is shown of fewer than {SMALLEST_K} people")

    def may_show(self, members: int, reporters: int) -> bool:
        """Return whether this group may be counted: enough people, enough who said it, and some who did not."""
        return members >= self.k and reporters >= self.r and members - reporters >= UNNAMED_LEFT

    def is_harmless(self, members: int, reporters: int) -> bool:
        """Return whether anybody may know this much of people who are not shown: nobody, or enough of both."""
        if members == 0:
            return True
        silent = reporters == 0 or (reporters >= self.r and members - reporters >= UNNAMED_LEFT)
        return members >= self.k and silent

    def band(self, reporters: int) -> str:
        """Return a count as it is shown."""
        return band(reporters, self.r)


def limits_of(company: Company) -> Limits:
    """Return what company.yaml asks for at present; without `barriers: {r}` as many must say it as must be there."""
    return Limits(company.k, company.barriers.r or company.k)


def spoken_limits(words: str, limits: Limits, members: int) -> tuple[int, int]:
    """Return from how many to how many people a band may mean in a group of this size, as anybody can work out."""
    lower, _, upper = words.rstrip("+").partition("-")
    highest = members - UNNAMED_LEFT
    return max(int(lower), limits.r), min(int(upper), highest) if upper else highest
