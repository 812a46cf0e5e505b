"""How is an approved family changed: a spelling at once, a fact when the organiser says yes, and each taken back again?

The pass stays good all the time. Every change is a row with what stood, what was wanted, who, when and why, and a line of the
ledger for each step. One request at a time waits for a family, by a constraint. A request that waited is carried over what
was corrected meanwhile (`editing.merging`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.core.web.i18n import say
from festival.registration import dependents
from festival.registration.asked_changes.models import ChangeState, FamilyChange
from festival.registration.asked_changes.writing import write
from festival.registration.editing.difference_words import said
from festival.registration.editing.differences import FamilyDifference, Field, Kind, differences
from festival.registration.editing.merging import merged, only
from festival.registration.letters import send_change_decided
from festival.roster.eligibility import missing
from festival.roster.families import family_by_id
from festival.roster.household import Household, cleaned, from_json, to_json
from festival.roster.links import of_families
from festival.roster.models import Entry, Family, FamilyState
from festival.roster.outcomes import Stale
from festival.roster.places import lock_delegation
from festival.roster.rules import Rules
from festival.roster.steps import note, step
from festival.roster.views import view

LINK = "link"
METHODS = {LINK: "link"}  # by which road an agreement that comes along was given; an officer has it on paper


@dataclass(frozen=True, slots=True)
class AskedNow:
    """What was written at once, and what waits for the organiser."""

    written: tuple[FamilyDifference, ...]
    waiting: tuple[FamilyDifference, ...]


def taking_part(household: Household) -> Household:
    """Those who take part; who left is no part of a change."""
    return replace(household, members=tuple(member for member in household.members if not member.out))


def household_now(rules: Rules, family: Family) -> Household:
    """The family as it stands, without those who left."""
    return taking_part(view(family_by_id(family.id), rules).household)


def ask(rules: Rules, family: Family, version: int, typed: Household, why: str, road: str, by: int | None) -> AskedNow:
    """Somebody wants the family to be so. Officer and organiser correct spellings at once; a family asks for all."""
    lock_delegation(family)
    _still_approved(family, version)
    now_ = household_now(rules, family)
    wanted = cleaned(typed)
    if not differences(now_, wanted):
        raise BadInput(_("Chưa có gì khác với hồ sơ đang có. Hãy sửa rồi gửi."))
    _nothing_new_lacks(rules, now_, wanted)
    spelt = now_ if road == LINK else only(Kind.SPELLING, now_, wanted)
    written = differences(now_, spelt)
    if written:
        change = _keep(rules, family, now_, spelt, why, road, by)
        _carry_out(rules, change, spelt)
        _decided(rules, change, ChangeState.APPROVED, "", by)
    waiting = differences(spelt, wanted)
    if waiting:
        _keep(rules, family, spelt, wanted, why, road, by)
    return AskedNow(written, waiting)


def approve(rules: Rules, change: FamilyChange, by: int | None) -> None:
    """Carry a request out. Conflict, with the reason, when the family, a contest, a place or the timetable stand against it."""
    family = family_by_id(change.family_id)
    lock_delegation(family)
    _still_approved(family, None)
    now_ = household_now(rules, family)
    target, clashes = merged(now_, from_json(change.stood), from_json(change.wanted))
    _no_clash(rules, clashes)
    _nothing_new_lacks(rules, now_, target)
    _take(change, ChangeState.WAITING, ChangeState.APPROVED, "", by)
    _carry_out(rules, change, target)
    _note_decided(rules, change, ChangeState.APPROVED, "", by)
    _tell(rules, change, approved=True, reason="")


def refuse(rules: Rules, change: FamilyChange, reason: str, by: int | None) -> None:
    """The organiser says no, and why."""
    _decided(rules, change, ChangeState.REFUSED, reason, by)
    _tell(rules, change, approved=False, reason=reason)


def take_back(rules: Rules, change: FamilyChange, by: int | None) -> None:
    """Who asked does not ask any more."""
    _decided(rules, change, ChangeState.TAKEN_BACK, "", by)


def undo(rules: Rules, change: FamilyChange, reason: str, by: int | None) -> None:
    """A change that was carried out is not, while nothing stands on it."""
    family = family_by_id(change.family_id)
    lock_delegation(family)
    _still_approved(family, None)
    stood, wanted = from_json(change.stood), from_json(change.wanted)
    bound = _stands_on(rules, family, differences(stood, wanted))
    if bound:
        raise Conflict(_("Chưa hoàn tác được: %(why)s", why=" ".join(bound)))
    target, clashes = merged(household_now(rules, family), wanted, stood)
    _no_clash(rules, clashes)
    _take(change, ChangeState.APPROVED, ChangeState.UNDONE, reason, by)
    _carry_out(rules, change, target)
    _note_decided(rules, change, ChangeState.UNDONE, reason, by)


def _still_approved(family: Family, version: int | None) -> None:
    seen = version if version is not None else db.session.scalar(select(Family.version).where(Family.id == family.id))
    outcome = step(family, seen or 0, (FamilyState.APPROVED,))
    if not isinstance(outcome, Stale):
        return
    if outcome.state is FamilyState.WITHDRAWN:
        raise Conflict(_("Gia đình đã rút khỏi ngày hội nên không đổi được gì. Khôi phục gia đình trước."))
    if outcome.state is not FamilyState.APPROVED:
        raise Conflict(_("Gia đình chưa được duyệt hoặc duyệt đã hoàn tác: hãy sửa thẳng trong hồ sơ."))
    raise Overtaken()


def _nothing_new_lacks(rules: Rules, before: Household, after: Household) -> None:
    """A family that lacks something may be changed; the change may not make it lack more."""
    quotas, on = rules.quotas, rules.festival.starts_on
    had = {str(each.reason) for each in missing(before.facts, quotas, on)}
    lacks = [say(each.reason) for each in missing(after.facts, quotas, on) if str(each.reason) not in had]
    if lacks:
        raise BadInput(" ".join(lacks))


def _no_clash(rules: Rules, clashes: tuple[FamilyDifference, ...]) -> None:
    if clashes:
        what = "; ".join(say(said(each, rules.names)) for each in clashes)
        raise Conflict(_("Sau khi gửi, người khác đã đổi cùng chỗ này: %(what)s. Hãy làm một yêu cầu mới.", what=what))


def _stands_on(rules: Rules, family: Family, found: tuple[FamilyDifference, ...]) -> list[str]:
    """A turn on a stage of an entry that came by the change, an arrival after somebody joined."""
    codes = [each.after for each in found if each.field is Field.CONTEST and each.after]
    contests = [rules.contests[code].id for code in codes if code in rules.contests]
    entries = select(Entry.id).where(Entry.family_id == family.id, Entry.contest_id.in_(contests))
    bound = [say(each) for each in dependents.entry_reasons(db.session.scalars(entries).all())]
    if any(each.field is Field.JOINED for each in found):
        bound += [say(each) for each in dependents.reasons(family.id) if each.code == "arrived"]
    return bound


def _keep(
    rules: Rules, family: Family, stood: Household, wanted: Household, why: str, road: str, by: int | None
) -> FamilyChange:
    most = select(func.max(FamilyChange.number)).where(FamilyChange.family_id == family.id)
    change = FamilyChange(
        family_id=family.id,
        number=(db.session.scalar(most) or 0) + 1,
        stood=to_json(stood),
        wanted=to_json(wanted),
        why=why,
        road=road,
        asked_by=by,
        asked_at=now(),
        state=ChangeState.WAITING,
    )
    try:
        with db.session.begin_nested():
            db.session.add(change)
            db.session.flush()
    except IntegrityError:
        raise Conflict(
            _(
                "Gia đình đã có một yêu cầu đang chờ Ban Tổ chức. Chờ trả lời, hoặc rút lại yêu cầu ấy rồi gửi yêu cầu mới."
            )
        ) from None
    told = [str(said(each, rules.names)) for each in differences(stood, wanted)]
    payload = {"why": why, "by": by, "what": told}
    _line(rules, change, "change.asked", payload, road=road)
    return change


def _carry_out(rules: Rules, change: FamilyChange, target: Household) -> None:
    """Write it, if it makes no clash in the timetable that was not there."""
    family = family_by_id(change.family_id)
    before = set(map(str, dependents.clashes(family.festival_id)))
    values = {
        "phone": target.phone,
        "email": target.email,
        "address": target.address,
        "introduction": target.introduction,
    }
    own = update(Family).where(Family.id == family.id)
    db.session.execute(own.values(**values).execution_options(synchronize_session=False))
    written = write(rules, family, target, METHODS.get(change.road, "paper"))
    new = [each for each in dependents.clashes(family.festival_id) if str(each) not in before]
    if new:
        why = " ".join(say(each) for each in new[:3])
        raise Conflict(_("Chưa đổi được vì lịch thi không khớp: %(why)s Hãy xếp lại lịch rồi duyệt.", why=why))
    if change.state is not ChangeState.UNDONE:
        change.wanted = to_json(_with_codes(from_json(change.wanted), written))
        db.session.flush()


def _with_codes(wanted: Household, written: Household) -> Household:
    """Who joined is known by a code from now on, so that undoing finds them."""
    known = {member.code for member in wanted.members}
    joined = iter(member for member in written.members if member.code not in known)
    return replace(
        wanted,
        members=tuple(member if member.code else replace(member, code=next(joined).code) for member in wanted.members),
    )


def _decided(rules: Rules, change: FamilyChange, state: ChangeState, reason: str, by: int | None) -> None:
    _take(change, ChangeState.WAITING, state, reason, by)
    _note_decided(rules, change, state, reason, by)


def _take(change: FamilyChange, was: ChangeState, state: ChangeState, reason: str, by: int | None) -> None:
    """Of two who decide at once the second is told."""
    done = db.session.scalar(
        update(FamilyChange)
        .where(FamilyChange.id == change.id, FamilyChange.state == was)
        .values(state=state, reason=reason, decided_by=by, decided_at=now())
        .returning(FamilyChange.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Overtaken()
    db.session.refresh(change)


def _note_decided(rules: Rules, change: FamilyChange, state: ChangeState, reason: str, by: int | None) -> None:
    _line(rules, change, "change.decided", {"reason": reason, "by": by}, state=str(state))


def _line(rules: Rules, change: FamilyChange, kind: str, payload: Mapping[str, object], **about: str) -> None:
    family = family_by_id(change.family_id)
    note(
        rules.festival,
        kind,
        family,
        family.version,
        {**payload, "family": family.name},
        number=str(change.number),
        **about,
    )


def _tell(rules: Rules, change: FamilyChange, *, approved: bool, reason: str) -> None:
    family = family_by_id(change.family_id)
    found = [said(each, rules.names) for each in differences(from_json(change.stood), from_json(change.wanted))]
    link = of_families.link_code(family)
    send_change_decided(family, rules.festival, found, link, approved=approved, reason=reason)
