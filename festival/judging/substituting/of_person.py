"""What would follow if one performer came in for another?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from festival.core.sentence import N_, Sentence
from festival.judging.substituting.entries import people_of_rounds
from festival.judging.substituting.foreseen import (
    DEVICES,
    PASS_STAYS,
    PRINTED,
    Exchange,
    Foreseen,
    HeldTurn,
    moved,
    new_clashes,
    not_agreed,
    standing_against,
    told_ties,
    turns,
    who_agrees,
)
from festival.judging.substituting.going import comes_in, goes_on
from festival.judging.substituting.in_teams import as_a_team
from festival.judging.substituting.tied import Panelled, ties_of
from festival.judging.substituting.vacancies import vacancies
from festival.judging.substituting.wanted import AskedSubstitution
from festival.registration.asked_changes.deciding import taking_part
from festival.roster.eligibility import missing
from festival.roster.household import Household
from festival.roster.models import EntryState, Family, FamilyState
from festival.roster.rules import Rules
from festival.roster.views import views
from festival.schedule.queries import GAP_MIN, material, placed


def foresee_person(rules: Rules, wanted: AskedSubstitution) -> Foreseen:
    entry, leaves, comes = wanted.entry, wanted.leaves, wanted.comes
    assert entry is not None and leaves is not None and comes is not None
    going = goes_on([entry])
    people = people_of_rounds(entry.id)
    own = people.get(entry.id, {})
    barred = _against(wanted, going, own)
    if wanted.vacancy and wanted.back:
        return _emptied(wanted, going, tuple(barred))
    homes = {item.family.id: taking_part(item.household) for item in views(_both(wanted), rules)}
    incoming = comes_in(rules, [each for each in homes[wanted.into.id].members if each.code == comes.code])
    barred += not_agreed(incoming)
    lost, wanting = _lacks(rules, wanted, homes, entry.contest.code)
    refused, unlike = as_a_team(rules, entry, leaves, comes)
    barred += refused
    given = material(rules.festival.id)
    gone, new = _families(wanted, own)
    made = {one: Exchange(frozenset({leaves.id}), frozenset({comes.id}), gone, new) for one in people}
    clashes = new_clashes(placed(rules.festival.id, given), given.entries_of, made, GAP_MIN, given.wishes)
    before = frozenset(family for family in (*own.values(), entry.family_id) if family is not None)
    no_judge, followed, warned = told_ties(ties_of([Panelled(entry, before, (before - gone) | new)]))
    said = (
        N_("«%(entry)s»: %(into)s vào chỗ %(out)s để trống.", entry=entry.name, out=leaves.name, into=comes.name)
        if wanted.vacancy
        else N_("«%(entry)s»: %(out)s thôi thi, %(into)s vào thay.", entry=entry.name, out=leaves.name, into=comes.name)
    )
    follows = [
        said,
        *turns(going),
        PASS_STAYS,
        DEVICES,
    ]
    return Foreseen(
        tuple(dict.fromkeys([*barred, *wanting, *clashes.impossible, *no_judge])),
        tuple(who_agrees(incoming)),
        (*follows, *followed),
        (*lost, *unlike, *clashes.tight, *warned, PRINTED),
    )


def _against(wanted: AskedSubstitution, going: Sequence[HeldTurn], own: Mapping[int, int | None]) -> list[Sentence]:
    """What stands against it whoever comes: the entry, both families, who is in it now."""
    entry, leaves, comes = wanted.entry, wanted.leaves, wanted.comes
    assert entry is not None and leaves is not None and comes is not None
    barred = standing_against(going)
    barred += [
        N_("%(family)s không còn dự thi.", "subst_not_approved", family=each.name)
        for each in _both(wanted)
        if each.state is not FamilyState.APPROVED
    ]
    if entry.state is not EntryState.ENROLLED:
        barred.append(N_("«%(entry)s» không còn dự thi.", "subst_entry_gone", entry=entry.name))
    if (
        wanted.vacancy
        and not wanted.back
        and all(each.id != leaves.id for each in vacancies(wanted.out.id).get(entry.id, ()))
    ):
        barred.append(
            N_(
                "%(name)s đã trở lại, hoặc đã có người vào chỗ ấy trong «%(entry)s».",
                "subst_no_vacancy", name=leaves.name, entry=entry.name,
            )
        )  # fmt: skip
    if leaves.id not in own and (wanted.back or not wanted.vacancy):
        barred.append(N_("%(name)s không còn trong «%(entry)s».", "subst_left", name=leaves.name, entry=entry.name))
    if comes.id in own and not (wanted.vacancy and wanted.back and entry.family_id is not None):
        barred.append(N_("%(name)s đã có trong «%(entry)s».", "subst_there", name=comes.name, entry=entry.name))
    if comes.out and not wanted.vacancy:
        barred.append(N_("%(name)s đã thôi tham gia ngày hội.", "subst_out", name=comes.name))
    return barred


def _both(wanted: AskedSubstitution) -> tuple[Family, ...]:
    return (wanted.out,) if wanted.out.id == wanted.into.id else (wanted.out, wanted.into)


def _emptied(wanted: AskedSubstitution, going: Sequence[HeldTurn], barred: tuple[Sentence, ...]) -> Foreseen:
    """The place is empty again, as whoever filled it found it; who left it meanwhile came back by another way, or did not."""
    assert wanted.entry is not None and wanted.leaves is not None
    left = N_("«%(entry)s»: %(out)s thôi thi, chỗ ấy trống như trước.", entry=wanted.entry.name, out=wanted.leaves.name)
    return Foreseen(barred, (), (left, *turns(going), PASS_STAYS, DEVICES), (PRINTED,))


def _families(wanted: AskedSubstitution, own: Mapping[int, int | None]) -> tuple[frozenset[int], frozenset[int]]:
    """Families that have nobody in the entry any more, and that have somebody now."""
    leaves, comes = wanted.leaves, wanted.comes
    assert leaves is not None and comes is not None
    if leaves.family_id == comes.family_id:
        return frozenset(), frozenset()
    still = {family for person, family in own.items() if person != leaves.id}
    gone = frozenset() if leaves.family_id in still else frozenset({wanted.out.id})
    return gone, frozenset({wanted.into.id})


def _lacks(
    rules: Rules, wanted: AskedSubstitution, homes: Mapping[int, Household], contest: str
) -> tuple[list[Sentence], list[Sentence]]:
    """What the family that gives somebody up would lack then, and the one that gives somebody."""
    assert wanted.leaves is not None and wanted.comes is not None
    if contest not in rules.contests:  # a round that takes its entries from another
        return [], []
    said: dict[int, list[Sentence]] = {}
    for family_id, home in homes.items():
        after = moved(home, contest, wanted.leaves.code, wanted.comes.code)
        on = rules.festival.starts_on
        had = {str(each.reason) for each in missing(home.facts, rules.quotas, on)}
        new = [each.reason for each in missing(after.facts, rules.quotas, on) if str(each.reason) not in had]
        said[family_id] = [N_("%(family)s: %(lack)s", family=home.name, lack=each) for each in new]
    wanting = said.pop(wanted.into.id)
    return [each for lost in said.values() for each in lost], wanting
