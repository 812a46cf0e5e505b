"""How is a mixed team made, changed, dissolved and made again, by the officer or the organiser?

The delegation's row is locked first, as an approval does it. What a team is made of is asked of those who are named and
come; a line of the rules refuses, or lets the team stand with a reason that is recorded. A team holds its place of the quota
from the making on, by the conditional statement of an approval; that nobody is in two teams of a contest is a key of the
table. Each step is a line of the ledger with all that the team then is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Update, delete, insert, select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import new_typed_code
from festival.core.text import line
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.registration import dependents
from festival.registration.teams.facts import OneTeam, TeamPerson, TeamsOf, may_not_change
from festival.registration.teams.lookup import teams_of
from festival.roster.models import Delegation, Entry, EntryState
from festival.roster.outcomes import QuotaFull
from festival.roster.places import NoPlace, free_contest_places, keep_own_bounds, take_contest_place
from festival.roster.rules import Rules
from festival.roster.teams.models import MixedTeam, TeamMember
from festival.roster.teams.naming import named, note_team
from festival.roster.teams.standing import let_stand

LONGEST_NAME = 120
LONGEST_REASON = 500
NEW = "new"


@dataclass(frozen=True, slots=True)
class TypedTeam:
    """What a form says: the name ('' = the delegation's), codes of people, why it stands although the rules warn."""

    name: str
    people: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Who asks, and at which door: an officer only while registration is open."""

    by: int | None
    office: bool
    open_now: bool


def teams_in(rules: Rules, delegation: Delegation, contest: str) -> TeamsOf:
    """The delegation's teams in one contest. NotFound where no mixed team enters it."""
    for each in teams_of([delegation.id], rules)[delegation.id]:
        if each.contest == contest:
            return each
    raise NotFound()


def save(
    rules: Rules, delegation: Delegation, contest: str, code: str, seen: int, typed: TypedTeam, door: AtDoor
) -> str:
    """Make it (`code` NEW), change it, or make a dissolved one again; answers its code. BadInput, Conflict, Overtaken."""
    teams = _asked(rules, delegation, contest, door)
    team = None if code == NEW else teams.team(code)
    if team is None and code != NEW:
        raise NotFound()
    if team is not None and team.version != seen:
        raise Overtaken()
    chosen = _chosen(teams, team, typed.people)
    reason = _reason(teams, chosen, line(typed.reason))
    name = _called(line(typed.name), delegation, teams, team)
    clashing = set(map(str, dependents.clashes(rules.festival.id))) if team else set()
    if team is None or team.dissolved:
        _take_place(rules, delegation, teams)
    if team is None:
        _adopt(rules, teams, door)
    entry_id, kind = _row(rules, delegation, contest, team, name, seen)
    values = {"reason": reason, "former": [], "changed_at": now(), "changed_by": door.by}
    db.session.execute(_of_team(entry_id).values(**values).execution_options(synchronize_session=False))
    _name(rules, contest, entry_id, chosen)
    let_stand(delegation.id)
    _within_own_bounds(delegation, teams.contest_name)
    new = [each for each in dependents.clashes(rules.festival.id) if str(each) not in clashing] if team else []
    if new:
        raise Conflict(_("Chưa đổi được vì lịch thi không khớp: %(why)s", why=" ".join(say(each) for each in new[:3])))
    note_team(rules.festival, kind, entry_id, door.by)
    return db.session.scalars(select(Entry.code).where(Entry.id == entry_id)).one()


def dissolve(
    rules: Rules, delegation: Delegation, contest: str, code: str, seen: int, reason: str, door: AtDoor
) -> str:
    """The team is no more, its place free, its people too; who was named is kept. Answers its name."""
    teams = _asked(rules, delegation, contest, door)
    team = teams.team(code)
    if team is None:
        raise NotFound()
    reason = line(reason)
    if not reason:
        raise BadInput(_("Hãy ghi vì sao giải thể đội, để người sau hiểu. Chưa có gì được ghi."), field="why")
    if team.dissolved or team.version != seen:
        raise Overtaken()
    if dependents.entry_reasons([team.entry_id]):
        raise Conflict(_("Đội đã có lượt trong lịch thi. Gỡ lượt ấy khỏi lịch rồi giải thể, hoặc chỉ đổi người."))
    if not team.version:
        _adopt(rules, teams, door)
    former = named(team.entry_id)
    values = {
        "version": MixedTeam.version + 1,
        "reason": reason[:LONGEST_REASON],
        "former": former,
        "changed_at": now(),
    }
    step = _of_team(team.entry_id).values(**values, changed_by=door.by)
    db.session.execute(step.execution_options(synchronize_session=False))
    db.session.execute(delete(TeamMember).where(TeamMember.entry_id == team.entry_id))
    # Nobody named is left, so nobody appears in it or in what came from it.
    let_stand(delegation.id)
    db.session.execute(update(Entry).where(Entry.id == team.entry_id).values(state=EntryState.WITHDRAWN))
    free_contest_places(delegation.id, [rules.contests[contest].id])
    note_team(rules.festival, "team.dissolved", team.entry_id, door.by)
    return team.name


def _asked(rules: Rules, delegation: Delegation, contest: str, door: AtDoor) -> TeamsOf:
    db.session.execute(select(Delegation.id).where(Delegation.id == delegation.id).with_for_update())
    teams = teams_in(rules, delegation, contest)
    why = may_not_change(teams, open_now=door.open_now, office=door.office)
    if why is not None:
        raise Conflict(say(why))
    return teams


def _chosen(teams: TeamsOf, team: OneTeam | None, codes: Sequence[str]) -> list[TeamPerson]:
    """Those ticked. BadInput for nobody, for somebody of another team, for somebody who cannot be named any more."""
    wanted, elsewhere = set(codes), teams.in_team
    stays = {each.id for each in team.members} if team else set()
    chosen = [each for each in teams.people if each.code in wanted]
    if not any(each.coming for each in chosen):
        raise BadInput(_("Chưa chọn ai vào đội. Đánh dấu những người lên sân khấu rồi lưu."))
    taken = [each for each in chosen if each.id in elsewhere and elsewhere[each.id] is not team]
    if taken:
        who = ", ".join(f"{each.name} ({elsewhere[each.id].name})" for each in taken)
        raise BadInput(_("Mỗi người chỉ ở một đội của phần thi. Đang ở đội khác: %(who)s.", who=who))
    gone = [each.name for each in chosen if not each.coming and each.id not in stays]
    if gone or len(chosen) != len(wanted):
        who = ", ".join(gone) or _("người vừa bị đưa ra khỏi hồ sơ gia đình")
        raise BadInput(_("Không còn tham gia nên không vào đội được: %(who)s. Bỏ dấu rồi lưu lại.", who=who))
    return chosen


def _reason(teams: TeamsOf, chosen: Sequence[TeamPerson], typed: str) -> str:
    """Why it may stand; '' where no line warns. BadInput where one refuses, or warns and nobody says why."""
    faults = teams.faults(chosen)
    refused = [say(each.reason) for each in faults if not each.warns]
    if refused:
        raise BadInput(
            _("Chưa đúng thể lệ của %(contest)s: %(why)s", contest=teams.contest_name, why=" ".join(refused))
        )
    if faults and not typed:
        why = " ".join(say(each.reason) for each in faults)
        words = _("Thể lệ nhắc: %(why)s Muốn giữ đội như vậy thì ghi lý do rồi lưu lại.", why=why)
        raise BadInput(words, field="reason")
    if len(typed) > LONGEST_REASON:
        raise BadInput(_("Lý do dài quá %(most)s ký tự. Hãy viết ngắn lại.", most=LONGEST_REASON), field="reason")
    return typed if faults else ""


def _called(typed: str, delegation: Delegation, teams: TeamsOf, team: OneTeam | None) -> str:
    """As typed, else as it was, else the delegation's name with its number."""
    if len(typed) > LONGEST_NAME:
        raise BadInput(_("Tên đội dài quá %(most)s ký tự. Hãy viết ngắn lại.", most=LONGEST_NAME), field="name")
    others = {each.name for each in teams.standing if each is not team}
    if typed in others:
        raise BadInput(_("Đoàn đã có đội tên «%(name)s» ở phần thi này. Hãy đặt tên khác.", name=typed), field="name")
    if typed:
        return typed
    if team is not None and team.name not in others:
        return team.name
    free = (f"{delegation.name} {n}" if n > 1 else delegation.name for n in range(1, len(others) + 2))
    return next(each for each in free if each not in others)


def _take_place(rules: Rules, delegation: Delegation, teams: TeamsOf) -> None:
    try:
        take_contest_place(delegation.id, rules.contests[teams.contest])
    except NoPlace as full:
        most = full.outcome.most if isinstance(full.outcome, QuotaFull) else teams.most
        raise Conflict(
            _(
                "Đoàn đã đủ %(most)s đội ở %(contest)s. Đổi người trong đội đang có, hoặc giải thể một đội trước.",
                most=most,
                contest=teams.contest_name,
            )
        ) from full


def _within_own_bounds(delegation: Delegation, contest_name: str) -> None:
    try:
        keep_own_bounds(delegation.id)
    except NoPlace as full:
        most = full.outcome.most if isinstance(full.outcome, QuotaFull) else 0
        raise Conflict(
            _(
                "Đoàn chỉ được %(most)s người dự thi ở %(contest)s. Chưa đổi gì: hãy bỏ bớt người rồi lưu lại.",
                most=most,
                contest=contest_name,
            )
        ) from full


def _adopt(rules: Rules, teams: TeamsOf, door: AtDoor) -> None:
    """A team that stands by approvals alone is one made by name from now on: of those who are in it."""
    for team in (each for each in teams.standing if not each.version):
        _insert(team.entry_id, door)
        _name(rules, teams.contest, team.entry_id, team.members)
        note_team(rules.festival, "team.made", team.entry_id, door.by)


def _insert(entry_id: int, door: AtDoor | None = None) -> None:
    by = door.by if door else None
    values = {"entry_id": entry_id, "version": 1, "reason": "", "former": [], "changed_at": now(), "changed_by": by}
    db.session.execute(insert(MixedTeam).values(**values))


def _row(
    rules: Rules, delegation: Delegation, contest: str, team: OneTeam | None, name: str, seen: int
) -> tuple[int, str]:
    """The team's rows under the version that was seen, and what the ledger calls the step."""
    if team is None:
        values = {
            "contest_id": rules.contests[contest].id,
            "delegation_id": delegation.id,
            "code": new_typed_code(),
            "name": name,
            "state": EntryState.PROPOSED,
        }
        entry_id = db.session.scalars(insert(Entry).values(values).returning(Entry.id)).one()
        _insert(entry_id)
        return entry_id, "team.made"
    if not team.version:
        _insert(team.entry_id)
    else:
        step = _of_team(team.entry_id).where(MixedTeam.version == seen).values(version=MixedTeam.version + 1)
        stepped = step.returning(MixedTeam.version).execution_options(synchronize_session=False)
        if db.session.scalar(stepped) is None:
            raise Overtaken()
    state = {"state": EntryState.PROPOSED} if team.dissolved else {}
    db.session.execute(update(Entry).where(Entry.id == team.entry_id).values(name=name, **state))
    kind = "team.restored" if team.dissolved else "team.changed" if team.version else "team.made"
    return team.entry_id, kind


def _of_team(entry_id: int) -> Update:
    return update(MixedTeam).where(MixedTeam.entry_id == entry_id)


def _name(rules: Rules, contest: str, entry_id: int, people: Sequence[TeamPerson]) -> None:
    """Exactly these are named for it."""
    db.session.execute(delete(TeamMember).where(TeamMember.entry_id == entry_id))
    rows = [{"contest_id": rules.contests[contest].id, "person_id": each.id, "entry_id": entry_id} for each in people]
    if rows:
        db.session.execute(insert(TeamMember), rows)
