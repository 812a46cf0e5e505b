"""Who may let which devices in, see them in the lists and shut them out; and what must a person be to hold one?

The right to a device follows what can be done with it: whoever lets in a judge's tablet stands beside a panel, not at a
gate. The same table decides on the pages and for the commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from festival.accounts.roles import Role
from festival.core.web.access import Permission
from festival.devices.handlers import DeviceRole

HANDLED: Mapping[Permission, frozenset[DeviceRole]] = {
    Permission.GATE_DEVICES: frozenset({DeviceRole.GATE, DeviceRole.DESK}),
    Permission.LEAD_DEVICES: frozenset({DeviceRole.LEAD}),
    Permission.PANEL_DEVICES: frozenset({DeviceRole.STAGE, DeviceRole.GROUND, DeviceRole.JUDGE}),
}

# A device that is somebody's ends when the account holds none of these roles any more.
HELD_BY: Mapping[DeviceRole, frozenset[Role]] = {
    DeviceRole.JUDGE: frozenset({Role.JUDGE, Role.CHAIR}),
    DeviceRole.LEAD: frozenset({Role.GATE_LEAD, Role.ORGANISER}),
}


def handled(permissions: Iterable[Permission]) -> frozenset[DeviceRole]:
    """The device roles an account with these permissions may enrol, list and revoke."""
    return frozenset().union(*(HANDLED.get(permission, frozenset()) for permission in permissions))
