"""What is said of an act: asked by the organiser until an hour, written by family and officer, corrected, taken back to what stood."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from festival.acts import telling
from festival.acts.facts import ActAsk, ActFacts, lacking, read_facts
from festival.acts.models import ActVersion
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.registration.renaming import retitle_act
from festival.roster.models import Entry
from tests.acts.conftest import FACTS, Troupe
from tests.registration.pages_kit import post, words
from tests.registration.registered import kinds, race

pytestmark = pytest.mark.either_database


def test_what_was_typed_is_read_or_said_what_is_wrong() -> None:
    asked = tuple(ActAsk)
    facts, faults = read_facts(FACTS, asked, ActFacts(), 15)
    assert (faults, facts.minutes, facts.microphones, facts.words.count("\n")) == ({}, 5, 0, 1)
    assert lacking(facts, asked, [ActAsk.TRACK]) == [ActAsk.PHOTO]
    assert lacking(ActFacts(), (ActAsk.MINUTES, ActAsk.MICROPHONES), ()) == [ActAsk.MINUTES, ActAsk.MICROPHONES]
    wrong = {
        "title": "x" * 121, "minutes": "16", "microphones": "năm", "words": "một\nhai\nba", "said": "TrÇn V¨n KiÓm",
    }  # fmt: skip
    faults = read_facts(wrong, asked, ActFacts(), 15)[1]
    assert sorted(faults) == ["microphones", "minutes", "said", "title", "words"]
    assert str(faults["minutes"]) == "Phần thi cho mỗi tiết mục nhiều nhất 15 phút."
    # what is not asked stays as it was
    kept, faults = read_facts({"genre": "múa", "props": "trống"}, (ActAsk.GENRE,), facts, 15)
    assert (faults, kept.genre, kept.props, kept.title) == ({}, "múa", "hai ghế", FACTS["title"])


def test_only_who_is_asked_writes_until_the_hour_and_the_organiser_extends_it(troupe: Troupe) -> None:
    phone, desk = troupe.phone(), troupe.organiser()
    contests = "/office/acts/contests/tai-nang"
    assert "Phần thi này hiện không hỏi gì" in words(phone.get(troupe.own))
    assert troupe.own not in phone.get("/family").text
    assert troupe.save(phone, troupe.own).status_code == 409
    bad = post(desk, contests, {"version": "0", "asked": ["title"], "until": "chiều mai"})
    assert (bad.status_code, "Ghi hạn như 12/6/2024 17:00" in words(bad), "chiều mai" in bad.text) == (400, True, True)
    asked = {"version": "0", "asked": [each.value for each in ActAsk], "until": "12/6/2020 17:00"}
    assert post(desk, contests, asked).status_code == 303
    assert "Đã hết giờ nhận" in words(phone.get(troupe.own))
    late = troupe.save(phone, troupe.own)
    assert late.status_code == 409
    # who had the page open before somebody else changed it is told, and nothing is overwritten
    assert post(desk, contests, {**asked, "until": ""}).status_code == 409
    assert post(desk, contests, {**asked, "version": "1", "until": "1/1/2100 7:30"}).status_code == 303
    assert troupe.own in phone.get("/family").text
    assert troupe.save(phone, troupe.own).status_code == 303
    assert "Còn thiếu: Nhạc nền, Ảnh gia đình." in words(phone.get(troupe.own))
    assert kinds(troupe.world)[-4:] == ["act.asked", "act.asked", "entry.retitled", "act.told"]


def test_each_change_is_kept_and_what_stood_before_comes_back(troupe: Troupe) -> None:
    troupe.ask()
    phone, officer, desk = troupe.phone(), troupe.officer(), troupe.organiser()
    wrong = troupe.save(phone, troupe.own, tail="9999")
    assert (wrong.status_code, FACTS["title"] in wrong.text) == (400, True)  # nothing typed vanishes
    over = troupe.save(phone, troupe.own, minutes="90")
    assert (over.status_code, "nhiều nhất 15 phút" in words(over), 'value="90"' in over.text) == (422, True, True)
    assert troupe.save(phone, troupe.own).status_code == 303
    assert troupe.save(officer, troupe.officers, genre="song ca").status_code == 303
    stale = post(desk, troupe.office, {**FACTS, "version": "1", "was": FACTS["title"], "genre": "múa"})
    assert stale.status_code == 409
    assert troupe.save(desk, troupe.office, title="Hát ru", genre="song ca").status_code == 303
    assert "Không có gì thay đổi" in words(
        desk.get(troupe.save(desk, troupe.office, title="Hát ru", genre="song ca").location)
    )
    assert troupe.back(phone, troupe.own, to="1").status_code == 303
    with troupe.world.app.app_context(), reading():
        entry = db.session.scalars(select(Entry).where(Entry.code == troupe.code)).one()
        told = telling.versions_of(entry.id)
        assert [(row.version, row.told_how, row.title, row.genre) for row in told] == [
            (4, "link", FACTS["title"], "đơn ca"),
            (3, "office", "Hát ru", "song ca"),
            (2, "officer", FACTS["title"], "song ca"),
            (1, "link", FACTS["title"], "đơn ca"),
        ]
        assert entry.title == FACTS["title"]  # what programme and judges read
        assert checks.inspect().clean
    with troupe.world.app.app_context(), transaction():
        db.session.scalars(select(ActVersion).where(ActVersion.version == 2)).one().props = "súng"
    with troupe.world.app.app_context(), reading():
        assert not checks.inspect().clean


def test_a_title_corrected_after_the_proof_is_not_written_over(troupe: Troupe) -> None:
    troupe.ask()
    desk = troupe.organiser()
    assert troupe.save(desk, troupe.office).status_code == 303
    seen = troupe.seen()
    with troupe.world.app.app_context(), transaction():
        assert retitle_act(troupe.world.rules().festival, troupe.code, FACTS["title"], "Hát ru con", None)
    assert post(desk, troupe.office, {**FACTS, **seen, "genre": "múa"}).status_code == 409
    assert 'value="Hát ru con"' in desk.get(troupe.office).text


def test_somebody_elses_act_is_not_found(troupe: Troupe) -> None:
    troupe.ask()
    stranger = troupe.world.as_user(troupe.world.other_officer)
    other = troupe.officers.replace(troupe.world.hon_dat, troupe.world.kien_luong)
    assert [stranger.get(path).status_code for path in (troupe.officers, other)] == [404, 404]
    assert troupe.phone().get("/family/acts/NOBODY").status_code == 404
    assert troupe.world.app.test_client().get(troupe.own).status_code == 403
    assert troupe.officer().get(troupe.office).status_code == 403


@pytest.mark.both_databases
def test_two_who_write_at_once_the_second_is_told(troupe: Troupe) -> None:
    troupe.ask(until=now() + timedelta(days=1))
    names = iter(range(100))

    def act() -> str:
        entry = db.session.scalars(select(Entry).where(Entry.code == troupe.code)).one()
        facts = ActFacts(genre=f"múa {next(names)}")
        try:
            return str(telling.tell(troupe.world.rules().festival, entry, facts, 0, "", "officer", None))
        except Overtaken:
            return "overtaken"

    assert sorted(map(str, race(troupe.world.app, 6, act))) == ["True", *["overtaken"] * 5]

    def naive() -> str:
        """Written without asking what stood: all six are told that it is saved, and five are gone without a word."""
        changed = update(Entry).where(Entry.code == troupe.code).values(title=f"múa {next(names)}")
        return str(db.session.scalar(changed.returning(Entry.id)) is not None)

    assert race(troupe.world.app, 6, naive) == ["True"] * 6
