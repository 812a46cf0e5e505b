"""What would follow if one performer came in for another?"""

from __future__ import annotations

from collections.abc import Mapping

from festival.core.sentence import N_, Sentence
from festival.judging.substituting.entries import people_of_rounds
from festival.judging.substituting.foreseen import (
    DEVICES,
    PASS_STAYS,
    PRINTED,
    Exchange,
    Foreseen,
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
from festival.judging.substituting.wanted import AskedSubstitution
from festival.registration.asked_changes.deciding import taking_part
from festival.roster.eligibility import missing
from festival.roster.household import Household
from festival.roster.models import EntryState, FamilyState
from festival.roster.rules import Rules
from festival.roster.views import views
from festival.schedule.queries import GAP_MIN, material, placed


def foresee_person(rules: Rules, wanted: AskedSubstitution) -> Foreseen:
    entry, leaves, comes = wanted.entry, wanted.leaves, wanted.comes
    assert entry is not None and leaves is not None and comes is not None
    going = goes_on([entry])
    people = people_of_rounds(entry.id)
    own = people.get(entry.id, {})
    barred = standing_against(going)
    families = (wanted.out,) if wanted.out.id == wanted.into.id else (wanted.out, wanted.into)
    barred += [
        N_("%(family)s không còn dự thi.", "subst_not_approved", family=each.name)
        for each in families
        if each.state is not FamilyState.APPROVED
    ]
    if entry.state is not EntryState.ENROLLED:
        barred.append(N_("«%(entry)s» không còn dự thi.", "subst_entry_gone", entry=entry.name))
    if leaves.id not in own:
        barred.append(N_("%(name)s không còn trong «%(entry)s».", "subst_left", name=leaves.name, entry=entry.name))
    if comes.id in own:
        barred.append(N_("%(name)s đã có trong «%(entry)s».", "subst_there", name=comes.name, entry=entry.name))
    if comes.out:
        barred.append(N_("%(name)s đã thôi tham gia ngày hội.", "subst_out", name=comes.name))
    homes = {item.family.id: taking_part(item.household) for item in views(families, rules)}
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
    follows = [
        N_("«%(entry)s»: %(out)s thôi thi, %(into)s vào thay.", entry=entry.name, out=leaves.name, into=comes.name),
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
