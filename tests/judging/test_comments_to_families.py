"""A judge writes to a family: versioned, correctable until the lock, read by the chair first, and by the family with the published result."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from config import Config
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.ledger import LedgerPayload
from festival.core.seal import checks as seals
from festival.core.secrets import look_up_hash
from festival.core.transaction import transaction
from festival.devices.models import Device, Mutation
from festival.judging.comments.forgetting import forget_comments
from festival.judging.comments.models import SheetComment
from festival.judging.comments.versions import (
    CommentMet,
    CommentSame,
    CommentTaken,
    CommentThere,
    comment_text,
    compare_comment,
)
from festival.roster.links.of_families import link_code
from festival.roster.models import Family
from tests.devices.kit import Phone, verdicts
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.judging.test_corrections_of_sheets import desk
from tests.judging.test_tablet_sync import tablet
from tests.results.test_secrecy import changed, public_paths, seen

pytestmark = pytest.mark.either_database

WORDS = "Tiếng sáo của cháu rất trong"
OTHER = "Lời thoại nên chậm lại"
PAGE = "/panel/tai-nang/comments"


def say(phone: Phone, text: object, base: int = 0, entry: str = "E000") -> dict[str, object]:
    return phone.write("sheet.comment", f"{entry}/1", {"text": text}, base_version=base)


def state(app: Flask, panel: Panel, to: ContestState) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Contest, panel.contest_id).state = to


def family_page(app: Flask, panel: Panel, at: int) -> str:
    """As the family opens it by its own link."""
    with app.app_context(), transaction():
        family = db.session.scalars(select(Family).where(Family.code == f"gia-dinh-{at}")).one()
        code = link_code(family)
        family.link_hash = look_up_hash(code)
    client = app.test_client()
    assert client.get(f"/g/{code}").status_code == 302
    return re.sub(r'name="csrf_token" value="[^"]+"', "", client.get("/family").text)  # made anew for each visitor


def differences(app: Flask) -> list[str]:
    """The columns in which a comment is not what the ledger says."""
    with app.app_context(), seals.snapshot():
        return [each.column for _stream, each in seals.inspect().named() if each.table == "sheet_comment"]


def test_a_comment_is_new_same_corrected_or_meets_another() -> None:
    there = CommentThere(2, "a")
    assert compare_comment(None, "a", 0) == CommentTaken(1)
    assert compare_comment(None, "", 0) == CommentSame()
    assert compare_comment(there, "a", 0) == CommentSame()
    assert compare_comment(there, "b", 2) == CommentTaken(3)
    assert compare_comment(there, "", 2) == CommentTaken(3)
    assert compare_comment(there, "b", 1) == CommentMet()
    assert [comment_text(each) for each in (" a \n b ", "x" * 600, "x" * 601, None, 7)] == [
        "a b",
        "x" * 600,
        None,
        None,
        None,
    ]


def test_comments_are_taken_corrected_and_never_overwritten_in_silence(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast(comments=True)
    one, two = tablet(app, client, panel, "lan"), tablet(app, client, panel, "lan")
    assert verdicts(one.send(say(one, WORDS))) == ["applied"]
    assert verdicts(one.send(say(one, WORDS + ".", 1))) == ["applied"]
    # a tablet that knew nothing of it: both are told, nothing is overwritten, and the judge sends once more
    (met,) = two.send(say(two, OTHER))["verdicts"]
    assert (met["verdict"], met["detail"]["current"], met["detail"]["offered"]) == ("conflict", WORDS + ".", OTHER)
    assert verdicts(two.send(say(two, OTHER, 2))) == ["applied"]
    (contest,) = one.state()["state"]["contests"]
    assert contest["said"] == [{"entry": "E000", "text": OTHER, "version": 3, "held": None}]
    told = one.send(
        say(one, "x", entry="E002"),  # of the judge's own unit
        say(one, "x", entry="E999"),
        say(one, "x" * 601),
        say(one, None),
        say(one, "x", entry="S000"),  # not this judge's contest
    )
    assert [each["reason"] for each in told["verdicts"]] == [
        "tied",
        "unknown_entry",
        "malformed",
        "malformed",
        "not_on_panel",
    ]
    state(app, panel, ContestState.LOCKED)
    assert one.send(say(one, "sau khóa", 3))["verdicts"][0]["reason"] == "comment_locked"
    with app.app_context():
        assert db.session.scalars(select(SheetComment.said)).all() == [OTHER]


def test_where_the_contest_has_none_none_is_taken(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast()
    lan = tablet(app, client, panel, "lan")
    assert lan.send(say(lan, WORDS))["verdicts"][0]["reason"] == "no_comments"
    with app.app_context():
        assert db.session.scalars(select(SheetComment.id)).all() == []


def test_the_chair_reads_first_holds_back_and_lets_go(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast(comments=True)
    lan = tablet(app, client, panel, "lan")
    lan.send(say(lan, WORDS), say(lan, OTHER, entry="E001"))
    chair = desk(app, panel, "chair")
    assert chair.get(PAGE).status_code == 409, "judges still write"
    state(app, panel, ContestState.LOCKED)
    page = chair.get(PAGE)
    assert page.status_code == 200 and WORDS in page.text and OTHER in page.text
    assert [desk(app, panel, who).get(PAGE).status_code for who in ("lan", "secretary", "officer")] == [404, 403, 404]
    with app.app_context():
        comment = db.session.scalars(select(SheetComment).where(SheetComment.said == OTHER)).one().id
    hold = {"comment": str(comment), "version": "1", "step": "hold"}
    refused = chair.post(PAGE, data=hold | {"reason": " "})
    assert refused.status_code == 422 and "Ghi lý do giữ lại lời nhận xét này." in refused.text
    assert chair.post(PAGE, data=hold | {"reason": "chạm đến người ngoài"}).status_code == 303
    assert chair.post(PAGE, data=hold | {"reason": "lần nữa"}).status_code == 409
    state(app, panel, ContestState.PUBLISHED)
    assert WORDS in family_page(app, panel, 0) and OTHER not in family_page(app, panel, 1)
    assert lan.state()["state"]["contests"][0]["said"][1]["held"] == "chạm đến người ngoài"
    assert chair.post(PAGE, data=hold | {"step": "free"}).status_code == 303
    assert OTHER in family_page(app, panel, 1)
    run = app.test_cli_runner().invoke
    command = ["judging", "comments", "tai-nang", "--by"]
    assert run(args=[*command, "lan"]).exit_code == 1
    held = run(args=[*command, "chair", "--hold", str(comment), "--reason", "chưa nên"])
    assert (held.exit_code, "chưa nên" in held.output, WORDS in held.output) == (0, True, True), held.output
    assert OTHER not in family_page(app, panel, 1)
    assert run(args=[*command, "chair", "--free", str(comment)]).exit_code == 0
    assert differences(app) == []


def test_no_byte_of_anybody_else_depends_on_a_comment(app: Flask, client: FlaskClient, config: Config) -> None:
    """Before publication no public page, no other tablet, no family, no title and size; after it that family alone."""
    paths = [path for path in public_paths(app) if not path.startswith(("/readyz", "/register"))]
    with app.app_context():
        panel = cast(comments=True)
        full_panel(panel)
    lan, hung = tablet(app, client, panel, "lan"), tablet(app, client, panel, "hung")
    secretary = desk(app, panel, "secretary")
    steady = seen(config, paths)

    def others() -> list[object]:
        told = hung.state()
        told.pop("server_ms")
        told.pop("heads")
        with app.app_context(), transaction():
            db.session.execute(
                update(Device).values(last_seen_at=None)
            )  # when a tablet was heard is told by the minute
        return [
            json.dumps(told, sort_keys=True),
            family_page(app, panel, 1),
            secretary.get("/panel/tai-nang/matrix?page=1").data,
        ]

    before, family = others(), family_page(app, panel, 0)
    assert verdicts(lan.send(say(lan, WORDS))) == ["applied"]
    assert (others(), changed(config, paths, steady), family_page(app, panel, 0)) == (before, [], family)
    for step in (ContestState.LOCKED, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED):
        state(app, panel, step)
        assert WORDS not in family_page(app, panel, 0) + "".join(map(str, others()))
        assert all(WORDS.encode() not in body for _status, body in seen(config, paths).values())
    state(app, panel, ContestState.PUBLISHED)
    assert WORDS in family_page(app, panel, 0)
    assert WORDS not in "".join(map(str, others()))
    assert all(WORDS.encode() not in body for _status, body in seen(config, paths).values())


def test_comments_go_with_the_family(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast(comments=True)
    lan = tablet(app, client, panel, "lan")
    lan.send(say(lan, WORDS), say(lan, OTHER, entry="E001"))
    with app.app_context():
        with transaction():
            forget_comments([panel.entry_ids[0]])
        said = db.session.scalars(select(SheetComment.said).order_by(SheetComment.entry_id)).all()
        assert said == ["", OTHER]
        kept = str(db.session.scalars(select(LedgerPayload.content)).all()) + str(
            db.session.scalars(select(Mutation.body)).all()
        )
        assert WORDS not in kept and OTHER in kept
    assert differences(app) == []


@pytest.mark.parametrize("column", ["said", "held"])
def test_a_comment_changed_in_the_table_is_a_difference(app: Flask, client: FlaskClient, column: str) -> None:
    with app.app_context():
        panel = cast(comments=True)
    lan = tablet(app, client, panel, "lan")
    lan.send(say(lan, WORDS))
    with app.app_context(), transaction():
        setattr(db.session.scalars(select(SheetComment)).one(), column, "khác")
    assert differences(app) == [column]
