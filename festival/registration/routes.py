"""The doors of registration: the officer's pages, the family's own, the organiser's review."""

from __future__ import annotations

from festival.registration import officer_pages, review_pages
from festival.registration.blueprint import bp
from festival.registration.family import form, link

__all__ = ["bp", "form", "link", "officer_pages", "review_pages"]
