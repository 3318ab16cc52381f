"""A command that is over in seconds: this module keeps Python from looking for cycles among millions of young values.

A look ahead makes hundreds of thousands of values that all live to its end, and looking through them again and again
takes a third of its time. There are next to no cycles among them, and the process ends with the command.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let everything live until the block ends."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
