"""A judge's tablet is opened by its judge alone, lives no longer than account and seat, and knows its own ledgers only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import false, func, select, update

from festival.accounts import actions as accounts
from festival.accounts.models import AccountPin
from festival.accounts.roles import Role
from festival.contests.actions import unseat
from festival.contests.models import Judge, PanelSeat
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.transaction import transaction
from festival.core.web.errors import Conflict, Forbidden
from festival.devices import enrolment, life, queries
from festival.devices.activation import opening, sealed_cards
from festival.devices.deliveries import held
from festival.devices.handlers import DeviceRole
from festival.devices.models import Activation, Device, Mutation, SealedCard
from festival.judging.models import ScoreSheet
from tests.devices.kit import Phone, as_if_opened, verdicts
from tests.judging.panel_cast import SECRET_NAMES, Panel, cast, full_panel, marks

pytestmark = pytest.mark.either_database

PIN, OTHER_PIN = "271828", "314159"
ZEROS = {"marks": {"noi-dung": 0, "dien-xuat": 0}}


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return cast()


@pytest.fixture
def read_anew() -> Iterator[None]:
    """The statements that read a device are made anew before and after, for a control that changes their conditions."""
    for forget in (queries._by_token.cache_clear, held.HOLD.forget):
        forget()
    yield
    for forget in (queries._by_token.cache_clear, held.HOLD.forget):
        forget()


def enrolled(app: Flask, client: FlaskClient, panel: Panel, who: str, by: str | None = None) -> Phone:
    """A tablet let in with a code, not opened."""
    with app.app_context(), transaction():
        issuer = panel.users[by] if by else None
        made = enrolment.make_enrolment_code(panel.festival_id, DeviceRole.JUDGE, panel.users[who], "", issuer)
    return Phone(client, made.code, with_key=True)


def card_of(app: Flask, panel: Panel, who: str, by: str | None = "organiser") -> str:
    with app.app_context(), transaction():
        (made,) = sealed_cards.issue_cards([panel.users[who]], panel.users[by] if by else None)
        return made.digits


def signed_in(app: Flask, user_id: int) -> FlaskClient:
    app.config["WTF_CSRF_METHODS"] = set()
    with app.app_context(), transaction():
        token = accounts.open_sign_in(user_id, 1).token
    browser = app.test_client()
    browser.set_cookie("signin", token)
    return browser


def sheets(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(ScoreSheet.id))) or 0


# ------------------------------------------------------------------------------------- whoever sees the code


def what_a_thief_gets(app: Flask, client: FlaskClient, panel: Panel) -> tuple[list[str], int, list[str]]:
    """Somebody saw the code and enrolled: (what may be read, sheets that count, verdicts)."""
    thief = enrolled(app, client, panel, "lan")
    told = thief.state(known="judging:tai-nang,checkin:thu")
    sent = thief.send(
        *(thief.write("sheet.send", f"{code}/1", ZEROS, base_version=0) for code in panel.entries),
        known=["judging:tai-nang"],
    )
    secrets = [*SECRET_NAMES.values(), "Danh Chung", "tai-nang", "89500", "judging"]
    said = json.dumps([told, sent["heads"]], ensure_ascii=False)
    return [secret for secret in secrets if secret in said], sheets(app), verdicts(sent)


def test_who_saw_the_code_reads_nothing_and_sends_nothing_that_counts(
    app: Flask, client: FlaskClient, panel: Panel
) -> None:
    with app.app_context():
        full_panel(panel)
    before = sheets(app)
    assert what_a_thief_gets(app, client, panel) == ([], before, [])
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Mutation)) == 0


def test_the_test_sees_a_tablet_that_is_open_from_its_enrolment_on(
    app: Flask, client: FlaskClient, panel: Panel, read_anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of before: a code alone makes a judge's tablet."""
    monkeypatch.setattr(life, "waiting", false)
    read, counted, answered = what_a_thief_gets(app, client, panel)
    assert read == ["Danh Thị Lan", "Danh Chung", "tai-nang", "judging"]
    assert (counted, answered) == (2, ["applied", "applied", "rejected"])  # tied to the third


def test_a_tablet_is_opened_with_the_card_and_an_own_pin_and_what_it_kept_is_taken(
    app: Flask, client: FlaskClient, panel: Panel
) -> None:
    tablet = enrolled(app, client, panel, "lan", by="secretary")
    assert tablet.device["waiting"] is True
    assert tablet.state()["state"]["activation"] == {"pin": False, "card": False}
    card = card_of(app, panel, "lan")
    assert tablet.state()["state"]["activation"] == {"pin": False, "card": True}
    early = tablet.write("sheet.send", "E000/1", {"marks": marks(1_000, 2_000)}, base_version=0)
    assert tablet.send(early)["unanswered"] == [early["mid"]]

    def tries(pin: str, typed: str | None) -> tuple[bool, str | None]:
        told = tablet.open(pin, typed)
        return told["activated"], told["reason"]

    assert tries(PIN, None) == (False, "needs_card")
    assert [tries(pin, card)[1] for pin in ("123456", "000000", "12345", "12345x", "١٢٣٤٥٦")] == ["weak_pin"] * 5
    assert tries(PIN, "0" * 10) == (False, "wrong_card")
    assert tries(PIN, f"{card[:3]} {card[3:6]}.{card[6:]}") == (True, None)
    assert tries("999999", None) == (True, None)  # a lost answer is asked again: it is open
    assert verdicts(tablet.send(early)) == ["applied"]
    assert [each["code"] for each in tablet.state()["state"]["contests"]] == ["tai-nang"]
    # the card is used up; a second tablet wants the PIN only
    other = enrolled(app, client, panel, "lan", by="secretary")
    assert other.open(OTHER_PIN, card)["reason"] == "wrong_card"
    assert other.open(OTHER_PIN)["reason"] == "wrong_pin"
    assert other.state()["state"]["contests"] == []
    assert other.open(PIN)["activated"] is True
    with app.app_context():
        noted = db.session.scalars(
            select(SecurityNote.subject).where(SecurityNote.kind == SecurityKind.ACTIVATED).order_by(SecurityNote.id)
        ).all()
        assert noted == [
            {"device": 1, "account": panel.users["lan"], "others": []},
            {"device": 2, "account": panel.users["lan"], "others": [1]},
        ]
        assert card not in str(db.session.execute(select(SealedCard.__table__)).all())


def test_another_judges_card_opens_nothing(app: Flask, client: FlaskClient, panel: Panel) -> None:
    tablet, card = enrolled(app, client, panel, "lan"), card_of(app, panel, "hung")
    card_of(app, panel, "lan")
    assert tablet.open(PIN, card)["reason"] == "wrong_card"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AccountPin)) == 0


def test_a_new_card_is_the_way_back_and_ends_the_old_one(app: Flask, client: FlaskClient, panel: Panel) -> None:
    first, second = card_of(app, panel, "lan"), card_of(app, panel, "lan")
    tablet = enrolled(app, client, panel, "lan")
    assert [tablet.open(PIN, each)["activated"] for each in (first, second)] == [False, True]
    # forgotten: a new card sets a new PIN, and the old PIN is no good
    new = card_of(app, panel, "lan")
    other = enrolled(app, client, panel, "lan")
    assert other.open(OTHER_PIN, new)["activated"] is True
    third = enrolled(app, client, panel, "lan")
    assert [third.open(pin)["activated"] for pin in (PIN, OTHER_PIN)] == [False, True]


def test_misses_slow_down_and_end_at_the_secretary_never_for_ever(
    app: Flask, client: FlaskClient, panel: Panel
) -> None:
    tablet, card = enrolled(app, client, panel, "lan"), card_of(app, panel, "lan")

    def an_hour_later() -> None:
        with app.app_context(), transaction():
            db.session.execute(update(Activation).values(missed_at=now() - timedelta(hours=1)))

    said = []
    for _ in range(opening.MOST_MISSES):
        told = tablet.open(PIN, "0" * 10)
        said.append((told["reason"], told["left"], told["wait_s"] > 0))
        if told["wait_s"]:
            assert tablet.open(PIN, card)["reason"] == "wait"  # not even looked at, and no miss
        an_hour_later()
    assert said == [
        *(("wrong_card", left, False) for left in (9, 8, 7, 6)),
        *(("wrong_card", left, True) for left in (5, 4, 3, 2, 1)),
        ("ask_secretary", None, False),
    ]
    assert tablet.open(PIN, card)["reason"] == "ask_secretary"
    assert tablet.open(PIN, card_of(app, panel, "lan"))["activated"] is True


def test_a_judge_without_a_seat_opens_no_tablet(app: Flask, client: FlaskClient, panel: Panel) -> None:
    tablet, card = enrolled(app, client, panel, "other"), card_of(app, panel, "other")
    assert tablet.open(PIN, card)["reason"] == "no_seat"
    assert tablet.state()["device"] == tablet.device | {"waiting": True}
    with app.app_context(), transaction():
        db.session.add(
            Judge(contest_id=panel.contest_id, user_id=panel.users["other"], seat=PanelSeat.MEMBER, letter="D")
        )
    assert tablet.open(PIN, card)["activated"] is True


def test_the_card_and_the_code_are_made_by_two_people(app: Flask, client: FlaskClient, panel: Panel) -> None:
    card = card_of(app, panel, "lan", by="organiser")
    with pytest.raises(Conflict):
        enrolled(app, client, panel, "lan", by="organiser")
    enrolled(app, client, panel, "hung", by="organiser")
    with pytest.raises(Conflict):
        card_of(app, panel, "hung", by="organiser")
    # whatever came about, at the tablet it does not count
    tablet = enrolled(app, client, panel, "lan", by="secretary")
    with app.app_context(), transaction():
        db.session.execute(update(SealedCard).values(issued_by=panel.users["secretary"]))
    assert tablet.open(PIN, card)["reason"] == "same_hands"
    with pytest.raises(Forbidden):
        enrolled(app, client, panel, "lan", by="mc")


def test_only_the_organiser_prints_cards_and_their_digits_are_shown_once(app: Flask, panel: Panel) -> None:
    secretary, office = (signed_in(app, panel.users[who]) for who in ("secretary", "organiser"))
    assert secretary.get("/office/devices/cards").status_code == 403
    assert secretary.post("/office/devices/cards", data={"judge": panel.users["lan"]}).status_code == 403
    assert office.get("/office/devices/cards").status_code == 200
    assert office.post("/office/devices/cards", data={}).status_code == 303
    assert office.post("/office/devices/cards", data={"judge": panel.users["mc"]}).status_code == 400
    assert office.post("/office/devices/cards", data={"judge": "x"}).status_code == 400
    printed = office.post("/office/devices/cards", data={"judge": [panel.users["lan"], panel.users["hung"]]})
    with app.app_context():
        ready = db.session.scalars(select(SealedCard).where(SealedCard.ended_at.is_(None))).all()
        digits = [sealed_cards.digits_of(card.id) for card in ready]
    spaced = [f"{each[:3]} {each[3:6]} {each[6:]}" for each in digits]
    assert (printed.status_code, len(digits), "no-store" in printed.headers["Cache-Control"]) == (200, 2, True)
    assert [each for each in spaced if each not in printed.text] == []
    page = office.get("/office/devices/cards").text
    assert [each for each in [*digits, *spaced] if each in page] == []


# --------------------------------------------------------------------------------------- a second tablet


def test_a_second_tablet_is_told_to_the_first_to_the_secretary_and_to_the_ledger(
    app: Flask, client: FlaskClient, panel: Panel
) -> None:
    first = enrolled(app, client, panel, "lan")
    assert first.open(PIN, card_of(app, panel, "lan"))["activated"]
    secretary = signed_in(app, panel.users["secretary"])
    words = "Một ghế, nhiều máy chấm"
    assert first.state()["state"]["other_tablets"] == []
    assert words not in secretary.get("/panel/tai-nang").text
    quiet = secretary.get("/panel/tai-nang/matrix?page=1&since=")
    with app.app_context():
        assert ledger.head("judging:tai-nang").size == 0
    second = enrolled(app, client, panel, "lan")
    assert first.state()["state"]["other_tablets"] == []  # not open: it can do nothing
    assert second.open(PIN)["activated"]
    assert [each["number"] for each in first.state()["state"]["other_tablets"]] == [2]
    assert [each["number"] for each in second.state()["state"]["other_tablets"]] == [1]
    assert words in secretary.get("/panel/tai-nang").text
    polled = secretary.get("/panel/tai-nang/matrix?page=1&since=", headers={"If-None-Match": quiet.headers["ETag"]})
    assert polled.status_code == 200 and words in polled.get_json()["shared"]
    with app.app_context():
        (line,) = db.session.scalars(select(LedgerEntry).where(LedgerEntry.stream == "judging:tai-nang"))
        assert (line.kind, line.subject) == ("tablet.another", {"judge": panel.judges["lan"], "device": 2})
        assert ledger.verify("judging:tai-nang") == []
    with app.app_context(), transaction():
        assert enrolment.revoke(panel.festival_id, 2)
    assert first.state()["state"]["other_tablets"] == []
    assert words not in secretary.get("/panel/tai-nang").text


# ------------------------------------------------------------------------- account, role, seat and device end together


def ends(app: Flask, panel: Panel, what: str) -> None:
    with app.app_context(), transaction():
        if what == "account":
            accounts.set_active(panel.users["lan"], False)
        elif what == "role":
            accounts.change_user(panel.users["lan"], SECRET_NAMES["lan"], [Role.MC])
        elif what == "seat":
            unseat(panel.judges["lan"])


def after_the_end(app: Flask, client: FlaskClient, panel: Panel, what: str) -> tuple[list[str], bool, bool]:
    """(verdicts of what it sends, is it told a state, does it hear that it has ended) on the very next requests."""
    lan = as_if_opened(app, enrolled(app, client, panel, "lan"))
    assert lan.state()["state"]["contests"] != []
    assert lan.send()["device"]["revoked"] is False  # this process knows it now
    ends(app, panel, what)
    sent = lan.send(lan.write("sheet.send", "E000/1", {"marks": marks(1_000, 1_000)}, base_version=0))
    told = lan.state(known="judging:tai-nang")
    assert told["device"]["revoked"] == sent["device"]["revoked"]
    return verdicts(sent), told["state"] is not None or bool(told["heads"]), told["device"]["revoked"]


@pytest.mark.parametrize("what", ["account", "role", "seat"])
def test_a_tablet_ends_with_its_account_role_and_seat(app: Flask, client: FlaskClient, panel: Panel, what: str) -> None:
    assert after_the_end(app, client, panel, what) == (["quarantined"], False, True)
    assert sheets(app) == 0


@pytest.mark.parametrize("what", ["account", "role"])
def test_the_test_sees_a_device_that_outlives_its_person(
    app: Flask, client: FlaskClient, panel: Panel, what: str, read_anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of before: only a revocation ends a device."""
    monkeypatch.setattr(life, "ended", lambda: Device.__table__.c.revoked_at.is_not(None))
    assert after_the_end(app, client, panel, what) == (["applied"], True, False)


def test_who_was_switched_off_by_a_slip_goes_on_with_the_same_tablet(
    app: Flask, client: FlaskClient, panel: Panel
) -> None:
    lan = as_if_opened(app, enrolled(app, client, panel, "lan"))
    ends(app, panel, "account")
    assert lan.send()["device"]["revoked"] is True
    with app.app_context(), transaction():
        accounts.set_active(panel.users["lan"], True)
    assert verdicts(lan.send(lan.write("sheet.send", "E000/1", {"marks": marks(1_000, 0)}, base_version=0))) == [
        "applied"
    ]


def test_the_office_sees_that_a_tablet_has_lapsed_or_waits(app: Flask, client: FlaskClient, panel: Panel) -> None:
    office = signed_in(app, panel.users["organiser"])
    lan = enrolled(app, client, panel, "lan")
    assert "Chờ giám khảo mở máy" in office.get("/office/devices").text
    as_if_opened(app, lan)
    assert "Chờ giám khảo mở máy" not in office.get("/office/devices").text
    ends(app, panel, "account")
    assert "Ngừng: tài khoản" in office.get("/office/devices").text


# ------------------------------------------------------------------------------------------------- ledgers of others

ASKED = "judging:tai-nang,judging:bong-ro,judging:khong-co,results:tai-nang,checkin:thu,decisions:thu"


def heads_told(app: Flask, client: FlaskClient, panel: Panel) -> tuple[list[str], list[str]]:
    """Of which streams a judge's tablet hears that asks for all: in its state, and in the answer to a delivery."""
    with app.app_context(), transaction():
        for stream in ASKED.split(","):
            ledger.append(stream, "said", {}, {})
    hung = as_if_opened(app, enrolled(app, client, panel, "hung"))
    sheet = hung.write("sheet.send", "E000/1", {"marks": marks(1_000, 1_000)}, base_version=0)
    state = hung.state(known=ASKED)["heads"]
    sent = hung.send(sheet, known=ASKED.split(","))["heads"]
    return [each["stream"] for each in state], [each["stream"] for each in sent]


def test_a_tablet_hears_of_the_ledgers_of_its_own_contests_only(app: Flask, client: FlaskClient, panel: Panel) -> None:
    assert heads_told(app, client, panel) == (["judging:tai-nang"], ["judging:tai-nang"])


def test_the_test_sees_a_tablet_that_hears_of_every_panel(
    app: Flask, client: FlaskClient, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of before: the beginning of the name."""
    every = {stream for stream in ASKED.split(",") if stream.startswith("judging:")}
    monkeypatch.setattr(queries, "streams_of", lambda _device, _festival: every)
    assert heads_told(app, client, panel) == (sorted(every), sorted(every))


def test_who_left_a_panel_hears_no_more_of_its_ledger(app: Flask, client: FlaskClient, panel: Panel) -> None:
    with app.app_context(), transaction():
        seat = Judge(contest_id=panel.sport_id, user_id=panel.users["lan"], seat=PanelSeat.MEMBER, letter="A")
        db.session.add(seat)
    lan = as_if_opened(app, enrolled(app, client, panel, "lan"))
    sheet = lan.write("sheet.send", "E000/1", {"marks": marks(1_000, 1_000)}, base_version=0)
    assert [each["stream"] for each in lan.send(sheet)["heads"]] == ["judging:tai-nang"]
    with app.app_context(), transaction():
        db.session.execute(update(Judge).where(Judge.id == panel.judges["lan"]).values(marks=False))
    again = lan.send(sheet, known=["judging:tai-nang"])
    assert ([each["ledger"] for each in again["verdicts"]], again["heads"]) == (["judging:tai-nang"], [])
    assert lan.state(known=ASKED)["heads"] == [{"stream": "judging:bong-ro", "size": 0, "head": "0" * 64}]
