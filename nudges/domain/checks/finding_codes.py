"""Every code a finding may carry: this module is the one table of codes, severities and headings.

Codes are stable: add at the end of a group, never reuse. Each has a heading of its own in docs/playbooks.md.
"""

from collections.abc import Mapping
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps a file from being used; advice does not."""

    ERROR = "error"
    ADVICE = "advice"


class Code(StrEnum):
    """Keys (001-), what fits together (030-), texts (050-), folders (060-), kinds (070-), advice (100-)."""

    NOT_TEXT = "PB001"
    TOO_BIG = "PB002"
    BAD_CHARACTER = "PB003"
    BAD_YAML = "PB004"
    TAB = "PB005"
    NEEDS_QUOTES = "PB006"
    OPEN_QUOTE = "PB007"
    DUPLICATE_KEY = "PB008"
    ANCHOR = "PB009"
    TAG = "PB010"
    MERGE_KEY = "PB011"
    UNKNOWN_KEY = "PB012"
    MISSING_KEY = "PB013"
    NO_VALUE = "PB014"
    WRONG_SHAPE = "PB015"
    UNKNOWN_WORD = "PB016"
    BAD_NUMBER = "PB017"
    BAD_TIME = "PB018"
    BAD_DURATION = "PB019"
    BAD_SHARE = "PB020"
    BAD_SWITCH = "PB021"
    BAD_NAME = "PB022"
    BAD_ID = "PB023"
    SEVERAL_DOCUMENTS = "PB024"
    EMPTY_FILE = "PB025"
    BAD_KEY = "PB026"
    UNKNOWN_ZONE = "PB027"
    BAD_COUNTRY = "PB028"
    BAD_HOURS = "PB029"
    DUPLICATE_NUDGE = "PB030"
    UNKNOWN_NUDGE = "PB031"
    NUDGE_CIRCLE = "PB032"
    UNKNOWN_SEGMENT = "PB033"
    SEGMENT_CIRCLE = "PB034"
    UNKNOWN_CHANNEL = "PB035"
    BAD_RULE = "PB036"
    BAD_COUNT = "PB037"
    NO_RIGHT_CHOICE = "PB038"
    DUPLICATE_CHOICE = "PB039"
    BAD_WHEN = "PB040"
    PILOT_OUTSIDE = "PB041"
    ENDS_EARLY = "PB042"
    BAD_TRY_IT = "PB043"
    DUPLICATE_PLAYBOOK = "PB044"
    NO_COMPANY = "PB045"
    NO_KIND = "PB046"
    STRAY_TRANSLATION = "PB047"
    BAD_WAIVER = "PB048"
    OTHER_FORMAT = "PB049"
    MENTION = "PB050"
    UNKNOWN_VARIABLE = "PB051"
    UNSAFE_LINK = "PB052"
    BAD_LINK = "PB053"
    TOO_LONG = "PB054"
    IDLE_MARKUP = "PB055"
    CUT_BY_COMMENT = "PB056"
    NOT_A_FILE = "PB060"
    TOO_MANY_FILES = "PB061"
    UNREADABLE = "PB062"
    TOO_MANY_FINDINGS = "PB063"
    SUBFOLDER = "PB064"
    EMPTY_HOWTO = "PB070"
    NO_LEADER = "PB071"
    BAD_SESSION = "PB072"
    NOWHERE = "PB073"
    IDLE_COMMIT = "PB074"
    MIXED_QUIZ = "PB080"
    SHORT_ORDER = "PB081"
    LOST_SCENE = "PB082"
    IDLE_IF = "PB083"
    NO_WIN = "PB101"
    MANY_WORDS = "PB102"
    NO_SPONSOR = "PB103"
    NO_REMEDY = "PB104"
    ASKED_TOO_SOON = "PB105"
    PRESSURE = "PB106"
    RIGHT_ALWAYS_FIRST = "PB107"
    RIGHT_ALWAYS_LONGEST = "PB108"
    SINGLE_TOUCH = "PB109"
    LONG_LABEL = "PB110"
    IDLE_WIN = "PB111"
    NOBODY_WORKS = "PB112"
    OTHER_MARKUP = "PB113"
    COMMENT_TOUCHES = "PB114"
    COMMA_IN_BRACES = "PB115"
    OVER_THE_CAP = "PB116"
    IDLE_WAIVER = "PB117"
    COMPANY_FIRST = "PB118"
    FEATURE_WORDS = "PB119"
    NO_PARTNER = "PB120"
    NO_POLICY = "PB121"
    CALENDAR_CLASH = "PB122"
    NO_BASELINE = "PB123"
    NO_FALLBACK = "PB124"
    NO_ALT = "PB125"
    STARTS_IN_PAST = "PB126"
    NO_PILOT = "PB127"
    NO_STOP_RULES = "PB128"
    NO_TRANSLATION = "PB129"
    OTHER_VARIABLES = "PB130"
    RIVALS = "PB131"
    NO_REAL_NAME = "PB132"
    UNPROMISED_LANGUAGE = "PB133"
    SENSITIVE_LINK = "PB134"
    UNKNOWN_TARGET = "PB135"
    STAND_IN = "PB136"
    SESSION_PAST = "PB140"
    SILENT_VIDEO = "PB141"
    LATE_INVITATION = "PB142"
    LEADING_POLL = "PB143"


TITLES: Mapping[Code, str] = {
    Code.NOT_TEXT: "The file is not UTF-8 text",
    Code.TOO_BIG: "The file is too big or too deep",
    Code.BAD_CHARACTER: "A character that cannot be used",
    Code.BAD_YAML: "The line cannot be read as YAML",
    Code.TAB: "A tab where spaces belong",
    Code.NEEDS_QUOTES: "A text that needs quotes",
    Code.OPEN_QUOTE: "A quote that is not closed",
    Code.DUPLICATE_KEY: "A key stands twice",
    Code.ANCHOR: "Anchors and aliases are not used",
    Code.TAG: "YAML tags are not used",
    Code.MERGE_KEY: "Merge keys are not used",
    Code.UNKNOWN_KEY: "A key nobody knows",
    Code.MISSING_KEY: "A key is missing",
    Code.NO_VALUE: "A key without a value",
    Code.WRONG_SHAPE: "A list, a block or a text in the wrong place",
    Code.UNKNOWN_WORD: "A word that is not one of the choices",
    Code.BAD_NUMBER: "Not a number that fits",
    Code.BAD_TIME: "Not a date, a day or a time of day",
    Code.BAD_DURATION: "Not a length of time",
    Code.BAD_SHARE: "Not a percentage that fits",
    Code.BAD_SWITCH: "Neither true nor false",
    Code.BAD_NAME: "A name that cannot be used",
    Code.BAD_ID: "Not a Slack id",
    Code.SEVERAL_DOCUMENTS: "Several documents in one file",
    Code.EMPTY_FILE: "The file is empty",
    Code.BAD_KEY: "A key that is not plain text",
    Code.UNKNOWN_ZONE: "A time zone nobody knows",
    Code.BAD_COUNTRY: "Not a country or a holiday calendar",
    Code.BAD_HOURS: "Not working hours",
    Code.DUPLICATE_NUDGE: "Two nudges with one name",
    Code.UNKNOWN_NUDGE: "`after` names no nudge of this playbook",
    Code.NUDGE_CIRCLE: "Nudges that wait for each other",
    Code.UNKNOWN_SEGMENT: "A segment nobody knows",
    Code.SEGMENT_CIRCLE: "Segments that refer to each other",
    Code.UNKNOWN_CHANNEL: "A channel nobody knows",
    Code.BAD_RULE: "A rule that says nothing",
    Code.BAD_COUNT: "Too few or too many entries",
    Code.NO_RIGHT_CHOICE: "A quiz without a right answer",
    Code.DUPLICATE_CHOICE: "Two choices with one key",
    Code.BAD_WHEN: "A `when` that contradicts itself",
    Code.PILOT_OUTSIDE: "A pilot outside the audience",
    Code.ENDS_EARLY: "The end comes before the start",
    Code.BAD_TRY_IT: "A try_it that leads nowhere, or to two places",
    Code.DUPLICATE_PLAYBOOK: "Two files with one playbook name",
    Code.NO_COMPANY: "company.yaml is missing",
    Code.NO_KIND: "A nudge without a kind",
    Code.STRAY_TRANSLATION: "A translation of something that is not there",
    Code.BAD_WAIVER: "A waiver of something that cannot be waived",
    Code.OTHER_FORMAT: "A file of a newer Nudger",
    Code.MENTION: "A mention in a text",
    Code.UNKNOWN_VARIABLE: "A variable nobody knows",
    Code.UNSAFE_LINK: "A link that is not https",
    Code.BAD_LINK: "A link that is not complete",
    Code.TOO_LONG: "A text over Slack's limit",
    Code.IDLE_MARKUP: "Variables or links where they do not work",
    Code.CUT_BY_COMMENT: "A text cut off by #",
    Code.NOT_A_FILE: "Not a regular file of this folder",
    Code.TOO_MANY_FILES: "Too many files",
    Code.UNREADABLE: "The file cannot be opened",
    Code.TOO_MANY_FINDINGS: "More findings than are listed",
    Code.SUBFOLDER: "Playbooks in a subfolder",
    Code.EMPTY_HOWTO: "A how-to with neither steps nor video",
    Code.NO_LEADER: "A leader's word without a sponsor",
    Code.BAD_SESSION: "A workshop on no day, or on two",
    Code.NOWHERE: "A workshop that is nowhere",
    Code.IDLE_COMMIT: "A promise that nobody can make",
    Code.MIXED_QUIZ: "Keys of a quiz that do not go together",
    Code.SHORT_ORDER: "An order of fewer than three steps",
    Code.LOST_SCENE: "A scenario that leads nowhere",
    Code.IDLE_IF: "An `if` that can never hold",
    Code.NO_WIN: "A segment without a personal win",
    Code.MANY_WORDS: "A text over 120 words",
    Code.NO_SPONSOR: "No sponsor",
    Code.NO_REMEDY: "No remedy for a barrier that will come",
    Code.ASKED_TOO_SOON: "A request before anything was sold or shown",
    Code.PRESSURE: "Threat, prize or ranking",
    Code.RIGHT_ALWAYS_FIRST: "The right answer is always the first",
    Code.RIGHT_ALWAYS_LONGEST: "The right answer is always the longest",
    Code.SINGLE_TOUCH: "Only one nudge",
    Code.LONG_LABEL: "A button that phones cut short",
    Code.IDLE_WIN: "A personal win nobody reads",
    Code.NOBODY_WORKS: "A time at which nobody works",
    Code.OTHER_MARKUP: "Markdown that Slack does not show",
    Code.COMMENT_TOUCHES: "A # that may have swallowed text",
    Code.COMMA_IN_BRACES: "A comma in a text without quotes",
    Code.OVER_THE_CAP: "More nudges at once than the caps allow",
    Code.IDLE_WAIVER: "A waiver that is not needed",
    Code.COMPANY_FIRST: "The company's benefit comes first",
    Code.FEATURE_WORDS: "More about features than about the task",
    Code.NO_PARTNER: "No partner in business and IT",
    Code.NO_POLICY: "A country without a policy",
    Code.CALENDAR_CLASH: "A clash with the comms calendar",
    Code.NO_BASELINE: "No baseline",
    Code.NO_FALLBACK: "No words for the notification",
    Code.NO_ALT: "A picture without words",
    Code.STARTS_IN_PAST: "A start in the past",
    Code.NO_PILOT: "No pilot",
    Code.NO_STOP_RULES: "A pilot that nothing stops",
    Code.NO_TRANSLATION: "A promised language is missing",
    Code.OTHER_VARIABLES: "A translation with other variables",
    Code.RIVALS: "Two campaigns for the same people in the same week",
    Code.NO_REAL_NAME: "A story that nobody tells",
    Code.UNPROMISED_LANGUAGE: "A language that was not promised",
    Code.SENSITIVE_LINK: "A link that should not be passed on",
    Code.UNKNOWN_TARGET: "A rule about a nudge that is not here",
    Code.STAND_IN: "A stand-in of the template is still there",
    Code.SESSION_PAST: "A workshop in the past",
    Code.SILENT_VIDEO: "A video and nothing to read",
    Code.LATE_INVITATION: "An invitation that comes too late",
    Code.LEADING_POLL: "A poll that answers itself",
}

ADVICE = frozenset(code for code in Code if code.value >= "PB100") | {Code.SUBFOLDER}


def severity_of(code: Code) -> Severity:
    """Return the severity a code has unless a profile (nudges/domain/checks/profiles.py) says otherwise."""
    return Severity.ADVICE if code in ADVICE else Severity.ERROR
