"""Which delegations, families and people take part, in which contests?"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, exists, false, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from festival.consent.models import Consent, ConsentRefusal
from festival.contests.models import Contest
from festival.core.database import NEVER_AGAIN, Base
from festival.core.types import EnumText, JsonText
from festival.editions.models import Festival, Unit
from festival.roster.people import Sex


class FamilyState(StrEnum):
    """A registration's state."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # chờ duyệt
    RETURNED = "returned"  # trả lại để sửa
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Reserve(StrEnum):
    """A family that stands in reserve: proposed by its officer, or accepted by the organiser and waiting to be called up."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"


class Origin(StrEnum):
    """By which of the three roads a registration came."""

    OFFICER = "officer"
    EXCEL = "excel"
    FAMILY = "family"


class BadgeClass(StrEnum):
    """What the card says; people outside families have passes too."""

    FAMILY = "family"
    OFFICER = "officer"
    GUEST = "guest"
    PRESS = "press"
    PANEL = "jury"
    COMMITTEE = "committee"
    VOLUNTEER = "volunteer"
    CREW = "crew"  # drivers, musicians, supporting actors
    SERVICE = "service"  # kitchen, medical post, electricity, cleaning


class Delegation(Base):
    """What a unit sends to a festival."""

    __tablename__ = "delegation"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(unique=True)  # unguessable, leaves the house
    rule_code: Mapped[str | None]  # as the rule set names it: "hon-dat"
    name: Mapped[str]  # "Đoàn huyện Hòn Đất"
    position: Mapped[int] = mapped_column(default=0)
    head_name: Mapped[str] = mapped_column(default="")
    head_phone: Mapped[str] = mapped_column(default="")
    families_min: Mapped[int]
    families_max: Mapped[int]
    approved_count: Mapped[int] = mapped_column(default=0)  # guarded by the check: the quota's truth
    held_count: Mapped[int] = mapped_column(default=0)  # places offered to families in line, until they have answered
    self_registration: Mapped[bool] = mapped_column(default=True)
    link_hash: Mapped[str | None]  # of the link of its head
    link_issue: Mapped[int] = mapped_column(default=1)
    # What the organiser allots to this delegation alone (`quotas.own`); the rule file leaves it as it is.
    families_own: Mapped[bool] = mapped_column(default=False, server_default=false())
    people_max: Mapped[int | None]  # people of its approved families; None: as many as these families have
    extended_until: Mapped[datetime | None]  # it registers until then, when the others may no more
    extended_why: Mapped[str] = mapped_column(default="", server_default="")
    places_version: Mapped[int] = mapped_column(default=1, server_default="1")
    festival: Mapped[Festival] = relationship()
    unit: Mapped[Unit] = relationship()
    families: Mapped[list[Family]] = relationship(back_populates="delegation", order_by="Family.id")

    __table_args__ = (
        UniqueConstraint("festival_id", "unit_id"),
        CheckConstraint("approved_count >= 0 AND approved_count <= families_max", name="quota_kept"),
        CheckConstraint("held_count >= 0 AND approved_count + held_count <= families_max", name="held_within_quota"),
        CheckConstraint("people_max >= 1", name="people_some"),
        CheckConstraint("extended_until IS NULL OR extended_why <> ''", name="extended_with_a_reason"),
        Index("uq_delegation_link", "link_hash", unique=True),
    )


class DelegationOfficer(Base):
    """An officer who registers the families of a delegation."""

    __tablename__ = "delegation_officer"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)


class Family(Base):
    """A household that takes part; the row is its registration too."""

    __tablename__ = "family"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"))
    code: Mapped[str] = mapped_column(unique=True)  # unguessable, leaves the house
    name: Mapped[str]  # "Gia đình ông Danh Chung"
    folded: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    introduction: Mapped[str] = mapped_column(default="")  # two lines for the MC
    state: Mapped[FamilyState] = mapped_column(EnumText(FamilyState), default=FamilyState.DRAFT)
    origin: Mapped[Origin] = mapped_column(EnumText(Origin))
    reserve: Mapped[Reserve | None] = mapped_column(EnumText(Reserve))  # outside the quota, no pass, until called up
    version: Mapped[int] = mapped_column(default=1)
    return_reason: Mapped[str] = mapped_column(default="")
    # One form sent five times carries one key; one household typed twice has one identity.
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    submission_digest: Mapped[
        str | None
    ]  # keyed digest of what came under it: another content under the key is refused
    identity: Mapped[str]  # spelling of the representative and phone, '' while unknown
    link_hash: Mapped[str | None] = mapped_column(unique=True)
    link_issue: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # While it is withdrawn: what it was, and through whose door it went ("link" | "officer" | "office").
    withdrawn_from: Mapped[FamilyState | None] = mapped_column(EnumText(FamilyState))
    withdrawn_road: Mapped[str | None]
    delegation: Mapped[Delegation] = relationship(back_populates="families")
    members: Mapped[list[Person]] = relationship(back_populates="family", order_by="Person.position")
    entries: Mapped[list[Entry]] = relationship(back_populates="family")

    __table_args__ = (
        CheckConstraint("withdrawn_road IN ('link', 'officer', 'office')", name="withdrawn_road_known"),
        CheckConstraint("withdrawn_from IS NULL OR state = 'withdrawn'", name="withdrawn_from_something"),
        Index(
            "uq_family_identity",
            "festival_id",
            "identity",
            unique=True,
            sqlite_where=text("identity <> '' AND state <> 'withdrawn'"),
            postgresql_where=text("identity <> '' AND state <> 'withdrawn'"),
        ),
        CheckConstraint(
            "reserve IS NULL OR (state <> 'approved' AND (reserve = 'proposed' OR state IN ('submitted', 'withdrawn')))",
            name="reserve_holds_no_place",
        ),
        Index("ix_family_delegation", "delegation_id"),
        Index("ix_family_state", "festival_id", "state"),
    )


class Person(Base):
    """Somebody who enters: a member of a family, or an officer, guest, driver with a badge class."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    code: Mapped[str] = mapped_column(unique=True)
    badge: Mapped[BadgeClass] = mapped_column(EnumText(BadgeClass), default=BadgeClass.FAMILY)
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    folded: Mapped[str]
    relation: Mapped[str] = mapped_column(default="")  # a code of eligibility.Relation; '' for the representative
    representative: Mapped[bool] = mapped_column(default=False)
    sex: Mapped[Sex | None] = mapped_column(EnumText(Sex))
    birth_year: Mapped[int | None]
    born_on: Mapped[date | None]
    phone: Mapped[str] = mapped_column(default="")
    needs: Mapped[str] = mapped_column(default="")  # wheelchair, vegetarian
    family: Mapped[Family | None] = relationship(back_populates="members")
    consents: Mapped[list[Consent]] = relationship()
    refusals: Mapped[list[ConsentRefusal]] = relationship()
    if TYPE_CHECKING:  # set below, where departures are known
        out: Mapped[bool]  # does not take part any more

    __table_args__ = (
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("birth_year IS NULL OR birth_year BETWEEN 1900 AND 2100", name="birth_year_plausible"),
        CheckConstraint("(badge = 'family') = (family_id IS NOT NULL)", name="member_has_family"),
        Index("ix_person_family", "family_id"),
        Index("ix_person_delegation", "delegation_id"),
        Index("ix_person_folded", "festival_id", "folded"),
        Index(
            "uq_person_representative",
            "family_id",
            unique=True,
            sqlite_where=text("representative"),
            postgresql_where=text("representative"),
        ),
    )


class EntryState(StrEnum):
    """Whether an entry takes part."""

    PROPOSED = "proposed"  # its family waits for approval; not yet counted, drawn or judged
    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"


class Entry(Base):
    """A family or a mixed team enrolled in a contest."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))  # NULL = mixed team
    code: Mapped[str] = mapped_column(unique=True)  # unguessable
    name: Mapped[str]  # what the MC reads
    title: Mapped[str] = mapped_column(default="")  # of the act
    number: Mapped[int | None]  # số báo danh
    state: Mapped[EntryState] = mapped_column(EnumText(EntryState), default=EntryState.ENROLLED)
    # the entry of another contest it comes from (`roster.deriving.derived`); NULL = registered
    from_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    contest: Mapped[Contest] = relationship()
    delegation: Mapped[Delegation] = relationship()
    family: Mapped[Family | None] = relationship(back_populates="entries")

    __table_args__ = (
        UniqueConstraint("contest_id", "family_id"),
        UniqueConstraint("contest_id", "number"),
        Index("ix_entry_delegation", "delegation_id", "contest_id"),
        Index("uq_entry_from", "contest_id", "from_id", unique=True),
        Index("ix_entry_from", "from_id"),
        NEVER_AGAIN,
    )


class EntryPerson(Base):
    """Who appears in an entry."""

    __tablename__ = "entry_person"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class Departure(Base):
    """Somebody of a family does not take part any more, and from which entries; ended (`back_at`), never deleted.

    `entries`: [{"entry": id, "ended": whether nobody was left in it}], so that coming back finds them again.
    """

    __tablename__ = "departure"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    left_at: Mapped[datetime]
    back_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]  # when the organiser had looked what has to be done
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        Index(
            "uq_departure_standing",
            "person_id",
            unique=True,
            sqlite_where=text("back_at IS NULL"),
            postgresql_where=text("back_at IS NULL"),
        ),
    )


# Asked with every person, so that no list of people forgets it.
Person.out = column_property(
    exists().where(Departure.person_id == Person.id, Departure.back_at.is_(None)).correlate_except(Departure)
)


class PrizeReceiver(Base):
    """Which grown-up of a family receives its prize money, as the family or its officer said last."""

    __tablename__ = "prize_receiver"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    said_at: Mapped[datetime]
    said_how: Mapped[str]  # "link" | "officer"

    __table_args__ = (CheckConstraint("said_how IN ('link', 'officer')", name="said_how_known"),)


class ContestPlace(Base):
    """How many entries of a delegation are enrolled in a contest: the row whose conditional update keeps the quota."""

    __tablename__ = "contest_place"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)
    entries_most: Mapped[int | None]  # of this delegation alone; None: what the contest says
    performers_most: Mapped[int | None]  # of all its entries together; None: no bound

    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("entries_most >= taken", name="entries_kept"),
        CheckConstraint("performers_most >= 0", name="performers_not_negative"),
    )
