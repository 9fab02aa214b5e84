"""Claims are remembered by the numbers of records, bounded, and never one record's for another."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.geo import claims as module
from notices.geo.claim import Claim
from notices.geo.claims import Claims

LANDS = (Claim("DE"), Claim("FR", ("IDF",)), None)


class Table:
    """What was walked ahead: records of odd numbers are found there, for the others it names a node."""

    def __getitem__(self, number):
        return number if number % 2 else 7


class Tree:
    """Addresses stand for their records: the number of an address is the number of its record."""

    count, skipped, table = 100, 0, Table()

    def __init__(self, spread=1 << 40):
        self.spread = spread

    def record(self, number):
        return number


class Reader:
    """Gives each record one of three claims, and counts how often it is asked."""

    def __init__(self, claims=LANDS):
        self.claims, self.asked = claims, 0

    def __call__(self, address):
        self.asked += 1
        return self.claims[int(address) % len(self.claims)]


@given(st.lists(st.integers(101, 130).flatmap(lambda low: st.integers(0, 4).map(lambda high: low + (high << 18)))))
@settings(max_examples=60, deadline=None)
def test_a_number_stands_for_one_claim_only(records):
    """Also of records whose numbers end alike, two have one number if and only if they have one claim."""
    claims = Claims(Tree(), Reader())
    numbers = {}
    for record in [*records, *records]:
        assert numbers.setdefault(LANDS[record % 3], claims.number(record)) == claims.number(record)
        assert claims.claim(claims.number(record)) == LANDS[record % 3]
    assert len(set(numbers.values())) == len(numbers)


def test_a_record_is_read_once():
    """What is known of a record is not read again."""
    reader = Reader()
    claims = Claims(Tree(), reader)
    first = [claims.number(record) for record in range(101, 301)]
    assert reader.asked == 200
    assert [claims.number(record) for record in range(101, 301)] == first
    assert reader.asked == 200


def test_a_small_database_takes_little_memory_and_every_record_of_it_is_remembered():
    """The table has a place for each number that a record can have, and no more: none takes another's place."""
    reader = Reader()
    claims = Claims(Tree(spread=300), reader)
    for _ in range(2):
        assert {claims.number(record) for record in range(101, 401)} == {0, 1, 2}
    assert reader.asked == 300
    assert sys.getsizeof(claims._kept) < 3_000


@pytest.mark.parametrize("spread", [-5, 0, 1, 7])
def test_a_database_without_room_for_records_harms_nothing(spread):
    """A damaged file may say that nothing is left for records."""
    claims = Claims(Tree(spread), Reader())
    assert [claims.number(record) for record in (101, 102, 103, 101)] == [0, 1, 2, 0]


def test_what_the_tree_does_not_say_is_not_remembered():
    """Below the count of nodes no record stands: such an address has no number, as often as it is asked."""
    claims = Claims(Tree(), Reader())
    assert [claims.number(99), claims.number(99)] == [None, None]
    assert claims.number(100) is not None


def test_there_are_no_more_numbers_than_fit(monkeypatch):
    """A database of ever new claims is remembered up to a bound; the rest has no number and spoils none."""
    monkeypatch.setattr(module, "_MOST_CLAIMS", 3)
    claims = Claims(Tree(), Reader([Claim(str(number)) for number in range(50)]))
    assert [claims.number(record) for record in (101, 102, 103, 104, 105)] == [0, 1, 2, None, None]
    assert [claims.number(record) for record in (105, 103, 153, 101)] == [None, 2, 2, 0]


@pytest.mark.parametrize("error", [ValueError, MemoryError, BaseException])
def test_a_failure_is_no_claim(error):
    """Whatever reading raises, the address has no number, and is read again."""
    reader = Reader()

    def failing(address):
        reader(address)
        raise error("no record")

    claims = Claims(Tree(), failing)
    assert [claims.number(101), claims.number(101)] == [None, None]
    assert reader.asked == 2


def test_an_interrupt_passes_through():
    """A keyboard interrupt is no failure."""

    def interrupted(address):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Claims(Tree(), interrupted).number(101)
