"""What has a family, or a delegation's group, to know before it comes? Read for all at once, as plain values.

Turns come from the published programme only, names follow the agreements of this hour. No value is a person's but the name a
family is called by; the family's own link stands in its text and never in a picture. What another room knows of a
delegation is one more key here and one more part in `parts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select

from config import Config
from festival.core.database import db
from festival.core.names import fold, sort_key
from festival.core.work.jobs import basis_of
from festival.editions.models import Festival
from festival.logistics.journeys import Journey, journeys
from festival.messages.gathered.told import LastTold, last_told
from festival.messages.gathered.turn_changes import family_changes
from festival.programme.lines import programme_lines
from festival.programme.live import Line
from festival.programme.queries import published_plan
from festival.roster.links.of_families import link_code_of
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState, Family, FamilyState, Person
from festival.roster.shown.public_names import names_held
from festival.schedule.models import Plan

Notice = dict[str, Any]


def festival_facts(festival: Festival) -> dict[str, str]:
    """What stands on every message."""
    config: Config = current_app.config["FESTIVAL"]
    return {
        "name": festival.name,
        "short_name": festival.short_name or festival.name,
        "organiser": festival.organiser,
        "venue": festival.venue or festival.host,
        "starts_on": festival.starts_on.isoformat(),
        "ends_on": festival.ends_on.isoformat(),
        "help_line": festival.help_line,
        "address": config.public_url,
    }


def notices(festival: Festival, delegation: Delegation | None = None) -> list[Notice]:
    """A message a delegation, each followed by those of its approved families; the same statements however many there are.

    `said`: what is kept of it when it goes; `changed`: by family, what differs from what its readers were told last.
    """
    delegations = select(Delegation.id, Delegation.code, Delegation.name).where(Delegation.festival_id == festival.id)
    families = select(Family.id, Family.code, Family.name, Family.delegation_id, Family.link_issue).where(
        Family.festival_id == festival.id, Family.state == FamilyState.APPROVED
    )
    if delegation is not None:
        delegations = delegations.where(Delegation.id == delegation.id)
        families = families.where(Family.delegation_id == delegation.id)
    held = names_held(festival.id)
    plan = published_plan(festival)
    version = plan.version if plan else 0
    turns, trips, told = _turns_by_family(festival, plan), journeys(festival.id), last_told(festival.id)
    of_delegation: dict[int, list[Notice]] = {}
    for row in sorted(db.session.execute(families), key=lambda each: sort_key(each.name)):
        own = _family(row, held.family(row.id, row.name), turns.get(row.id, ())) | _trip(trips[row.delegation_id])
        said = {"delegation": row.delegation_id, "family": row.id, "version": version}
        own["said"] = said | {"turns": {row.code: [_kept(line) for line in turns.get(row.id, ())]}}
        of_delegation.setdefault(row.delegation_id, []).append(
            own | {"changed": _changed(own["said"], told, {row.code: own["name"]})}
        )
    made: list[Notice] = []
    for each in db.session.execute(delegations.order_by(Delegation.position, Delegation.id)):
        own_families = of_delegation.get(each.id, [])
        own_turns = {code: turns for one in own_families for code, turns in one["said"]["turns"].items()}
        said = {"delegation": each.id, "family": None, "version": version, "turns": own_turns}
        whole = _delegation(each, own_families) | {
            "said": said,
            "changed": _changed(said, told, {one["code"]: one["name"] for one in own_families}),
        }
        made += [whole | _trip(trips[each.id]), *own_families]
    return made


def _changed(said: Notice, told: LastTold, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """A family with its changes, "" for one that is not there any more; nothing for whom no message went yet."""
    last = told.of(said)
    found = {} if last is None else family_changes(last.turns, said["turns"])
    return [{"name": names.get(code, ""), "changes": changes} for code, changes in found.items()]


def _kept(line: Line) -> list[Any]:
    return [line.entry, line.starts_at.isoformat(), line.contest_name, line.stage_name, line.number]


def _family(row: Any, name: str, turns: Sequence[Line]) -> Notice:
    return {
        "kind": "family",
        "code": row.code,
        "name": name,
        "turns": [_turn(line) for line in turns],
        "link": link_code_of(row.id, row.link_issue),
    }


def _trip(trip: Journey) -> Notice:
    return {
        "arrives_at": trip.arrives_at.isoformat() if trip.arrives_at else "",
        "place": trip.place,
        "bring": trip.bring,
        "bus_home": trip.bus_home,
        "meals": [
            {"day": eaten.isoformat(), "kind": kind.value, "portions": portions} for eaten, kind, portions in trip.meals
        ],
    }


def _delegation(row: Any, families: list[Notice]) -> Notice:
    listed = [{"name": each["name"], "turns": each["turns"]} for each in families]
    return {"kind": "delegation", "code": row.code, "id": row.id, "name": row.name, "families": listed}


def _turns_by_family(festival: Festival, plan: Plan | None) -> dict[int, list[Line]]:
    """The acts a family is in, its own and those of a mixed team, in order of time."""
    lines, _calls = programme_lines(plan)
    if not lines:
        return {}
    by_entry: dict[str, set[Line]] = defaultdict(set)
    for line in lines:
        for code in (line.entry, *line.sides):
            by_entry[code].add(line)
    rows = db.session.execute(
        select(Entry.code, Entry.family_id, Person.family_id.label("member_of"))
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .outerjoin(Person, Person.id == EntryPerson.person_id)
        .where(Delegation.festival_id == festival.id, Entry.state == EntryState.ENROLLED)
    )
    own: dict[int, set[Line]] = defaultdict(set)
    for code, family_id, member_of in rows:
        for owner in {family_id, member_of}:
            if owner is not None and code in by_entry:
                own[owner] |= by_entry[code]
    return {owner: _in_time(several) for owner, several in own.items()}


def _in_time(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.starts_at, line.entry))


def _turn(line: Line) -> dict[str, Any]:
    return {
        "at": line.starts_at.isoformat(),
        "contest": line.contest_name,
        "stage": line.stage_name,
        "number": line.number,
    } | ({"works_from": line.works_from.isoformat()} if line.works_from else {})


def digest(facts: dict[str, str], notice: Notice) -> str:
    """By which a page sees that a message is not the one that went into the group."""
    return basis_of({"facts": facts, "notice": {key: notice[key] for key in notice if key not in ("said", "changed")}})


def file_name(text: str) -> str:
    """A name for a file, readable on every machine: "gia-dinh-danh-chung"."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in fold(text))
    return "-".join(part for part in plain.split("-") if part)[:60] or "tin"
