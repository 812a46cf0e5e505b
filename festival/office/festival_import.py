"""How does a rule set become a whole edition: festival, contests, delegations?

The only place that sees all three; each room keeps its own rules. Everything happens in one transaction of the door,
so a file that fails at its last delegation leaves nothing behind.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, delete, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, selectinload

from festival.accounts.models import User
from festival.contests.models import Contest, ResultKind
from festival.contests.saving import rules_written, save_contests
from festival.core import ledger
from festival.core.database import db
from festival.core.names import fold
from festival.core.sentence import Sentence, to_json
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.i18n import day
from festival.editions.actions import save_festival
from festival.editions.models import Festival, Unit, UnitLevel
from festival.editions.queries import rules, state_of, unit_by_code
from festival.editions.reconstruction import convert, is_reconstruction
from festival.editions.rules.checks.addresses import shared_addresses
from festival.editions.rules.document import BrokenRuleset, parse
from festival.editions.rules.edition import DelegationRule
from festival.editions.rules.file import read
from festival.editions.rules.ruleset import Ruleset
from festival.editions.rules.whole import WholeDelegationRule
from festival.office.import_changes import (
    ADDED,
    CODE,
    GONE,
    NAME,
    OF_DELEGATION,
    UNIT,
    Contests,
    QuotasHeld,
    contest_changes,
    quota_changes,
)
from festival.office.settled_rules import keep_given, keep_whole
from festival.registration.allotting.models import DelegationReminder
from festival.registration.inviting.models import Invitation
from festival.roster.links.of_delegations import first_link
from festival.roster.models import ContestPlace, Delegation, DelegationOfficer, Entry, EntryState, Family


@dataclass(frozen=True, slots=True)
class FestivalFile:
    """A sound rule set and the document it was read from (kept with the festival for the record)."""

    ruleset: Ruleset
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FestivalImported:
    """What stands now, and what a file imported again has changed."""

    festival: Festival
    contests: int
    delegations: int
    changes: tuple[Sentence, ...] = ()

    @property
    def current(self) -> bool:
        """Whether the pages speak of it; a second edition has to be chosen."""
        return state_of(self.festival) == "current"


def read_file(content: bytes) -> FestivalFile:
    """A rule set in our schema, or the raw reconstruction, which is converted first.

    Raises BrokenRuleset.
    """
    document = parse(content)
    if isinstance(document, Mapping) and is_reconstruction(document):
        document = convert(document)
    ruleset = read(document)
    # exact decimals were for reading; the record keeps plain JSON numbers
    return FestivalFile(ruleset, json.loads(json.dumps(document, default=float)))


def import_festival(file: FestivalFile) -> FestivalImported:
    """Make the edition or bring it up to date, telling what has changed; nothing of the file is passed over.

    BrokenRuleset when a code that is new shares an address with a page of the program. BadInput when a delegation's unit is not known. Conflict when the rules of a contest are fixed already, when a quota
    would fall below what is approved, when a delegation with people of its own is no longer in the file.
    """
    before = _held(file.ruleset.festival.code)
    _own_addresses(file.ruleset, known=before is not None)
    festival = save_festival(file.ruleset, file.document)
    _drop_allotted(festival, file.ruleset)
    contests = save_contests(festival, file.ruleset)
    _keep_entries(contests)
    _keep_origins(contests)
    changes: list[Sentence] = []
    if before is not None:
        keep_whole(festival, before.whole, file.ruleset)
        keep_given(festival, file.ruleset)
        after = _contests_held(festival)
        changes += quota_changes(before.quotas, _quotas_held(festival), (before.contests, after))
        changes += contest_changes(before.contests, after)
        _apply_quota(festival, before.quotas)
    changes += _save_delegations(festival, file.ruleset, new=before is None)
    count = db.session.scalar(select(func.count(Delegation.id)).where(Delegation.festival_id == festival.id))
    if changes:
        told = [to_json(each) for each in changes]
        ledger.append(f"decisions:{festival.code}", "ruleset_changes", {"festival": festival.code}, {"changes": told})
    return FestivalImported(festival, len(contests), count or 0, tuple(changes))


def _own_addresses(ruleset: Ruleset, *, known: bool) -> None:
    """A code that a contest of any edition bears already goes on, also into a copy."""
    editions = {ruleset.festival.code} if known else set()
    if shared_addresses(ruleset, editions, ()):
        contests = set(db.session.scalars(select(Contest.code).distinct()))
        if wrong := shared_addresses(ruleset, editions, contests):
            raise BrokenRuleset(wrong)


@dataclass(frozen=True, slots=True)
class _Before:
    """The edition as it stood."""

    quotas: QuotasHeld
    contests: Contests
    whole: WholeDelegationRule | None


def _held(code: str) -> _Before | None:
    """The edition of that code, held until this import ends: a second organiser waits."""
    held = db.session.scalars(select(Festival).where(Festival.code == code).with_for_update()).one_or_none()
    if held is None:
        return None
    whole = rules(held).whole_delegation if held.ruleset else None
    return _Before(_quotas_held(held), _contests_held(held), whole)


def _quotas_held(festival: Festival) -> QuotasHeld:
    return QuotasHeld(
        (festival.families_min, festival.families_max),
        (festival.members_min, festival.members_max),
        (festival.contests_per_family_min, festival.contests_per_family_max),
    )


def _contests_held(festival: Festival) -> Contests:
    """The rules of its contests in their order."""
    own = select(Contest).where(Contest.festival_id == festival.id).order_by(Contest.position)
    found = db.session.scalars(own.options(selectinload(Contest.criteria)).execution_options(populate_existing=True))
    return {each.code: rules_written(each, each.criteria) for each in found}


def _apply_quota(festival: Festival, before: QuotasHeld) -> None:
    """The new quota of families is that of every delegation that has none of its own; never below what is approved or offered."""
    had = [
        Delegation.festival_id == festival.id,
        ~Delegation.families_own,
        Delegation.families_min == before.families[0],
        Delegation.families_max == before.families[1],
    ]
    if before.families == (festival.families_min, festival.families_max):
        return
    # held first: an approval at the same moment comes before or after, never in between
    held = db.session.scalars(select(Delegation).where(*had).order_by(Delegation.id).with_for_update()).all()
    full = [each for each in held if each.approved_count + each.held_count > festival.families_max]
    if full:
        raise Conflict(
            _(
                "Chỉ tiêu mới là %(most)s gia đình mỗi đoàn, nhưng %(full)s gia đình được duyệt hoặc đang được mời. "
                "Chưa ghi gì: hãy nâng chỉ tiêu, hoặc rút bớt gia đình đã duyệt rồi lưu lại.",
                most=festival.families_max,
                full=_those([(each.name, each.approved_count + each.held_count) for each in full]),
            )
        )
    for each in held:
        each.families_min, each.families_max = festival.families_min, festival.families_max
    db.session.flush()


def _those(full: Sequence[tuple[str, int]]) -> str:
    return ", ".join(_("%(name)s đã có %(n)s", name=name, n=count) for name, count in full)


def _drop_allotted(festival: Festival, ruleset: Ruleset) -> None:
    """What was only allotted in a contest that is no longer in the file is no reason to keep the contest."""
    gone = select(Contest.id).where(
        Contest.festival_id == festival.id, Contest.code.not_in([each.code for each in ruleset.contests])
    )
    db.session.execute(delete(ContestPlace).where(ContestPlace.contest_id.in_(gone), ContestPlace.taken == 0))


def _keep_entries(contests: Sequence[Contest]) -> None:
    """No contest takes fewer entries of a delegation than are approved; one that was allotted its own number keeps it."""
    places = select(
        Contest.name, Contest.entries_per_delegation, Delegation.name.label("delegation"), ContestPlace.taken
    )
    full = db.session.execute(
        places.join(Contest, Contest.id == ContestPlace.contest_id)
        .join(Delegation, Delegation.id == ContestPlace.delegation_id)
        .where(
            ContestPlace.contest_id.in_([contest.id for contest in contests]),
            ContestPlace.entries_most.is_(None),
            ContestPlace.taken > Contest.entries_per_delegation,
        )
        .order_by(Contest.position, Delegation.position)
    ).all()
    if full:
        raise Conflict(
            _(
                "Phần thi «%(contest)s» theo thể lệ mới nhận nhiều nhất %(most)s tiết mục mỗi đoàn, nhưng %(full)s "
                "tiết mục được duyệt. Chưa ghi gì: hãy nâng số này rồi lưu lại.",
                contest=full[0].name,
                most=full[0].entries_per_delegation,
                full=_those([(each.delegation, each.taken) for each in full if each.name == full[0].name]),
            )
        )


def _keep_origins(contests: Sequence[Contest]) -> None:
    """Who registered stays registered, and what came from another contest stays so; a sum has entries of any component."""
    origin = aliased(Entry)
    of_another = and_(Contest.result_kind != ResultKind.SUM, origin.contest_id != Contest.entries_from_id)
    wrong = db.session.scalars(
        select(Contest.name)
        .join(Entry, Entry.contest_id == Contest.id)
        .outerjoin(origin, origin.id == Entry.from_id)
        .where(
            Contest.id.in_([contest.id for contest in contests]),
            Entry.state != EntryState.WITHDRAWN,
            or_(Contest.entries_from_id.is_(None) != Entry.from_id.is_(None), of_another),
        )
        .limit(1)
    ).first()
    if wrong is not None:
        raise Conflict(
            _(
                "Phần thi «%(contest)s» đã có lượt thi nên không đổi được nơi lấy lượt thi. Chưa ghi gì: hãy rút các lượt "
                "thi đó trước, hoặc giữ như cũ.",
                contest=wrong,
            )
        )


def _save_delegations(festival: Festival, ruleset: Ruleset, *, new: bool) -> list[Sentence]:
    """The delegations of the file. One is known by its unit, or by its code when the file gives it another unit."""
    held = list(db.session.scalars(select(Delegation).where(Delegation.festival_id == festival.id)))
    changes: list[Sentence] = []
    kept: set[int] = set()
    for position, rule in enumerate(ruleset.delegations, start=1):
        unit = _unit(festival, rule)
        delegation = next((each for each in held if each.unit_id == unit.id), None) or next(
            (each for each in held if each.rule_code == rule.code and each.id not in kept), None
        )
        if delegation is None:
            delegation = Delegation(
                festival_id=festival.id,
                code=secrets.token_hex(8),
                families_min=festival.families_min,
                families_max=festival.families_max,
            )
            db.session.add(delegation)
            if not new:
                changes.append(ADDED.filled(name=rule.name))
        else:
            changes += _delegation_changes(delegation, rule, unit)
        delegation.unit_id, delegation.rule_code = unit.id, rule.code
        delegation.name, delegation.position = rule.name, position
        db.session.flush()
        if delegation.link_hash is None:
            first_link(delegation)
        kept.add(delegation.id)
    for gone in held:
        if gone.id not in kept:
            _drop_delegation(gone)
            changes.append(GONE.filled(name=gone.name))
    return changes


def _delegation_changes(delegation: Delegation, rule: DelegationRule, unit: Unit) -> list[Sentence]:
    """What the file says otherwise of a delegation; Conflict when people registered for the unit it had."""
    if delegation.unit_id != unit.id and db.session.scalar(
        select(exists().where(Family.delegation_id == delegation.id))
    ):
        raise Conflict(
            _(
                "Chưa đổi được đơn vị của %(name)s (mã %(code)s): đoàn này đã có hồ sơ đăng ký. Chưa ghi gì: "
                "hãy dùng mã khác cho đoàn mới.",
                name=delegation.name,
                code=rule.code,
            )
        )
    pairs = (
        (CODE, delegation.rule_code, rule.code),
        (NAME, delegation.name, rule.name),
        (UNIT, delegation.unit.full_name, unit.full_name),
    )
    return [
        OF_DELEGATION.filled(name=rule.name, what=what, old=old, new=new)
        for what, old, new in pairs
        if old and old != new
    ]


def _drop_delegation(delegation: Delegation) -> None:
    try:
        with db.session.begin_nested():
            # what was only allotted goes with it
            allotted = (ContestPlace.delegation_id == delegation.id, ContestPlace.taken == 0)
            db.session.execute(delete(ContestPlace).where(*allotted))
            for beside in (DelegationReminder, Invitation):
                db.session.execute(delete(beside).where(beside.delegation_id == delegation.id))
            db.session.execute(delete(Delegation).where(Delegation.id == delegation.id))
    except IntegrityError as error:
        registered = select(func.count(Family.id)).where(Family.delegation_id == delegation.id)
        officers = select(User.name).join(DelegationOfficer, DelegationOfficer.user_id == User.id)
        names = db.session.scalars(officers.where(DelegationOfficer.delegation_id == delegation.id).order_by(User.id))
        raise Conflict(
            _(
                "Chưa bỏ được %(name)s: đoàn có %(n)s hồ sơ đăng ký, cán bộ phụ trách: %(officers)s. Chưa ghi gì: "
                "hãy giữ đoàn, hoặc rút hồ sơ và cán bộ của đoàn trước.",
                name=delegation.name,
                n=db.session.scalar(registered) or 0,
                officers=", ".join(names) or _("không ai"),
            )
        ) from error


def _unit(festival: Festival, rule: DelegationRule) -> Unit:
    if rule.unit_code is not None:
        unit = unit_by_code(rule.unit_code, festival.starts_on)
        if unit is None:
            _ended(festival, rule)
            raise BadInput(
                _(
                    "Chưa có đơn vị mã %(code)s (%(name)s) vào ngày khai mạc. Nạp danh sách đơn vị đúng vào ngày ấy "
                    "(bước “Ai dự thi”, hoặc flask units import), rồi làm lại.",
                    code=rule.unit_code,
                    name=rule.name,
                )
            )
        return unit
    # a school or an agency is a unit of our own making, without an official code
    key = f"{festival.code}-{rule.code}"
    own = db.session.scalars(select(Unit).where(Unit.key == key)).one_or_none()
    if own is None:
        own = Unit(key=key, level=UnitLevel.AGENCY, kind="", name=rule.name, folded=fold(rule.name), official_code="")
        db.session.add(own)
    elif own.name != rule.name:  # it is nobody else's, so it is called as its delegation is
        own.name, own.folded = rule.name, fold(rule.name)
    db.session.flush()
    return own


def _ended(festival: Festival, rule: DelegationRule) -> None:
    """BadInput where the unit of a delegation was there once, and not on this first day."""
    of_code = select(Unit).where(Unit.official_code == rule.unit_code, Unit.valid_to < festival.starts_on)
    was = db.session.scalars(of_code.order_by(Unit.valid_to.desc()).limit(1)).first()
    if was is not None:
        raise BadInput(
            _(
                "%(unit)s (mã %(code)s, %(name)s) không còn là đơn vị hành chính vào ngày khai mạc %(day)s. "
                "Chưa ghi gì: giữ ngày khai mạc; hoặc bỏ đoàn, đổi ngày, rồi thêm đoàn theo đơn vị kế tục "
                "(trong tệp thể lệ thì đổi mã đơn vị cùng lúc với ngày).",
                unit=was.full_name,
                code=rule.unit_code,
                name=rule.name,
                day=day(festival.starts_on),
            )
        )
