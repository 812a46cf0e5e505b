"""The doors of registration: the officer's pages, the family's own, the organiser's review."""

from __future__ import annotations

from festival.registration import family_pages, officer_pages, review_pages
from festival.registration.blueprint import bp

__all__ = ["bp", "family_pages", "officer_pages", "review_pages"]
