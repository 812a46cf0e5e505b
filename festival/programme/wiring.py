"""What does the programme room need before the first request? Its snapshot."""

from __future__ import annotations

from festival.programme.snapshot import init_room

__all__ = ["init_room"]
