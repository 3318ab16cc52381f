"""Findings an author has thought about: this module holds what a waiver sets aside, and that it never hides."""

import pytest

from nudges.domain.files.loading import Loaded, load_company, load_playbook
from nudges.domain.playbooks.company import Company, Profile
from nudges.domain.playbooks.playbook import Playbook
from tests.playbook_texts import GOOD, GOOD_COMPANY, MARK, found, the_company, with_fault

NO_SPONSOR = GOOD[: GOOD.index("sponsor:")] + GOOD[GOOD.index("audience:") :]
PRESSING = GOOD.replace("I asked, and had", "Win a voucher! I had")
OF_THE_STORY = "  - story: how-maya-closed-it\n"


def _loaded(text: str, *, company: Company | None = None, profile: Profile = Profile.DRAFT) -> Loaded[Playbook]:
    return load_playbook(text, file="x.yaml", company=company or the_company(), profile=profile)


def _codes(loaded: Loaded[Playbook]) -> tuple[list[str], list[str]]:
    return [one.code.value for one in loaded.findings], [one.code.value for one in loaded.waived]


def test_a_waiver_sets_advice_aside_and_keeps_its_reason() -> None:
    loaded = _loaded(NO_SPONSOR + "waive: {PB103: The sponsor signs in May}\n")

    assert _codes(loaded) == ([], ["PB103"])
    assert loaded.waived[0].text().endswith("because: The sponsor signs in May")
    assert loaded.waived[0].as_json()["waived_because"] == "The sponsor signs in May"


def test_a_waiver_on_a_nudge_holds_for_that_nudge() -> None:
    waive = "    waive: {PB106: It is her own joke}\n"

    assert _codes(_loaded(PRESSING.replace(OF_THE_STORY, OF_THE_STORY + waive))) == ([], ["PB106"])
    elsewhere = PRESSING.replace("  - tip: why-ask\n", f"  - tip: why-ask\n{waive}")
    assert _codes(_loaded(elsewhere)) == (["PB117", "PB106"], [])


def test_a_waiver_in_company_yaml_holds_for_every_playbook() -> None:
    company = load_company(GOOD_COMPANY + "\nwaive: {PB103: We have no leaders yet}\n", file="company.yaml").value

    assert _codes(_loaded(NO_SPONSOR, company=company)) == ([], ["PB103"])


def test_a_waiver_also_holds_where_a_profile_demands() -> None:
    text = NO_SPONSOR + "waive: {PB103: The sponsor signs in May}\n"

    assert "PB103" not in _codes(_loaded(text, profile=Profile.LIVE))[0]
    assert "PB103" in _codes(_loaded(text, profile=Profile.LIVE))[1]


@pytest.mark.parametrize(
    ("waive", "code", "fix"),
    [
        ("{¦PB103: We have one}", "PB117", "Delete it"),
        ("{¦PB012: I like it so}", "PB048", "Mend what it names"),
        ("{¦PB117: Leave me alone}", "PB048", "Mend what it names"),
        ("{¦PB999: What is this}", "PB048", "Copy the code"),
        ("{¦PB1O3: The letter O}", "PB016", "Did you mean `PB103`?"),
        ("{¦PB1033: One digit too many}", "PB016", "Did you mean `PB1"),
        ("{¦sponsor: Signs in May}", "PB016", "Copy the code"),
        ("{¦PB103: }", "PB014", "Write a value"),
        ("¦[PB103]", "PB015", "Write the names below"),
    ],
)
def test_a_waiver_that_does_nothing_is_itself_found(waive: str, code: str, fix: str) -> None:
    text, place = with_fault(GOOD, "holdout: 10%\n", f"holdout: 10%\nwaive: {waive}\n")
    loaded = _loaded(text)

    assert found(loaded.findings) == [(code, *place)]
    assert loaded.findings[0].fix.startswith(fix)


def test_what_only_a_riper_profile_looks_for_may_be_waived_early() -> None:
    text = GOOD + "waive: {PB123: Nobody used it before}\n"

    assert _codes(_loaded(text)) == ([], [])
    assert "PB123" in _codes(_loaded(text, profile=Profile.LIVE))[1]


def test_nothing_is_said_of_idle_waivers_while_the_file_has_errors() -> None:
    text, _ = with_fault(GOOD, "title: Find", f"{MARK}titel: Find")

    assert _codes(_loaded(text + "waive: {PB103: We have one}\n"))[0] == ["PB012"]


def test_errors_are_not_set_aside() -> None:
    text = GOOD.replace("title: Find", "titel: Find") + "waive: {PB012: I like it so}\n"

    assert _codes(_loaded(text)) == (["PB012", "PB048"], [])
