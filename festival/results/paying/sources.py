"""Who stands on a list of each kind, from what the house knows, and how was each number found? Proposed, to be read and corrected.

Money for prizes is proposed from awards that were released alone: a secret result is on no list. Two or three statements a kind,
however many people there are. Roles are words on a paper, which is Vietnamese whoever asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import User
from festival.badges.queries import present
from festival.checkin.models import Admission
from festival.contests.models import ContestState, Judge, PanelSeat
from festival.contests.queries import contests
from festival.core.clock import local
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.i18n import day as day_words
from festival.editions.models import Festival
from festival.logistics.queries import delegation_lines, meal_totals
from festival.logistics.words import MEAL_WORDS
from festival.papers.scans.award_sheets import AwardSheet
from festival.results.delegations.table import read_whole
from festival.results.ladder.states import reached
from festival.results.models import Award
from festival.results.paying import how
from festival.results.paying.kinds import PayKind
from festival.results.paying.sums import LineSaid
from festival.results.words import SEAT_WORDS
from festival.roster.models import BadgeClass, Delegation, Entry, Family, FamilyState, Person, PrizeReceiver
from festival.schedule.models import Session

STAFF = (BadgeClass.COMMITTEE, BadgeClass.VOLUNTEER, BadgeClass.SERVICE, BadgeClass.CREW)
SITTING = (PanelSeat.CHAIR, PanelSeat.MEMBER, PanelSeat.SECRETARY, PanelSeat.REPLACED)


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """A line as its source says it; the key is the same whenever it is asked."""

    source: str
    said: LineSaid
    how: Sentence


def proposed(festival: Festival, kind: PayKind) -> list[ProposedLine]:
    """The lines of one kind, as they would be today."""
    with force_locale("vi"):
        return _FOUND[kind](festival)


# -------------------------------------------------------------------------------------------------- prizes


def _prizes(festival: Festival) -> list[ProposedLine]:
    released = {each.id: each.name for each in contests(festival.id) if reached(each, ContestState.RELEASED)}
    whole = bool(read_whole(festival.id, ContestState.RELEASED))
    money = _money(festival.id)
    receivers = _receivers(festival.id)
    own = (
        select(Award, Entry.family_id)
        .outerjoin(Entry, Entry.id == Award.entry_id)
        .where(Award.festival_id == festival.id, Award.name.is_not(None))
        .order_by(Award.special, Award.position, Award.id)
    )
    found: dict[int | None, list[ProposedLine]] = defaultdict(list)
    seen: set[str] = set()
    for award, family_id in db.session.execute(own):
        if award.contest_id not in released if award.contest_id is not None else not whole:
            continue
        of = released.get(award.contest_id) if award.contest_id is not None else str(_("Toàn đoàn"))
        receiver = receivers.get(family_id)
        who = award.name or "–"
        name = f"{receiver} ({who})" if receiver and receiver not in who else who
        place = " · ".join(filter(None, (of, award.delegation if award.entry_id else "")))
        said = LineSaid(name, award.prize, place, money.get(award.prize))
        told = how.AMENDED if award.amended_at else how.SIGNED
        # An amendment that moves the prize of an entry changes its line; a special prize is a line of its own.
        source = f"award:{award.contest_id or 0}:{award.entry_id or award.delegation_id}"
        if award.special or source in seen:
            source = f"{source}:{award.prize}"
        seen.add(source)
        found[award.contest_id].append(ProposedLine(source, said, told))
    return [line for key in (*released, None) for line in found.get(key, ())]


def _money(festival_id: int) -> Mapping[str, int]:
    """By the name of an award, as the newest proposal or decision says it."""
    own = select(AwardSheet.said).where(AwardSheet.festival_id == festival_id).order_by(AwardSheet.id.desc()).limit(1)
    return dict((db.session.scalar(own) or {}).get("amounts", {}))


def _receivers(festival_id: int) -> dict[int | None, str]:
    own = select(PrizeReceiver.family_id, Person.name).join(Person, Person.id == PrizeReceiver.person_id)
    rows = db.session.execute(own.where(Person.festival_id == festival_id, ~Person.out))
    return {row.family_id: row.name for row in rows}


# ---------------------------------------------------------------------------------------------- delegations


def _meals(festival: Festival) -> list[ProposedLine]:
    meals = [each for each in meal_totals(festival.id) if not each.removed]
    heads = _heads(festival.id)
    found = []
    for line in delegation_lines(festival.id):
        for day in sorted({each.day for each in meals}):
            eaten = [
                (each.kind, line.portions[each.id].portions)
                for each in meals
                if each.day == day and each.id in line.portions
            ]
            portions = sum(count for _kind, count in eaten)
            if not portions:
                continue
            told = ", ".join(f"{str(MEAL_WORDS[kind]).lower()} {count}" for kind, count in eaten)
            said = LineSaid(heads.get(line.id) or line.name, day_words(day), line.name, halves=2 * portions)
            found.append(ProposedLine(f"meals:{line.code}:{day.isoformat()}", said, how.PORTIONS.filled(told=told)))
    return found


def _gifts(festival: Festival) -> list[ProposedLine]:
    families = db.session.execute(
        select(Family.code, Family.name, Delegation.name.label("delegation"))
        .join(Delegation, Delegation.id == Family.delegation_id)
        .where(Delegation.festival_id == festival.id, Family.state == FamilyState.APPROVED)
        .order_by(Delegation.position, Delegation.name, Family.folded)
    )
    role = str(_("Gia đình"))
    return [
        ProposedLine(f"family:{row.code}", LineSaid(row.name, role, row.delegation), how.APPROVED) for row in families
    ]


def _transport(festival: Festival) -> list[ProposedLine]:
    heads, role = _heads(festival.id), str(_("Đoàn"))
    found = []
    for line in delegation_lines(festival.id):
        if line.people:
            said = LineSaid(heads.get(line.id) or line.name, role, line.name)
            found.append(ProposedLine(f"delegation:{line.code}", said, how.COMING.filled(people=line.people)))
    return found


def _heads(festival_id: int) -> dict[int, str]:
    own = select(Delegation.id, Delegation.head_name).where(Delegation.festival_id == festival_id)
    return {row.id: row.head_name for row in db.session.execute(own)}


# --------------------------------------------------------------------------------------------------- people


def _panels(festival: Festival) -> list[ProposedLine]:
    """Of each judge the half days at which a contest of theirs is on; a half day of several seats counts once, for the first."""
    names = {each.id: each.name for each in contests(festival.id)}
    sittings: dict[int, set[tuple[date, int]]] = defaultdict(set)
    for row in db.session.execute(select(Session.contest_id, Session.starts_at).where(Session.contest_id.in_(names))):
        sittings[row.contest_id].add(_half_day(row.starts_at))
    seats = db.session.execute(
        select(Judge.contest_id, Judge.user_id, Judge.seat, User.name)
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id.in_(names), Judge.seat.in_(SITTING))
    ).all()
    counted: dict[int, set[tuple[date, int]]] = defaultdict(set)
    lines: dict[tuple[int, PanelSeat], ProposedLine] = {}
    ordered = sorted(seats, key=lambda row: (SITTING.index(row.seat), row.name, row.user_id))
    for first in ordered:
        key = (first.user_id, first.seat)
        if key in lines:
            continue
        of = [row.contest_id for row in ordered if (row.user_id, row.seat) == key]
        there = {half for contest in of for half in sittings[contest]}
        new = there - counted[first.user_id]
        counted[first.user_id] |= there
        said = LineSaid(first.name, str(SEAT_WORDS[first.seat]), ", ".join(names[each] for each in names if each in of))
        if there and not new:  # all of it is counted in another seat
            continue
        told = how.SITTINGS.filled(days=_days(new)) if new else how.NO_TIMETABLE
        if first.seat is PanelSeat.REPLACED:
            told = how.REPLACED
        line = replace(said, halves=2 * max(1, len(new)))
        lines[key] = ProposedLine(f"panel:{first.user_id}:{first.seat.value}", line, told)
    return list(lines.values())


def _half_day(at: datetime) -> tuple[date, int]:
    """Morning, afternoon or evening of a day."""
    moment = local(at)
    return moment.date(), 0 if moment.hour < 12 else 1 if moment.hour < 18 else 2


def _days(halves: set[tuple[date, int]]) -> str:
    words = (_("sáng"), _("chiều"), _("tối"))
    return ", ".join(f"{words[half]} {day.day}/{day.month}" for day, half in sorted(halves))


def _staff(festival: Festival) -> list[ProposedLine]:
    """Of each holder the days on which the gate let them in; before anybody came in, the days of the festival."""
    came: dict[int, set[date]] = defaultdict(set)
    own = (
        select(Admission.person_id, Admission.at_ms)
        .join(Person, Person.id == Admission.person_id)
        .where(Admission.festival_id == festival.id, ~Admission.annulled, Person.family_id.is_(None))
    )
    for row in db.session.execute(own):
        came[row.person_id].add(_day_of_ms(row.at_ms))
    everybody = (festival.ends_on - festival.starts_on).days + 1
    found = []
    people = [each for each in present(festival.id) if each.look.base in STAFF]
    for line in sorted(people, key=lambda each: (each.look.order, each.order)):
        days = sorted(came[line.person_id])
        told = how.CAME.filled(days=", ".join(f"{day.day}/{day.month}" for day in days)) if days else how.NOT_SCANNED
        place = " · ".join(filter(None, (line.who.title, line.list_name)))
        said = LineSaid(line.name, line.look.word, place, halves=2 * (len(days) or everybody))
        found.append(ProposedLine(f"person:{line.code}", said, told))
    return found


def _day_of_ms(at_ms: int) -> date:
    return local(datetime.fromtimestamp(at_ms / 1000, UTC)).date()


_FOUND: Mapping[PayKind, Callable[[Festival], list[ProposedLine]]] = {
    PayKind.PRIZES: _prizes,
    PayKind.MEALS: _meals,
    PayKind.GIFTS: _gifts,
    PayKind.PANELS: _panels,
    PayKind.STAFF: _staff,
    PayKind.TRANSPORT: _transport,
}
