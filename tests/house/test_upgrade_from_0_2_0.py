"""Does a database of release 0.2.0 come up to this release with every row, pass, link and enrolled device still good?

`data/release-0.2.0.json.gz` holds every row of such a database (made by that release, see data/README.md) and what people
and devices hold outside of it. It is put into the tables of revision 0002 and brought up by `flask db upgrade`, as an
organiser would. Later issues keep this file as it is: a migration that changes a row on purpose says so
where the rows are compared, with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from festival.accounts.queries import SESSION_COOKIE
from festival.checkin.lookup import look_up
from festival.checkin.models import Admission
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.sentence import Sentence, from_json
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import LANGUAGE_COOKIE, say
from festival.devices.activation.sealed_cards import issue_cards
from festival.devices.models import Device
from festival.editions.models import Festival
from festival.factory import create_app
from festival.operations.migrations import init_migrations
from festival.passes import code as pass_code
from festival.passes import first_form, tokens
from festival.passes.models import Pass
from festival.results.current import current_table, standings_hash, tally_for_result
from festival.results.delegations.table import whole_delegation
from festival.results.models import Standing
from festival.roster.links import of_families
from festival.roster.models import Delegation, Person
from tests.conftest import DATABASES, empty_database, test_config
from tests.devices.kit import Phone, opened
from tests.harness.paper_words import words_of_pdf
from tests.harness.postgres import Cluster
from tests.house import as_stored
from tests.house.keyed_0007 import KEYED, keyed
from tests.house.release_0_2_0 import LAST_REVISION, OLD_REASONS, BroughtUp, as_told, kept, rows_as_they_were


@pytest.fixture(scope="module", params=DATABASES)
def brought_up(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BroughtUp]:
    """A database of release 0.2.0, upgraded; one for all tests of a kind, so each counts from what it finds."""
    folder = tmp_path_factory.mktemp("from-0.2.0")
    for url in empty_database(request, request.param, folder / "festival.sqlite3"):
        app = create_app(test_config(folder / "instance", url))
        init_migrations(app)
        with app.app_context(), pytest.MonkeyPatch.context() as changed:
            upgrade(revision=LAST_REVISION)
            as_stored.put(db.engine, rows_as_they_were())
            assert as_stored.rows(db.engine) == rows_as_they_were()
            db.engine.dispose()
            if request.param == "postgresql":
                # an upgrade makes a backup first, with the pg_dump of the server's own version
                server: Cluster = request.getfixturevalue("cluster")
                changed.setenv("PATH", str(server.binaries), prepend=":")
            done = app.test_cli_runner().invoke(args=["db", "upgrade"])
            assert done.exit_code == 0, done.output
            found = as_stored.rows(db.engine)
        yield BroughtUp(app, found)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def client(brought_up: BroughtUp) -> FlaskClient:
    return brought_up.app.test_client()


# ------------------------------------------------------------------------------------------------------------ rows


def test_the_file_holds_every_table_and_every_state() -> None:
    def states(table: str, column: str = "state") -> set[object]:
        return {row[column] for row in rows_as_they_were()[table]}

    assert [name for name, rows in rows_as_they_were().items() if not rows] == []
    assert states("family") == {"draft", "submitted", "returned", "approved", "rejected", "withdrawn"}
    assert states("contest") == {"open", "locked", "signed", "decided", "released", "published"}
    assert states("act") == {"waiting", "ready", "on_stage", "done", "absent"}
    assert states("mutation", "verdict") == {"applied", "duplicate", "conflict", "quarantined", "rejected"}
    assert states("jury_decision", "kind") == {"tie", "prize", "out"}


@pytest.mark.parametrize("table", sorted(rows_as_they_were()))
def test_every_row_is_there_unchanged(brought_up: BroughtUp, table: str) -> None:
    """Equality of all old columns; a later release may have added some. What looks up codes is keyed since 0007."""
    columns = rows_as_they_were()[table][0].keys()
    old = as_stored.in_order(keyed(table, row) for row in rows_as_they_were()[table])
    now = [{name: row[name] for name in columns} for row in brought_up.rows[table]]
    assert as_stored.in_order(now) == old


def test_codes_that_people_type_are_kept_keyed_and_old_ones_are_still_good(brought_up: BroughtUp) -> None:
    family = kept()["held"]["family"]
    with brought_up.app.app_context(), reading():
        link = of_families.family_of_link(family["link"])
        assert link is not None and link.name == family["name"]
        answer = look_up(link.festival_id, family["typed"])
        names = [each.record["name"] for each in answer.found]
        assert (answer.by, names, answer.more) == ("code", [family["name"]], False)
    # Whoever holds the file without the pass key finds no code by trying: the naive way finds them in the old file.
    naive = {sha256(family[each].encode()).hexdigest() for each in ("link", "typed")}
    before = {row[column] for table, column in KEYED.items() for row in rows_as_they_were()[table]}
    after = {row[column] for table, column in KEYED.items() for row in brought_up.rows[table]}
    assert (naive & before, naive & after, before & after - {None}) == (naive, set(), set())


def test_an_upgrade_with_another_pass_key_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'festival.sqlite3'}"
    app = create_app(replace(test_config(tmp_path / "instance", url), pass_key=bytes(32)))
    init_migrations(app)
    with app.app_context():
        upgrade(revision=LAST_REVISION)
        as_stored.put(db.engine, rows_as_they_were())
        with pytest.raises(SystemExit):
            upgrade()
        assert as_stored.rows(db.engine) == rows_as_they_were()
        db.engine.dispose()


def test_the_tables_are_those_of_this_release(brought_up: BroughtUp) -> None:
    with brought_up.app.app_context(), db.engine.connect() as connection:
        assert as_stored.strange_to_the_models(connection) == []


def test_new_rows_are_numbered_after_the_old_ones(brought_up: BroughtUp) -> None:
    highest = max(row["id"] for row in rows_as_they_were()["person"])
    with brought_up.app.app_context():
        person = Person(
            festival_id=1, delegation_id=1, code="moi", badge="crew", name="Châu Văn Tài", folded="chau van tai"
        )
        db.session.add(person)
        db.session.flush()
        assert person.id > highest
        db.session.rollback()


# ---------------------------------------------------------------------------------------------------------- ledger


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_entry",
        "UPDATE ledger_entry SET kind = 'x'",
        "DELETE FROM ledger_payload",
        "UPDATE ledger_payload SET content = 'x'",
        "DELETE FROM ledger_head",
        "UPDATE ledger_head SET size = 0",
    ],
)
def test_the_ledger_still_refuses_to_be_changed(brought_up: BroughtUp, statement: str) -> None:
    with brought_up.app.app_context(), pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_the_ledger_is_intact_and_ends_where_it_ended(brought_up: BroughtUp) -> None:
    with brought_up.app.app_context(), reading():
        streams = ledger.streams()
        assert {row["stream"] for row in rows_as_they_were()["ledger_head"]} <= set(streams)
        assert {stream: ledger.verify(stream) for stream in streams} == {stream: [] for stream in streams}
    heads = [{name: row[name] for name in ("stream", "size", "hash")} for row in brought_up.rows["ledger_head"]]
    assert as_stored.in_order(heads) == rows_as_they_were()["ledger_head"]


def test_the_tables_say_what_the_old_ledger_says(brought_up: BroughtUp) -> None:
    """No false alarm; what release 0.2.0 did not write is counted, not guessed."""
    with brought_up.app.app_context(), seals.snapshot():
        report = seals.inspect()
        assert report.named() == [] and report.clean
    assert report.counts.rows > 0 and report.counts.unknown > 0 and report.counts.erased == 0


# ----------------------------------------------------------------------------------------- passes, phones, tablets


def test_an_old_pass_is_known_and_an_old_phone_lets_its_family_in(brought_up: BroughtUp, client: FlaskClient) -> None:
    family = kept()["held"]["family"]
    gate = Phone.going_on(client, kept()["held"]["devices"]["gate"])
    list_id = pass_code.list_id(first_form.decode(family["qr"]))
    assert list_id == family["list_id"]
    with brought_up.app.app_context(), reading():
        row = db.session.scalars(select(Pass).where(Pass.list_id == list_id)).one()
        # a card that is printed again is the same card
        assert (tokens.qr_text(row), tokens.typed_of(row)) == (family["qr"], family["typed"])
        inside = (
            select(func.count(Admission.id))
            .join(Person, Person.id == Admission.person_id)
            .where(Person.code.in_(family["persons"]))
        )
        assert db.session.scalar(inside) == 0
    (verdict,) = gate.send(gate.scan(list_id))["verdicts"]
    assert (verdict["verdict"], verdict["reason"]) == ("applied", None)
    with brought_up.app.app_context(), reading():
        assert db.session.scalar(inside) == len(family["persons"]) == 4


def test_an_old_phone_is_told_a_list_which_the_old_pass_opens(client: FlaskClient) -> None:
    family = kept()["held"]["family"]
    told = Phone.going_on(client, kept()["held"]["devices"]["gate"]).state()
    (sealed,) = [record for list_id, record in told["state"]["passes"] if list_id == family["list_id"]]
    assert told["state"]["first_form"] is True  # so the phone goes on reading what was printed then
    record = opened(sealed, family["qr"], first_form.decode)
    assert (record["name"], [person["c"] for person in record["members"]]) == (family["name"], family["persons"])


def test_a_replaced_pass_and_a_revoked_phone_stay_refused(client: FlaskClient) -> None:
    devices, tombstone = kept()["held"]["devices"], kept()["held"]["replaced_pass"]["list_id"]
    lead, lost = Phone.going_on(client, devices["lead"]), Phone.going_on(client, devices["revoked"])
    (refused,) = lead.send(lead.scan(tombstone))["verdicts"]
    assert (refused["verdict"], refused["reason"]) == ("rejected", "pass_replaced")
    (aside,) = lost.send(lost.scan(kept()["held"]["family"]["list_id"]))["verdicts"]
    assert (aside["verdict"], aside["reason"]) == ("quarantined", "revoked")


def old_tablet(brought_up: BroughtUp, client: FlaskClient) -> Phone:
    """The tablet of before, opened by its judge: from release 0.4 on it waits for the judge's PIN, nothing else."""
    tablet = Phone.going_on(client, kept()["held"]["devices"]["tablet"])
    told = tablet.state()
    if not told["device"]["waiting"]:
        return tablet
    assert (told["state"]["contests"], told["heads"]) == ([], [])
    assert told["state"]["activation"] == {"pin": False, "card": False}
    with brought_up.app.app_context(), transaction():
        judge = db.session.scalar(select(Device.user_id).where(Device.code == tablet.device["code"]))
        (card,) = issue_cards([judge], None)
    # what it wrote before is not lost, and counts only afterwards
    written = (tablet.seq, tablet.tail)
    waiting = tablet.send(tablet.write("sheet.abstain", "x/1", {"state": "late"}))
    assert (waiting["verdicts"], len(waiting["unanswered"])) == ([], 1)
    tablet.seq, tablet.tail = written
    assert tablet.open("271828", card.digits)["activated"]
    return tablet


def test_an_old_tablet_is_told_what_it_was_told_before(brought_up: BroughtUp, client: FlaskClient) -> None:
    """Everything release 0.2.0 said; a later one may say more."""
    tablet = old_tablet(brought_up, client)
    before, now = kept()["told"]["tablet"]["contests"], tablet.state()["state"]["contests"]
    assert as_told(before, now) == before


def test_an_old_tablet_goes_on_marking(brought_up: BroughtUp, client: FlaskClient) -> None:
    tablet = old_tablet(brought_up, client)
    (contest,) = kept()["told"]["tablet"]["contests"]
    (sheet,) = [each for each in contest["sheets"] if each["conflict"]]
    chosen = tablet.write(
        "sheet.resolve", f"{sheet['entry']}/1", {"keep": sheet["offers"][0]["mid"]}, base_version=sheet["version"]
    )
    (verdict,) = tablet.send(chosen)["verdicts"]
    assert (verdict["verdict"], verdict["detail"]) == ("applied", {"version": 2, "total": sheet["offers"][0]["total"]})


# ------------------------------------------------------------------------------------------------- links and pages


def test_an_old_link_opens_the_familys_page(client: FlaskClient) -> None:
    family = kept()["held"]["family"]
    assert client.get(f"/g/{family['link']}").location == "/family"
    for path in ("/family", "/family/registration"):
        page = client.get(path)
        assert page.status_code == 200, path
        assert family["name"] in page.text, path
    assert client.get("/family/pass.png").status_code == 200


def test_who_was_signed_in_still_is(client: FlaskClient) -> None:
    client.set_cookie(SESSION_COOKIE, kept()["held"]["cookies"]["bantochuc"])
    for path in ("/office", "/office/registrations", "/office/results", "/office/schedule", "/office/contests"):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("edition", ["kien-giang-2023", "kien-giang-2024"])
def test_the_public_results_are_those_of_before(brought_up: BroughtUp, edition: str) -> None:
    done = brought_up.app.test_cli_runner().invoke(args=["results", "public", "--festival", edition])
    assert (done.exit_code, json.loads(done.stdout)) == (0, kept()["told"]["public"][edition])


def test_the_public_page_names_the_winners_of_a_published_contest(client: FlaskClient) -> None:
    (talent,) = [each for each in kept()["told"]["public"]["kien-giang-2024"] if each["contest"] == "tai-nang"]
    winners = [name for prize in talent["prizes"] for name in prize["winners"]]
    assert len(winners) == 11
    for path in ("/results", "/contests/tai-nang"):
        page = client.get(path)
        assert page.status_code == 200, path
        assert [name for name in winners if name not in page.text] == [], path


# -------------------------------------------------------------------------------------------------- what was signed


def test_what_was_signed_has_the_fingerprint_it_was_signed_with(brought_up: BroughtUp) -> None:
    with brought_up.app.app_context(), reading():
        closed = db.session.scalars(select(Contest).where(Contest.state != ContestState.OPEN)).all()
        computed = {}
        for contest in closed:
            table = current_table(tally_for_result(contest))
            computed[contest.festival.code, contest.code] = (set(table.appearances), standings_hash(table))
        signed = {key: last_recorded(key[1], entries) for key, (entries, _digest) in computed.items()}
    assert len(computed) == 7
    assert {key: digest for key, (_entries, digest) in computed.items()} == signed


def last_recorded(code: str, entries: set[str]) -> str:
    """The last fingerprint in the ledger over these entries; contests of one code of two editions share a stream."""
    old = [row for row in rows_as_they_were()["ledger_payload"] if row["stream"] == f"results:{code}"]
    payloads = [json.loads(row["content"]) for row in sorted(old, key=lambda row: row["seq"])]
    recorded = [each for each in payloads if "standings" in each]
    return [each["standings_hash"] for each in recorded if {e["entry"] for e in each["standings"]} == entries][-1]


def read_in(app: Flask, language: str, said: Iterable[Sentence]) -> list[str]:
    """The sentences as somebody reads them who has chosen that language."""
    with app.test_request_context(headers={"Cookie": f"{LANGUAGE_COOKIE}={language}"}):
        return [say(each) for each in said]


def test_stored_reasons_are_read_in_both_languages(brought_up: BroughtUp) -> None:
    with brought_up.app.app_context(), reading():
        stored = [from_json(each) for row in db.session.scalars(select(Standing)) for each in row.reasons]
    assert len({each.template for each in stored}) == len(OLD_REASONS)
    vietnamese, english = (read_in(brought_up.app, language, stored) for language in ("vi", "en"))
    assert vietnamese == [str(each) for each in stored]
    read = dict(zip(vietnamese, english, strict=True))
    assert {each: read[each] for each in OLD_REASONS} == OLD_REASONS
    assert [each for each, worded in read.items() if each == worded] == []


def test_the_signed_minutes_of_the_delegations_are_read_in_both_languages(brought_up: BroughtUp) -> None:
    with brought_up.app.app_context(), reading():
        table = whole_delegation(db.session.scalars(select(Festival).where(Festival.code == "kien-giang-2023")).one())
        assert table is not None and table.minutes is not None
        reasons = [reason for line in table.lines for reason in line.reasons]
    names = "(Danh Thị Chung, Lê Hoàng Phúc)"
    assert [read_in(brought_up.app, language, reasons) for language in ("vi", "en")] == [
        [f"Bằng điểm, ban giám khảo quyết định: đồng đều hơn {names}."] * 2,
        [f"Tie; the jury decided: đồng đều hơn {names}."] * 2,
    ]


RUNGS = {"vi": "số thành viên tham gia", "en": "number of members taking part"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_minutes_of_old_contests_are_in_vietnamese_for_every_reader(client: FlaskClient, language: str) -> None:
    """`tai-nang` was locked by somebody who read Vietnamese, `trang-phuc` by somebody who read English."""
    client.set_cookie(SESSION_COOKIE, kept()["held"]["cookies"]["thuky"])
    client.set_cookie(LANGUAGE_COOKIE, language)
    for code in ("tai-nang", "trang-phuc"):
        page = client.get(f"/panel/{code}/minutes")
        assert page.status_code == 200, code
        assert [rung for rung in RUNGS.values() if rung in words_of_pdf(page.data)] == [RUNGS["vi"]], code


def test_the_panels_pages_of_every_old_contest_are_drawn(client: FlaskClient) -> None:
    client.set_cookie(SESSION_COOKIE, kept()["held"]["cookies"]["thuky"])
    codes = [row["code"] for row in rows_as_they_were()["contest"] if row["festival_id"] == 1]
    paths = [f"/panel/{code}{page}" for code in codes for page in ("", "/matrix")]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


# ------------------------------------------------------------------------------------- what files stated and nobody kept


def test_codes_and_least_numbers_of_the_file_are_kept_now(brought_up: BroughtUp) -> None:
    with brought_up.app.app_context(), reading():
        festival = db.session.scalars(select(Festival).where(Festival.code == "kien-giang-2024")).one()
        stated = {each["code"]: each for each in festival.ruleset["contests"]}
        kept_now = {
            row.code: row for row in db.session.scalars(select(Contest).where(Contest.festival_id == festival.id))
        }
        assert {code: row.entries_min for code, row in kept_now.items()} == {
            code: each["entries_per_delegation"]["min"] for code, each in stated.items()
        }
        codes = db.session.scalars(
            select(Delegation.rule_code).where(Delegation.festival_id == festival.id).order_by(Delegation.position)
        ).all()
        assert codes == [each["code"] for each in festival.ruleset["delegations"]]
