"""Good values written in every way, and what a schema cannot know: this module is the tables of the schema's tests."""

from collections.abc import Mapping

from nudges.domain.checks.findings import Code

WHEN = "when: {week: 1, day: tue, at: 10:30, window: 3h, valid_for: 2d}"
GOOD_IN_A_PLAYBOOK = [
    (WHEN, f"when: {{week: {week}, day: {day}, at: {at}, window: {window}, valid_for: {fresh}}}")
    for week, day, at, window, fresh in [
        ("1", "tue", '"9:30"', "3h", "2d"),
        ('"1"', "Tuesday", "9:30", "1h30m", "1w"),
        ("9", "thurs", "22:30", "90m", "2D"),
        ("007", "SUN", "'00:05'", "2h", "366d"),
        ("1", "mon", "23:59", "30m", "1W"),
    ]
] + [
    ("right: yes", "right: on"),
    ("right: yes", 'right: "TRUE"'),
    ("right: yes", "right: True"),
    ("key: mail", "key: no"),
    ("key: mail", "key: 2"),
    ("playbook: ask-first", "playbook: fråga_först"),
    ("title: Find an expert before you escalate", "title: 2027"),
    ("title: Find an expert before you escalate", "title: yes"),
    ("title: Find an expert before you escalate", "title: 3.14"),
    ("title: Find an expert before you escalate", "title: 2027-01-11"),
    ("tool: Slack channels", "tool: |\n  Slack channels"),
    ("holdout: 10%", "holdout: 0.5 %"),
    ("holdout: 10%", "holdout: 50.0%"),
    ("within: 1w", "within: 2h"),
    ("starts_on: 2027-01-11", 'starts_on: "2024-02-29"'),
    ("holdout: 10%", "holdout: 10%\nlanguage: no"),
    ("holdout: 10%", "holdout: 10%\nlanguages: [en, pt_br, NO]"),
    ("holdout: 10%", "holdout: 10%\nformat: 1"),
    ("holdout: 10%", "holdout: 10%\nwaive: {pb103: She signs in May}"),
    (
        "holdout: 10%",
        "holdout: 10%\nbaseline: {measured_on: 2027-01-04, active_share: 34%, organic_posts_per_person_week: 0.4, "
        "average_reach: 12, source: Export}",
    ),
    (
        "    by: {name: Maya,",
        "    priority: 9\n    fallback: In short\n    image: {link: https://a.example/b.png, alt: A channel}\n"
        "    translations: {no: {text: Hei, fallback: Hei}}\n    by: {name: Maya,",
    ),
    (
        "segment: service-pilot, answers: 10, useful: 60%",
        "segment: service-pilot, answers: 10, useful: 60%, then: automatic, "
        "stop_when: {not_for_me: 40%, stops: 5%, barrier_reports: 3, errors: 10%}",
    ),
]
_STEPS = "{key: a, text: A, reply: A}, {key: b, text: B, reply: B}, {key: c, text: C, reply: C}"
_SCENE = "{later: {question: Now, choices: [{key: a, text: A, right: on, reply: A}, {key: b, text: B, reply: B}]}}"
GOOD_IN_A_PLAYBOOK += [
    ("when: {after: why-ask, days: 7}", "when: {after: why-ask, if: unanswered, days: 7}"),
    (
        "    choices:",
        "    how_sure: yes\n    because: Many read it.\n    again: [{question: In other words}]\n    choices:",
    ),
    (
        "remedies:",
        '  - quiz: steps\n    when: {week: 2, day: tue, at: "10:00"}\n    question: How?\n    pick: in_order\n'
        f"    choices: [{_STEPS}]\nremedies:",
    ),
    (
        "remedies:",
        '  - quiz: what-next\n    when: {week: 2, day: tue, at: "10:00"}\n    question: What?\n    choices:\n'
        "      - {key: a, text: A, right: yes, reply: A, leads_to: later}\n      - {key: b, text: B, reply: B}\n"
        f"    scenes: {_SCENE}\nremedies:",
    ),
]
GOOD_IN_A_COMPANY = [
    ("country: [PT, NO]", "country: NO"),
    ("holidays: {PT: auto, DE: DE-BY}", "holidays: {PT: none, NO: auto, de: DE-BY}"),
    ("k: 5", "k: 12"),
    ("countries: all", "countries: [PT, NO]"),
    ("{department: Customer service}", "{department: 42}"),
    ("{department: Customer service}", "{title: [yes, 2.5]}"),
    ("{department: Customer service}", "{kind: [member, guest]}"),
    ("channels: {ask-billing: C0BILLING}", "channels: {ask-billing: C0BILLING, 2027: G0ABC}"),
    ("default_zone: Europe/Lisbon", "default_zone: UTC\nplace_zones: {Lisbon: Europe/Lisbon, 42: Asia/Tokyo}"),
    ("k: 5", "k: 5\nwaive: {PB104: See the kit}"),
    ("k: 5", "k: 5\npublishing: {approval: yes, growth: 20%, profile: pilot, reviewers: ask-billing}"),
    (
        "k: 5",
        "k: 5\ncomms_calendar: [{what: Results day, starts_on: 2027-02-10, ends_on: 2027-02-11, countries: [PT]}]",
    ),
    (
        "k: 5",
        "k: 5\nbriefs: {sales: {priority: 1, evidence: Talks, said_by: Them, job: Offers, tool: Huddles, "
        "depends_on_collaboration: high, likely_to_use: low}}",
    ),
    ("{department: Customer service}", "{used: {tool: Slack channels, at_least: 3, in: 28d}}"),
    ("{department: Customer service}", "{quiz_below: {playbook: find-an-expert, share: 60%}}"),
    ("{department: Customer service}", "{answered: [find-an-expert/one, other]}"),
    ("{department: Customer service}", "{joined_within: 30d, sample: 10%}"),
    ("{department: Customer service}", "{sample: {share: 10%, draw: spring}}"),
    ("{department: Customer service}", "{user_group: S0123ABC}"),
    ("{department: Customer service}", "{channel: ask-billing, except: {role: intern}}"),
]

# What needs a look at the whole file, at another file, at a calendar, or into the words of a text.
OURS_ALONE: Mapping[Code, str] = {
    Code.BAD_CHARACTER: "a parser refuses or lets through characters as it likes",
    Code.DUPLICATE_KEY: "YAML 1.1 parsers keep the last; the newer ones refuse it",
    Code.ANCHOR: "a parser has followed them before a schema looks",
    Code.TAG: "a parser has followed them before a schema looks",
    Code.MERGE_KEY: "a parser has followed them before a schema looks",
    Code.SEVERAL_DOCUMENTS: "a schema looks at one document",
    Code.BAD_COUNTRY: "whether a region has a calendar stands in the holidays package",
    Code.DUPLICATE_NUDGE: "compares places",
    Code.UNKNOWN_NUDGE: "looks elsewhere in the file",
    Code.NUDGE_CIRCLE: "follows references",
    Code.UNKNOWN_SEGMENT: "in company.yaml, where the names are made",
    Code.SEGMENT_CIRCLE: "follows references",
    Code.PILOT_OUTSIDE: "follows references",
    Code.DUPLICATE_CHOICE: "compares places",
    Code.BAD_WHEN: "compares dates and lengths",
    Code.ENDS_EARLY: "compares dates",
    Code.MIXED_QUIZ: "weighs keys against each other",
    Code.LOST_SCENE: "follows references",
    Code.IDLE_IF: "follows references",
    Code.STRAY_TRANSLATION: "looks elsewhere in the file",
    Code.BAD_WAIVER: "which findings may be waived is the loader's to say",
    Code.MENTION: "stands in the words of a text",
    Code.UNKNOWN_VARIABLE: "stands in the words of a text",
    Code.UNSAFE_LINK: "stands in the words of a text",
    Code.BAD_LINK: "stands in the words of a text",
    Code.IDLE_MARKUP: "stands in the words of a text",
    Code.TOO_LONG: "counts as Slack does",
    Code.CUT_BY_COMMENT: "a parser has left the comment out",
}

# company.yaml gives these names itself, maybe just now; in a playbook the schema knows them.
OURS_IN_COMPANY = (*OURS_ALONE, Code.UNKNOWN_CHANNEL)

# A parser of YAML 1.2 has made a thousand of it before a schema looks.
WRITTEN_OTHERWISE = ("answers: ¦1e3",)

# Of those codes, the faults that a schema sees all the same.
KNOWN_TOO = [
    ("segments: [customer-service, sales]", "segments: [customer-service, sales, slaes]", "PB033"),
    ("segment: service-pilot", "segment: service-pilto", "PB033"),
    ("when: {after: why-ask, days: 7}", "when: {after: why-ask, days: 7, week: 2}", "PB040"),
    ("link: https://intranet.example.com/maya", "link: http://intranet.example.com", "PB052"),
    ("link: https://intranet.example.com/maya", "link: https://", "PB053"),
    ("label: Read more", f"label: {'x' * 76}", "PB054"),
    ("label: Read more, ", "label: Read more, channel: ask-billing, ", "PB043"),
    ("answers: 10", "answers: -1", "PB017"),
    ("answers: 10", "answers: [10]", "PB015"),
]
