"""All pages of this room: the officer's, the organiser's."""

from __future__ import annotations

from festival.logistics import office_pages, officer_pages
from festival.logistics.blueprint import bp

__all__ = ["bp", "office_pages", "officer_pages"]
