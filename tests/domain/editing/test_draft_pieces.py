"""A playbook cut for a form: this module holds that no line is lost, and that every line is found again."""

from hypothesis import given
from hypothesis import strategies as st

from nudges.domain.editing.draft_pieces import PIECE_MAX, joined, nudge_spans, numbered, piece_at, pieces
from nudges.domain.playbooks.limits import counted

HEAD = "playbook: x\ntitle: X\nnudges:\n"
LINES = st.lists(
    st.one_of(
        st.sampled_from(["  - tip: a", "  - quiz: b-c", "- story: d", "    text: x", "", "remedies:", "  # note"]),
        st.text(alphabet="ab :-#{}\"'ü🙂", max_size=60),
    ),
    max_size=400,
)


def a_nudge(name: str, words: int = 40) -> str:
    text = ("word " * words).strip()
    return f"  - tip: {name}\n    when: {{week: 1, day: tue, at: '10:00'}}\n    text: |\n      {text}\n"


@given(LINES)
def test_the_pieces_give_the_text_back_line_by_line(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = pieces(text)
    assert found is not None
    assert "\n".join(piece.text for piece in found) == text
    assert all(counted(piece.text) <= PIECE_MAX for piece in found)
    assert [piece.first for piece in found] == [1, *(piece.last + 1 for piece in found[:-1])]


def test_the_cut_is_before_a_nudge_and_the_head_keeps_a_field_of_its_own() -> None:
    found = pieces(HEAD + "".join(a_nudge(f"n{place}", 150) for place in range(6)))
    assert found is not None
    assert found[0].text == HEAD.rstrip("\n")
    assert [piece.names for piece in found[1:]] == [("n0", "n1"), ("n2", "n3"), ("n4", "n5")]
    assert all(piece.lines[0].startswith("  - tip:") for piece in found[1:])


def test_a_nudge_longer_than_a_field_goes_over_several() -> None:
    found = pieces(HEAD + a_nudge("short") + "  - tip: long\n    text: |\n" + f"      {'word ' * 20}\n" * 90)
    assert found is not None
    assert len(found) > 4
    assert all(counted(piece.text) <= PIECE_MAX for piece in found)


def test_a_line_longer_than_a_field_cannot_be_shown() -> None:
    assert pieces("title: " + "x" * PIECE_MAX) is None


def test_spaces_that_a_form_takes_off_a_fields_start_are_put_back() -> None:
    text = HEAD + a_nudge("first", 300) + a_nudge("second", 300)
    found = pieces(text)
    assert found is not None
    stripped = [piece.text.strip() for piece in found]
    assert joined(stripped, [piece.indent for piece in found]) == text.rstrip("\n")


def test_an_author_who_writes_lists_without_spaces_is_left_alone() -> None:
    typed = ["nudges:", "- tip: a\n  text: x"]
    assert joined(typed, [0, 2]) == "nudges:\n- tip: a\n  text: x"


def test_an_emptied_field_leaves_no_gap_and_lines_are_counted_without_it() -> None:
    typed = ["playbook: x", " \n ", "title: Y\ntool: Z"]
    assert joined(typed, ()) == "playbook: x\ntitle: Y\ntool: Z"
    fields = numbered(typed)
    assert [piece_at(fields, line) for line in (1, 2, 3, 4)] == [0, 2, 2, None]


def test_each_nudge_knows_its_lines() -> None:
    spans = nudge_spans(HEAD + a_nudge("a") + a_nudge("b") + "remedies: {}\n")
    assert spans == {"a": range(4, 8), "b": range(8, 12)}


def test_the_lines_of_a_broken_text_are_found_as_far_as_it_can_be_read() -> None:
    assert nudge_spans("nudges: [") == {}
    assert nudge_spans("") == {}
