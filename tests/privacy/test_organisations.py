"""What is kept and what is given away over made-up companies: this module looks at one, or at twelve."""

from itertools import islice

from tests.privacy.organisations import climates, tally
from tests.soak import times


def test_of_what_the_naive_policy_shows_four_fifths_are_kept_and_nobody_is_exposed() -> None:
    companies = islice(enumerate(climates()), times(1, 12))
    tallies = [tally(seed, climate) for seed, climate in companies]
    assert sum(one.exposed for one in tallies) == 0
    assert sum(one.audited for one in tallies) > 100
    assert sum(one.shown for one in tallies) >= 0.8 * sum(one.naive for one in tallies)
