"""The doors of the report: its figures, what is typed for it, its versions."""

from __future__ import annotations

from festival.ceremony.report import figure_pages, typed_pages, version_pages
from festival.ceremony.report.blueprint import bp

__all__ = ["bp", "figure_pages", "typed_pages", "version_pages"]
