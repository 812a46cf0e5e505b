"""The pages of proofing, as one blueprint."""

from __future__ import annotations

from festival.proofing import sheet_pages, typing_pages
from festival.proofing.blueprint import bp

__all__ = ["bp", "sheet_pages", "typing_pages"]
