"""Every error we raise: this module is the tree below, each with a stable code and the next step to take.

NudgerError
├── SettingsError            a setting is missing or wrong
├── StorageError             the database cannot be used
│   ├── WrongKey             the secret key is not the one this database was made with
│   └── AlreadyRunning       another process holds this database
├── DirectoryError           people could not be read to the end
├── ImportRefused            a people file has faults; nothing was taken from it
├── PlaybookRefused          a playbook has faults and cannot be published
├── CampaignNotFound         no campaign has this name
├── NotAllowed               the person may not do this
└── DeliveryError            a message was not (surely) posted
    ├── InstallationStopped  Slack refuses this installation as a whole
    ├── RecipientUnreachable Slack refuses this recipient for good
    ├── ContentRefused       Slack refuses this content for everybody
    ├── TemporaryFailure     not posted, try again later
    └── OutcomeUnknown       it may or may not have been posted
"""

from datetime import timedelta


class NudgerError(Exception):
    """Something went wrong in Nudger."""

    code = "nudger"
    hint = "See the log for details."

    def __init__(self, message: str | None = None, *, hint: str | None = None) -> None:
        self.message = message or (self.__doc__ or "").strip().splitlines()[0]
        if hint is not None:
            self.hint = hint
        super().__init__(self.message)


class SettingsError(NudgerError):
    """A setting is missing or wrong."""

    code = "settings"
    hint = "Set it in the environment or in a .env file; `nudger doctor` lists all of them."


class StorageError(NudgerError):
    """The database cannot be used."""

    code = "storage"
    hint = "Check DATABASE_URL, the disk's free space and the file's permissions; nothing stored was changed."


class WrongKey(StorageError):
    """The secret key is not the one this database was made with."""

    code = "storage.wrong_key"
    hint = "Set NUDGER_SECRET_KEY to the key this database was made with, or start with a new database."


class AlreadyRunning(StorageError):
    """Another process already works on this database."""

    code = "storage.already_running"
    hint = "Stop the other `nudger run` first; on SQLite one process does everything."


class DirectoryError(NudgerError):
    """The list of people could not be read to the end, so none of it was used."""

    code = "directory"
    hint = "Nothing to do if Slack was busy: it is read again later. Otherwise check the token and its scopes."


class ImportRefused(NudgerError):
    """The people file has faults, so nothing was taken from it."""

    code = "people.refused"
    hint = "Mend the lines named and import again."


class PlaybookRefused(NudgerError):
    """The playbook has faults, so nothing was published."""

    code = "playbook.refused"
    hint = "Run `nudger check` on the file, mend what it names, and publish again."


class CampaignNotFound(NudgerError):
    """There is no campaign with this name."""

    code = "campaign.not_found"
    hint = "`/nudge campaigns` lists the names."


class NotAllowed(NudgerError):
    """This is for the people who run Nudger."""

    code = "not_allowed"
    hint = "An admin can add you in company.yaml."


class DeliveryError(NudgerError):
    """The message was not delivered."""

    code = "delivery"

    def __init__(
        self, message: str | None = None, *, slack_code: str = "", retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.slack_code = slack_code
        self.retry_after = retry_after


class InstallationStopped(DeliveryError):
    """Slack refuses this installation as a whole; everything waits."""

    code = "delivery.installation_stopped"
    hint = "An admin must repair the installation (token, scopes, messages tab), then run `/nudge resume all`."


class RecipientUnreachable(DeliveryError):
    """Slack refuses messages to this person; not tried again."""

    code = "delivery.recipient_unreachable"
    hint = "Nothing to do: the person is looked at again when the directory is next read."


class ContentRefused(DeliveryError):
    """Slack refuses this content, whoever gets it; the nudge is stopped for everybody."""

    code = "delivery.content_refused"
    hint = "Mend the nudge in its playbook, then `nudger publish --update <campaign>`."


class TemporaryFailure(DeliveryError):
    """The messenger is busy or unreachable; the delivery stays due."""

    code = "delivery.temporary"
    hint = "Nothing to do: the delivery is retried with a growing wait."


class OutcomeUnknown(DeliveryError):
    """The message may or may not have been posted; it is looked up before anything else happens."""

    code = "delivery.unknown"
    hint = "Nothing to do: the conversation is read twice, then the delivery is settled."
