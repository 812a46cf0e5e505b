"""Does a large list reach a phone in parts that survive an interruption, and one changed family as one record?"""

from __future__ import annotations

from base64 import b64decode

import pytest
from sqlalchemy import select, update

from festival.checkin.listing import held
from festival.checkin.listing.seen import RowsSeen, touched
from festival.core.clock import now
from festival.core.database import db
from festival.devices.handlers import DeviceRole
from festival.passes import code as passes_code
from festival.passes.models import Pass
from tests.checkin.test_gate_list import CHUNG, HOA, change, rename
from tests.devices.kit import Phone, enrolment, open_fair, opened


class InBatches:
    """A phone's own list, kept as static/js/gate/list.js keeps it: what an answer tells and the next cursor go together."""

    def __init__(self, phone, kept=None):
        self.phone = phone
        self.cursor, self.passes, self.roster = kept or ("-.0..2", {}, {})
        self.asked = 0

    def ask(self):
        """One answer taken in; whether more is to come."""
        state = self.phone.state(self.cursor)["state"]
        self.asked += 1
        if state["passes"] is not None:
            gone = state.get("only") or state["within"]
            for kept in (self.passes, self.roster):
                for each in [each for each in kept if any(each.startswith(start) for start in gone)]:
                    del kept[each]
            self.passes.update(state["passes"])
            self.passes.update(dict.fromkeys(state["replaced"]))
            self.roster.update((line["pass"], line) for line in state.get("roster", []))
        self.cursor = f"{state['cursor']}.{state['parts']}.2"
        self.told = state
        return "left" in state

    def fill(self):
        while self.ask():
            pass
        return self


def whole(phone):
    """The list as a phone of the release before gets it."""
    state = phone.state()["state"]
    passes = dict(state["passes"]) | dict.fromkeys(state["replaced"])
    return passes, {line["pass"]: line for line in state.get("roster", [])}


def bus(passes, fair):
    """The members of a delegation's families, opened with the keys in its own record."""
    record = opened(passes[fair.delegation_list], fair.delegation_code)
    assert all(set(group) == {"pass", "key"} for group in record["groups"])
    names = {}
    for group in record["groups"]:
        key = b64decode(group["key"])
        plain = passes_code.unseal_with(key, group["pass"], b64decode(passes[group["pass"]]))
        names[group["pass"]] = plain
    return names


@pytest.mark.parametrize("role", [DeviceRole.GATE, DeviceRole.LEAD])
def test_an_interrupted_list_goes_on_where_it_was_and_ends_whole(app, monkeypatch, role):
    monkeypatch.setattr(held, "BATCH", 1)
    fair = open_fair(app, {f"Gia đình số {n}": [f"Người {n}"] for n in range(30)})
    phone = Phone(app.test_client(), enrolment(app, fair, role))
    kept = InBatches(phone)
    for _ in range(5):
        assert kept.ask()
    assert 0 < len(kept.passes) < 31 and kept.told["left"] == 11 and kept.told["of"] == 16
    # The phone was killed: what it had kept, and the cursor of it, are all it knows.
    again = InBatches(phone, (kept.cursor, dict(kept.passes), dict(kept.roster))).fill()
    assert again.asked == 11, "no part comes twice"
    passes, roster = whole(phone)
    assert set(again.passes) == set(passes) and again.roster == roster
    if role is DeviceRole.GATE:
        assert {each: again.passes[each] for each in fair.lists.values()} == {
            each: passes[each] for each in fair.lists.values()
        }
        assert len(bus(again.passes, fair)) == 30
    else:
        assert again.passes == passes
    assert not again.ask() and again.told["passes"] is None


def test_a_change_during_the_first_list_is_not_lost(app, monkeypatch):
    monkeypatch.setattr(held, "BATCH", 1)
    fair = open_fair(app, {f"Gia đình số {n}": [f"Người {n}"] for n in range(30)})
    phone = Phone(app.test_client(), enrolment(app, fair, DeviceRole.LEAD))
    kept = InBatches(phone)
    for n in range(4):
        assert kept.ask()
        change(app, lambda n=n: rename(f"Gia đình số {n}", f"Gia đình khác {n}"))
    kept.fill()
    assert (kept.passes, kept.roster) == whole(phone)


def test_one_changed_family_is_one_record_at_a_gate_and_its_delegation_too_where_names_are_read(app):
    fair = open_fair(app)
    gate = InBatches(Phone(app.test_client(), enrolment(app, fair))).fill()
    lead = InBatches(Phone(app.test_client(), enrolment(app, fair, DeviceRole.LEAD))).fill()
    change(app, lambda: rename(CHUNG, "Gia đình ông Danh Chung Em"))
    gate.ask()
    lead.ask()
    assert gate.told["only"] == [fair.lists[CHUNG]] and len(gate.told["passes"]) == 1
    assert set(lead.told["only"]) == {fair.lists[CHUNG], fair.delegation_list}
    assert (lead.passes, lead.roster) == whole(lead.phone)
    assert opened(gate.passes[fair.lists[CHUNG]], fair.codes[CHUNG])["name"] == "Gia đình ông Danh Chung Em"
    assert "Danh Chung Em" in bus(gate.passes, fair)[fair.lists[CHUNG]].decode()

    pass_id = select(Pass.id).where(Pass.list_id == fair.lists[HOA]).scalar_subquery()
    change(app, lambda: db.session.execute(update(Pass).where(Pass.id == pass_id).values(replaced_at=now())))
    gate.ask()
    assert set(gate.told["only"]) == {fair.lists[HOA], fair.delegation_list}
    assert gate.passes[fair.lists[HOA]] is None


def test_a_process_that_does_not_remember_sends_parts_and_makes_the_same_list(app):
    fair = open_fair(app, {f"Gia đình số {n}": [f"Người {n}"] for n in range(30)})
    phone = Phone(app.test_client(), enrolment(app, fair, DeviceRole.LEAD))
    kept = InBatches(phone).fill()
    for n in range(3):
        change(app, lambda n=n: rename(f"Gia đình số {n}", f"Gia đình khác {n}"))
        if n == 1:
            kept.ask()
    grown = phone.state(kept.cursor)["state"]
    app.extensions.pop("gate_lists")  # another worker, or the same after a start
    kept.ask()
    assert "only" in grown and "only" not in kept.told and kept.told["within"]
    assert kept.told["parts"] == grown["parts"], "a list that grew and one made anew have the same marks"
    passes, roster = whole(phone)
    assert (set(kept.passes), kept.roster) == (set(passes), roster)


def test_what_is_touched_by_a_change():
    families = {1: (1, 1, None, 7), 2: (2, 1, None, 7), 3: (3, 1, None, 8)}
    passes = {
        10: (10, "a", 1, None, None, None),
        11: (11, "b", None, 7, None, None),
        12: (12, "c", None, None, 5, None),
    }
    before = RowsSeen(families, passes, ())
    assert touched(before, before) == frozenset()
    assert touched(before, RowsSeen({**families, 3: (3, 2, None, 8)}, passes, ())) == {8}
    assert touched(before, RowsSeen({**families, 2: (2, 1, None, 9)}, passes, ())) == {7, 9}, "moved: both"
    assert touched(before, RowsSeen({1: families[1], 3: families[3]}, passes, ())) == {7}
    assert touched(before, RowsSeen(families, {**passes, 13: (13, "d", 3, None, None, None)}, ())) == {8}
    assert touched(before, RowsSeen(families, {10: passes[10], 12: passes[12]}, ())) == {7}
    assert touched(before, RowsSeen(families, {10: passes[10], 11: passes[11]}, ())) is None, "a person's own pass"
    assert touched(before, RowsSeen(families, {**passes, 14: (14, "e", 3, None, None, 4)}, ())) is None, "a blank one"
