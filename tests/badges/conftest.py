"""The small festival of the registration tests: the same two delegations, officers and organiser."""

from __future__ import annotations

from tests.registration.conftest import make_world, world

__all__ = ["make_world", "world"]
