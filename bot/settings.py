"""The environment as one frozen value: this module is the only reader of os.environ."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlparse

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from nudges.domain.barriers.needs_address import LOOPBACK, is_address
from nudges.errors import SettingsError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

SLACK_API = "https://slack.com/api/"
ENV_FILE = ".env"
SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "NUDGER_SECRET_KEY",
    "NUDGER_TOKEN_KEYS",
    "NUDGER_NEEDS_SECRET",
    "DATABASE_URL",
)
OURS = ("SLACK_", "NUDGER_")
# Read by our tests and scripts, or by slack_sdk; none of them is a setting of the app.
KNOWN_BESIDES = (
    *("NUDGER_REQUIRE_BROWSER", "NUDGER_REQUIRE_COMPILER", "NUDGER_SOAK", "NUDGER_FAILPOINT"),
    *("NUDGER_ROUNDS", "NUDGER_SECONDS", "NUDGER_SEED"),
)


@dataclass(frozen=True)
class PaceSetting:
    """Posts a second: where to start, and between which bounds."""

    start: float
    floor: float
    ceiling: float


class Settings(BaseSettings):
    """Every setting with its default and one line of help; the names are fixed."""

    # Without inputs in its errors: pydantic would print the secrets given beside the one that is wrong.
    model_config = SettingsConfigDict(
        env_file=ENV_FILE, extra="ignore", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    slack_bot_token: SecretStr = Field(SecretStr(""), description="The bot token, `xoxb-...`")
    slack_app_token: SecretStr = Field(SecretStr(""), description="The app-level token, `xapp-...`, for Socket Mode")
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="Proves that an HTTP request is Slack's; needed without Socket Mode"
    )
    slack_client_id: str = Field("", description="The app's client id, for installing it in several workspaces")
    slack_client_secret: SecretStr = Field(SecretStr(""), description="The app's client secret, for the same")
    slack_api_url: str = Field(SLACK_API, description="Base address of the Web API; another one for a stand-in")
    database_url: str = Field("sqlite:///nudger.db", repr=False, description="Where everything is kept")
    nudger_secret_key: SecretStr = Field(
        SecretStr(""), description="Keys delivery ids and person hashes; made once beside the SQLite file if absent"
    )
    nudger_token_keys: SecretStr = Field(
        SecretStr(""),
        description="Keys for stored tokens, separated by commas, newest first; drawn from the secret key if absent",
    )
    nudger_public_url: str = Field(
        "",
        description="The https address at which others reach the web side: /slack/install, calendar files",
    )
    nudger_playbooks: Path = Field(Path("playbooks"), description="The folder of company.yaml and the playbooks")
    nudger_host: str = Field("", description="Where the web side listens; 127.0.0.1 if absent")
    nudger_port: int = Field(0, ge=0, le=65535, description="The port of the web side; 3000 if absent")
    port: int = Field(0, ge=0, le=65535, description="The port as hosting platforms set it; the host is then 0.0.0.0")
    nudger_admins: str = Field("", description="Slack user ids of admins, separated by commas, beside company.yaml's")
    nudger_mode: str = Field("", description="`socket` or `http`; if absent `socket` when there is an app token")
    nudger_pace: str = Field("1/0.2/4", description="Posts a second: where to start, the floor, the ceiling")
    nudger_tick_s: float = Field(30.0, gt=0, description="Seconds between two looks at what is due")
    nudger_timeout_s: float = Field(30.0, gt=0, description="Seconds until a request to Slack is given up")
    nudger_lease_s: float = Field(60.0, gt=0, description="Seconds until a claimed delivery counts as abandoned")
    nudger_settle_s: float = Field(
        120.0, gt=0, description="Seconds an unknown delivery rests before it is looked up; above timeout and lease"
    )
    nudger_clock_url: str = Field("", description="Demo and tests only: follow the sandbox's clock")
    nudger_needs_url: str = Field(
        "", description="The https address at which IT takes the list of needs, posted when it changes; barriers.md"
    )
    nudger_needs_secret: SecretStr = Field(
        SecretStr(""), description="Signs what is posted there; at least 32 random characters"
    )
    nudger_needs_inward: str = Field(
        "", description="`yes` allows an address of the own machine or network for NUDGER_NEEDS_URL"
    )
    nudger_metrics: str = Field("", description="`open` shows /metrics to other machines too, not only to this one")

    @model_validator(mode="after")
    def _settle_outlives_the_rest(self) -> Self:
        if self.nudger_settle_s <= self.nudger_timeout_s + self.nudger_lease_s:
            raise ValueError(
                "NUDGER_SETTLE_S must be longer than NUDGER_TIMEOUT_S and NUDGER_LEASE_S together: "
                "a late answer must not overtake the looking up"
            )
        return self

    @model_validator(mode="after")
    def _database_is_an_address(self) -> Self:
        if self.database_url.startswith("sqlite:///"):
            return self  # the usual case, told without loading the database library: `check` and `new` start quickly
        from sqlalchemy.exc import ArgumentError

        try:
            backend = self._database.get_backend_name()
        except ArgumentError:
            backend = ""
        if backend not in ("sqlite", "postgresql"):
            raise ValueError("DATABASE_URL is sqlite:///nudger.db, or postgresql+psycopg://user:password@host/name")
        return self

    @model_validator(mode="after")
    def _words_are_known(self) -> Self:
        if self.nudger_mode not in ("", "socket", "http"):
            raise ValueError("NUDGER_MODE is socket or http")
        if self.nudger_metrics not in ("", "open"):
            raise ValueError("NUDGER_METRICS is open, or absent")
        if urlparse(self.slack_api_url).scheme not in ("http", "https") or not urlparse(self.slack_api_url).hostname:
            raise ValueError("SLACK_API_URL is an address such as http://127.0.0.1:3100/api/")
        if self.nudger_clock_url and urlparse(self.slack_api_url).hostname not in LOOPBACK:
            raise ValueError("NUDGER_CLOCK_URL is for the sandbox: SLACK_API_URL must then be on this machine")
        return self

    @model_validator(mode="after")
    def _public_address_is_safe(self) -> Self:
        given = urlparse(self.nudger_public_url)
        is_safe = given.scheme == "https" or (given.scheme == "http" and given.hostname in LOOPBACK)
        if self.nudger_public_url and not (is_safe and given.hostname and not given.query and not given.fragment):
            raise ValueError("NUDGER_PUBLIC_URL is an https address such as https://nudger.example.com")
        if any(len(key) < 32 for key in self.token_keys):
            raise ValueError("NUDGER_TOKEN_KEYS are at least 32 random characters each, separated by commas")
        return self

    @model_validator(mode="after")
    def _needs_go_somewhere_safe(self) -> Self:
        if self.nudger_needs_inward not in ("", "yes"):
            raise ValueError("NUDGER_NEEDS_INWARD is yes, or absent")
        if not self.nudger_needs_url:
            return self
        if not is_address(self.nudger_needs_url, reaches_inward=self.nudger_needs_inward == "yes"):
            raise ValueError("NUDGER_NEEDS_URL is an https address such as https://it.example.com/needs")
        if len(self.nudger_needs_secret.get_secret_value()) < 32:
            raise ValueError(
                "NUDGER_NEEDS_SECRET is at least 32 random characters: without it anybody could post there"
            )
        return self

    @property
    def token_keys(self) -> tuple[str, ...]:
        """Return the keys of stored tokens, the newest first."""
        given = self.nudger_token_keys.get_secret_value()
        return tuple(part.strip() for part in given.split(",") if part.strip())

    @property
    def can_install(self) -> bool:
        """Return whether other workspaces may install the app: all that this needs is set."""
        return bool(self.slack_client_id and self.slack_client_secret.get_secret_value() and self.nudger_public_url)

    @property
    def mode(self) -> str:
        """Return `socket` or `http`."""
        return self.nudger_mode or ("socket" if self.slack_app_token.get_secret_value() else "http")

    @property
    def api_url(self) -> str:
        """Return the Web API's base address with its final slash."""
        return self.slack_api_url.rstrip("/") + "/"

    @property
    def sqlite_path(self) -> Path | None:
        """Return the file of a SQLite database, or None."""
        name = self._database.database
        return Path(name) if self._database.get_backend_name() == "sqlite" and name and name != ":memory:" else None

    @property
    def key_path(self) -> Path | None:
        """Return where the secret key is kept when it is not set: beside the SQLite file."""
        return self.sqlite_path.with_suffix(".key") if self.sqlite_path else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every secret value there is, so that none of them is ever shown."""
        held = (
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.slack_client_secret,
            self.nudger_secret_key,
            self.nudger_needs_secret,
        )
        values = (*(one.get_secret_value() for one in held), *self.token_keys, self._database.password or "")
        return tuple(str(value) for value in values if value)

    @property
    def _database(self) -> "URL":
        from sqlalchemy.engine import make_url

        return make_url(self.database_url)

    @property
    def pace(self) -> PaceSetting:
        """Return the bounds of posting; SettingsError when they are not three numbers in order."""
        try:
            start, floor, ceiling = (float(part) for part in self.nudger_pace.split("/"))
        except ValueError as error:
            raise SettingsError(
                "NUDGER_PACE is three numbers such as 1/0.2/4 (start/floor/ceiling a second)."
            ) from error
        if not 0 < floor <= start <= ceiling:
            raise SettingsError("NUDGER_PACE wants floor <= start <= ceiling, all above zero.")
        return PaceSetting(start, floor, ceiling)

    @property
    def admins(self) -> tuple[str, ...]:
        """Return the ids in NUDGER_ADMINS."""
        return tuple(part.strip() for part in self.nudger_admins.split(",") if part.strip())

    @property
    def address(self) -> tuple[str, int]:
        """Return host and port of the web side."""
        host = self.nudger_host or ("0.0.0.0" if self.port else "127.0.0.1")  # noqa: S104 - as hosting platforms ask
        return host, self.nudger_port or self.port or 3000

    @property
    def lease(self) -> timedelta:
        """Return how long a claim holds."""
        return timedelta(seconds=self.nudger_lease_s)

    @property
    def settle(self) -> timedelta:
        """Return how long an unknown delivery rests."""
        return timedelta(seconds=self.nudger_settle_s)


def read_settings() -> Settings:
    """Return the settings of this process; SettingsError says in one sentence each what is wrong."""
    try:
        settings = Settings(**_secrets_from_files())  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(" ".join(_sentence(one["loc"], one["msg"]) for one in error.errors())) from error
    settings.pace  # noqa: B018 - a pace that cannot be read is told now, not at the first post
    return settings


def surplus_names() -> tuple[str, ...]:
    """Return names that look like settings of ours and are none: probably misspelt, and without effect."""
    known = {*known_names(), *KNOWN_BESIDES}
    return tuple(sorted(name for name in _environment() if name.startswith(OURS) and name not in known))


def known_names() -> tuple[str, ...]:
    """Return the name of every setting, and of each secret's file."""
    return (*(name.upper() for name in Settings.model_fields), *(f"{name}_FILE" for name in SECRETS))


def secret_files() -> dict[str, Path]:
    """Return the file of each secret that comes from one, by the setting's name."""
    found = _environment()
    return {name: Path(found[f"{name}_FILE"]) for name in SECRETS if found.get(f"{name}_FILE")}


def _secrets_from_files() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, path in secret_files().items():
        try:
            found[name.lower()] = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise SettingsError(f"{name}_FILE names {path}, which cannot be read ({reason}).") from error
        if not found[name.lower()]:
            raise SettingsError(f"{name}_FILE names {path}, which is empty.")
    return found


def _environment() -> dict[str, str]:
    """Return what is set, here and in .env; the process's own values come first, as pydantic reads them."""
    both = {**dotenv_values(ENV_FILE), **os.environ}
    return {name.upper(): value for name, value in both.items() if value}


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    name = ".".join(str(part) for part in where).upper()
    text = message.removeprefix("Value error, ")
    return f"{name}: {text}." if name else f"{text}."
