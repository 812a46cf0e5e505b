"""What do all journeys start from?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.harness.served import Served
from tests.journeys import scene as scenes
from tests.journeys.scene import Scene
from tests.journeys.walker import Walker

SCREENS = {"narrow": (320, 640), "phone": (360, 740), "tablet": (820, 1180), "desk": (1440, 900)}
Visit = Callable[..., Walker]


@pytest.fixture
def scene(app: Flask) -> Scene:
    """A festival with open registration and nobody registered."""
    with app.app_context():
        return scenes.begin()


@pytest.fixture
def fair(app: Flask, scene: Scene) -> Scene:
    """The same with three approved families and a published programme."""
    with app.app_context():
        scenes.bring_families(scene)
        scenes.publish_programme(scene)
    return scene


@pytest.fixture
def visit(browser: Browser, live_server: Served) -> Iterator[Visit]:
    """`visit("tablet", "lan")`: a person with a device of their own; keywords go to the browser's context."""
    opened = []

    def come(screen: str, who: str, **settings: object) -> Walker:
        width, height = SCREENS[screen]
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, locale="vi-VN", **settings
        )
        opened.append(context)
        return Walker(context.new_page(), who, scripted=settings.get("java_script_enabled") is not False)

    yield come
    for context in opened:
        context.close()
