"""The list of all gates as one process holds it: what did not change is neither read nor sealed again."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

from flask import current_app

from festival.checkin.listing.cards import cards
from festival.checkin.listing.held import STEPS_MAX, Face, ListedPass, ListStep, SealedRecord, changed_between, face
from festival.checkin.listing.seen import RowsSeen, seen_now, touched
from festival.passes import code


@dataclass(frozen=True, slots=True)
class GateList:
    """The offline list as this process last made it; `steps`: what changed from one to the next, as either face sees it."""

    stamp: str
    cards: Mapping[str, ListedPass]
    seen: RowsSeen
    sparse: Face
    whole: Face
    steps_sparse: tuple[ListStep, ...] = ()
    steps_whole: tuple[ListStep, ...] = ()

    @property
    def replaced(self) -> tuple[str, ...]:
        """List ids of passes that are good no more."""
        return self.seen.replaced


_making = Lock()


def gate_list(festival_id: int, stamp: str) -> GateList:
    """Made once per process and stamp, by one thread for all; what did not change is neither read nor sealed again."""
    kept: dict[int, GateList] = current_app.extensions.setdefault("gate_lists", {})
    held = kept.get(festival_id)
    if held is None or held.stamp != stamp:
        with _making:
            held = kept.get(festival_id)
            if held is None or held.stamp != stamp:
                held = kept[festival_id] = _made(festival_id, stamp, held)
    return held


def _made(festival_id: int, stamp: str, before: GateList | None) -> GateList:
    seen = seen_now(festival_id)
    of = touched(before.seen, seen) if before is not None and before.stamp[:12] == stamp[:12] else None
    if before is None or of is None:
        made = {card.list_id: card for card in cards(festival_id)}
        again = set(made)
    else:
        some = {card.list_id: card for card in cards(festival_id, of)}
        gone = before.seen.lists_of(of)
        made = {each: card for each, card in before.cards.items() if each not in gone} | some
        again = set(some)
    old_sparse: Mapping[str, SealedRecord] = {} if before is None else before.sparse.sealed
    old_whole: Mapping[str, SealedRecord] = {} if before is None else before.whole.sealed
    sparse = {
        each: _sealed(card, made, old_sparse.get(each)) if each in again else old_sparse[each]
        for each, card in made.items()
    }
    full = [each for each, card in made.items() if card.record["t"] == "delegation"]
    whole = sparse | {
        each: _sealed(made[each], {}, old_whole.get(each)) if each in again else old_whole[each] for each in full
    }
    if before is None:
        return GateList(stamp, made, seen, face(sparse, seen.replaced, None, ()), face(whole, seen.replaced, None, ()))
    own, steps = _next_face(before.stamp, before.sparse, before.steps_sparse, sparse, seen.replaced)
    readable, readable_steps = _next_face(before.stamp, before.whole, before.steps_whole, whole, seen.replaced)
    return GateList(stamp, made, seen, own, readable, steps, readable_steps)


def _next_face(
    stamp: str, old: Face, steps: tuple[ListStep, ...], sealed: Mapping[str, SealedRecord], replaced: tuple[str, ...]
) -> tuple[Face, tuple[ListStep, ...]]:
    changed = changed_between(old, sealed, replaced)
    return face(sealed, replaced, old, changed), (*steps, ListStep(stamp, changed))[-STEPS_MAX:]


def _sealed(card: ListedPass, others: Mapping[str, ListedPass], before: SealedRecord | None) -> SealedRecord:
    """The record, sealed; a delegation's with the keys of those of its families' records that stand in `others`."""
    record = card.record
    if others and record["t"] == "delegation":
        groups = [
            {"pass": group["pass"], "key": b64encode(code.list_key(others[group["pass"]].token)).decode()}
            if group["pass"] in others
            else group
            for group in record["groups"]
        ]
        record = {**record, "groups": groups}
    plain = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    mark = sha256(card.token + plain).digest()
    if before is not None and before.mark == mark:
        return before
    return SealedRecord(mark, b64encode(code.seal(card.token, plain)).decode())
