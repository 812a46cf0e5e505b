"""Is this database the copy of a dress rehearsal, and may this process open it?

A ledger cannot be reset, so a rehearsal happens in a database of its own. The mark stands in that database, not only in
the settings: whoever opens the copy as if it were the festival is refused, and the other way round. In the festival's own
database the same row says that there is a copy somewhere, and until when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, has_app_context
from sqlalchemy import CheckConstraint, Connection, text
from sqlalchemy.orm import Mapped, mapped_column

from config import Config
from festival.core.clock import today
from festival.core.database import Base, db

DAYS = 14  # a copy holds everybody's data: it is not kept longer
WORDS = "TỔNG DUYỆT"


class Rehearsal(Base):
    """`here`: this very database is the copy; else it is the festival, of which there is a copy until that day."""

    __tablename__ = "rehearsal"

    id: Mapped[int] = mapped_column(primary_key=True)
    here: Mapped[bool]
    made_at: Mapped[datetime]
    until: Mapped[date]
    real_url: Mapped[str] = mapped_column(default="", server_default="")  # where the festival itself is served

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)


@dataclass(frozen=True, slots=True)
class RehearsalMark:
    """The row in words of the database, of whatever release it is."""

    here: bool
    until: date
    real_url: str


def rehearsed() -> bool:
    """Whether this process serves a rehearsal; one that only draws has no application, and is told."""
    if not has_app_context():
        return False
    config: Config = current_app.config["FESTIVAL"]
    return config.rehearsal


def paper_mark() -> str:
    """What papers bear; nothing on those of the festival itself."""
    return WORDS if rehearsed() else ""


def mark_of(connection: Connection) -> RehearsalMark | None:
    """What a database says of itself; None when nothing."""
    if not connection.dialect.has_table(connection, "rehearsal"):
        return None
    row = connection.execute(text("SELECT here, until, real_url FROM rehearsal")).one_or_none()
    return None if row is None else RehearsalMark(bool(row.here), date.fromisoformat(str(row.until)), row.real_url)


def copy_of_it() -> Rehearsal | None:
    """The copy there is of this festival."""
    found = db.session.get(Rehearsal, 1)
    return None if found is None or found.here else found


def is_copy() -> bool:
    """Whether the database at hand is one, whatever the settings say; in an open read."""
    found = db.session.get(Rehearsal, 1)
    return found is not None and found.here


def trouble(connection: Connection, config: Config) -> str | None:
    """Why this process may not work with this database, with what to do; None when it may."""
    mark = mark_of(connection)
    copy = mark is not None and mark.here
    if copy and not config.rehearsal:
        return (
            "Cơ sở dữ liệu này là bản TỔNG DUYỆT, không phải ngày hội thật, nên chưa làm gì. Muốn mở bản tổng duyệt: đặt "
            "FESTIVAL_REHEARSAL=yes. Muốn mở ngày hội thật: trỏ DATABASE_URL, FESTIVAL_INSTANCE về chỗ của ngày hội."
        )
    if config.rehearsal and not copy:
        return (
            "Ở đây chưa có bản tổng duyệt (FESTIVAL_REHEARSAL=yes chỉ mở bản đó), nên chưa làm gì. Làm bản tổng duyệt: chạy "
            "flask festival rehearse, không có FESTIVAL_REHEARSAL."
        )
    if copy and mark is not None and today() > mark.until:
        return over(mark.until)
    return None


def over(until: date) -> str:
    """Of a copy whose days have gone."""
    return (
        f"Bản tổng duyệt đã hết hạn ngày {until:%d/%m/%Y} nên không mở nữa. Bỏ nó: flask festival rehearse --drop; "
        "làm bản mới: flask festival rehearse"
    )


def trouble_of_address(connection: Connection, config: Config) -> str | None:
    """A browser keeps what it holds by address: with the festival's own, phones would send one's scans to the other."""
    mark = mark_of(connection)
    if config.rehearsal and mark is not None and mark.real_url == config.public_url:
        return (
            f"Bản tổng duyệt cần địa chỉ riêng, không phải {config.public_url} của ngày hội thật: điện thoại giữ dữ liệu theo "
            "địa chỉ. Đặt FESTIVAL_PUBLIC_URL (và FESTIVAL_PORT) khác cho tiến trình này."
        )
    return None


def own_command(name: str, *arguments: str) -> None:
    """One of our other commands, in this process; rooms know it by its name only."""
    known: Any = current_app.cli.commands[name]
    known.load().main([*arguments], prog_name=f"flask {name}", standalone_mode=False)


def last_day(days: int) -> date:
    """Until when a copy made today is kept."""
    return today() + timedelta(days=days)
