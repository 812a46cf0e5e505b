"""What follows when quotas and delegations change: who is beyond the new numbers, by name; who carries the old name?

What is approved stays approved: a number below it is refused by the import itself. Told here is what waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from festival.contests.models import Contest, EntrantKind
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.editions.actions import MOST_FAMILIES
from festival.editions.models import Festival
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.document import Span
from festival.editions.rules.ruleset import Ruleset
from festival.passes.models import Pass
from festival.registration.teams.lookup import teams_of
from festival.roster.models import (
    ContestPlace,
    Delegation,
    DelegationOfficer,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    Person,
)
from festival.roster.rules import rules_of
from festival.setup.listed import first, listed

WAITING = (FamilyState.SUBMITTED, FamilyState.RETURNED)
REGISTERED = (*WAITING, FamilyState.APPROVED)
BEYOND = N_("%(delegation)s: %(n)s hồ sơ đang chờ vượt chỉ tiêu mới (%(most)s), không duyệt được nữa: %(names)s.")
TOO_FEW = N_("Chưa đủ chỉ tiêu mới (ít nhất %(least)s gia đình): %(names)s.")
SIZES = N_("%(n)s gia đình có số thành viên ngoài %(span)s: %(names)s. Hồ sơ đã duyệt giữ nguyên, hồ sơ chờ phải sửa.")
PARTS = N_("%(n)s gia đình dự số phần thi ngoài %(span)s: %(names)s. Hồ sơ đã duyệt giữ nguyên, hồ sơ chờ phải sửa.")
ENTRIES = N_(
    "«%(contest)s»: %(delegation)s đã gửi %(n)s tiết mục, số mới là %(most)s; tiết mục chờ không duyệt được nữa."
)
PERFORMERS = N_("«%(contest)s»: %(n)s tiết mục có số người ngoài %(span)s: %(names)s.")
COMPOSED = N_("«%(contest)s»: %(n)s đội ghép khác thành phần mới: %(names)s.")
RENAMED = N_(
    "«%(old)s» thành «%(new)s»: %(officers)s cán bộ phụ trách, %(families)s hồ sơ giữ nguyên; %(cards)s thẻ đã cấp in tên "
    "cũ, in lại nếu cần."
)


def of_quotas(festival: Festival, before: Ruleset, after: Ruleset) -> Iterator[Sentence]:
    """Families and entries beyond the new numbers."""
    old, new = before.quotas, after.quotas
    if old.families_per_delegation != new.families_per_delegation:
        yield from _families(festival, new.families_per_delegation)
    if old.members_per_family != new.members_per_family and new.members_per_family:
        members = func.count(Person.id).filter(~Person.out)
        yield from _outside(festival, SIZES, new.members_per_family, members, Person.family_id == Family.id, Person)
    if old.contests_per_family != new.contests_per_family and new.contests_per_family:
        own = (Entry.family_id == Family.id) & (Entry.state != EntryState.WITHDRAWN)
        entries = func.count(Entry.id)
        yield from _outside(festival, PARTS, new.contests_per_family, entries, own, Entry)
    contests = {each.code: each for each in before.contests}
    changed = [(contests[each.code], each) for each in after.contests if each.code in contests]
    yield from _entries(festival, changed)
    yield from _performers(festival, changed)
    yield from _compositions(festival, changed)


def _families(festival: Festival, span: Span | None) -> Iterator[Sentence]:
    """Of every delegation that has the quota of the edition; one with its own keeps it."""
    most, least = (span.max, span.min) if span else (MOST_FAMILIES, 0)
    waiting = func.sum(case((Family.state.in_(WAITING), 1), else_=0))
    rows = db.session.execute(
        select(Delegation.id, Delegation.name, Delegation.approved_count, func.coalesce(waiting, 0).label("waiting"))
        .outerjoin(Family, Family.delegation_id == Delegation.id)
        .where(
            Delegation.festival_id == festival.id,
            ~Delegation.families_own,
            Delegation.families_min == festival.families_min,
            Delegation.families_max == festival.families_max,
        )
        .group_by(Delegation.id, Delegation.name, Delegation.approved_count)
        .order_by(func.min(Delegation.position), Delegation.id)
    ).all()
    room = {row.id: max(most - row.approved_count, 0) for row in rows if row.approved_count + row.waiting > most}
    if room:
        names: dict[int, list[str]] = defaultdict(list)
        queue = select(Family.delegation_id, Family.name).where(
            Family.delegation_id.in_(room), Family.state.in_(WAITING)
        )
        for delegation_id, name in db.session.execute(queue.order_by(Family.submitted_at, Family.id)):
            names[delegation_id].append(name)
        told = [(row.name, names[row.id][room[row.id] :]) for row in rows if row.id in room]
        yield from first(
            [BEYOND.filled(delegation=name, n=len(late), most=most, names=listed(late)) for name, late in told if late]
        )
    few = [row.name for row in rows if row.approved_count + row.waiting < least]
    # before anybody registers every delegation is below: that is no news
    begun = any(row.approved_count + row.waiting for row in rows)
    if few and begun and least > festival.families_min:
        yield TOO_FEW.filled(least=least, names=listed(few))


def _outside(
    festival: Festival, said: Sentence, span: Span, count: ColumnElement[int], own: ColumnElement[bool], of: type
) -> Iterator[Sentence]:
    """Families whose number of people or of contests is not within the span."""
    wanted = select(Family.name).where(Family.festival_id == festival.id, Family.state.in_(REGISTERED))
    if of is Entry:
        families = select(Contest.id).where(Contest.entrant == EntrantKind.FAMILY)
        own &= Entry.contest_id.in_(families)
    names = db.session.scalars(
        wanted.outerjoin(of, own)
        .group_by(Family.id, Family.name)
        .having(or_(count < span.min, count > span.max))
        .order_by(Family.id)
    ).all()
    if names:
        yield said.filled(n=len(names), span=_span(span), names=listed(names))


def _entries(festival: Festival, changed: list[tuple[ContestRule, ContestRule]]) -> Iterator[Sentence]:
    most: Mapping[str, int] = {
        new.code: new.entries_per_delegation.max
        for old, new in changed
        if new.entries_per_delegation and old.entries_per_delegation != new.entries_per_delegation
    }
    if not most:
        return
    count = func.count(Entry.id)
    allotted = exists().where(
        ContestPlace.contest_id == Contest.id,
        ContestPlace.delegation_id == Delegation.id,
        ContestPlace.entries_most.is_not(None),
    )
    rows = db.session.execute(
        select(Contest.code, Contest.name, Delegation.name.label("delegation"), count.label("n"))
        .join(Entry, Entry.contest_id == Contest.id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .where(
            ~allotted, Contest.festival_id == festival.id, Contest.code.in_(most), Entry.state != EntryState.WITHDRAWN
        )
        .where(Contest.entrant == EntrantKind.FAMILY)
        .group_by(Contest.id, Contest.code, Contest.name, Delegation.id, Delegation.name)
        .order_by(func.min(Contest.position), func.min(Delegation.position), Delegation.id)
    )
    over = [row for row in rows if row.n > most[row.code]]
    yield from first(
        [ENTRIES.filled(contest=row.name, delegation=row.delegation, n=row.n, most=most[row.code]) for row in over]
    )


def _performers(festival: Festival, changed: list[tuple[ContestRule, ContestRule]]) -> Iterator[Sentence]:
    spans = {new.code: new.performers for old, new in changed if new.performers and old.performers != new.performers}
    if not spans:
        return
    people = func.count(EntryPerson.person_id)
    rows = db.session.execute(
        select(Contest.code, Contest.name.label("contest"), Entry.name, people.label("n"))
        .join(Entry, Entry.contest_id == Contest.id)
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .where(Contest.festival_id == festival.id, Contest.code.in_(spans), Entry.state != EntryState.WITHDRAWN)
        .group_by(Contest.id, Contest.code, Contest.name, Entry.id, Entry.name)
        .order_by(func.min(Contest.position), Entry.id)
    )
    outside: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        span = spans[row.code]
        if not span.min <= row.n <= span.max:
            outside[row.code, row.contest].append(row.name)
    for (code, contest), names in outside.items():
        yield PERFORMERS.filled(contest=contest, n=len(names), span=_span(spans[code]), names=listed(names))


def _compositions(festival: Festival, changed: list[tuple[ContestRule, ContestRule]]) -> Iterator[Sentence]:
    """Mixed teams that the new lines say are none; those with a reason are asked for it again when they are saved."""
    lines = {new.code: new.composition for old, new in changed if old.composition != new.composition}
    if not lines:
        return
    names: dict[str, list[str]] = defaultdict(list)
    own = list(db.session.scalars(select(Delegation.id).where(Delegation.festival_id == festival.id)))
    for teams in chain.from_iterable(teams_of(own, rules_of(festival)).values()):
        if teams.contest in lines:
            new = replace(teams, lines=lines[teams.contest])
            names[teams.contest_name] += [team.name for team in teams.standing if new.faults(team.members)]
    for contest, outside in names.items():
        if outside:
            yield COMPOSED.filled(contest=contest, n=len(outside), names=listed(outside))


def of_delegations(festival: Festival, before: Ruleset, after: Ruleset) -> Iterator[Sentence]:
    """Delegations that are called otherwise: who looks after them, what is registered, which cards say the old name."""
    held = {each.code: each.name for each in before.delegations}
    new = {each.code: each.name for each in after.delegations if held.get(each.code, each.name) != each.name}
    if not new:
        return
    officers = select(func.count()).where(DelegationOfficer.delegation_id == Delegation.id).scalar_subquery()
    families = select(func.count(Family.id)).where(Family.delegation_id == Delegation.id, Family.state.in_(REGISTERED))
    owned = or_(Pass.delegation_id == Delegation.id, Family.delegation_id == Delegation.id)
    cards = (
        select(func.count(Pass.id))
        .outerjoin(Family, Family.id == Pass.family_id)
        .where(Pass.festival_id == festival.id, Pass.replaced_at.is_(None), owned)
        .correlate(Delegation)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Delegation.rule_code, officers.label("o"), families.scalar_subquery().label("f"), cards.label("c"))
        .where(Delegation.festival_id == festival.id, Delegation.rule_code.in_(new))
        .order_by(Delegation.position, Delegation.id)
    )
    yield from first(
        [
            RENAMED.filled(old=held[row.rule_code], new=new[row.rule_code], officers=row.o, families=row.f, cards=row.c)
            for row in rows
            if row.o or row.f or row.c
        ]
    )


def _span(span: Span) -> str:
    return f"{span.min}–{span.max}"
