"""The rules P1 to P9 over drawn companies: this module is their property tests, with somebody who adds it all up."""

from random import Random

import pytest

from nudges.domain.barriers.barriers import Belonging, Report, Scope, ScopeType
from nudges.domain.measuring.disclosure import BANDS
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.privacy.groups import groups_of as groups_in
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.publication import Publication, publish
from nudges.domain.privacy.suppression import Counted, counted
from tests.privacy.attacker import SPOKEN, Members, Name, Seen, bounds, groups_of, hidden_unions, names_of, partitions
from tests.privacy.companies import KINDS, Span, Standing, lives, publish_span
from tests.soak import times

Value = tuple[str, int]  # a band, and the period it was counted in


def bands(publication: Publication, kind: BarrierKind) -> dict[Name, Value]:
    """Return what stands in the cells of a kind."""
    cells = (cell for cell in publication.cells if cell.kind == kind)
    return {(cell.scope.type.value, cell.scope.scope_id): (cell.band, cell.period) for cell in cells}


def fresh(publication: Publication, kind: BarrierKind) -> dict[Name, str]:
    """Return the bands that were counted in the period itself."""
    return {name: band for name, (band, at) in bands(publication, kind).items() if at == publication.period}


def speakers(span: Span, kind: BarrierKind) -> Members:
    """Return who said it."""
    return frozenset(report.person_key for report in span.reports if report.kind == kind)


def stood(standing: Standing, name: Name) -> Members:
    """Return who stood in a group at one end."""
    return frozenset(one for one, where in standing.items() if name in names_of(where))


def without(span: Span, kind: BarrierKind, people: Members) -> Span:
    """Return the period as if these people had not said it."""
    kept = tuple(one for one in span.reports if one.kind != kind or one.person_key not in people)
    return Span(span.at_start, span.at_end, kept)


def counts(span: Span, kind: BarrierKind, limits: Limits) -> Counted:
    """Return whose word counts among the groups that the period may show."""
    groups = groups_in(span.at_start, span.at_end)
    among = [scope for scope, members in groups.members.items() if len(members) >= limits.k]
    return counted(speakers(span, kind), groups, among=among, limits=limits)


def nearly_all(span: Span, kind: BarrierKind) -> bool:
    """Return whether nearly everybody of some group said it: then P2 hides it, whoever counts in the end."""
    groups = groups_of(span.at_start, span.at_end).values()
    return any(len(members - speakers(span, kind)) < 2 for members in groups)


def test_p1_nothing_is_shown_of_fewer_than_k_people_at_either_end() -> None:
    for life in lives():
        for span, publication in zip(life.spans, life.publications, strict=True):
            for cell in publication.cells:
                name = (cell.scope.type.value, cell.scope.scope_id)
                sizes = [len(stood(end, name)) for end in (span.at_start, span.at_end)]
                assert min(sizes) >= life.limits.k, (life.seed, cell)


def test_p2_a_count_needs_r_people_who_said_it_and_two_who_did_not() -> None:
    for life in lives():
        groups = groups_of(life.spans[0].at_start, life.spans[0].at_end)
        for kind in KINDS:
            for name in fresh(life.publications[0], kind):
                said = groups[name] & speakers(life.spans[0], kind)
                assert len(said) >= life.limits.r, life.seed
                assert len(groups[name]) - len(said) >= 2, life.seed


def test_p3_fewer_than_r_leave_their_cell_as_if_they_had_said_nothing() -> None:
    for life in lives():
        span, publication = life.spans[0], life.publications[0]
        rng, kind = Random(life.seed), KINDS[0]
        cells = [members & speakers(span, kind) for members in groups_of(span.at_start, span.at_end).values()]
        if few := [heard for heard in cells if 0 < len(heard) < life.limits.r]:
            heard = rng.choice(sorted(few, key=sorted))
            silent = publish_span(without(span, kind, heard), 0, life.limits)
            for name, members in groups_of(span.at_start, span.at_end).items():
                if members & speakers(span, kind) == heard:
                    assert bands(publication, kind).get(name) == bands(silent, kind).get(name) is None, life.seed


def test_p3_whoever_does_not_count_changes_nothing_anywhere() -> None:
    for life in lives():
        span, publication = life.spans[0], life.publications[0]
        for kind in KINDS:
            uncounted = speakers(span, kind) - counts(span, kind, life.limits).speakers
            if uncounted and not nearly_all(span, kind):
                assert publish_span(without(span, kind, uncounted), 0, life.limits) == publication, life.seed


def test_p4_what_is_left_of_a_whole_counts_nobody_or_enough() -> None:
    for life in lives():
        span, publication = life.spans[0], life.publications[0]
        groups = groups_of(span.at_start, span.at_end)
        for kind in KINDS:
            heard, visible = counts(span, kind, life.limits).speakers, fresh(publication, kind)
            for parts in (parts for whole in visible for parts in partitions(groups, whole)):
                hidden = frozenset().union(*(people for name, people in parts.items() if name not in visible))
                left = len(hidden & heard)
                assert left == 0 or (left >= life.limits.r and len(hidden) >= life.limits.k), life.seed


def test_p5_nobody_who_adds_everything_up_learns_of_a_few() -> None:
    for life in lives():
        span, publication = life.spans[0], life.publications[0]
        for kind in KINDS:
            seen = Seen(groups_of(span.at_start, span.at_end), fresh(publication, kind), life.limits.r)
            for whole, people in hidden_unions(seen, most=times(8, 64)):
                least, most = bounds([seen], people)
                assert not 1 <= least <= most < life.limits.r, (life.seed, whole, sorted(people))
                assert least < len(people), (life.seed, whole, sorted(people))


def test_p6_a_count_is_one_of_four_bands_and_hidden_looks_like_nobody() -> None:
    for life in lives():
        span, publication = life.spans[0], life.publications[0]
        assert {cell.band for cell in publication.cells} <= {words for _, words in BANDS} == set(SPOKEN)
        empty = publish_span(Span(span.at_start, span.at_end, ()), 0, life.limits)
        assert empty.cells == ()
        assert empty.groups == publication.groups  # which groups are spoken of does not hang on who said what


def test_p7_a_publication_is_never_restated_and_differs_by_whole_bands() -> None:
    for life in lives():
        for number, publication in enumerate(life.publications):
            before = life.publications[number - 1] if number else None
            assert publish_span(life.spans[number], number, life.limits, before) == publication, life.seed
            for cell in publication.cells:
                assert cell.band in SPOKEN
                assert life.publications[cell.period].band_of(cell.scope, cell.kind) == cell.band, life.seed


def test_p8_a_mover_counts_at_both_ends_and_a_few_moves_leave_a_group_as_it_was() -> None:
    for life in lives():
        first, second = life.publications
        span, k = life.spans[1], life.limits.k
        for kind in KINDS:
            for name, members in groups_of(span.at_start, span.at_end).items():
                changed = len(stood(span.at_start, name) ^ stood(span.at_end, name))
                shown, scope = bands(second, kind).get(name), Scope(ScopeType(name[0]), name[1])
                if first.speaks_of(scope) and 0 < changed < k <= len(members):
                    assert shown == bands(first, kind).get(name), life.seed
                elif shown:
                    assert SPOKEN[shown[0]][0] <= len(members & speakers(span, kind)), life.seed
                    assert shown[1] == 1


def test_p8_few_moves_add_up_until_the_group_is_counted_again() -> None:
    now = {f"a{n}": Belonging("a") for n in range(20)}
    publication, seen = Publication(-1), []
    for number in range(4):
        after = {key: where for key, where in now.items() if key not in (f"a{2 * number}", f"a{2 * number + 1}")}
        reports = tuple(Report(f"a{n}", KINDS[0]) for n in range(10, 16 if number < 2 else 20))
        publication = publish_span(Span(now, after, reports), number, Limits(), publication)
        seen.append(bands(publication, KINDS[0])[("team", "a")])
        now = after
    assert seen == [("5-9", 0), ("5-9", 0), ("5-9", 0), ("10-19", 3)], "two, four and six have left"


def test_p9_the_list_of_groups_is_fixed() -> None:
    assert {type_.value for type_ in ScopeType} == {"company", "department", "place", "team"}
    assert publish(0, at_start={}, at_end={}, reports=[], limits=Limits()).cells == ()


@pytest.mark.parametrize(("k", "r"), [(4, 5), (5, 4), (0, 0)])
def test_nobody_can_choose_fewer_than_five(k: int, r: int) -> None:
    with pytest.raises(ValueError, match="fewer than 5"):
        Limits(k, r)


def test_a_team_that_speaks_is_shown_beside_its_department_and_three_others_count_for_nobody() -> None:
    team = {f"a{n}": Belonging("a", "Service") for n in range(9)}
    start = team | {f"b{n}": Belonging("b", "Service") for n in range(30)}
    reports = [Report(f"{name}{n}", KINDS[0]) for name, count in (("a", 7), ("b", 3)) for n in range(count)]
    found = publish(0, at_start=start, at_end=start, reports=reports, limits=Limits())
    assert found.band_of(Scope(ScopeType.TEAM, "A"), KINDS[0]) == "5-9"
    assert found.band_of(Scope(ScopeType.DEPARTMENT, "service "), KINDS[0]) == "5-9"
    assert found.band_of(Scope(ScopeType.TEAM, "b"), KINDS[0]) == ""
