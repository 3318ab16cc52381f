"""The keys of a playbook, told to its author: this module is a sentence and examples for each, as an editor shows them.

The examples are good values: a test reads each of them with the loader.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Guide(NamedTuple):
    """What a key is for, and values that may stand behind it."""

    description: str
    examples: tuple[Any, ...]


def _guide(description: str, *examples: Any) -> Guide:
    return Guide(description, examples)


_WHEN = {"week": 1, "day": "tue", "at": "10:00"}
_CHOICES = [
    {"key": "mail", "text": "A mail to the lead", "reply": "It works, but only you learn the answer."},
    {"key": "channel", "text": "#ask-billing", "right": True, "reply": "Yes. The next colleague finds it too."},
]
_SCENE = {"text": "The lead is away until Thursday.", "question": "Whom do you ask now?", "choices": _CHOICES}
_WORDING = {"question": "Where does a billing question go first?"}
_TOLD = {"channel": {"text": "Im Kanal", "reply": "Ja. Sechs Minuten."}}
_TIP = {"tip": "ask-before-you-search", "stage": "show", "when": _WHEN, "text": "Stuck on a billing question? Post it."}
_REMEDY = {"do": "Ask Dana to post her own question", "by": "owner", "within": "7d"}
_REMEDIES = {"manager_discourages": [_REMEDY]}

PLAYBOOK_GUIDES: Mapping[str, Guide] = {
    "Playbook.playbook": _guide("Its name in commands: letters, digits, - and _, at most 60.", "find-an-expert"),
    "Playbook.title": _guide("What people read as its heading.", "Find an expert before you escalate"),
    "Playbook.titles": _guide("The title in other languages.", {"de": "Frag Fachleute, bevor du eskalierst"}),
    "Playbook.tool": _guide("The tool it is about.", "Slack channels"),
    "Playbook.owner": _guide("Slack user id of who hears about faults and flags.", "U024BE7LH"),
    "Playbook.goal": _guide(
        "What the company wants from it. Readers never see this.",
        {"business": "Resolve more at first contact", "kpi": "first_contact_resolution", "it_partner": "U024BE7LH"},
    ),
    "Playbook.sponsor": _guide(
        "A leader who is seen to be on board, in words agreed with them.",
        {"name": "Dana Ortiz", "role": "VP Service", "says": "I ask there myself before every customer call."},
    ),
    "Playbook.baseline": _guide(
        "How things stood before, measured before launch.",
        {
            "measured_on": "2027-01-04",
            "active_share": "34%",
            "organic_posts_per_person_week": 0.4,
            "average_reach": 12,
            "source": "Slack's analytics export",
        },
    ),
    "Playbook.language": _guide("The language of every text that is not under translations.", "en"),
    "Playbook.languages": _guide("All languages that you promise; a missing translation is a finding.", ["en", "de"]),
    "Playbook.audience": _guide("Who is meant, and a few people who try it first.", {"segments": ["everybody"]}),
    "Playbook.newcomers": _guide(
        "What somebody gets who joins the audience while it runs: from_start on a Monday of their own, from_now, skip.",
        "from_start",
        "skip",
    ),
    "Playbook.topics": _guide("What it is about, in words that readers may switch off; at most five.", ["search"]),
    "Playbook.personal_wins": _guide(
        "For each segment what the reader gains; it opens every message.",
        {"customer-service": {"kind": "easier_day", "text": "Answer the customer on the first call"}},
    ),
    "Playbook.nudges": _guide("Tips, stories, quizzes and the other kinds, in the order of reading.", [_TIP]),
    "Playbook.remedies": _guide("What will be done when a barrier shows, decided beforehand.", _REMEDIES),
    "Playbook.starts_on": _guide("The first day; without it, the Monday after publishing.", "2027-01-11"),
    "Playbook.ends_on": _guide("The last day on which anything is sent.", "2027-03-26"),
    "Playbook.holdout": _guide("Whole teams that get nothing, to see the difference it makes.", "10%"),
    "Playbook.returns": _guide("How often a question that was answered comes back at most; 0 for never.", 4),
    "Playbook.waive": _guide("Advice you have thought about, each with your reason.", {"PB103": "She signs in May"}),
    "Playbook.format": _guide("The way of writing that the file follows; nudger migrate-playbooks sets it.", 1),
    "NudgeBase.key": _guide("Its name in this file: letters, digits, - and _.", "ask-before-you-search"),
    "NudgeBase.when": _guide("The day and the hour, or how long after another nudge.", _WHEN),
    "NudgeBase.stage": _guide("sell says why, show says how, ask asks (only after the other two).", "show"),
    "NudgeBase.try_it": _guide("A button.", {"label": "Open the channel", "link": "https://intranet.example.com"}),
    "NudgeBase.topics": _guide("What it is about, where that is not what the playbook says.", ["search"]),
    "NudgeBase.priority": _guide("1 to 9: 1 goes first when several want the same slot.", 5),
    "NudgeBase.fallback": _guide("One line for the notification and for screen readers.", "Where to ask first"),
    "NudgeBase.asked_as": _guide(
        "How colleagues would ask for it, at most five ways; /nudge find looks there, and nobody is shown it.",
        ["I always bother the same expert", "Who knows about refunds?"],
    ),
    "NudgeBase.image": _guide(
        "A picture under the text.", {"link": "https://intranet.example.com/a.png", "alt": "A channel with one answer"}
    ),
    "NudgeBase.commit": _guide(
        "A small thing the reader may promise with one tap, in their own voice; asked about once.",
        "I will ask in the channel before I mail, this week",
    ),
    "NudgeBase.commit_days": _guide("How many days after the nudge they are asked whether it worked out.", 7),
    "NudgeBase.translations": _guide("The same in other languages.", {"de": {"text": "Eine Frage zur Rechnung?"}}),
    "NudgeBase.waive": _guide("Advice about this nudge you have thought about.", {"PB102": "It is a checklist"}),
    "Tip.text": _guide(
        "What people read: one thing, the task first, 120 words at most.", "Stuck? Post it in one line."
    ),
    "Story.by": _guide("Who tells it: a real colleague, asked beforehand.", {"name": "Maya", "team": "Service Lisbon"}),
    "Story.text": _guide("The story, in the teller's own words.", "I asked, and had the answer in six minutes."),
    "Quiz.question": _guide("A situation from the reader's own day.", "A customer is charged twice. Where do you ask?"),
    "Quiz.text": _guide("A few words before the question.", "Two minutes, nobody keeps score."),
    "Quiz.choices": _guide(
        "Two to five answers, one of them right: true; for an order all of them, as they belong.", _CHOICES
    ),
    "Quiz.pick": _guide("one choice, all that are right, or all of them in_order.", "one", "all", "in_order"),
    "Quiz.how_sure": _guide("true also asks how sure the person is; the answer is kept for when to ask again.", True),
    "Quiz.scenes": _guide("What happens next in a scenario, by the names that leads_to gives.", {"later": _SCENE}),
    "Quiz.because": _guide("The reason, read after every answer.", "The median answer there comes in six minutes."),
    "Quiz.again": _guide("The question in other words, for when it comes back.", [_WORDING]),
    "Scene.text": _guide("What has happened since, in a line or two.", "The lead is away until Thursday."),
    "Scene.question": _guide("The question that the scene ends in.", "Whom do you ask now?"),
    "Scene.choices": _guide("Two to five answers, one of them right: true.", _CHOICES),
    "Wording.text": _guide("A few words before the question.", "You met this one before."),
    "Wording.question": _guide("The same question in other words.", "Where does a billing question go first?"),
    "Wording.choices": _guide("Answers of its own; without them it has the quiz's.", _CHOICES),
    "Choice.leads_to": _guide("The scene that follows this answer.", "later"),
    "QuestionWords.text": _guide("The text in this language.", "Die Leitung ist bis Donnerstag weg."),
    "QuestionWords.question": _guide("The question in this language.", "Wen fragst du jetzt?"),
    "QuestionWords.choices": _guide("The answers by their keys.", _TOLD),
    "NudgeWords.scenes": _guide("The scenes by their names.", {"later": {"question": "Wen fragst du jetzt?"}}),
    "NudgeWords.because": _guide("The reason in this language.", "Die Antwort kommt dort meist nach sechs Minuten."),
    "NudgeWords.again": _guide("The other wordings, in their order.", [{"question": "Wohin mit der Frage?"}]),
    "AfterNudge.if": _guide(
        "Only for who answered so: right, wrong, unanswered, useful, not_for_me, or a choice's key.", "wrong", "mail"
    ),
    "Quiz.returns": _guide("How often this question comes back at most; 0 for never.", 2),
    "FixedDay.week": _guide("1 is the seven days from the start.", 1),
    "FixedDay.day": _guide("The day of the week.", "mon", "tue", "wed", "thu", "fri"),
    "FixedDay.at": _guide("The reader's own time of day, in quotes.", "10:00", "14:00"),
    "FixedDay.window": _guide("How long sending may take.", "2h", "5h"),
    "FixedDay.valid_for": _guide("How long it is worth reading; else until the end of the day.", "2d"),
    "AfterNudge.after": _guide("The name of another nudge in this file.", "ask-before-you-search"),
    "AfterNudge.days": _guide("Calendar days after that one was sent.", 7),
    "AfterNudge.at": _guide("The reader's own time of day; else the time of that other one.", "10:00", "14:00"),
    "AfterNudge.window": _guide("How long sending may take.", "2h", "5h"),
    "AfterNudge.valid_for": _guide("How long it is worth reading; else until the end of the day.", "2d"),
    "TryIt.label": _guide("The words on the button; phones show about 30 characters.", "Open the channel"),
    "TryIt.channel": _guide("A channel of company.yaml, without #.", "ask-billing"),
    "TryIt.link": _guide("An address that starts with https.", "https://intranet.example.com/example"),
    "StoryAuthor.name": _guide("The colleague's name.", "Maya"),
    "StoryAuthor.team": _guide("The team and the place.", "Customer service Lisbon"),
    "Image.link": _guide("The picture's address, which starts with https.", "https://intranet.example.com/a.png"),
    "Image.alt": _guide("What a screen reader says instead of the picture.", "A channel with one answer"),
    "Choice.key": _guide("A short name; answers are counted by it.", "channel"),
    "Choice.text": _guide("The words on the button, at most 75 characters.", "Ask in the channel"),
    "Choice.reply": _guide("What the person reads after tapping; kind for wrong ones too.", "Yes. Six minutes."),
    "Choice.right": _guide("true for the right one.", True),
    "ChoiceWords.text": _guide("The words on the button.", "Im Kanal fragen"),
    "ChoiceWords.reply": _guide("What the person reads after tapping.", "Ja. Sechs Minuten."),
    "NudgeWords.text": _guide("The text in this language.", "Eine Frage zur Rechnung?"),
    "NudgeWords.question": _guide("The question in this language.", "Wo fragst du zuerst?"),
    "NudgeWords.choices": _guide(
        "The answers by their keys.", {"channel": {"text": "Im Kanal", "reply": "Ja. Sechs Minuten."}}
    ),
    "NudgeWords.label": _guide("The words on the try_it button.", "Kanal öffnen"),
    "NudgeWords.commit": _guide("The promise in this language.", "Diese Woche frage ich erst im Kanal"),
    "NudgeWords.fallback": _guide("The line for the notification.", "Wo man zuerst fragt"),
    "NudgeWords.asked_as": _guide("How colleagues would ask for it in this language.", ["Wer kennt sich damit aus?"]),
    "NudgeWords.alt": _guide("The words for the picture.", "Ein Kanal mit einer Antwort"),
    "Goal.business": _guide("What the company wants.", "Resolve more at first contact"),
    "Goal.kpi": _guide("How it is measured.", "first_contact_resolution"),
    "Goal.it_partner": _guide("Who in IT stands by it.", "U024BE7LH"),
    "Sponsor.name": _guide("The leader's name.", "Dana Ortiz"),
    "Sponsor.role": _guide("What he or she does.", "VP Service"),
    "Sponsor.says": _guide("One line, agreed with them: what they do themselves.", "I ask there myself."),
    "StopRules.not_for_me": _guide("Stop at this share of Not for me among the answers.", "40%"),
    "StopRules.stops": _guide("Stop when this share of those reached stops the nudges.", "5%"),
    "StopRules.barrier_reports": _guide("Stop at so many reports of a barrier.", 5),
    "StopRules.errors": _guide("Stop when this share of the messages fails.", "10%"),
    "Pilot.segment": _guide("A smaller segment built on one of the audience's.", "service-pilot"),
    "Pilot.answers": _guide("So many people must have tapped anything.", 10),
    "Pilot.useful": _guide("So many of them must have found it useful.", "60%"),
    "Pilot.stop_when": _guide("What holds the pilot at once.", {"not_for_me": "40%", "stops": "5%"}),
    "Pilot.then": _guide("approval asks an approver before all are reached, automatic does not.", "approval"),
    "AudienceRule.segments": _guide("Who is meant: anybody in any of these.", ["customer-service"]),
    "AudienceRule.pilot": _guide("A few people first.", {"segment": "service-pilot", "answers": 10, "useful": "60%"}),
    "PersonalWin.kind": _guide("An easier day, a skill that counts, or contact with peers and leaders.", "easier_day"),
    "PersonalWin.text": _guide("What the reader gains, in one line.", "Answer the customer on the first call"),
    "PersonalWin.also": _guide(
        "Other words for it, or other sides of it, by turns: so that no two messages open alike.",
        [{"text": "Fewer callbacks at the end of the day"}],
    ),
    "OtherWin.text": _guide("What the reader gains, in other words.", "Fewer callbacks at the end of the day"),
    "OtherWin.translations": _guide("The same in other languages.", {"de": "Weniger Rückrufe am Abend"}),
    "PersonalWin.translations": _guide("The same in other languages.", {"de": "Gleich am Telefon antworten"}),
    "Remedy.do": _guide("The step that will be taken.", "Ask Dana to post her own question"),
    "Remedy.by": _guide("owner, or a Slack user id.", "owner"),
    "Remedy.within": _guide("How long it may take.", "7d", "14d"),
    "Baseline.measured_on": _guide("The day of measuring.", "2027-01-04"),
    "Baseline.active_share": _guide("The share of people who used the tool.", "34%"),
    "Baseline.organic_posts_per_person_week": _guide(
        "Posts of their own, by person and week; leave it out where nobody posts.", 0.4
    ),
    "Baseline.average_reach": _guide("People reached by a post on average; leave it out where nobody posts.", 12),
    "Baseline.source": _guide("Where the numbers come from.", "Slack's analytics export"),
}
