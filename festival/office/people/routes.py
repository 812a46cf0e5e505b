"""All pages about making accounts."""

from __future__ import annotations

from festival.office.people import account_pages, batch_pages, list_pages
from festival.office.people.blueprint import bp

__all__ = ["account_pages", "batch_pages", "bp", "list_pages"]
