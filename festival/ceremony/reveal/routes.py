"""The pages of the reveal, each in the module that answers its question."""

from __future__ import annotations

from festival.ceremony.reveal import control_pages, hall_pages, picture_pages, script_pages
from festival.ceremony.reveal.blueprint import bp

__all__ = ["bp", "control_pages", "hall_pages", "picture_pages", "script_pages"]
