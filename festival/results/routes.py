"""The doors of results: the panel's pages, the map of who has marked whom, the pages of the whole delegation."""

from __future__ import annotations

from festival.results import matrix_pages, panel_pages
from festival.results.blueprint import bp
from festival.results.delegations import pages

__all__ = ["bp", "matrix_pages", "pages", "panel_pages"]
