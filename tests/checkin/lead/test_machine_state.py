"""When does the lead go and look at a phone? Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from festival.checkin.lead.machine_state import MachineHeard, MachineSign, clock_ahead_ms, machine_signs

NOW = datetime(2024, 6, 14, 1, tzinfo=UTC)
HOUR = 3_600_000


def signs(app="0.8.0+a", **heard):
    return machine_signs(MachineHeard(**{"last_seen_at": NOW, **heard}), NOW, app)


def test_a_phone_is_silent_after_three_minutes_and_not_before():
    assert signs(last_seen_at=NOW - timedelta(seconds=179)) == ()
    assert signs(last_seen_at=NOW - timedelta(minutes=3)) == (MachineSign.SILENT,)
    assert signs(last_seen_at=None) == (MachineSign.NEVER_HEARD,)


def test_a_clock_three_hours_ahead_is_seen_with_and_without_a_measured_offset():
    assert signs(ahead_ms=3 * HOUR) == (MachineSign.CLOCK,), "never measured: its entry is dated later than it arrived"
    assert signs(offset_ms=-3 * HOUR, ahead_ms=40) == (MachineSign.CLOCK,)
    assert signs(clock_ms=3 * HOUR) == (MachineSign.CLOCK,)
    assert signs(clock_ms=-3 * HOUR) == (MachineSign.CLOCK,)
    assert signs(offset_ms=-1000, ahead_ms=3 * HOUR) == (MachineSign.CLOCK,), "what it measured is wrong itself"
    assert [clock_ahead_ms(MachineHeard(NOW, **heard)) for heard in (
        {"ahead_ms": 3 * HOUR}, {"offset_ms": -3 * HOUR, "ahead_ms": 40}, {"clock_ms": 5, "offset_ms": 9}
    )] == [3 * HOUR, 3 * HOUR, 5]  # fmt: skip


def test_an_entry_that_comes_hours_late_says_nothing_of_the_clock():
    """The naive rule, the distance between both times, would call every gate without network wrong."""
    assert signs(ahead_ms=-5 * HOUR) == ()
    assert abs(-5 * HOUR) > 2 * 60_000


def test_missing_entries_and_an_old_program_are_signs_too():
    assert signs(missing=True, app="0.8.0+a") == (MachineSign.GAPS,)
    assert machine_signs(MachineHeard(NOW, app="0.7.0+b"), NOW, "0.8.0+a") == (MachineSign.OLD_PROGRAM,)
    assert machine_signs(MachineHeard(NOW, app="0.8.0+a"), NOW, "0.8.0+a") == ()
