"""Does a gate's phone get what changed in its list, all of it and not much more, and who is found by a name?"""

from __future__ import annotations

from sqlalchemy import select, update

from festival.checkin import offline_list
from festival.checkin.listing import held
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.transaction import transaction
from festival.devices.handlers import DeviceRole
from festival.passes.models import Pass
from festival.roster.models import Delegation, Family, FamilyState, Origin, Person
from tests.devices.kit import Phone, enrolment, open_fair, opened

TOO_SHORT = "Gõ ít nhất ba chữ của tên, hoặc bốn số cuối điện thoại."
CHUNG, HOA = "Gia đình ông Danh Chung", "Gia đình bà Trương Mỹ Hoa"


class List:
    """A phone's own list, kept as static/js/gate/list.js keeps it."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.cursor = ""
        self.passes: dict[str, str | None] = {}
        self.roster: dict[str, dict[str, object]] = {}

    def ask(self) -> dict[str, object]:
        state = self.phone.state(self.cursor)["state"]
        if state["passes"] is not None:
            for start in [""] if state["within"] is None else state["within"]:
                for kept in (self.passes, self.roster):
                    for gone in [list_id for list_id in kept if list_id.startswith(start)]:
                        del kept[gone]
            self.passes.update(state["passes"])
            self.passes.update(dict.fromkeys(state["replaced"]))
            self.roster.update((line["pass"], line) for line in state.get("roster", []))
        self.cursor = f"{state['cursor']}.{state['parts']}"
        return state


def change(app, work):
    with app.app_context(), transaction():
        work()


def rename(name, new):
    """As a corrected registration does it: the family's version moves."""
    family = db.session.scalars(select(Family).where(Family.name == name)).one()
    family.name, family.version = new, family.version + 1


def test_a_delegation_with_another_name_is_told_to_every_family_of_it(app):
    fair = open_fair(app)
    kept = List(Phone(app.test_client(), enrolment(app, fair, DeviceRole.LEAD)))
    kept.ask()
    assert {line["unit"] for line in kept.roster.values()} == {"Đoàn huyện Hòn Đất"}
    change(app, lambda: db.session.execute(update(Delegation).values(name="Đoàn xã Hòn Đất")))
    kept.ask()
    assert {line["unit"] for line in kept.roster.values()} == {"Đoàn xã Hòn Đất"}
    assert kept.ask()["passes"] is None


def test_a_phone_gets_the_changed_part_and_ends_with_the_whole_list(app):
    fair = open_fair(app)
    kept = List(Phone(app.test_client(), enrolment(app, fair, DeviceRole.LEAD)))
    assert kept.ask()["within"] is None
    first = dict(kept.passes)
    assert sorted(first) == sorted([*fair.lists.values(), fair.delegation_list])
    assert kept.ask()["passes"] is None

    change(app, lambda: rename(CHUNG, "Gia đình ông Danh Chung Em"))
    state = kept.ask()
    expected = {fair.lists[CHUNG][:1], fair.delegation_list[:1]}
    assert set(state["within"]) == expected
    assert {list_id for list_id, _ in state["passes"]} == {each for each in first if each[:1] in expected}
    changed = {each for each in first if kept.passes[each] != first[each]}
    assert changed == {fair.lists[CHUNG], fair.delegation_list}
    assert opened(kept.passes[fair.lists[CHUNG]], fair.codes[CHUNG])["name"] == "Gia đình ông Danh Chung Em"
    assert kept.roster[fair.lists[CHUNG]]["name"] == "Gia đình ông Danh Chung Em"

    change(
        app, lambda: db.session.execute(update(Family).where(Family.name == HOA).values(state=FamilyState.WITHDRAWN))
    )
    kept.ask()
    assert fair.lists[HOA] not in kept.passes and fair.lists[HOA] not in kept.roster

    change(
        app,
        lambda: db.session.execute(update(Pass).where(Pass.list_id == fair.lists[CHUNG]).values(replaced_at=now())),
    )
    kept.ask()
    assert kept.passes[fair.lists[CHUNG]] is None
    fresh = List(kept.phone)
    fresh.ask()
    assert (fresh.passes, fresh.roster) == (kept.passes, kept.roster)


def test_every_process_marks_the_parts_alike_and_a_phone_of_the_release_before_gets_the_whole(app):
    fair = open_fair(app)
    phone = Phone(app.test_client(), enrolment(app, fair))
    before = phone.state()["state"]
    app.extensions.pop("gate_lists")
    after = phone.state()["state"]
    assert before["parts"] == after["parts"]
    change(app, lambda: rename(CHUNG, "Gia đình ông Danh Chung Em"))
    assert phone.state(f"{before['cursor']}.{before['parts']}")["state"]["within"] is not None
    for cursor in (before["cursor"], f"{before['cursor']}.short", "nonsense", "x.²"):
        state = phone.state(cursor)["state"]
        assert state["within"] is None and len(state["passes"]) == 4, cursor
    assert "roster" not in before


def test_what_others_still_write_does_not_send_the_list_again(app):
    fair = open_fair(app)
    kept = List(Phone(app.test_client(), enrolment(app, fair)))
    kept.ask()

    def draft():
        row = db.session.scalars(select(Family)).first()
        db.session.add(
            Family(
                festival_id=fair.festival_id,
                delegation_id=row.delegation_id,
                code="draft",
                name="Gia đình đang viết",
                folded=fold("Gia đình đang viết"),
                state=FamilyState.DRAFT,
                origin=Origin.OFFICER,
                identity="draft",
                created_at=now(),
            )
        )

    change(app, draft)
    assert kept.ask()["passes"] is None


def test_a_large_list_changes_in_256_parts(app, monkeypatch):
    monkeypatch.setattr(held, "LARGE", 3)
    fair = open_fair(app)
    kept = List(Phone(app.test_client(), enrolment(app, fair)))
    kept.ask()
    change(app, lambda: rename(HOA, "Gia đình bà Trương Mỹ Hoa Hai"))
    assert set(kept.ask()["within"]) == {fair.lists[HOA][:2], fair.delegation_list[:2]}
    assert len(kept.cursor) < 2_000, "it travels in an address"


def asking(app, fair, role=DeviceRole.GATE):
    """A phone's look-ups: (status, body) of the search and of what was chosen."""
    phone = Phone(app.test_client(), enrolment(app, fair, role))

    def ask(body, what="lookup"):
        headers = {"Authorization": f"Bearer {phone.token}"}
        answer = phone.client.post(f"/api/v1/checkin/{what}", json=body, headers=headers)
        return answer.status_code, answer.get_json()

    return ask


def test_six_are_found_and_more_are_spoken_of(app):
    families = {f"Gia đình ông Lý Thử {n}": [f"Lý Thử {n}"] for n in range(6)} | {
        "Gia đình bà Kim Sa": ["Kim Sa", "Lý Thử Út"]
    }
    fair = open_fair(app, families)
    ask = asking(app, fair)

    def found(text):
        told = ask({"q": text})[1]
        return [hit["name"] for hit in told["found"]], told["more"]

    names, more = found("lý thử")
    assert (len(names), more) == (6, True)
    assert "Gia đình bà Kim Sa" not in names, "whose own name it is comes first"
    assert found("thu ut") == (["Gia đình bà Kim Sa"], False)
    with app.app_context(), transaction():
        db.session.execute(update(Person).where(Person.name == "Kim Sa").values(phone="0912 345 678".replace(" ", "")))
        db.session.execute(update(Family).where(Family.name == "Gia đình bà Kim Sa").values(version=2))
    assert found("5678") == (["Gia đình bà Kim Sa"], False)
    assert found(fair.typed["Gia đình bà Kim Sa"]) == (["Gia đình bà Kim Sa"], False)


def test_a_search_shows_representative_unit_and_size_and_only_what_was_chosen_has_names(app):
    family, member = "Gia đình bà Kim Sa", "Lý Thử Út"
    fair = open_fair(app, {family: ["Kim Sa", member], "Gia đình ông Lý Thử": ["Lý Thử"]})
    ask = asking(app, fair)
    status, told = ask({"q": "thử út"})
    assert (status, told) == (
        200,
        {
            "found": [{"pass": fair.lists[family], "name": family, "unit": "Đoàn huyện Hòn Đất", "size": 2}],
            "more": False,
            "replaced": False,
        },
    )
    status, opened_now = ask({"pass": fair.lists[family]}, "lookup/chosen")
    assert [each["n"] for each in opened_now["record"]["members"]] == ["Kim Sa", member]
    assert (status, opened_now["inside"]) == (200, [])
    assert ask({"pass": "0" * 32}, "lookup/chosen")[0] == 404
    assert ask({"pass": "x"}, "lookup/chosen")[0] == 400


def test_two_letters_list_nobody_however_they_are_typed(app):
    families = {"Gia đình ông Vũ An": ["Vũ An"], "Gia đình bà Lê Ân": ["Lê Ân"]}
    fair = open_fair(app, families)
    ask = asking(app, fair, DeviceRole.LEAD)
    with app.app_context():
        cards = offline_list.gate_list(fair.festival_id, offline_list.list_stamp(fair.festival_id)).cards.values()
        assert sum(" an" in f" {card.search}" for card in cards) == 2, "a search without the bound finds both"
    for text in ("an", "ân", "a n", ". an -", "12"):
        assert ask({"q": text}) == (400, {"error": "bad_input", "message": TOO_SHORT}), text
    assert [hit["name"] for hit in ask({"q": "vu an"})[1]["found"]] == ["Gia đình ông Vũ An"]


def test_every_look_is_noted_without_what_was_typed(app):
    fair = open_fair(app)
    ask = asking(app, fair)
    ask({"q": "danh chung"})
    ask({"q": "0987"})
    ask({"pass": fair.lists[CHUNG]}, "lookup/chosen")
    with app.app_context(), transaction():
        pass_id = db.session.scalar(select(Pass.id).where(Pass.list_id == fair.lists[CHUNG]))
        noted = db.session.execute(
            select(SecurityNote.actor, SecurityNote.device_id.is_not(None), SecurityNote.subject)
            .where(SecurityNote.kind == SecurityKind.LOOKED_UP)
            .order_by(SecurityNote.id)
        ).all()
    assert noted == [
        ("device", True, {"by": "name", "found": [pass_id]}),
        ("device", True, {"by": "phone", "found": []}),
        ("device", True, {"by": "chosen", "found": [pass_id]}),
    ]


def test_a_delegation_of_hundreds_of_families_does_not_take_the_list_from_every_gate(app):
    members = [f"Nguyễn Hoàng Anh Đức Thiên {n}" for n in range(6)]
    fair = open_fair(app, {f"Gia đình ông Nguyễn Hoàng Anh Đức {n}": members for n in range(160)})
    kept = List(Phone(app.test_client(), enrolment(app, fair)))
    kept.ask()
    assert len(kept.passes) == 161
    record = opened(kept.passes[fair.delegation_list], fair.delegation_code)
    assert sum(len(group["members"]) for group in record["groups"]) == 960
