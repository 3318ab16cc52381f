"""Authors' text on its way to Slack: this module holds that markup stays, all else is escaped, and names are inert."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.checks.markup_faults import faults
from nudges.domain.playbooks.markup import escape, render_mrkdwn, render_plain

NOBODY: dict[str, str] = {}
ANY_VALUES = st.fixed_dictionaries({"first_name": st.text(), "team": st.text(), "place": st.text()})


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("*bold* _italic_ ~struck~ `code`", "*bold* _italic_ ~struck~ `code`"),
        ("> a quote", "> a quote"),
        ("fish & chips, 3 < 4 > 2", "fish &amp; chips, 3 &lt; 4 &gt; 2"),
        ("&amp; stays as typed", "&amp;amp; stays as typed"),
        ("<https://a.example/?x=1&y=2|Q & A>", "<https://a.example/?x=1&amp;y=2|Q &amp; A>"),
        ("<https://a.example>", "<https://a.example>"),
        ("<http://a.example|no>", "&lt;http://a.example|no&gt;"),
        ("<!channel> <@U0MAYA> <#C0X>", "&lt;!channel&gt; &lt;@U0MAYA&gt; &lt;#C0X&gt;"),
        ("`a < b`", "`a &lt; b`"),
        ("{unknown}", "{unknown}"),
    ],
)
def test_only_our_markup_reaches_slack(written: str, sent: str) -> None:
    assert render_mrkdwn(written, NOBODY) == sent


def test_a_value_is_filled_in_once_and_only_once() -> None:
    assert render_mrkdwn("Hi {first_name} of {team}", {"first_name": "{team}", "team": "Sales"}) == "Hi {team} of Sales"


def test_a_missing_value_takes_its_space_along() -> None:
    assert render_mrkdwn("Hello {first_name}! Welcome", NOBODY) == "Hello! Welcome"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("*Bob*", "∗Bob∗"),
        ("Tom & Jerry", "Tom &amp; Jerry"),
        ("> quoted", "› quoted"),
        ("two\nlines", "two lines"),
        ("billing_lisbon", "billing_lisbon"),
        ("_Bob_", "ˍBobˍ"),
        ("@here", "@\u2060here"),
        ("\u202egnp.exe", "gnp.exe"),
        ("👩\u200d🔧", "👩\u200d🔧"),
    ],
)
def test_what_people_are_called_never_becomes_markup(value: str, sent: str) -> None:
    assert render_mrkdwn("{first_name}", {"first_name": value}) == sent


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("*bold* _italic_ ~struck~ `code`", "bold italic struck code"),
        ("> a quote", "a quote"),
        ("*see <https://a.example|the page>*", "see the page (https://a.example)"),
        ("*Hi {first_name}*", "Hi Ana"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("Q & A", "Q & A"),
    ],
)
def test_the_words_alone_have_no_marks(written: str, words: str) -> None:
    assert render_plain(written, {"first_name": "Ana"}) == words


@given(st.text(), ANY_VALUES)
def test_nothing_but_https_links_is_left_in_angle_brackets(written: str, values: dict[str, str]) -> None:
    sent = render_mrkdwn(written, values)

    for inside in re.findall(r"<([^>]*)", sent):
        assert inside.startswith("https://")


@given(ANY_VALUES)
def test_values_add_no_markup_and_no_lines(values: dict[str, str]) -> None:
    sent = render_mrkdwn("{first_name}{team}{place}", values)

    assert not set("*~`<>\n") & set(sent)


@given(st.text())
def test_escaping_can_be_undone(text: str) -> None:
    assert html.unescape(escape(text)).replace("\u2060", "") == html.unescape(text.replace("&", "&amp;")).replace(
        "\u2060", ""
    )


@pytest.mark.parametrize(
    "text",
    [
        "Post it in *#ask-billing*, 3 < 4, <3 and <your name>",
        "In code `<!channel>`, `{id}` and `http://localhost` are only words",
        "```\n<@U0MAYA>\n```",
        "Write {first_name}, {team} and {place}",
        "Use @here sparingly",
        "<https://intranet.example.com/a_b?x=1&y=2#top|Read on>",
    ],
)
def test_good_texts_have_no_faults(text: str) -> None:
    assert faults(text) == []


def test_links_and_variables_are_idle_where_slack_shows_plain_text() -> None:
    found = faults("{team} <https://a.example|x>", has_markup=False, has_variables=False)

    assert [(fault.code.value, fault.snippet) for fault in found] == [
        ("PB055", "{team}"),
        ("PB055", "<https://a.example|x>"),
    ]
