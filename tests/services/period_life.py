"""One closing of a period in a process of its own: this module is what test_period_kills.py ends on purpose."""

import os
from pathlib import Path

from nudges.services.barriers.review_barriers import review_barriers
from tests.fakes import utc
from tests.services.house import open_house

NEXT = utc("2027-02-01 00:00")


def close() -> None:
    """Close the first period in LIFE_FOLDER."""
    house = open_house(Path(os.environ["LIFE_FOLDER"]), NEXT)
    review_barriers(house.core)
    house.core.db.close()
