"""The small festival of the registration's tests, with meals."""

from __future__ import annotations

import pytest

from tests.logistics.cast import Stay, stay_in
from tests.registration.conftest import World, make_world, world

__all__ = ["make_world", "stay", "world"]


@pytest.fixture
def stay(world: World) -> Stay:
    return stay_in(world)
