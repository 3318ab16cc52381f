"""What every service is given: this module is the one value that joins database, clock and ways out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from nudges.clock import Clock
from nudges.domain.playbooks.company import Company
from nudges.domain.told.classify import Reader, classify
from nudges.ports import Directory, Meaning, Messenger, NeedsReceiver, Quiet, Token
from nudges.services.authoring.shelf import Shelf
from nudges.services.delivery.rests import Rests
from nudges.store.engine import Database


@dataclass(frozen=True)
class Timing:
    """How long things may take: a lease outlives a request, settling outlives both."""

    lease: timedelta = timedelta(seconds=60)
    settle: timedelta = timedelta(seconds=120)
    second_read: timedelta = timedelta(seconds=60)


@dataclass(frozen=True)
class Core:
    """Everything a service may use; built once in bot.bootstrap."""

    db: Database
    clock: Clock
    messenger: Messenger
    directory: Directory
    key: bytes
    workspace_id: str
    library: Shelf
    admins: tuple[str, ...] = ()
    timing: Timing = Timing()
    posts_per_second: float = 1.0  # what plan reckons with
    token: Token | None = None  # of a workspace that installed the app; None where a setting holds it
    rests: Rests | None = None  # None where the clock cannot be set behind our back, as in a rehearsal
    public_url: str = ""  # where others reach our web side; empty: calendar files cannot be offered
    quiet: Quiet | None = None  # None: nobody is asked
    meaning: Meaning | None = None  # None: what is looked up is found by its words alone
    reads: Reader = classify  # what guesses which barrier a text is about
    needs_receiver: NeedsReceiver | None = None  # None: no address was set
    needs_door: Callable[[str, str], NeedsReceiver] | None = None  # for a workspace's own address and its secret
    is_alone: bool = False  # one thread, and nobody else writes: what was read for a batch holds until it is posted

    def company(self) -> Company:
        """Return company.yaml as last read well, or an empty company."""
        return self.library().company or Company()
