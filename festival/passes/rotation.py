"""How is the pass key changed, with every pass and link made anew under the new one, and how back?

The server stands still meanwhile: it would make codes with the old key. First the new key is on the disk, then the
database says that it is coming (from now on nothing else starts), then passes and links follow, a hundred in a
transaction; at the end the fingerprint changes and the file. Killed anywhere, the same command goes on: what is done is
seen by computing it. The old key lies aside for 30 days, and with it the way back: the passes of before are valid again,
those of the rotation become tombstones.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, func, select, update

from config import Config
from festival.accounts import second_factor
from festival.core import ledger, security_log
from festival.core.clock import now
from festival.core.database import db
from festival.core.disk.alone import IN_USE, fold_in, only_connection
from festival.core.disk.private import write_private
from festival.core.pass_key import guard
from festival.core.pass_key.kept import (
    NEXT_KEY,
    KeyState,
    PassKey,
    fingerprint,
    fingerprint_of,
    in_force,
    keep_key,
    kept_keys,
    key_in,
    shown,
)
from festival.core.secrets import look_up_hash
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.devices.models import EnrolmentCode, SealedCard
from festival.editions.models import Festival
from festival.passes import letters, renewing, taking_back
from festival.passes.models import Pass
from festival.roster.links.of_delegations import delegation_link, first_link
from festival.roster.links.of_families import link_code
from festival.roster.models import Delegation, Family
from festival.roster.steps import note, stream

REASON = "đổi khóa thẻ"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What it comes to: how many passes and links, where the keys lie now."""

    passes: int
    links: int
    key_file: Path
    by_environment: bool
    fingerprint: str
    old_key: Path | None
    second_factors: tuple[str, ...]  # accounts whose phone's numbers were made with the old key


def size() -> tuple[int, int]:
    """How many passes and links would be other ones."""
    passes = db.session.scalar(select(func.count()).where(Pass.replaced_at.is_(None))) or 0
    families, delegations = (
        db.session.scalar(select(func.count()).where(each.link_hash.is_not(None))) or 0 for each in (Family, Delegation)
    )
    return passes, families + delegations


def begun() -> bool:
    """Whether a rotation waits to be finished."""
    with db.engine.connect() as connection:
        return in_force(connection)[1] is not None


def rotate(*, lost: bool = False, back: bool = False) -> Rotation:
    """Begin, or go on with what was begun. Conflict with a sentence when it cannot be."""
    config: Config = current_app.config["FESTIVAL"]
    key = _key_of_unfinished(config, lost=lost) if begun() else _begin(config, lost=lost, back=back)
    with reading():
        former = select(PassKey.id).where(PassKey.fingerprint == fingerprint(key), PassKey.state == KeyState.FORMER)
        is_back = db.session.scalar(former.limit(1)) is not None
    with guard.with_key(key):
        passes = _in_parts(Pass, lambda rows: _change_passes(rows, back=is_back))
        links = _in_parts(Family, _change_links) + _in_parts(Delegation, _change_delegation_links)
    return _finish(config, key, passes, links)


def _begin(config: Config, *, lost: bool, back: bool) -> bytes:
    if not lost:
        guard.assure()
    db.session.remove()
    if not _alone(config):
        raise Conflict(IN_USE)
    key = _former_key(config) if back else secrets.token_bytes(32)
    if not lost:
        keep_key(config, config.pass_key)
    write_private(config.instance / NEXT_KEY, key.hex().encode("ascii"))
    with transaction():
        db.session.add(PassKey(fingerprint=fingerprint(key), state=KeyState.COMING, since=now(), ended_at=None))
        security_log.note(SecurityKind.KEYS, {"step": "begun", "fingerprint": shown(fingerprint(key)), "lost": lost})
    db.session.remove()
    # Asked again: a server that started in between has seen nothing of it; whoever starts from now on is refused.
    if not _alone(config):
        with transaction():
            db.session.execute(delete(PassKey).where(PassKey.state == KeyState.COMING))
        raise Conflict(IN_USE)
    return key


def _alone(config: Config) -> bool:
    if not config.is_sqlite:
        return only_connection(db.engine)
    db.engine.dispose()
    return fold_in(config.sqlite_path)


def _former_key(config: Config) -> bytes:
    """Of the last rotation, as long as it is kept."""
    with reading():
        former = select(PassKey.fingerprint).where(PassKey.state == KeyState.FORMER).order_by(PassKey.ended_at.desc())
        mark = db.session.scalar(former.limit(1))
    if mark is None:
        raise Conflict("Chưa đổi khóa thẻ lần nào nên không có gì để quay lại.")
    key = _kept(config, mark)
    if key is None:
        raise Conflict(
            f"Không còn khóa trước đó (dấu khóa {shown(mark)}) trong {config.instance / 'old-keys'}: quá 30 ngày, hoặc đổi "
            "khóa ở máy khác. Chép tệp khóa đó vào thư mục này rồi chạy lại. Chưa đổi gì."
        )
    return key


def _key_of_unfinished(config: Config, *, lost: bool) -> bytes:
    with db.engine.connect() as connection:
        mark = in_force(connection)[1] or ""
    key = _kept(config, mark)
    if key is not None:
        return key
    if not lost:
        raise Conflict(
            f"Việc đổi khóa bắt đầu ở máy khác: ở đây không có tệp {config.instance / NEXT_KEY} mang khóa mới (dấu khóa "
            f"{shown(mark)}). Chạy tiếp ở máy đó; nếu tệp đã mất: flask passes rotate-key --lost"
        )
    key = secrets.token_bytes(32)
    write_private(config.instance / NEXT_KEY, key.hex().encode("ascii"))
    with transaction():
        db.session.execute(
            update(PassKey).where(PassKey.state == KeyState.COMING).values(fingerprint=fingerprint(key), since=now())
        )
    return key


def _kept(config: Config, mark: str) -> bytes | None:
    return next((key_in(path) for path in kept_keys(config) if fingerprint_of(path) == mark), None)


def _in_parts(model: type[Pass | Family | Delegation], change: Callable[[Sequence[int]], int]) -> int:
    """All rows there are now, a hundred in a transaction."""
    with reading():
        ids = list(db.session.scalars(select(model.id).order_by(model.id)))
    done = 0
    for begin in range(0, len(ids), renewing.A_TRANSACTION):
        with transaction():
            done += change(ids[begin : begin + renewing.A_TRANSACTION])
    return done


def _change_passes(ids: Sequence[int], *, back: bool) -> int:
    """Those of them that are valid and not of the new key yet."""
    found = db.session.scalars(select(Pass).where(Pass.id.in_(ids), Pass.replaced_at.is_(None)).order_by(Pass.id))
    others = [row for row in found if not taking_back.of_this_key(row)]
    for festival in db.session.scalars(select(Festival).where(Festival.id.in_({row.festival_id for row in others}))):
        rows = [row for row in others if row.festival_id == festival.id]
        again = {row.id: old for row in rows if back and (old := taking_back.former(row)) is not None}
        if again:
            renewing.retire([row for row in rows if row.id in again])
            taking_back.reinstate(festival, list(again.values()), REASON, None, new_link=True)
        renewing.renew(festival, [row for row in rows if row.id not in again], REASON, None, new_link=True)
    return len(others)


def _change_links(ids: Sequence[int]) -> int:
    """A link keeps its number and is another by the key; a way back finds the very same one."""
    families = [
        family
        for family in db.session.scalars(select(Family).where(Family.id.in_(ids), Family.link_hash.is_not(None)))
        if family.link_hash != look_up_hash(link_code(family))
    ]
    told = set(db.session.scalars(select(Pass.family_id).where(Pass.family_id.in_(ids), Pass.replaced_at.is_(None))))
    for family in families:
        festival = family.delegation.festival
        family.link_hash = look_up_hash(link_code(family))
        note(festival, "link.replaced", family, family.version, {"family": family.name, "by": None, "reason": REASON})
        if family.id not in told:
            letters.send_renewed(family, festival, None, new_link=True)
    return len(families)


def _change_delegation_links(ids: Sequence[int]) -> int:
    """The same for the links of the heads; nobody is told by letter, the officer's page shows the new one."""
    query = select(Delegation).where(Delegation.id.in_(ids), Delegation.link_hash.is_not(None))
    changed = [each for each in db.session.scalars(query) if each.link_hash != look_up_hash(delegation_link(each))]
    for delegation in changed:
        first_link(delegation)
        payload = {"delegation": delegation.name, "by": None, "reason": REASON}
        ledger.append(stream(delegation.festival), "link.replaced", {"delegation": delegation.code}, payload)
    return len(changed)


def _finish(config: Config, key: bytes, passes: int, links: int) -> Rotation:
    at = now()
    with transaction():
        # Codes on the office's screen were made with the old key; another one is made in a moment.
        unused = update(EnrolmentCode).where(EnrolmentCode.used_at.is_(None), EnrolmentCode.expires_at > at)
        db.session.execute(unused.values(expires_at=at))
        # So are the digits of sealed cards that no judge has used yet: they count as not made, and the page says so.
        db.session.execute(update(SealedCard).where(SealedCard.ended_at.is_(None)).values(ended_at=at))
        states = (
            (KeyState.CURRENT, {"state": KeyState.FORMER, "ended_at": at}),
            (KeyState.COMING, {"state": KeyState.CURRENT}),
        )
        for state, values in states:
            db.session.execute(update(PassKey).where(PassKey.state == state).values(**values))
        security_log.note(SecurityKind.KEYS, {"step": "finished", "fingerprint": shown(fingerprint(key))})
    place = config.instance / "pass.key"
    write_private(place, key.hex().encode("ascii"))
    (config.instance / NEXT_KEY).unlink(missing_ok=True)
    old = next((path for path in kept_keys(config) if fingerprint_of(path) == fingerprint(config.pass_key)), None)
    with reading():
        logins = tuple(second_factor.logins())
    return Rotation(passes, links, place, config.pass_key_file is None, shown(fingerprint(key)), old, logins)
