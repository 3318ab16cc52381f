"""How many threads arithmetic takes: this module bounds it before the library is loaded, which reads it only then."""

import os


def bound_threads() -> None:
    """Let sums run in one thread: ours are small, and a thread for each core waits busily and takes memory of its own.

    Whoever sets the variable otherwise is obeyed.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
