"""What a batch has in common: this module lets a reading session make a value once and give it again.

What a reading session sees is one state of the data. So whatever is made of that state and of the key alone cannot
come out differently the second time; in a session that writes everything is made anew.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlalchemy.orm import Session

from nudges.store.engine import MADE

T = TypeVar("T")


def once(session: Session, key: Hashable, make: Callable[[], T]) -> T:
    """Return what `make` gives, made once for each key; `make` must hang on nothing but the data and the key."""
    made: dict[Hashable, T] | None = session.info.get(MADE)
    if made is None:
        return make()
    if key not in made:
        made[key] = make()
    return made[key]
