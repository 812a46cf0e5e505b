"""The small festival of the registration tests serves here too."""

from tests.registration.conftest import make_world, world

__all__ = ["make_world", "world"]
