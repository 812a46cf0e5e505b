"""Is what a device said kept once, answered the same for ever, and never lost in silence?"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.errors import BadInput
from festival.devices import enrolment as devices_enrolment
from festival.devices import handlers
from festival.devices.handlers import Applied, DeviceRole, Rejected
from festival.devices.models import Device, DeviceNote, EnrolmentCode, Mutation
from festival.devices.wire import CHUNK
from tests.devices.kit import FAMILIES, Phone, as_if_opened, enrolment, open_fair, verdicts

CHUNG = "Gia đình ông Danh Chung"


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def gate(app, client, fair):
    return Phone(client, enrolment(app, fair))


@pytest.fixture
def echo():
    """A kind that answers what it is told to: applied, refused by value, refused by exception, broken."""
    calls = []

    def apply(incoming):
        calls.append([message.seq for message in incoming])
        found = []
        for message in incoming:
            if message.body.get("say") == "boom":
                raise RuntimeError("our own mistake")
            if message.body.get("say") == "refuse":
                raise BadInput("không nhận")
            found.append(Rejected("no") if message.body.get("say") == "no" else Applied({"seq": message.seq}))
        return found

    handlers.register("echo", apply, [DeviceRole.GATE])
    yield calls
    handlers._handlers.pop("echo")


def stored(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Mutation))


def test_a_code_enrols_one_device_and_no_second(app, client, fair):
    code = enrolment(app, fair, station="Cổng 2")
    phone = Phone(client, f" {code[:4].lower()}-{code[4:]} ")
    assert phone.device == {
        "code": phone.device["code"],
        "number": 1,
        "name": "Điện thoại thử",
        "role": "gate",
        "station": "Cổng 2",
        "page": "/gate",
        "revoked": False,
        "waiting": False,
    }
    again = client.post("/api/v1/enrol", json={"code": code})
    assert again.status_code == 409
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Device)) == 1
        assert phone.token not in str(db.session.scalars(select(Device.token_hash)).all())


def test_a_cancelled_code_and_nonsense_are_refused(app, client, fair):
    code = enrolment(app, fair)
    with app.app_context(), transaction():
        assert devices_enrolment.cancel_enrolment_code(fair.festival_id, db.session.scalar(select(EnrolmentCode.id)))
    assert client.post("/api/v1/enrol", json={"code": code}).status_code == 409
    for body in (b"", b"{", b"[]", b'{"code": 7}', b'{"code":"AAAAAAAA","role":"lead"}', b'{"code":null}'):
        assert client.post("/api/v1/enrol", data=body, content_type="application/json").status_code == 400


def test_a_judges_tablet_without_a_key_leaves_the_code_unused(app, client, fair):
    code = enrolment(app, fair, DeviceRole.JUDGE)
    assert client.post("/api/v1/enrol", json={"code": code}).status_code == 400
    assert Phone(client, code, with_key=True).device["page"] == "/judge"


def test_the_same_mid_gets_the_same_answer_and_is_applied_once(app, gate, echo):
    mutation = gate.write("echo", "x", {"say": "yes"})
    first = gate.send(mutation)
    assert verdicts(first) == ["applied"]
    for _ in range(3):
        assert gate.send(mutation)["verdicts"] == first["verdicts"]
    assert gate.send(mutation, mutation)["verdicts"] == first["verdicts"]
    assert echo == [[1]] and stored(app) == 1


def test_a_refusal_is_stored_and_repeated(app, gate, echo):
    mutation = gate.write("echo", "x", {"say": "no"})
    assert gate.send(mutation)["verdicts"] == gate.send(mutation)["verdicts"]
    assert gate.send(mutation)["verdicts"][0]["reason"] == "no"
    assert echo == [[1]]


def test_one_mid_with_two_bodies_in_one_delivery_is_applied_once_and_reused_once(app, client, fair, gate, echo):
    """Together or apart, the first body is applied and every other under its mid is told `id_reuse`."""
    first = gate.write("echo", "a", {"say": "one"})
    second = gate.write("echo", "a", {"say": "two"}, mid=first["mid"])
    third = gate.write("echo", "a", {"say": "three"}, mid=first["mid"])
    told = gate.send(first, second, third, first)["verdicts"]
    assert [(each["mid"], each["verdict"], each["reason"]) for each in told] == [
        (first["mid"], "applied", None),
        (first["mid"], "rejected", "id_reuse"),
    ]
    assert stored(app) == 1
    # what was answered stays the answer, one after the other
    assert [each["verdict"] for each in gate.send(first)["verdicts"]] == ["applied"]
    assert [each["reason"] for each in gate.send(second)["verdicts"]] == ["id_reuse"]
    with app.app_context():
        assert set(db.session.scalars(select(DeviceNote.kind))) == {"id_reuse"}


def test_one_mid_with_two_bodies_far_apart_in_one_delivery(app, client, fair, gate, echo):
    """The second body comes in another chunk, thus another transaction; the first is still told as applied."""
    many = [gate.write("echo", "a", {"say": str(at)}) for at in range(CHUNK + 5)]
    many.append(gate.write("echo", "a", {"say": "other"}, mid=many[0]["mid"]))
    told = [(each["verdict"], each["reason"]) for each in gate.send(*many)["verdicts"] if each["mid"] == many[0]["mid"]]
    assert told == [("applied", None), ("rejected", "id_reuse")]


def test_a_mid_with_another_body_is_id_reuse_and_noted(app, client, fair, gate, echo):
    mutation = gate.write("echo", "x", {"say": "yes"})
    gate.send(mutation)
    changed = {**mutation, "body": {"say": "something else"}}
    told = gate.send(changed)["verdicts"][0]
    assert (told["verdict"], told["reason"]) == ("rejected", "id_reuse")
    other = Phone(client, enrolment(app, fair))
    told = other.send({**mutation, "seq": 1})["verdicts"][0]
    assert (told["verdict"], told["reason"]) == ("rejected", "id_reuse")
    told = gate.send(gate.write("echo", "y", {}, seq=1))["verdicts"][0]
    assert (told["verdict"], told["reason"]) == ("rejected", "seq_reuse")
    with app.app_context():
        kinds = sorted(db.session.scalars(select(DeviceNote.kind)))
    assert kinds == ["id_reuse", "id_reuse", "seq_reuse"]
    assert stored(app) == 1


def test_what_is_missing_is_named_and_closes_when_it_comes(gate, echo):
    wrote = [gate.write("echo", "x", {}) for _ in range(10)]
    assert gate.send(*wrote[2:4], wrote[6])["gaps"] == [[1, 2], [5, 6]]
    assert gate.send(*wrote[0:2], wrote[9])["gaps"] == [[5, 6], [8, 9]]
    assert gate.send(*wrote[4:9])["gaps"] == []


def test_five_hundred_packed_in_chunks_come_in_order(app, gate, echo):
    wrote = [gate.write("echo", "x", {"n": n}) for n in range(500)]
    told = gate.send(*reversed(wrote), packed=True)
    assert len(told["verdicts"]) == 500 and set(verdicts(told)) == {"applied"} and told["gaps"] == []
    assert [len(call) for call in echo] == [50] * 10
    assert [seq for call in echo for seq in call] == list(range(1, 501))
    assert stored(app) == 500
    assert gate.post({"v": 2, "mutations": wrote + wrote[:1]}).status_code == 400


def test_a_failing_mutation_is_isolated_unanswered_and_comes_again(app, gate, echo):
    wrote = [gate.write("echo", "x", {"say": say}) for say in ("yes", "boom", "refuse", "no", "yes")]
    told = gate.send(*wrote)
    assert {v["mid"]: v["verdict"] for v in told["verdicts"]} == {
        wrote[0]["mid"]: "applied",
        wrote[2]["mid"]: "rejected",
        wrote[3]["mid"]: "rejected",
        wrote[4]["mid"]: "applied",
    }
    assert told["unanswered"] == [wrote[1]["mid"]] and told["gaps"] == [[2, 2]]
    assert stored(app) == 4
    assert gate.send(wrote[1])["unanswered"] == [wrote[1]["mid"]]


def test_a_revoked_device_is_quarantined_not_lost(app, gate, fair, echo):
    with app.app_context(), transaction():
        assert devices_enrolment.revoke(fair.festival_id, db.session.scalar(select(Device.id)))
    told = gate.send(gate.write("echo", "x", {}))
    assert told["device"]["revoked"] is True
    assert told["verdicts"][0]["verdict"] == "quarantined" and told["verdicts"][0]["reason"] == "revoked"
    assert echo == [] and stored(app) == 1
    assert gate.state()["state"] is None


def test_unknown_kinds_wrong_roles_and_malformed_ones_do_not_stop_the_rest(app, client, fair, gate, echo):
    handlers.register("sheet-like", lambda incoming: [Applied() for _ in incoming], [DeviceRole.JUDGE])
    wrote = [
        gate.write("no-such", "x", {}),
        gate.write("sheet-like", "x", {}),
        gate.write("echo", "x", {"mark": 9.25}),
        gate.write("echo", "x", {"long": "á" * 70_000}),
        gate.write("echo", "x", {}),
    ]
    told = gate.send(*wrote, {"mid": "not a mid"}, 7, None)
    handlers._handlers.pop("sheet-like")
    assert sorted((v["verdict"], v["reason"] or "") for v in told["verdicts"]) == [
        ("applied", ""),
        ("rejected", "malformed"),
        ("rejected", "malformed"),
        ("rejected", "malformed"),
        ("rejected", "too_long"),
        ("rejected", "unknown_kind"),
        ("rejected", "wrong_role"),
    ]


def test_a_message_no_database_could_hold_does_not_block_the_rest(gate, echo):
    wrote = [gate.write("echo", "x", {"text": "a\x00b"}), gate.write("echo", "\x00", {}), gate.write("echo", "x", {})]
    told = gate.send(
        *wrote, {**gate.write("echo", "x", {}), "sig": "\x00"}, {**gate.write("echo", "x", {"t": "\ud800"})}
    )
    assert sorted(verdicts(told)) == ["applied"] + ["rejected"] * 4
    refused = {v["mid"]: v["reason"] for v in told["verdicts"]}
    assert [refused[each["mid"]] for each in wrote[:2]] == ["bad_text", "bad_text"]


STRANGE_MIDS = ["\ud800", "\udc00" * 50, "\x00", "a" * 5000, "\r\nX: 1", "🎉", "9" * 24, "\u202eabc"]


@pytest.mark.parametrize("mid", STRANGE_MIDS)
def test_a_strange_mid_is_rejected_and_the_scan_beside_it_applied(app, gate, echo, mid):
    good, more = gate.write("echo", "x", {}), gate.write("echo", "y", {})
    answer = gate.post({"v": 2, "mutations": [good, {**gate.write("echo", "z", {}), "mid": mid}, more]})
    assert answer.status_code == 200
    told = {v["mid"]: (v["verdict"], v["reason"]) for v in answer.json["verdicts"]}
    strange = set(told) - {good["mid"], more["mid"]}
    assert told[good["mid"]] == told[more["mid"]] == ("applied", None)
    assert [told[each] for each in strange] == [("rejected", "malformed")]
    assert all(len(each) <= 200 for each in strange) and stored(app) == 2


@pytest.mark.parametrize("place", ["kind", "subject", "body", "key", "member", "known"])
def test_half_a_pair_anywhere_never_stops_the_rest(app, gate, echo, place):
    good, bad = gate.write("echo", "x", {}), gate.write("echo", "y", {})
    sent = {"v": 2, "mutations": [good, bad]}
    match place:
        case "kind" | "subject":
            bad[place] = "a\ud800"
        case "body":
            bad["body"] = {"note": ["\udfff"]}
        case "key":
            bad["body"] = {"\ud800": 1, "a": 2}
        case "member":
            bad["\ud800"] = 1
        case "known":
            sent["known"] = ["\ud800", "checkin:\x00"]
    first, again = gate.post(sent), gate.post(sent)
    assert (first.status_code, again.status_code) == (200, 200)
    told = {v["mid"]: (v["verdict"], v["reason"]) for v in first.json["verdicts"]}
    assert told[good["mid"]] == ("applied", None)
    expected = {"known": ("applied", None), "member": ("rejected", "malformed")}
    assert told[bad["mid"]] == expected.get(place, ("rejected", "bad_text"))
    assert again.json["verdicts"] == first.json["verdicts"]
    # The refusal is kept under its mid, without what could not be kept.
    with app.app_context():
        kept = db.session.execute(select(Mutation.reason, Mutation.body).where(Mutation.mid == bad["mid"])).first()
    assert kept == (None if place == "member" else (None, bad["body"]) if place == "known" else ("bad_text", {}))


def test_a_room_reads_clean_words(app, gate, echo):
    seen = []
    handlers.register(
        "listen", lambda incoming: [seen.append(m.body) or Applied() for m in incoming], [DeviceRole.GATE]
    )
    gate.send(gate.write("listen", "x", {"note": "\u202eTốt\x07 👨‍👩‍👧\r\n"}))
    handlers._handlers.pop("listen")
    assert seen == [{"note": "Tốt 👨‍👩‍👧\n"}]


def test_a_judges_signature_is_checked(app, client, fair):
    handlers.register("signed", lambda incoming: [Applied() for _ in incoming], [DeviceRole.JUDGE])
    judge = as_if_opened(app, Phone(client, enrolment(app, fair, DeviceRole.JUDGE), with_key=True))
    good, forged, bare = (judge.write("signed", "x", {"mark": 8750}) for _ in range(3))
    forged["body"] = {"mark": 10000}
    del bare["sig"]
    told = judge.send(good, forged, bare)
    handlers._handlers.pop("signed")
    assert [(v["verdict"], v["reason"]) for v in told["verdicts"]] == [
        ("applied", None),
        ("rejected", "bad_signature"),
        ("rejected", "bad_signature"),
    ]


def test_the_previous_version_is_accepted(gate, echo):
    plain = gate.write("echo", "x", {}, v=1)
    for field in ("offset_ms", "prev_hash", "base_version"):
        plain.pop(field)
    assert verdicts(gate.send(plain)) == ["applied"]
    assert gate.post({"v": 1, "mutations": []}).status_code == 200
    assert gate.post({"v": 3, "mutations": []}).status_code == 400


def test_a_broken_chain_and_a_far_clock_are_accepted_and_flagged(app, gate, echo):
    gate.send(gate.write("echo", "x", {}), gate.write("echo", "x", {}, prev_hash="0" * 64))
    assert verdicts(gate.send(gate.write("echo", "x", {}, wall_ms=1_000_000_000_000))) == ["applied"]
    with app.app_context():
        assert sorted(db.session.scalars(select(DeviceNote.kind))) == ["chain_break", "clock_far"]


def test_a_clock_that_was_right_to_the_millisecond_and_jumps_is_flagged(app, gate, echo):
    """The correction 0 is a known one; the first that is heard of a device is no jump, whatever it is."""
    two_hours = 7_200_000
    for offset in (0, two_hours, two_hours):
        assert verdicts(gate.send(gate.write("echo", "x", {}, offset_ms=offset))) == ["applied"]
    with app.app_context():
        noted = db.session.execute(select(DeviceNote.kind, DeviceNote.detail)).all()
    assert noted == [("clock_jump", {"seq": 2, "from_ms": 0, "to_ms": two_hours})]


def test_a_first_correction_is_no_jump(app, gate, echo):
    for offset in (7_200_000, 0):
        assert verdicts(gate.send(gate.write("echo", "x", {}, offset_ms=offset))) == ["applied"]
    with app.app_context():
        noted = db.session.execute(select(DeviceNote.kind, DeviceNote.detail)).all()
    assert noted == [("clock_jump", {"seq": 2, "from_ms": 7_200_000, "to_ms": 0})]


def test_unreadable_requests_are_4xx_and_strangers_401(client, gate):
    for body in (
        b"",
        b"nonsense",
        b"[]",
        b'{"v":2}',
        b'{"v":2,"mutations":{}}',
        b'{"v":2,"mutations":[],"x":1}',
        b"[" * 5000,
    ):
        assert gate.post(body).status_code == 400
    assert (
        gate.client.post(
            "/api/v1/sync",
            data=b"no gzip",
            headers={"Authorization": f"Bearer {gate.token}", "Content-Encoding": "gzip"},
        ).status_code
        == 400
    )
    assert gate.post(b" " * (9 * 1024 * 1024), packed=True).status_code == 400
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {gate.token}"}):
        assert client.post("/api/v1/sync", json={"v": 2, "mutations": []}, headers=headers).status_code == 401
        assert client.get("/api/v1/sync/state", headers=headers).status_code == 401


def test_the_state_names_the_festival_and_the_list(gate):
    told = gate.state()
    assert told["festival"] == {"code": "thu-2024", "name": "Ngày hội thử", "rehearsal": False}
    assert len(told["state"]["passes"]) == len(FAMILIES) + 1


def test_the_document_names_every_door_of_a_device(client):
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    assert {"/api/v1/enrol", "/api/v1/sync", "/api/v1/sync/state"} <= set(document["paths"])
    mutations = document["components"]["schemas"]["SyncIn"]["properties"]["mutations"]
    assert mutations["items"] == {"$ref": "#/components/schemas/MutationIn"}
