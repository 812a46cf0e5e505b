"""What was allotted to a delegation before, by whom, when and why? Read from the ledger, the newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, select

from festival.accounts.models import User
from festival.core.database import db
from festival.core.ledger import LedgerEntry, LedgerPayload
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.roster.models import Delegation
from festival.roster.steps import stream

KINDS = ("places.allotted", "deadline.extended")
MOST = 20
AS_RULES = N_("Theo thể lệ chung.", "allotted_nothing")


@dataclass(frozen=True, slots=True)
class AllottedBefore:
    """One step: when, who, why, and what held from then on. `until` in place of `said` when it was a day."""

    at: datetime
    who: str
    reason: str
    said: tuple[Sentence, ...] = ()
    until: datetime | None = None
    of_day: bool = False


def told(festival: Festival, delegation: Delegation, names: Mapping[str, str]) -> list[AllottedBefore]:
    """The last steps about this delegation; `names`: what the contests are called. Lines whose words were erased are left out."""
    rows = db.session.execute(
        select(LedgerEntry.kind, LedgerEntry.subject, LedgerEntry.at_ms, LedgerPayload.content)
        .join(LedgerPayload, and_(LedgerPayload.stream == LedgerEntry.stream, LedgerPayload.seq == LedgerEntry.seq))
        .where(LedgerEntry.stream == stream(festival), LedgerEntry.kind.in_(KINDS), LedgerPayload.content.is_not(None))
        .order_by(LedgerEntry.seq.desc())
    )
    mine = [row for row in rows if row.subject.get("delegation") == delegation.code][:MOST]
    said = [(row.kind, datetime.fromtimestamp(row.at_ms / 1000, UTC), json.loads(row.content)) for row in mine]
    by = {content["by"] for _kind, _at, content in said}
    users = db.session.execute(select(User.id, User.name).where(User.id.in_(by - {None})))
    who: dict[int, str] = {row.id: row.name for row in users}
    return [_read(kind, at, content, who.get(content["by"], ""), names) for kind, at, content in said]


def _read(kind: str, at: datetime, content: dict[str, Any], who: str, names: Mapping[str, str]) -> AllottedBefore:
    if kind == "deadline.extended":
        until = datetime.fromisoformat(content["until"]) if content["until"] else None
        return AllottedBefore(at, who, content["reason"], until=until, of_day=True)
    return AllottedBefore(at, who, content["reason"], tuple(_said(content, names)) or (AS_RULES,))


def _said(content: dict[str, Any], names: Mapping[str, str]) -> list[Sentence]:
    found = []
    if content["families"]:
        least, most = content["families"]
        found.append(N_("Gia đình: %(least)s đến %(most)s.", "allotted_families", least=least, most=most))
    if content["people"] is not None:
        found.append(N_("Nhiều nhất %(most)s người.", "allotted_people", most=content["people"]))
    for code, (entries, performers) in content["contests"].items():
        name = names.get(code, code)
        if entries is not None:
            found.append(N_("%(contest)s: nhiều nhất %(most)s đội.", "allotted_entries", contest=name, most=entries))
        if performers is not None:
            found.append(
                N_(
                    "%(contest)s: nhiều nhất %(most)s người dự thi.",
                    "allotted_performers",
                    contest=name,
                    most=performers,
                )
            )
    return found
