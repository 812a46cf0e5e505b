"""Who takes the steps of the ladder: the lock (two people), the release to the MC (two people), publication (one), a result
taken back (two people)?

Pages and commands come through here; who each person is was proved before, outside of the transaction. The second person
of a release holds the right to release too; in an edition marked `commune_contest` (one officer and seven teams cannot
fill every seat) it may be the chair of the contest. Without the people there is `override`, a reason that goes into the
ledger; the security log says which step it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import UserRole
from festival.accounts.roles import permissions_of
from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState, PanelSeat
from festival.core.database import db
from festival.core.security_log import SecurityKind, note
from festival.core.web.access import Permission
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.papers.keeping import PaperSubject
from festival.papers.scans.needed import PaperLack, kinds
from festival.proofing.queries import UnproofedName
from festival.results.ladder import lock as ladder_lock
from festival.results.ladder import names, taking_back
from festival.results.ladder import sign as ladder_sign
from festival.results.ladder import unlock as ladder_unlock
from festival.results.ladder.lock import Locked, NotReady, Unsignable, WrongPeople
from festival.results.ladder.papers_there import hold_whole, lacks_at_release, lacks_of, waiting_at_release
from festival.results.ladder.states import may_lock_as
from festival.results.ladder.steps import going_on, stated_reason
from festival.results.ladder.taking_back import TakenBackResult
from festival.results.ladder.unlock import Unlocked, WrongPair


@dataclass(frozen=True, slots=True)
class Taken:
    """The step is taken."""


@dataclass(frozen=True, slots=True)
class PapersAsked:
    """Signed papers are not here: whoever releases sends them first, or says why they are not waited for."""

    lacks: tuple[PaperLack, ...]


@dataclass(frozen=True, slots=True)
class NamesAsked:
    """Names that would be read have not been proofed: whoever releases says once why they are used all the same."""

    names: tuple[UnproofedName, ...]


def is_commune(festival: Festival) -> bool:
    """Whether the edition is marked *hội thi cấp xã* in its rule set."""
    stated = (festival.ruleset or {}).get("festival")
    return isinstance(stated, dict) and stated.get("commune_contest") is True


def lock(
    contest_id: int, chair_id: int | None, secretary_id: int | None, override: str = ""
) -> Locked | NotReady | WrongPeople | Unsignable:
    """The lock of `ladder.lock`, noted."""
    outcome = ladder_lock.lock(contest_id, chair_id, secretary_id, override)
    if isinstance(outcome, Locked):
        noted("lock", _contest(contest_id).code, chair_id, secretary_id, override)
    return outcome


def unlock(
    contest_id: int, chair_id: int | None, secretary_id: int | None, code: str, reason: str
) -> Unlocked | WrongPair:
    """The opening again of `ladder.unlock`, noted."""
    outcome = ladder_unlock.unlock(contest_id, chair_id, secretary_id, code, reason)
    if isinstance(outcome, Unlocked):
        noted("unlock", _contest(contest_id).code, chair_id, secretary_id, "" if chair_id else reason)
    return outcome


def release(
    contest_id: int,
    by: int | None,
    second: int | None,
    override: str = "",
    *,
    names_reason: str = "",
    petitions_reason: str = "",
    papers_reason: str = "",
) -> Taken | WrongPeople | NamesAsked | PapersAsked:
    """From now on the MC may read: by two different people, or by an override, whose reason stands for unproofed names too.

    Signed papers that are not here take a reason of their own, and two people whatever else is overridden.
    """
    contest = _contest(contest_id)
    said = "" if by is not None and second is not None else stated_reason(override)
    if by is not None and second is not None and (why := not_these_two(by, second, contest.festival_id, [contest])):
        return WrongPeople(why)
    held_contest(contest_id)
    hold_whole(contest.festival_id)
    lacking = lacks_at_release(contest) if contest.state is ContestState.DECIDED else ()
    because = reason_without(lacking, by, second, papers_reason)
    if not isinstance(because, str):
        return because
    unproofed = names.names_to_confirm(contest_id) if contest.state is ContestState.DECIDED else []
    if unproofed and not (names_reason.strip() or said):
        return NamesAsked(tuple(unproofed))
    because_of = said or petitions_reason
    waiting = going_on(waiting_at_release(contest), because_of) if contest.state is ContestState.DECIDED else ""
    ladder_sign.release(
        contest_id, by, with_user=second, note=said or waiting, papers_reason=because, without=kinds(lacking)
    )
    if unproofed:
        names.confirm(contest, names_reason if names_reason.strip() else said, by)
    noted("release", contest.code, by, second, said)
    return Taken()


def whole_reason(
    festival_id: int, by: int | None, second: int | None, papers_reason: str
) -> PapersAsked | WrongPeople | str:
    """The same before the minutes of the whole delegation are signed, where the MC reads its prizes at once."""
    hold_whole(festival_id)
    return reason_without(lacks_of(PaperSubject(festival_id)), by, second, papers_reason)


def reason_without(
    lacking: tuple[PaperLack, ...], by: int | None, second: int | None, papers_reason: str
) -> PapersAsked | WrongPeople | str:
    """Why two people do not wait for these papers, '' when nothing is missing; else what keeps the result from being read."""
    if not lacking:
        return ""
    if not papers_reason.strip():
        return PapersAsked(lacking)
    if by is None or second is None:
        return WrongPeople(_("Chưa có bản ký mà vẫn cho đọc thì phải đủ hai người."))
    return stated_reason(papers_reason)


def publish(contest_id: int, by: int | None, override: str = "") -> Taken | WrongPeople:
    """From now on the public sees the awards: by one person, or by an override."""
    contest = _contest(contest_id)
    said = "" if by is not None else stated_reason(override)
    if by is not None and not _may_release(by):
        return WrongPeople(_("Người này không có quyền công bố kết quả."))
    ladder_sign.publish(contest_id, by, note=said)
    if said:
        noted("publish", contest.code, None, None, said)
    return Taken()


def take_back(
    contest_id: int, chair_id: int | None, secretary_id: int | None, code: str, reason: str
) -> TakenBackResult | WrongPair:
    """The taking back of `ladder.taking_back`, noted."""
    outcome = taking_back.take_back(contest_id, chair_id, secretary_id, code, reason)
    if isinstance(outcome, TakenBackResult):
        noted("take_back", _contest(contest_id).code, chair_id, secretary_id, "" if chair_id else reason)
    return outcome


def not_these_two(by: int, second: int, festival_id: int, contests: Iterable[Contest]) -> str:
    """Why these two may not release together; "" when they may."""
    if by == second:
        return str(_("Cho MC đọc cần hai người khác nhau."))
    if not _may_release(by):
        return str(_("Người thứ nhất không có quyền cho MC đọc."))
    if _may_release(second):
        return ""
    if is_commune(db.session.get_one(Festival, festival_id)):
        if any(may_lock_as(second, contest, PanelSeat.CHAIR) for contest in contests):
            return ""
        return str(_("Người thứ hai phải là người khác của Ban Tổ chức, hoặc trưởng ban giám khảo của phần thi này."))
    return str(_("Người thứ hai phải là người khác của Ban Tổ chức, có quyền cho MC đọc."))


def noted(step: str, contest: str, by: int | None, second: int | None, override: str = "") -> None:
    """One line of the security log; the reason itself stands in the ledger."""
    if by is not None and second is not None:
        note(SecurityKind.TWO_PERSONS, {"step": step, "contest": contest, "account": by, "with": second})
    if override.strip():
        note(SecurityKind.OVERRIDE, {"step": step, "contest": contest})


def _contest(contest_id: int) -> Contest:
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise NotFound()
    return contest


def _may_release(user_id: int) -> bool:
    roles = frozenset(db.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))
    return Permission.RELEASE in permissions_of(roles)
