"""Which festival is this, in which phase, and which units send delegations?

Units are data with a period of validity: districts ended on 1 July 2025 and official codes were given to other units,
so a unit's identity is its own key and the code is an attribute.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


class PhaseKind(StrEnum):
    """What is open when; each is a row with times, not a flag."""

    REGISTRATION = "registration"
    PROGRAMME = "programme"  # the programme may be seen
    JUDGING = "judging"
    RESULTS = "results"


class UnitLevel(StrEnum):
    """What kind of body a unit is."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    SCHOOL = "school"
    AGENCY = "agency"


class EditionIs(StrEnum):
    """What an edition is beside the others; one without a row is archived: it can be looked at."""

    CURRENT = "current"  # the pages without a code in their address speak of it
    PUT_AWAY = "put_away"  # a mistake or a rehearsal: no list shows it, nobody registers in it


class Festival(Base):
    """One edition."""

    __tablename__ = "festival"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str] = mapped_column(default="")
    edition: Mapped[str] = mapped_column(default="")  # "lần thứ IV"
    theme: Mapped[str] = mapped_column(default="")
    organiser: Mapped[str] = mapped_column(default="")
    host: Mapped[str] = mapped_column(default="")
    venue: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    families_min: Mapped[int] = mapped_column(default=0)  # a delegation's quota unless its own says otherwise
    families_max: Mapped[int]
    members_min: Mapped[int]
    members_max: Mapped[int]
    # contests a family enters itself; the delegation's mixed team is not counted. No limit: None
    contests_per_family_min: Mapped[int | None]
    contests_per_family_max: Mapped[int | None]
    data_kept_until: Mapped[date]
    help_line: Mapped[str] = mapped_column(default="")
    ruleset: Mapped[dict[str, Any]] = mapped_column(JsonText)  # as imported, for the record
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    phases: Mapped[list[Phase]] = relationship(back_populates="festival", order_by="Phase.id")
    retention: Mapped[Retention | None] = relationship()
    in_state: Mapped[EditionState | None] = relationship()
    help_table: Mapped[HelpTable | None] = relationship()

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("families_max >= families_min AND families_min >= 0", name="family_quota"),
        CheckConstraint("members_max >= members_min AND members_min >= 1", name="member_quota"),
    )


class EditionState(Base):
    """That an edition is the current one, or put away and why; no row = archived."""

    __tablename__ = "edition_state"

    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"), primary_key=True)
    state: Mapped[EditionIs] = mapped_column(EnumText(EditionIs))
    reason: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]

    __table_args__ = (
        # at most one is current, whoever chooses at the same moment
        Index(
            "uq_edition_state_current",
            "state",
            unique=True,
            sqlite_where=text("state = 'current'"),
            postgresql_where=text("state = 'current'"),
        ),
    )


class Retention(Base):
    """How long an edition's personal data and signed papers are kept; no row = the defaults of `retention`."""

    __tablename__ = "retention"

    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"), primary_key=True)
    data_day_set: Mapped[bool] = mapped_column(default=False)  # festival.data_kept_until was moved by the organiser
    papers_until: Mapped[date | None]
    held: Mapped[str] = mapped_column(default="")  # why nothing is erased for now
    data_erased_at: Mapped[datetime | None]
    papers_erased_at: Mapped[datetime | None]


class HelpTable(Base):
    """The help lines an organiser wrote for an edition; no row, or `lines` NULL = the national ones (`help_lines`).

    `earlier`: how the table stood before, the newest last, each to be taken again.
    """

    __tablename__ = "help_table"

    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"), primary_key=True)
    version: Mapped[int]
    lines: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonText)
    earlier: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, deferred=True)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (CheckConstraint("version > 0", name="version_counted"),)


class Phase(Base):
    """From when until when something is open; no end = open-ended, no row = closed."""

    __tablename__ = "phase"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    kind: Mapped[PhaseKind] = mapped_column(EnumText(PhaseKind))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    festival: Mapped[Festival] = relationship(back_populates="phases")

    __table_args__ = (
        UniqueConstraint("festival_id", "kind"),
        CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="times_in_order"),
    )


class Unit(Base):
    """A province, district, commune, school or agency during a period."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # our own, for files and commands: "kg2024-d903"
    level: Mapped[UnitLevel] = mapped_column(EnumText(UnitLevel))
    kind: Mapped[str]  # "Huyện", "Thành phố", "Xã", …
    name: Mapped[str]
    folded: Mapped[str]  # for search
    official_code: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    parent: Mapped[Unit | None] = relationship(remote_side="Unit.id")

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="period_in_order"),
        Index("ix_unit_code", "official_code"),
        Index("ix_unit_parent", "parent_id"),
    )

    @property
    def full_name(self) -> str:
        """Kind and name: Huyện Hòn Đất."""
        return f"{self.kind} {self.name}".strip()


class UnitSuccession(Base):
    """Which unit an old one became part of, and when."""

    __tablename__ = "unit_succession"

    old_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    effective_on: Mapped[date]
