"""Which communes sign for a delegation, to which of them does a family belong, and must a list be signed before approval?"""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base


class DelegationCommune(Base):
    """A commune of a delegation of several; a delegation without any is signed for by its own unit."""

    __tablename__ = "delegation_commune"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    position: Mapped[int]


class FamilyCommune(Base):
    """Whose list a family stands on, in a delegation of several communes."""

    __tablename__ = "family_commune"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))


class SigningRule(Base):
    """Whether an edition approves a family only when it stands on a signed list as it is now; no row = it does not ask."""

    __tablename__ = "signing_rule"

    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"), primary_key=True)
    required: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
