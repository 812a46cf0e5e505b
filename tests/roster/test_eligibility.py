"""What a family lacks, and at which age who must agree."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.consent.rules import Ages, ages
from festival.core.births import Birth
from festival.roster.eligibility import (
    Bounds,
    ContestQuota,
    FamilyFacts,
    MemberFacts,
    Quotas,
    delegation_reasons,
    missing,
    team_performers,
)
from festival.roster.people import RELATION_WORDS, Relation, Sex, read_relation, read_sex

OPENING = date(2024, 6, 14)
MOTHER = MemberFacts("Danh Thị Sa Rươl", Relation.REPRESENTATIVE, Sex.FEMALE, Birth(1986, 2, 3), "Danh Thị Sa Rươl")
SON = MemberFacts("Danh Minh Khôi", Relation.CHILD, Sex.MALE, Birth(2014, 9, 1), "Danh Thị Sa Rươl", own_agreement=True)
TALENT = ContestQuota("tai-nang", "Gia đình tài năng", Bounds(2, 6), Bounds(1, 2))
QUOTAS = Quotas(Bounds(2, 6), Bounds(1, 2), Bounds(1, 5), (TALENT,))
FAMILY = FamilyFacts("0912345678", (MOTHER, SON), {"tai-nang": 2})


def codes(family: FamilyFacts, quotas: Quotas = QUOTAS) -> list[tuple[str, str, int | None]]:
    return [(lack.place, lack.reason.code, lack.member) for lack in missing(family, quotas, OPENING)]


def test_complete_family_lacks_nothing() -> None:
    assert codes(FAMILY) == []


def test_empty_family_is_told_everything_at_once() -> None:
    assert codes(FamilyFacts()) == [
        ("family", "no_phone", None),
        ("members", "too_few_members", None),
        ("members", "no_representative", None),
        ("contests", "too_few_contests", None),
    ]


@pytest.mark.parametrize(
    ("member", "code"),
    [
        (replace(SON, name=""), "no_name"),
        (replace(SON, sex=None), "no_sex"),
        (replace(SON, relation=None), "no_relation"),
        (replace(SON, birth=None), "no_birth"),
        (replace(SON, consented_by=""), "no_guardian_consent"),
        (replace(SON, consented_as="self"), "no_guardian_consent"),
        (replace(SON, own_agreement=False), "no_own_agreement"),
        (replace(SON, birth=Birth(1950), consented_by=""), "no_consent"),
    ],
)
def test_one_thing_missing_of_one_member(member: MemberFacts, code: str) -> None:
    assert codes(replace(FAMILY, members=(MOTHER, member))) == [("members", code, 1)]


def test_child_cannot_be_the_representative() -> None:
    assert codes(
        replace(
            FAMILY, members=(replace(MOTHER, relation=Relation.PARENT), replace(SON, relation=Relation.REPRESENTATIVE))
        )
    ) == [("members", "child_representative", 1)]


def test_two_representatives_are_one_too_many() -> None:
    second = replace(SON, birth=Birth(1985), relation=Relation.REPRESENTATIVE)
    assert codes(replace(FAMILY, members=(MOTHER, second))) == [("members", "two_representatives", None)]


def test_bounds_of_family_and_contest() -> None:
    crowd = replace(FAMILY, members=(MOTHER, *[SON] * 6), entries={"tai-nang": 7, "nau-an": 1, "the-thao": 1})
    assert codes(crowd) == [
        ("members", "too_many_members", None),
        ("contests", "too_many_contests", None),
        ("contests", "too_many_performers", None),
    ]
    assert codes(replace(FAMILY, entries={"tai-nang": 1})) == [("contests", "too_few_performers", None)]


def test_delegation_bounds() -> None:
    assert [reason.code for reason in delegation_reasons(0, {}, QUOTAS)] == ["too_few_families", "too_few_entries"]
    assert [reason.code for reason in delegation_reasons(6, {"tai-nang": 3}, QUOTAS)] == [
        "too_many_families",
        "too_many_entries",
    ]
    assert delegation_reasons(5, {"tai-nang": 2}, QUOTAS) == ()


def test_a_mixed_team_is_no_contest_of_the_familys_own() -> None:
    """One item for each family, and people for the team besides; what the team lacks is the delegation's to mend."""
    team = ContestQuota("doi", "Kéo co", Bounds(4, 6), Bounds(1, 1), team=True)
    quotas = Quotas(Bounds(2, 6), Bounds(1, 1), Bounds(1, 5), (TALENT, team))
    assert codes(replace(FAMILY, entries={"tai-nang": 2, "doi": 1}), quotas) == []
    assert codes(replace(FAMILY, entries={"doi": 1}), quotas) == [("contests", "too_few_contests", None)]
    assert codes(replace(FAMILY, entries={"tai-nang": 2, "doi": 7}), quotas) == [
        ("contests", "too_many_performers", None)
    ]
    counts = [{"tai-nang": 2, "doi": 2}, {"tai-nang": 2, "doi": 1}]
    assert team_performers(counts, quotas) == {"doi": 3}
    entries = {"tai-nang": 2, "doi": 1}
    for people, expected in ((3, ["too_small_team"]), (4, []), (6, []), (7, ["too_big_team"])):
        reasons = delegation_reasons(2, entries, quotas, {"doi": people})
        assert [reason.code for reason in reasons] == expected


@pytest.mark.parametrize(
    ("birth", "expected", "child", "own", "older"),
    [
        (Birth(2008, 6, 14), Ages(16, 16), False, False, False),
        (Birth(2008, 6, 15), Ages(15, 15), True, True, False),
        (Birth(2017, 6, 14), Ages(7, 7), True, True, False),
        (Birth(2017, 6, 15), Ages(6, 6), True, False, False),
        (Birth(2008), Ages(15, 16), True, True, False),
        (Birth(2017), Ages(6, 7), True, True, False),
        (Birth(1964, 6, 14), Ages(60, 60), False, False, True),
        (Birth(1964), Ages(59, 60), False, False, True),
        (Birth(2025), Ages(0, 0), True, False, False),
    ],
)
def test_ages_at_the_limits(birth: Birth, expected: Ages, child: bool, own: bool, older: bool) -> None:
    found = ages(birth, OPENING)
    assert (found, found.child, found.own_agreement, found.older) == (expected, child, own, older)


@given(st.dates(date(1908, 1, 1), OPENING))
def test_year_only_never_protects_less_than_the_date(day: date) -> None:
    exact, vague = ages(Birth(day.year, day.month, day.day), OPENING), ages(Birth(day.year), OPENING)
    assert vague.least <= exact.least <= vague.most
    assert not exact.child or vague.child
    assert not exact.own_agreement or vague.own_agreement


def test_relations_and_sexes_as_people_write_them() -> None:
    assert [read_relation(word) for word in ("Má", "Ba", "Bà", "bà ngoại", "CON GÁI", "vợ", "cháu nội", "trưởng thôn", "")] == [
        Relation.PARENT, Relation.PARENT, Relation.GRANDPARENT, Relation.GRANDPARENT, Relation.CHILD, Relation.SPOUSE, Relation.GRANDCHILD, None, None,
    ]  # fmt: skip
    assert [read_sex(word) for word in ("Nam", "NỮ", "nư\u0303", "?")] == [Sex.MALE, Sex.FEMALE, Sex.FEMALE, None]
    assert {read_relation(word) for word in map(str, RELATION_WORDS.values())} == set(Relation)


def test_every_sentence_fills_its_places() -> None:
    crowd = FamilyFacts(
        "", (MemberFacts("A"), *[replace(SON, consented_by="", own_agreement=False)] * 7), {"tai-nang": 9}
    )
    for lack in missing(crowd, QUOTAS, OPENING):
        assert "%" not in str(lack.reason)
