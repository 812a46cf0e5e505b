"""Who takes what devices at a stage say, and what are they told?"""

from __future__ import annotations

from festival.devices.handlers import DeviceRole, register, register_state, register_streams, register_words
from festival.schedule.stage_day.device_state import device_state
from festival.schedule.stage_day.sync import KIND, apply_steps, stage_streams, step_words


def init_stage() -> None:
    """Called once by the room's wiring."""
    register(KIND, apply_steps, roles=[DeviceRole.STAGE])
    register_words(KIND, step_words)
    register_state(DeviceRole.STAGE, device_state)
    register_streams(DeviceRole.STAGE, stage_streams)
