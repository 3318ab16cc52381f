"""Is everything there and right: this package is `nudger doctor`, which looks and changes nothing."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from bot.doctor.checks import CLEAN, COULD_NOT_RUN, FOUND, Check, Level, error, exit_code, render, without_secrets
from bot.doctor.of_machine import check_playbooks, check_python, check_texts, check_zones
from bot.doctor.of_settings import check_settings
from bot.doctor.of_slack import ask, check_slack
from bot.doctor.of_storage import check_storage
from bot.settings import Settings, read_settings
from nudges.clock import Clock, system_clock
from nudges.errors import SettingsError

__all__ = ["CLEAN", "COULD_NOT_RUN", "FOUND", "Check", "Level", "examine", "exit_code", "render", "run_checks"]

logger = logging.getLogger(__name__)


def examine(read: Callable[[], Settings] = read_settings, clock: Clock = system_clock) -> list[Check]:
    """Return every check; where the settings cannot be read, what is wrong with them and what needs none."""
    try:
        settings = read()
    except SettingsError as failure:
        wrong = replace(error("settings", failure.message, failure.hint), is_complete=False)
        return [check_python(), wrong, *_guarded("zones", lambda: [check_zones(clock())])]
    return run_checks(settings, clock=clock)


def run_checks(settings: Settings, *, clock: Clock = system_clock) -> list[Check]:
    """Return every check of these settings; a check that breaks is told as one that could not be made."""
    asked = ask(settings)
    groups: tuple[tuple[str, Callable[[], Iterable[Check]]], ...] = (
        ("python", lambda: [check_python()]),
        ("settings", lambda: check_settings(settings)),
        ("slack", lambda: check_slack(settings, asked, clock)),
        ("database", lambda: check_storage(settings, asked.workspace_id)),
        ("zones", lambda: [check_zones(clock())]),
        ("texts", lambda: [check_texts()]),
        ("playbooks", lambda: check_playbooks(settings)),
    )
    checks = [check for name, group in groups for check in _guarded(name, group)]
    return without_secrets(checks, settings.secrets)


def _guarded(name: str, group: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    try:
        yield from group()
    except Exception as failure:  # the one handler of this face: the other checks still say what they find
        logger.debug("check broke", exc_info=True)
        hint = "Run `nudger doctor` again with more detail in the log, and report it."
        broken = error(name, f"This could not be looked at ({type(failure).__name__}).", hint)
        yield replace(broken, is_complete=False)
