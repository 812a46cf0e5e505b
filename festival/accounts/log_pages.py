"""The organiser's page of the security log: who did what when, by kind and by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from festival.accounts.blueprint import bp
from festival.accounts.log_words import ACTORS, KIND_WORDS, about
from festival.accounts.models import User
from festival.core.database import db
from festival.core.security_log import KEPT, SecurityKind, SecurityNote
from festival.core.web.access import Permission, requires
from festival.core.web.paging import asked_number, asked_part

LINES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line as it is read."""

    at: datetime
    what: str
    who: str
    about: list[str]
    network: str


@bp.get("/office/security")
@requires(Permission.ACCOUNTS)
def security_log() -> ResponseReturnValue:
    """The newest first; by kind, by person (who did it, or whose account it was)."""
    kind = next((each for each in SecurityKind if each.value == request.args.get("kind")), None)
    person = asked_number("person")
    names = {row.id: row.name for row in db.session.execute(select(User.id, User.name).order_by(User.name, User.id))}
    asked = select(SecurityNote)
    if kind is not None:
        asked = asked.where(SecurityNote.kind == kind.value)
    if person in names:
        asked = asked.where(SecurityNote.user_id == person)
    part = asked_part(db.session.scalar(select(func.count()).select_from(asked.subquery())) or 0, LINES_A_PAGE)
    newest = asked.order_by(SecurityNote.at.desc(), SecurityNote.id.desc()).offset(part.offset).limit(part.size)
    return render_template(
        "accounts/security_log.html",
        lines=[_line(row, names) for row in db.session.scalars(newest)],
        part=part,
        kinds=[(each.value, words) for each, words in KIND_WORDS.items()],
        kind=kind.value if kind else "",
        people=list(names.items()),
        person=person if person in names else 0,
        kept_days=KEPT.days,
    )


def _line(row: SecurityNote, names: dict[int, str]) -> LogLine:
    known = {each.value: words for each, words in KIND_WORDS.items()}
    who = names.get(row.user_id or 0) or str(ACTORS.get(row.actor, row.actor))
    if row.device_id is not None:
        who = f"{who} (#{row.device_id})"
    return LogLine(row.at, str(known.get(row.kind, row.kind)), who, about(row.subject, names), row.network)
