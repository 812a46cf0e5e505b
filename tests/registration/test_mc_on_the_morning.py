"""Does the MC find, from the one page there is for an MC, what is said on each stage?"""

from __future__ import annotations

import pytest

from tests.registration.conftest import World
from tests.registration.morning import begun

pytestmark = pytest.mark.either_database


def test_the_mc_finds_what_is_said_on_each_stage(world: World) -> None:
    day = begun(world)
    mc, organiser = world.as_user(day.mc), world.as_user(world.organiser)
    own = mc.get("/panel").text
    assert ('href="/office/stage/a/mc"' in own, 'href="/office/stage/b/mc"' in own) == (True, True)
    assert (
        'href="/panel" aria-current="page"' in " ".join(own.split()),
        mc.get("/office/stage/a/mc").status_code,
    ) == (True, 200)
    assert "/office/stage/a/mc" not in organiser.get("/office/results").text, "who is no MC is not led there"
