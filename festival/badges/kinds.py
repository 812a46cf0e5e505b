"""How does an edition get a class of badges of its own, and when may it go? Never while somebody has it: the key says so."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from festival.badges.kind_words import COLOURS, SYMBOLS
from festival.badges.lists import ALL_CLASSES, refuse_erased
from festival.badges.models import BadgeHolder, BadgeKind
from festival.badges.people import told
from festival.badges.queries import holding, look_of
from festival.core import ledger
from festival.core.database import db
from festival.core.names import fold, nfc
from festival.core.secrets import new_typed_code
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.editions.models import Festival
from festival.roster.models import BadgeClass
from festival.roster.steps import stream

LONGEST_WORD = 24  # more does not fit a badge in large letters


@dataclass(frozen=True, slots=True)
class KindWish:
    """A class as typed."""

    word: str
    base: str
    symbol: str
    colour: str


def make_kind(festival: Festival, wish: KindWish, by: int | None) -> BadgeKind:
    """A class of this edition. Conflict when there is one of this name."""
    refuse_erased(festival)
    row = BadgeKind(festival_id=festival.id, code=new_typed_code(), version=1)
    _write(row, wish)
    _note(festival, "badge_kind.made", row, by)
    return row


def change_kind(festival: Festival, row: BadgeKind, version: int, wish: KindWish, by: int | None) -> None:
    """Another word, icon or colour; what it counts as stays. Overtaken when somebody changed it since it was seen."""
    _step(row, version)
    _write(row, replace(wish, base=row.base.value))
    _note(festival, "badge_kind.changed", row, by)


def hand_over(festival: Festival, row: BadgeKind, version: int, by: int | None) -> int:
    """Everybody of this class has from now on the one it counts as. Answers how many."""
    _step(row, version)
    lines = holding(row.id)
    db.session.execute(
        update(BadgeHolder)
        .where(BadgeHolder.kind_id == row.id)
        .values(kind_id=None, version=BadgeHolder.version + 1)
        .execution_options(synchronize_session=False)
    )
    changed = [
        ("badge.changed", {"badge": line.code}, {**told(replace(line.who, kind="")), "list": line.list_code, "by": by})
        for line in lines
    ]
    ledger.append_many(stream(festival), changed)
    return len(lines)


def remove_kind(festival: Festival, row: BadgeKind, by: int | None) -> None:
    """The class goes when nobody has it. Conflict tells how many do, and what to do."""
    code, word = row.code, row.word
    try:
        with db.session.begin_nested():
            db.session.execute(
                delete(BadgeKind).where(BadgeKind.id == row.id).execution_options(synchronize_session=False)
            )
    except IntegrityError as used:
        number = db.session.scalar(select(func.count()).where(BadgeHolder.kind_id == row.id)) or 0
        raise Conflict(
            _(
                "%(n)s người đang có lớp thẻ “%(word)s”, kể cả người đã rút, nên chưa bỏ được. Bấm “Chuyển về lớp %(base)s” cho cả "
                "%(n)s người, hoặc đổi lớp từng người, rồi bỏ.",
                n=number,
                word=word,
                base=look_of(row.base).word,
            )
        ) from used
    db.session.expunge(row)
    ledger.append(stream(festival), "badge_kind.removed", {"badge_kind": code}, {"word": word, "by": by})


def kind_of(festival: Festival, code: str) -> BadgeKind:
    """A class of this edition. NotFound."""
    row = db.session.scalar(select(BadgeKind).where(BadgeKind.code == code, BadgeKind.festival_id == festival.id))
    if row is None:
        raise NotFound()
    return row


def _write(row: BadgeKind, wish: KindWish) -> None:
    word = nfc(wish.word)
    if not word or len(word) > LONGEST_WORD:
        raise BadInput(
            _("Tên lớp thẻ cần từ 1 đến %(most)s ký tự, để in to trên thẻ.", most=LONGEST_WORD), field="word"
        )
    for name, known in (("base", {each.value for each in ALL_CLASSES}), ("symbol", SYMBOLS), ("colour", COLOURS)):
        if getattr(wish, name) not in known:
            raise BadInput(field=name)
    if fold(word) in {fold(look_of(each).word) for each in BadgeClass}:
        raise Conflict(_("Lớp thẻ “%(word)s” đã có sẵn. Đặt tên khác.", word=word))
    try:
        with db.session.begin_nested():
            row.word, row.folded, row.base = word, fold(word), BadgeClass(wish.base)
            row.symbol, row.colour = wish.symbol, wish.colour
            db.session.add(row)
            db.session.flush()
    except IntegrityError as taken:
        raise Conflict(_("Lớp thẻ “%(word)s” đã có sẵn. Đặt tên khác.", word=word)) from taken


def _step(row: BadgeKind, version: int) -> None:
    done = db.session.scalar(
        update(BadgeKind)
        .where(BadgeKind.id == row.id, BadgeKind.version == version)
        .values(version=BadgeKind.version + 1)
        .returning(BadgeKind.version)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Overtaken()
    db.session.refresh(row)


def _note(festival: Festival, kind: str, row: BadgeKind, by: int | None) -> None:
    payload = {"word": row.word, "base": row.base.value, "symbol": row.symbol, "colour": row.colour, "by": by}
    ledger.append(stream(festival), kind, {"badge_kind": row.code}, payload)
