"""One fault, one finding at its place: this module is the table of what authors get wrong."""

import pytest

from nudges.domain.files.loading import load_company
from tests.playbook_texts import GOOD, GOOD_COMPANY, findings_in, found, with_fault

IN_A_PLAYBOOK = [
    # keys and shapes
    ("title: Find an expert", "¦titel: Find an expert", "PB012"),
    ("tool: Slack channels\n", "tool: Slack channels\n¦tool: Slack\n", "PB008"),
    ("tool: Slack channels\n", "¦tool:\n", "PB014"),
    ("tool: Slack channels\n", '¦tool: ""\n', "PB014"),
    ("tool: Slack channels\n", "tool: ¦[Slack, channels]\n", "PB015"),
    ("segments: [customer-service, sales]", "segments: ¦customer-service", "PB015"),
    ("role: VP Service, ", "¦rôle: VP Service, ", "PB012"),
    ("sponsor: {name: Dana Ortiz, role: VP Service,", "sponsor: ¦{name: Dana Ortiz,", "PB013"),
    ("    by: {name: Maya, team: Customer service Lisbon}\n", "    by: ¦Maya\n", "PB015"),
    ("  - story: how-maya", "  - ¦storry: how-maya", "PB046"),
    ("  - story: how-maya", "  - tip: how-maya\n    ¦story: how-maya", "PB046"),
    ("  - quiz: where-would-you-ask\n    stage: ask", "  - ¦key: where-would-you-ask\n    stage: ask", "PB012"),
    # words, numbers, days, times, lengths
    ("stage: sell", "stage: ¦sel", "PB016"),
    ("kind: easier_day", "kind: ¦easy", "PB016"),
    ("  not_comfortable_sharing:", "  ¦not_comfortable_shareing:", "PB016"),
    ("answers: 10", "answers: ¦ten", "PB017"),
    ("answers: 10", "answers: ¦0", "PB017"),
    ("answers: 10", "answers: ¦1e3", "PB017"),
    ("week: 1,", "week: ¦0,", "PB017"),
    ("week: 1,", "week: ¦105,", "PB017"),
    ("useful: 60%", "useful: ¦0.6", "PB020"),
    ("useful: 60%", "useful: ¦160%", "PB020"),
    ("holdout: 10%", "holdout: ¦51%", "PB020"),
    ("day: tue,", "day: ¦thues,", "PB018"),
    ("day: tue,", "day: ¦tusday,", "PB018"),
    ("at: 10:30", "at: ¦25:30", "PB018"),
    ("at: 10:30", "at: ¦10.30", "PB018"),
    ("at: 10:30", "at: ¦10am", "PB018"),
    ("at: 10:30", "at: ¦NO", "PB018"),
    ("starts_on: 2027-01-11", "starts_on: ¦2027-02-30", "PB018"),
    ("starts_on: 2027-01-11", "starts_on: ¦11.01.2027", "PB018"),
    ("window: 3h", "window: ¦3 hours", "PB019"),
    ("window: 3h", "window: ¦0h", "PB019"),
    ("within: 7d", "within: ¦7", "PB019"),
    ("right: yes", "right: ¦maybe", "PB021"),
    ("owner: U0PRIYA", "owner: ¦Priya", "PB023"),
    ("by: U0LEE", "by: ¦lee", "PB023"),
    # names and what refers to them
    ("playbook: ask-first", "playbook: ¦ask first", "PB022"),
    ("playbook: ask-first", "playbook: ¦all", "PB022"),
    ("- quiz: who-answers", "- quiz: ¦why-ask", "PB030"),
    ("after: where-would-you-ask", "after: ¦where-would-you-aks", "PB031"),
    ("when: {after: why-ask, days: 7}", "when: {after: ¦where-would-you-ask, days: 7}", "PB032"),
    ("segments: [customer-service, sales]", "segments: [customer-service, sales, ¦slaes]", "PB033"),
    ("segment: service-pilot", "segment: ¦service-pilto", "PB033"),
    ("personal_wins:\n", "personal_wins:\n  ¦salse: {kind: contact, text: Hi}\n", "PB033"),
    ("channel: ask-billing", "channel: ¦ask-biling", "PB035"),
    ("channel: ask-billing", 'channel: ¦"#ask-billing"', "PB035"),
    ("segments: [customer-service, sales]", "segments: ¦[]", "PB037"),
    ("text: Anybody who knows, right: true,", "text: Anybody who knows,", "PB038"),
    ("{key: lead,", "{key: ¦all,", "PB039"),
    ("text: Only the lead or a deputy", "text: ¦Anybody who knows", "PB039"),
    ("when: {after: why-ask, days: 7}", "when: ¦{after: why-ask, days: 7, week: 2}", "PB040"),
    ("when: {after: why-ask, days: 7}", "when: ¦{after: why-ask}", "PB013"),
    ('when: {week: 2, day: wed, at: "14:00"}', 'when: ¦{week: 52, day: wed, at: "14:00"}', "PB040"),
    ("when: {after: why-ask, days: 7}", "when: ¦{after: why-ask, days: 90}", "PB040"),
    ("valid_for: 2d", "valid_for: ¦2h", "PB040"),
    ("ends_on: 2027-03-26", "ends_on: ¦2027-01-01", "PB042"),
    ("{label: Open the channel, channel: ask-billing}", "¦{label: Open the channel}", "PB043"),
    ("channel: ask-billing}", "channel: ask-billing, link: https://a.example}", "PB043"),
    # texts
    ("Stuck on a billing", "Stuck on a ¦<!channel> billing", "PB050"),
    ("Stuck on a billing", "Stuck on a ¦<!here> billing", "PB050"),
    ("Stuck on a billing", "Stuck on a ¦<@U0MAYA> billing", "PB050"),
    ("Stuck on a billing", "Stuck on a ¦<!subteam^S0X|@all> billing", "PB050"),
    ("Hello {first_name}.", "Hello ¦{first_nmae}.", "PB051"),
    ("Hello {first_name}.", "Hello ¦{First name}.", "PB051"),
    ("<https://intranet.example.com/ask?a=1&b=2|how", "¦<http://intranet.example.com|how", "PB052"),
    ("<https://intranet.example.com/ask?a=1&b=2|how it works>", "¦<how it works|https://a.example>", "PB053"),
    ("<https://intranet.example.com/ask?a=1&b=2|how it works>", "¦<https://a.example|how it works", "PB053"),
    ("<https://intranet.example.com/ask?a=1&b=2|how it works>", "¦<https://a.example|>", "PB053"),
    ("link: https://intranet.example.com/maya", "link: ¦http://intranet.example.com", "PB052"),
    ("link: https://intranet.example.com/maya", "link: ¦javascript:alert(1)", "PB052"),
    ("label: Read more", f"label: ¦{'x' * 76}", "PB054"),
    ("label: Read more", f"label: ¦{'😀' * 38}", "PB054"),
    ("label: Read more", "label: ¦Read all about it in her own words", "PB110"),
    ("text: I asked, and had the answer", f"text: ¦I {'x' * 3000} asked, and had the answer", "PB054"),
    ("label: Read more", 'label: "Read ¦{team}"', "PB055"),
    ('reply: "Yes, anybody."', 'reply: "Yes, ¦{first_name}."', "PB055"),
    ("title: Find an expert before", "title: Find an expert ¦#ask-billing before", "PB056"),
    ("title: Find an expert before", "title: Find an expert ¦#today before", "PB114"),
    ("text: I asked, and had", "text: I ¦**asked**, and had", "PB113"),
    ("text: I asked, and had", "text: I ¦[asked](https://a.example), and had", "PB113"),
    # YAML
    ("text: I asked, and had", "text: I asked¦: and had", "PB006"),
    ("text: I asked, and had", "text: ¦@maya asked, and had", "PB006"),
    ("text: I asked, and had", "text: ¦*I asked*, and had", "PB006"),
    ("text: I asked, and had", "text: ¦{first_name}, I had", "PB006"),
    ("text: I asked, and had", 'text: "I asked" ¦and had', "PB006"),
    ("title: Find an expert before you escalate", 'title: ¦"Find an expert', "PB007"),
    ("title: Find an expert", "title¦:Find an expert", "PB004"),
    ("    by: {name: Maya,", "¦\tby: {name: Maya,", "PB005"),
    ("    by: {name: Maya,", "      ¦by: {name: Maya,", "PB004"),
    ("segments: [customer-service, sales]", "segments: [customer-service, sales]¦]", "PB004"),
    ("by: {name: Maya, team: Customer service Lisbon}", "by: ¦{name: Maya, team: Customer service Lisbon", "PB004"),
    ("  - story: how-maya", "   ¦- story: how-maya", "PB004"),
    ("tool: Slack channels", "tool: ¦&tool Slack channels", "PB009"),
    ("tool: Slack channels", "tool: ¦!!python/object:os.system Slack", "PB010"),
    ("tool: Slack channels", "tool: Slack\n¦<<: {a: b}", "PB011"),
    ("tool: Slack channels", "tool: Slack¦\0channels", "PB003"),
    ("tool: Slack channels", "tool: Slack¦\ufeffchannels", "PB003"),
    ("tool: Slack channels", "tool: Slack¦\u2028channels", "PB003"),
    ("tool: Slack channels", 'tool: ¦"Slack\\achannels"', "PB003"),
    ("holdout: 10%\n", "holdout: 10%\n¦---\nplaybook: another\n", "PB024"),
    ("tool: Slack channels", "¦[tool]: Slack channels", "PB026"),
    ("    by: {name: Maya,", "¦\xa0\xa0\xa0\xa0by: {name: Maya,", "PB003"),
]


@pytest.mark.parametrize(("old", "new", "code"), IN_A_PLAYBOOK)
def test_a_fault_in_a_playbook_is_found_at_its_place(old: str, new: str, code: str) -> None:
    text, place = with_fault(GOOD, old, new) if "¦" in new else (GOOD.replace(old, new), None)
    findings = found(findings_in(text))

    assert code in [one for one, *_ in findings]
    if place is not None:
        assert (code, *place) in findings


BRIEF = (
    "{priority: 1, evidence: Twelve talks, said_by: Leads, job: Answer, tool: Channels,"
    " depends_on_collaboration: high, likely_to_use: medium}"
)
IN_A_COMPANY = [
    ("admins: [U0AMIR]", "admins: ¦U0AMIR", "PB015"),
    ("admins: [U0AMIR]", "admins: [¦amir]", "PB023"),
    ("default_zone: Europe/Lisbon", "default_zone: ¦Europe/Lisboa", "PB027"),
    ("default_zone: Europe/Lisbon", "default_zone: ¦../../etc/passwd", "PB027"),
    ("mon-fri", "mon-fry", "PB029"),
    ('AE: "09:00-17:00 mon-thu', 'UAE: "09:00-17:00 mon-thu', "PB028"),
    ("DE: DE-BY", "DE: ¦DE-XX", "PB028"),
    ("DE: DE-BY", "DE: ¦PT", "PB028"),
    ("DE: DE-BY", "¦Germany: auto", "PB028"),
    ("DE: DE-BY", "¦pt: auto", "PB008"),
    ("k: 5", "k: ¦3", "PB017"),
    ("caps: {day: 1,", "caps: {day: ¦0,", "PB017"),
    ("ask-billing: C0BILLING", "ask-billing: ¦billing", "PB023"),
    ("ask-billing: C0BILLING", '¦"#ask-billing": C0BILLING', "PB022"),
    ("countries: all", "countries: ¦some", "PB015"),
    ("link: https://intranet.example.com/policy", "link: ¦intranet.example.com", "PB052"),
    ("do: Send the managers' kit", "¦doo: Send the managers' kit", "PB012"),
    ("{department: Customer service}", "{¦departmnt: Customer service}", "PB012"),
    ("{department: Customer service}", "{¦shift: night}", "PB012"),
    ("{department: Customer service}", "{¦department: }", "PB014"),
    ("{department: Customer service}", "¦Customer service", "PB015"),
    ("{department: Customer service}", "{kind: ¦guests}", "PB016"),
    ("{department: Customer service}", "{department: ¦[]}", "PB037"),
    ("{department: Customer service}", "¦{}", "PB036"),
    ("{segment: customer-service}", "{segment: ¦customer-servce}", "PB033"),
    ("{segment: customer-service}", "{segment: ¦service-pilot}", "PB034"),
    ("{attribute: {shift: [night, late]}}", "{attribute: {¦team: [night, late]}}", "PB036"),
    ("country: [PT, NO]", "country: [PT, ¦Norway]", "PB028"),
    ("k: 5", f"k: 5\nbriefs: {{¦custmer-service: {BRIEF}}}", "PB033"),
    ("k: 5", f"k: 5\nbriefs: {{sales: {BRIEF.replace('high', '¦hihg')}}}", "PB016"),
    ("k: 5", "k: 5\ncomms_calendar: [{what: Results, starts_on: 2027-02-10, ends_on: ¦2027-02-01}]", "PB042"),
    ("k: 5", "k: 5\ncomms_calendar: [{what: Results, starts_on: ¦2027-02-30, ends_on: 2027-03-01}]", "PB018"),
    ("k: 5", "k: 5\npublishing: {reviewers: ¦ask-biling}", "PB035"),
    ("k: 5", "k: 5\npublishing: {profile: ¦lve}", "PB016"),
    ("k: 5", "k: 5\npublishing: {growth: ¦20}", "PB020"),
    ("k: 5", "k: 5\npublishing: {approval: ¦perhaps}", "PB021"),
    ("k: 5", "k: 5\nwaive: {¦PB012: It is fine}", "PB048"),
]


@pytest.mark.parametrize(("old", "new", "code"), IN_A_COMPANY)
def test_a_fault_in_company_yaml_is_found_at_its_place(old: str, new: str, code: str) -> None:
    text, place = with_fault(GOOD_COMPANY, old, new) if "¦" in new else (GOOD_COMPANY.replace(old, new), None)
    loaded = load_company(text, file="company.yaml")

    assert loaded.value is None
    assert code in [one for one, *_ in found(loaded.findings)]
    if place is not None:
        assert found(loaded.findings) == [(code, *place)]


def test_a_pilot_outside_the_audience_is_named() -> None:
    text, place = with_fault(
        GOOD,
        "segments: [customer-service, sales]\n  pilot: {segment: service-pilot,",
        "segments: [sales]\n  pilot: {segment: ¦service-pilot,",
    )

    assert ("PB041", *place) in found(findings_in(text))


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("titel: Find an expert", "Did you mean `title`?"),
        ("Title: Find an expert", "Did you mean `title`?"),
        ("t\u0456tle: Find an expert", "Type `title` again by hand"),
        ("slogan: Find an expert", "Use one of: `title`, `titles`"),
    ],
)
def test_a_misspelt_key_comes_with_the_one_that_was_meant(wrong: str, hint: str) -> None:
    findings = findings_in(GOOD.replace("title: Find an expert", wrong))

    assert any(finding.fix.startswith(hint) for finding in findings)


def test_a_misspelt_key_is_not_missing_too() -> None:
    assert len(findings_in(GOOD.replace("title: Find", "titel: Find"))) == 1


def test_what_stands_under_a_misspelt_key_is_checked_all_the_same() -> None:
    text = GOOD.replace("    when: {after: why-ask, days: 7}", "    wen: {after: nobody, days: seven}")

    assert [code for code, *_ in found(findings_in(text))] == ["PB012", "PB017"]


def test_keys_that_stand_there_already_are_not_offered() -> None:
    text, _ = with_fault(GOOD, "    by: {name: Maya", "    ¦slogan: Hello\n    by: {name: Maya")

    assert "Use one of: `stage`, `priority`" in findings_in(text)[0].fix
    assert "`key`" not in findings_in(text)[0].fix


def test_what_was_left_out_leaves_no_key_empty() -> None:
    text, place = with_fault(GOOD, 'text: "#ask-billing", right: yes', "text: ¦#ask-billing, right: yes")

    assert found(findings_in(text)) == [("PB056", *place)]


def test_a_message_too_long_as_a_whole_is_refused() -> None:
    long = "so " * 700
    text = (
        GOOD.replace("text: I asked, and had", f"text: {long}")
        .replace('reply: "Yes, anybody."', f'reply: "{long}"')
        .replace("question: Who may answer", f"question: {long}")
    )

    assert "PB054" in [code for code, *_ in found(findings_in(text))]
