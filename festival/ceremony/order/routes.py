"""The pages of the order of the ceremony, each in the module that answers its question."""

from __future__ import annotations

from festival.ceremony.order import award_pages, evening_pages, order_pages, people_pages, sheet_pages
from festival.ceremony.order.blueprint import bp

__all__ = ["award_pages", "bp", "evening_pages", "order_pages", "people_pages", "sheet_pages"]
