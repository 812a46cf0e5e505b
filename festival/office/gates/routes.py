"""All pages of the lead."""

from __future__ import annotations

from festival.office.gates import missing_pages, overview_pages, refused_pages, scan_pages, settings_pages
from festival.office.gates.blueprint import bp

__all__ = ["bp", "missing_pages", "overview_pages", "refused_pages", "scan_pages", "settings_pages"]
