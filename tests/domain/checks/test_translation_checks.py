"""A playbook in several languages: this module holds which translations fit, and which are missed."""

import pytest

from tests.playbook_texts import GOOD, MARK, findings_in, found, with_fault

OF_THE_STORY = "    try_it: {label: Read more"
OF_THE_QUIZ = "    question: A customer"
WHOLE = "    translations: {de: {text: Ich fragte., label: Mehr}}\n"


def _with(anchor: str, lines: str, *, promised: str = "") -> tuple[str, tuple[int, int]]:
    good = GOOD.replace("title: Find", f"languages: [{promised}]\ntitle: Find") if promised else GOOD
    text, place = with_fault(good, anchor, lines + anchor)
    return text, (place.line, place.column)


def test_a_translation_needs_no_promise() -> None:
    assert findings_in(GOOD.replace(OF_THE_STORY, WHOLE + OF_THE_STORY)) == ()


@pytest.mark.parametrize(
    ("anchor", "lines", "code", "fix"),
    [
        (OF_THE_STORY, "    translations: {¦en: {text: I asked.}}\n", "PB047", "Delete these words"),
        (OF_THE_STORY, "    translations: {de: {text: Ja, label: Mehr, ¦question: Wo}}\n", "PB047", "Add `question`"),
        (OF_THE_STORY, "    translations: {de: {text: Ja, label: Mehr, ¦alt: Bild}}\n", "PB047", "Add `image`"),
        (OF_THE_STORY, "    translations: {¦de: {text: Ja}}\n", "PB129", "Add what is missing"),
        (OF_THE_STORY, "    translations: {¦dd: {text: Ja, label: Mehr}}\n", "PB016", "Did you mean `de`?"),
        (OF_THE_STORY, "    translations: {¦german: {text: Ja, label: Mehr}}\n", "PB016", "Did you mean `de`?"),
        (OF_THE_STORY, "    translations: {de: {text: ¦'Ja, {team}', label: Mehr}}\n", "PB130", "Use the same"),
        (OF_THE_STORY, "    translations: {de: {¦txt: Ja, label: Mehr}}\n", "PB012", "Did you mean `text`?"),
        (OF_THE_STORY, "    translations: {de: {text: ¦<!channel>, label: Mehr}}\n", "PB050", "Take the mention"),
        (OF_THE_STORY, "    translations: {de: {text: ¦Gagnez un iPad, label: Mehr}}\n", "PB106", "Say what"),
        (OF_THE_STORY, f"    translations: {{de: {{text: Ja, label: ¦{'x' * 76}}}}}\n", "PB054", "Shorten it"),
        (OF_THE_STORY, f"    translations: {{de: {{label: Mehr, text: ¦{'wort ' * 121}}}}}\n", "PB102", "Say one"),
        (
            OF_THE_QUIZ,
            "    translations: {de: {question: Wo, choices: {¦mial: {text: M, reply: N}}}}\n",
            "PB047",
            "Did you",
        ),
    ],
)
def test_a_translation_that_does_not_fit_is_found(anchor: str, lines: str, code: str, fix: str) -> None:
    text, place = _with(anchor, lines)
    there = [finding for finding in findings_in(text) if finding.code.value == code]

    assert found(tuple(there)) == [(code, *place)]
    assert there[0].fix.startswith(fix)


def test_a_promised_language_is_missed_on_the_title_each_nudge_and_each_win() -> None:
    text = GOOD.replace("title: Find", "languages: [en, de]\ntitle: Find")
    missed = [finding for finding in findings_in(text) if finding.code.value == "PB129"]

    assert len(missed) == 7
    assert all("`de`" in finding.sentence for finding in missed)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("    translations: {de: {text: Ja, ¦lable: Mehr}}\n", "PB012"),
        ("    translations: {de: ¦Ja}\n", "PB015"),
        ("    translations: {de: {text: Ja, label: ¦[Mehr]}}\n", "PB015"),
    ],
)
def test_a_faulty_translation_is_not_called_incomplete_too(lines: str, code: str) -> None:
    text, place = _with(OF_THE_STORY, lines)

    assert found(findings_in(text)) == [(code, *place)]


def test_where_a_promise_cannot_be_read_no_language_is_called_a_stranger() -> None:
    text = GOOD.replace("title: Find", "languages: [en, ger]\ntitle: Find").replace(OF_THE_STORY, WHOLE + OF_THE_STORY)

    assert [code for code, *_ in found(findings_in(text))] == ["PB016"]


def test_a_near_language_serves_and_a_stranger_is_named() -> None:
    swiss = "    translations: {¦de-CH: {text: Ja, label: Mehr}}\n"
    text, place = _with(OF_THE_STORY, swiss, promised="en, de")
    assert place not in [(line, column) for _, line, column in found(findings_in(text))]

    other = "    translations: {¦se: {text: Ja, label: Mehr}}\n"
    text, place = _with(OF_THE_STORY, other, promised="en, es")
    assert ("PB133", *place) in found(findings_in(text))


def test_a_translated_message_too_long_as_a_whole_is_refused_where_it_stands() -> None:
    long = "so " * 700
    quiz = f"""    translations:
      de:
        {MARK}question: {long}
        choices:
          mail: {{text: Mail, reply: {long}}}
          channel: {{text: Kanal, reply: Ja}}
"""
    text, place = _with(OF_THE_QUIZ, quiz)

    assert ("PB054", *place) in found(findings_in(text))
