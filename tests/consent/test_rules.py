"""Who must agree, who may, what is missing, and what falls when a person changes: the rules by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from festival.consent import rules
from festival.consent.models import ConsentPurpose
from festival.consent.rules import (
    Agreement,
    Agreements,
    AskedPerson,
    Ticks,
    after_birth,
    agreed_later,
    asked_at_sending,
    given,
    missing_consents,
    on_paper,
    standing,
    waited_for,
)
from festival.core.births import Birth

ON = date(2024, 6, 14)
ADULT = AskedPerson("Danh Chung", Birth(1950), ON)
CHILD = AskedPerson("Danh Minh Khôi", Birth(2014, 9, 1), ON)
SMALL = AskedPerson("Danh Bé", Birth(2020, 1, 1), ON)
UNKNOWN = AskedPerson("Danh Ai", None, ON)
MOTHER = Agreement("Danh Thị Sa Rươl", "mother")
ALONE = Agreements(Agreement("Danh Minh Khôi", "self"), own=True, publish=True)


def lacking(person: AskedPerson, stands: Agreements) -> list[str]:
    return [reason.code for reason in missing_consents(person, stands)]


def test_purposes_are_those_of_the_rows() -> None:
    listed = (*rules.OF_HOUSEHOLD, *rules.OF_HEALTH, rules.KEPT)
    assert listed == tuple(purpose.value for purpose in ConsentPurpose)


@pytest.mark.parametrize(
    ("person", "ticks", "expected"),
    [
        (ADULT, Ticks(), Agreements()),
        (ADULT, Ticks(agreed=True, guardian="Ai Đó", own=True, publish=True), Agreements(Agreement("Danh Chung"), False, True)),
        (ADULT, Ticks(publish=True), Agreements()),
        (CHILD, Ticks(agreed=True, guardian="Danh  Thị Sa Rươl", as_who="mother", own=True), Agreements(MOTHER, True)),
        (CHILD, Ticks(agreed=True, guardian="Danh Thị Sa Rươl", as_who="self"), Agreements(replace(MOTHER, as_who="guardian"))),
        (CHILD, Ticks(agreed=True, guardian="123", publish=True), Agreements()),
        (CHILD, Ticks(guardian="Danh Thị Sa Rươl"), Agreements()),
        (SMALL, Ticks(agreed=True, guardian="Danh Thị Sa Rươl", as_who="mother", own=True), Agreements(MOTHER)),
        (UNKNOWN, Ticks(agreed=True, own=True), Agreements(Agreement("Danh Ai"), True)),
    ],
)  # fmt: skip
def test_ticks_amount_to(person: AskedPerson, ticks: Ticks, expected: Agreements) -> None:
    assert given(person, ticks) == expected


@pytest.mark.parametrize(
    ("person", "stands", "expected"),
    [
        (ADULT, Agreements(), ["no_consent"]),
        (ADULT, Agreements(Agreement("Danh Chung")), []),
        (ADULT, Agreements(MOTHER), []),  # given while this one was taken for a child
        (CHILD, Agreements(), ["no_guardian_consent", "no_own_agreement"]),
        (CHILD, ALONE, ["no_guardian_consent"]),
        (CHILD, Agreements(MOTHER), ["no_own_agreement"]),
        (CHILD, Agreements(MOTHER, own=True), []),
        (SMALL, Agreements(MOTHER), []),
        (UNKNOWN, Agreements(), ["no_consent"]),
        (UNKNOWN, Agreements(Agreement("Danh Ai")), []),
    ],
)
def test_missing_agreements(person: AskedPerson, stands: Agreements, expected: list[str]) -> None:
    assert lacking(person, stands) == expected


def test_a_tick_without_a_name_is_told_as_such_where_a_form_is_sent() -> None:
    agreed, lacks = asked_at_sending(CHILD, Ticks(agreed=True, own=True))
    assert (agreed, [reason.code for reason in lacks]) == (Agreements(own=True), ["guardian_unnamed"])
    _agreed, lacks = asked_at_sending(CHILD, Ticks())
    assert [reason.code for reason in lacks] == ["no_guardian_consent", "no_own_agreement"]
    assert asked_at_sending(ADULT, Ticks(agreed=True)) == (Agreements(Agreement("Danh Chung")), ())


def test_who_is_still_waited_for() -> None:
    assert waited_for(ADULT, Agreements()) == (True, False)
    assert waited_for(CHILD, Agreements(MOTHER)) == (False, True)
    assert waited_for(SMALL, Agreements(MOTHER)) == (False, False)


def test_agreeing_later() -> None:
    by = ("Danh Thị Sa Rươl", "mother")
    ticks = Ticks(agreed=True, guardian="Danh Thị Sa Rươl", as_who="mother", own=True, publish=True)
    all_three = (("taking_part", *by), ("publish", *by), ("child_own", "Danh Minh Khôi", "self"))
    assert agreed_later(CHILD, Agreements(), ticks, "desk") == (all_three, None)
    # behind the family's link its four digits are nothing by which a child is published
    assert agreed_later(CHILD, Agreements(), ticks) == ((all_three[0], all_three[2]), None)
    # the one who agreed then agrees to being published; what stands is not given again
    stands = Agreements(MOTHER, own=True)
    assert agreed_later(CHILD, stands, Ticks(True, "Ai Khác", "father", True, True), "desk") == (
        (("publish", *by),),
        None,
    )
    assert agreed_later(CHILD, stands, ticks) == ((), None)
    assert agreed_later(CHILD, replace(stands, publish=True), ticks) == ((), None)
    found, fault = agreed_later(CHILD, Agreements(), Ticks(agreed=True, publish=True))
    assert (found, fault.code if fault else "") == ((), "guardian_unnamed")


def test_who_turns_out_to_be_a_child_has_no_agreement_of_its_own() -> None:
    assert after_birth(CHILD, ALONE) == Agreements(own=True)
    for stands in (Agreements(MOTHER, own=True, publish=True), Agreements()):
        assert after_birth(CHILD, stands) == stands
    assert after_birth(ADULT, ALONE) == ALONE


def test_paper_goes_with_its_tick_and_other_roads_stay() -> None:
    paper = Agreements(replace(MOTHER, how="paper"), own=True, publish=True)
    link = Agreements(replace(MOTHER, how="link"), own=True, publish=True)
    assert on_paper(CHILD, paper, Ticks()) == Agreements()
    assert on_paper(CHILD, paper, Ticks(agreed=True, guardian="Danh Thị Sa Rươl", own=True)) == paper
    # another name on the paper is another agreement, and what the first one allowed besides falls with it
    renamed = on_paper(CHILD, paper, Ticks(agreed=True, guardian="Ai Khác", own=True))
    assert renamed == Agreements(Agreement("Ai Khác", "guardian"), own=True)
    assert on_paper(CHILD, link, Ticks(agreed=True, guardian="Ai Khác", own=True)) == link
    assert on_paper(CHILD, link, Ticks()) == link
    assert on_paper(CHILD, Agreements(), Ticks(agreed=True)) == Agreements()
    # an adult's own word, and the child it turned out to be, whose father signed now: publishing is asked anew
    signed = on_paper(CHILD, ALONE, Ticks(agreed=True, guardian="Danh Chung"))
    assert signed == Agreements(Agreement("Danh Chung", "guardian"), own=True)


def test_what_stands_is_written_down_once_each() -> None:
    by = ("Danh Thị Sa Rươl", "mother")
    assert standing("Danh Minh Khôi", Agreements(MOTHER, own=True, publish=True)) == (
        ("taking_part", *by), ("child_own", "Danh Minh Khôi", "self"), ("publish", *by),
    )  # fmt: skip
    assert standing("Danh Chung", Agreements()) == ()
