"""The reactions file: this module tests that it is read whole or not at all, each fault with its line."""

from datetime import timedelta

import pytest

from nudges.domain.forecasts.reactions import COLUMNS, ReactionKind, by_nudge, in_words, read_reactions

HEADER = ",".join(COLUMNS)


def read(*lines: str, header: str = HEADER) -> tuple[list[str], list[tuple[int, str]]]:
    reactions, faults = read_reactions("\n".join([header, *lines]), "script.csv")
    return [f"{one.person_id} {one.kind} {one.value}".strip() for one in reactions], [
        (fault.line, fault.sentence) for fault in faults
    ]


def test_every_kind_of_reaction_is_read_in_the_order_of_the_file() -> None:
    found, faults = read(
        "U0ANA,expert,tip,useful,,15m",
        "U0ANA,expert,quiz,answer,channel,2h",
        "",
        "U0BEN,expert,tip,barrier,no_time,1d",
        "U0BEN,expert,tip,pause,10,2d",
        "U0BEN,expert,tip,start,,12d",
    )
    assert faults == []
    assert found == ["U0ANA useful", "U0ANA answer channel", "U0BEN barrier no_time", "U0BEN pause 10", "U0BEN start"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("U0ANA,expert,tip,usefull,,15m", "'usefull' is not a reaction."),
        ("U0ANA,expert,tip,useful,,soon", "soon"),
        ("U0ANA,expert,tip,useful,,0m", "length of time"),
        ("U0ANA,expert,tip,useful,very,15m", "useful takes no value."),
        ("U0ANA,expert,tip,barrier,no_tine,15m", "'no_tine' is not a barrier."),
        ("U0ANA,expert,tip,pause,0,15m", "'0' is not a number of days to pause."),
        ("U0ANA,expert,tip,pause,²,15m", "is not a number of days to pause."),
        ("U0ANA,expert,quiz,answer,,15m", "An answer needs the key of a choice."),
        (",expert,tip,useful,,15m", "The column person is empty."),
        ("U0ANA,expert,tip,useful,15m", "The number of fields differs"),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_taken(line: str, words: str) -> None:
    found, faults = read("U0ANA,expert,tip,useful,,15m", line, "U0BEN,expert,tip,stop,,1d")
    assert found == []
    ((number, sentence),) = faults
    assert number == 3
    assert words in sentence


def test_all_faults_are_listed_at_once_each_with_a_fix() -> None:
    text = f"{HEADER}\nU0ANA,expert,tip,barier,no_time,1d\nU0ANA,expert,tip,useful,,1 day\n"
    _, faults = read_reactions(text, "script.csv")
    assert [fault.line for fault in faults] == [2, 3]
    assert faults[0].text() == "script.csv:2 'barier' is not a reaction.\n    fix: Did you mean `barrier`?"


@pytest.mark.parametrize("header", ["person,playbook,nudge,reaction,after", HEADER + ",mood", HEADER + ",after", ""])
def test_another_header_is_refused_with_the_right_one(header: str) -> None:
    reactions, (fault,) = read_reactions(f"{header}\n", "script.csv")
    assert (reactions, fault.line) == ((), 1)
    assert HEADER in fault.fix


def test_a_spreadsheets_semicolons_and_byte_order_mark_do_no_harm() -> None:
    text = "\ufeff" + HEADER.replace(",", ";") + "\r\nU0ANA;expert;tip;not_for_me;;1h30m\r\n"
    (one,), faults = read_reactions(text)
    assert not faults
    assert (one.kind, one.after) == (ReactionKind.NOT_FOR_ME, timedelta(minutes=90))


def test_a_quote_that_is_never_closed_is_a_fault_of_the_file() -> None:
    _, (fault,) = read_reactions(f'{HEADER}\nU0ANA,"expert,tip,useful,,15m')
    assert "no CSV" in fault.sentence


def test_reactions_are_found_by_the_nudge_they_follow() -> None:
    reactions, _ = read_reactions(f"{HEADER}\nA,p,n,useful,,1h\nA,p,n,stop,,2h\nB,p,n,useful,,1h\n")
    assert [one.kind for one in by_nudge(reactions)["A", "p", "n"]] == [ReactionKind.USEFUL, ReactionKind.STOP]
    assert in_words(reactions) == "2 useful, 1 stop"


def test_an_answer_may_say_how_sure_somebody_is_and_a_scene_its_second_answer() -> None:
    reactions, faults = read_reactions(f"{HEADER}\nA,p,n,answer,order sure,1h\nA,p,n,scene,open,2h\n")
    assert not faults
    assert [(one.answer, one.confidence) for one in reactions] == [("order", "sure"), ("open", "")]


def test_a_word_that_says_nothing_of_sureness_is_a_fault() -> None:
    assert read("A,p,n,answer,order shure,1h")[1] == [(2, "'shure' does not say how sure somebody is.")]
