"""The organiser's report on its pages: figures and their lists, what is typed, versions made, drawn, taken back; recounted by hand."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select, text, update
from werkzeug.test import TestResponse

from festival.ceremony.report import lines, versions
from festival.ceremony.report.content import content_from_json
from festival.ceremony.report.counting import figures, sensitive
from festival.ceremony.report.counting.tables import SUM, FigureTable
from festival.ceremony.report.lines import LineTyped
from festival.ceremony.report.models import ReportFile, ReportForm, ReportLine, ReportLineKind, ReportVersion
from festival.ceremony.report.reading import facts_of, totals_of
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.seal.checks import inspect
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.results.models import Award
from festival.roster.models import Delegation, Entry, EntryState, Family, Person
from tests.accounts.kit import Person as Visitor
from tests.accounts.kit import make_user, noted, signed_in
from tests.results.test_commands import run

pytestmark = pytest.mark.either_database

HOME = "/office/report"


@pytest.fixture
def app(demo_app: Flask) -> Flask:
    return demo_app


@pytest.fixture
def organiser(app: Flask) -> Visitor:
    make_user(app, "bc")
    return signed_in(app, "bc")


def said(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def content(app: Flask, number: int) -> dict[str, FigureTable]:
    with app.app_context(), reading():
        row = versions.version_of(the_festival(), number)
        return {each.key: each for each in content_from_json(row.content).all_tables}


def awarded(app: Flask) -> None:
    """Two contests whose result may be read, one that is only locked; each with a first prize and two others."""
    with app.app_context(), transaction():
        rows = db.session.scalars(select(Contest).order_by(Contest.position)).all()
        for contest, state in zip(
            rows, (ContestState.RELEASED, ContestState.PUBLISHED, ContestState.LOCKED), strict=False
        ):
            contest.state = state
            own = select(Entry).where(Entry.contest_id == contest.id, Entry.state == EntryState.ENROLLED)
            for at, entry in enumerate(db.session.scalars(own.order_by(Entry.id).limit(3))):
                prize, position = (("Giải Nhất", 1), ("Giải Nhì", 2), ("Giải phụ", 1))[at]
                db.session.add(
                    Award(
                        contest_id=contest.id,
                        festival_id=contest.festival_id,
                        entry_id=entry.id,
                        prize=prize,
                        position=position,
                        special=at == 2,
                        name=f"{entry.name} ({contest.code})",
                    )
                )


def rows_of(app: Flask, statement: str) -> list[tuple[object, ...]]:
    with app.app_context(), reading():
        return [tuple(row) for row in db.session.execute(text(statement))]


def column(table: FigureTable, name: str) -> dict[str, object]:
    """By the words of the row; the sum stands under "Cộng"."""
    return {str(row.label): table.shown(row.key, name) for row in table.rows}


APPROVED = "family.state = 'approved' AND NOT EXISTS (SELECT 1 FROM departure d WHERE d.person_id = p.id AND d.back_at IS NULL)"


def test_the_figures_are_those_counted_by_hand(app: Flask) -> None:
    awarded(app)
    with app.app_context(), transaction():
        number = versions.make_version(the_festival().id, None).number
    tables = content(app, number)
    by_unit = f"""SELECT d.name, COUNT(DISTINCT family.id), COUNT(p.id), COUNT(DISTINCT a.person_id)
        FROM delegation d LEFT JOIN family ON family.delegation_id = d.id AND family.state = 'approved'
        LEFT JOIN person p ON p.family_id = family.id AND {APPROVED}
        LEFT JOIN (SELECT DISTINCT person_id FROM admission WHERE NOT annulled) a ON a.person_id = p.id
        GROUP BY d.id, d.name"""
    counted = rows_of(app, by_unit)
    for name, table in (("families", "units"), ("members", "units"), ("came", "arrivals")):
        place = {"families": 1, "members": 2, "came": 3}[name]
        expected = {row[0]: row[place] for row in counted}
        expected["Cộng"] = sum(int(str(row[place])) for row in counted)
        assert column(tables[table], name) == expected
    contests = """SELECT c.name, COUNT(DISTINCT e.id), COUNT(ep.person_id), COUNT(CASE WHEN p.sex = 'female' THEN 1 END)
        FROM contest c JOIN entry e ON e.contest_id = c.id AND e.state = 'enrolled'
        LEFT JOIN entry_person ep ON ep.entry_id = e.id LEFT JOIN person p ON p.id = ep.person_id GROUP BY c.id, c.name"""
    for row in rows_of(app, contests):
        found = [column(tables["contests"], name)[str(row[0])] for name in ("entries", "performers", "women")]
        assert tuple(found) == row[1:]
    prizes = """SELECT d.name, COUNT(*) FROM award a JOIN contest c ON c.id = a.contest_id JOIN entry e ON e.id = a.entry_id
        JOIN delegation d ON d.id = e.delegation_id WHERE c.state IN ('released', 'published') GROUP BY d.name"""
    assert {name: n for name, n in column(tables["awards"], SUM).items() if n and name != "Cộng"} == {
        row[0]: row[1] for row in rows_of(app, prizes)
    }
    assert column(tables["receivers"], SUM)["Cộng"] == 6
    cooks = """SELECT COUNT(DISTINCT p.id) FROM entry_person ep JOIN person p ON p.id = ep.person_id AND p.sex = 'male'
        JOIN entry e ON e.id = ep.entry_id AND e.state = 'enrolled' JOIN contest c ON c.id = e.contest_id WHERE c.together_min > 0"""
    assert tables["equality"].shown("cooking", "men") == rows_of(app, cooks)[0][0]


def test_what_is_shown_of_ages_is_counted_by_hand_too(app: Flask) -> None:
    with app.app_context(), transaction():
        festival = the_festival()
        begins = festival.starts_on
        number = versions.make_version(festival.id, None).number
    ages = content(app, number)["ages"]
    people = rows_of(
        app,
        f"SELECT p.sex, p.born_on, p.birth_year FROM person p JOIN family ON family.id = p.family_id WHERE {APPROVED}",
    )

    def years(born_on: object, year: object) -> int | None:
        born = date.fromisoformat(str(born_on)) if born_on else None
        if born is not None:
            return begins.year - born.year - ((begins.month, begins.day) < (born.month, born.day))
        return begins.year - int(str(year)) if year else None

    first = {"small": 0, "school": 6, "youth": 16, "grown": 18, "elder": 60}
    counted: dict[tuple[str, str], int] = {}
    for sex, born_on, year in people:
        age = years(born_on, year)
        span = "unknown" if age is None else [key for key, start in first.items() if age >= start][-1]
        for key in (span, SUM):
            for col in ({"female": "women", "male": "men"}.get(str(sex), "unknown"), SUM):
                counted[key, col] = counted.get((key, col), 0) + 1
    shown = {(row.key, name): ages.shown(row.key, name) for row in ages.rows for name, _words in ages.columns}
    assert {cell: n for cell, n in shown.items() if n is not None} == {
        cell: counted.get(cell, 0) for cell, n in shown.items() if n is not None
    }
    assert None in shown.values() and any(isinstance(n, int) and n > 0 for n in shown.values())
    with app.app_context(), reading():
        festival = the_festival()
        assert totals_of(festival.id) == figures.totals(facts_of(festival, {}))


def test_nothing_of_a_result_that_is_not_released_is_on_any_page_or_paper(app: Flask, organiser: Visitor) -> None:
    awarded(app)
    secret = select(Contest.code).where(Contest.state == ContestState.LOCKED)
    with app.app_context(), reading():
        code = db.session.scalars(secret).one()
        released = db.session.scalars(select(Contest.code).where(Contest.state == ContestState.RELEASED)).one()
    assert organiser.post(HOME).status_code == 303
    with app.app_context():
        assert versions.draw_waiting() == 3
        with reading():
            files = {row.form: row.content for row in db.session.scalars(select(ReportFile))}
    pages = [organiser.get(f"{HOME}{path}").text for path in ("", "/tables/awards", "/typed/commended", "/versions/1")]
    lists = organiser.get(f"{HOME}/list?of=awards&row=sum&in=sum").text
    docx = ZipFile(BytesIO(files[ReportForm.DOCX])).read("word/document.xml").decode()
    assert [f"({code})" in each for each in (*pages, lists, docx)] == [False] * 6
    assert (f"({released})" in lists, f"({released})" in pages[2]) == (True, True), "where it could stand others do"


def test_every_number_leads_to_a_list_of_so_many_and_a_hidden_one_to_none(app: Flask, organiser: Visitor) -> None:
    awarded(app)
    with app.app_context(), reading():
        now = versions.report_now(the_festival(), [])
    links = 0
    for table in now.content.all_tables:
        page = organiser.get(f"{HOME}/tables/{table.key}")
        assert page.status_code == 200
        found = re.findall(r'href="(/office/report/list\?[^"]+)"[^>]*>(\d+)</a>', page.text)
        links += len(found)
        for address, number in found[-1:]:
            listed = organiser.get(address.replace("&amp;", "&"))
            assert re.search(rf"<p>[^<]*: {number}</p>", listed.text), address
        hidden = [
            (row.key, name) for row in table.rows for name, _w in table.columns if table.shown(row.key, name) is None
        ]
        for row, name in hidden[:1]:
            assert organiser.get(f"{HOME}/list?of={table.key}&row={row}&in={name}").status_code == 404
    assert links > 150
    assert organiser.get(f"{HOME}/list?of=nothing&row=1&in=2").status_code == 404
    assert ("read_children", {"festival": "kien-giang-2024", "what": "report"}) in noted(app)


def test_lines_are_typed_corrected_taken_back_and_brought_back(app: Flask, organiser: Visitor) -> None:
    page = f"{HOME}/typed/money"

    def add(**form: str) -> TestResponse:
        return organiser.post(page, **{"kind": "expenditure", "name": "Âm thanh", "grounds": "PC 5", **form})

    refused = add(amount="mười triệu")
    assert (refused.status_code, "Số tiền ghi bằng đồng" in refused.text, 'value="mười triệu"' in refused.text) == (
        400,
        True,
        True,
    )
    assert 'value="Âm thanh"' in refused.text
    for wrong in ("-5", "0", "9999999999999", "1e9", ""):
        assert add(amount=wrong).status_code == 400
    assert add(amount="12.500.000 đ").status_code == 303
    assert add(amount="1", kind="income", name="Tài trợ").status_code == 303
    assert "Mười hai triệu năm trăm ngàn đồng" in organiser.get(page).text
    with app.app_context(), reading():
        line = db.session.scalars(select(ReportLine.id).order_by(ReportLine.id)).first()
    one = f"{HOME}/lines/{line}"
    assert (
        organiser.post(one, kind="expenditure", version="1", name="Ánh sáng", grounds="", amount="7000").status_code
        == 303
    )
    overtaken = organiser.post(one, kind="expenditure", version="1", name="Loa đài", grounds="", amount="8000")
    assert (overtaken.status_code, "Loa đài" in overtaken.text) == (409, True)
    assert organiser.post(f"{one}/take-back", version="2").status_code == 303
    assert "Bảy ngàn đồng" not in organiser.get(page).text
    assert organiser.post(f"{one}/bring-back", version="3").status_code == 303
    assert "Bảy ngàn đồng" in organiser.get(page).text
    assert organiser.post(page, kind="lesson", name="x").status_code == 400, "a kind of another page"
    no_grounds = organiser.post(f"{HOME}/typed/commended", kind="commend_person", name="Ông Danh Mẫu", grounds=" ")
    assert (no_grounds.status_code, "Khen thưởng phải có thành tích" in no_grounds.text) == (400, True)
    twice = [
        organiser.post(
            f"{HOME}/typed/commended", kind="commend_person", name="Ông Danh Mẫu", grounds="Cứu người"
        ).status_code
        for _time in range(2)
    ]
    assert twice == [303, 409]
    script = "<script>alert(1)</script>"
    assert organiser.post(f"{HOME}/typed/lessons", kind="lesson", name=f"{script}\n\nDòng hai").status_code == 303
    assert script not in organiser.get(f"{HOME}/typed/lessons").text
    with app.app_context(), reading():
        assert inspect().clean


def test_a_version_is_made_once_drawn_kept_taken_back_and_used_again(app: Flask, organiser: Visitor) -> None:
    with app.app_context(), transaction():
        lines.add_line(the_festival(), ReportLineKind.EXPENDITURE, LineTyped("Âm thanh", "", 12_500_000), None)
    for _press in range(2):
        assert organiser.post(HOME).headers["Location"] == f"{HOME}/versions/1"
    waiting = organiser.get(f"{HOME}/versions/1/state").json
    assert waiting == {"state": "working", "done": 0, "whole": 3}
    assert organiser.get(f"{HOME}/versions/1/file/pdf").status_code == 404
    with app.app_context():
        assert (versions.draw_waiting(), versions.draw_waiting()) == (3, 0)
    files = {form: organiser.get(f"{HOME}/versions/1/file/{form}") for form in ReportForm}
    page = organiser.get(f"{HOME}/versions/1").text
    assert all(sha256(each.data).hexdigest()[:16] in page for each in files.values())
    assert files[ReportForm.PDF].data.startswith(b"%PDF-")
    words = ZipFile(BytesIO(files[ReportForm.DOCX].data)).read("word/document.xml").decode()
    wanted = (
        "BÁO CÁO",
        "Độc lập - Tự do - Hạnh phúc",
        "Mười hai triệu năm trăm ngàn đồng",
        "12.500.000",
        "Kết quả tổ chức",
    )
    assert [each in words for each in wanted] == [True] * 5
    book = openpyxl.load_workbook(BytesIO(files[ReportForm.XLSX].data))
    units = {
        row[0]: row[1]
        for row in book["1. Đoàn, gia đình, người theo đ"].iter_rows(min_row=4, values_only=True)
        if row[0]
    }
    assert {name: n for name, n in units.items() if isinstance(n, int)} == column(content(app, 1)["units"], "families")
    assert organiser.post(f"{HOME}/versions/1/take-back", version="1", reason=" ").status_code == 400
    assert organiser.post(f"{HOME}/versions/1/take-back", version="1", reason="làm thử").status_code == 303
    assert organiser.post(f"{HOME}/versions/1/take-back", version="2", reason="lần nữa").status_code == 409
    assert organiser.get(f"{HOME}/versions/1/file/pdf").data == files[ReportForm.PDF].data, (
        "an earlier one stays readable"
    )
    assert organiser.post(f"{HOME}/versions/1/reinstate", version="2").status_code == 303
    assert ("export", {"festival": "kien-giang-2024", "what": "report"}) in noted(app)
    with app.app_context(), reading():
        assert inspect().clean
    with app.app_context(), transaction():
        db.session.execute(update(ReportFile).where(ReportFile.form == ReportForm.PDF).values(content=b"%PDF-other"))
        db.session.execute(update(ReportLine).values(amount_vnd=1))
    with app.app_context(), reading():
        assert len(inspect().named()) == 2, "what was changed beside the ledger is found"


def test_ages_are_counted_once_so_two_versions_tell_nothing_of_who_came_between(app: Flask, organiser: Visitor) -> None:
    organiser.post(HOME)
    with app.app_context(), transaction():
        leaves = db.session.scalars(
            select(Person).join(Family, Family.id == Person.family_id).where(Person.birth_year < 1960).limit(1)
        ).first()
        member = leaves or db.session.scalars(select(Person).where(Person.family_id.is_not(None))).first()
        assert member is not None
        member.birth_year, member.born_on = 2023, None
    organiser.post(f"{HOME}/typed/lessons", kind="lesson", name="Mời thêm gia đình trẻ")
    assert organiser.post(HOME).headers["Location"] == f"{HOME}/versions/2"
    first, second = content(app, 1), content(app, 2)
    assert [first[key] for key in sensitive.KEYS if key in first] == [
        second[key] for key in sensitive.KEYS if key in second
    ]
    with app.app_context(), reading():
        facts = facts_of(the_festival(), {})
        anew = {each.key: each for each in sensitive.protected(facts, sensitive.counted(facts))}
    # counted anew, taking one from the other would tell how old the one is who changed
    assert anew["ages"] != first["ages"]
    assert "đếm ở bản 1" in said(organiser.get(HOME))
    for number in (2, 1):
        assert (
            organiser.post(f"{HOME}/versions/{number}/take-back", version="1", reason="chưa gửi ai").status_code == 303
        )
    organiser.post(HOME)
    assert content(app, 3)["ages"] == anew["ages"]
    refused = organiser.post(f"{HOME}/versions/1/reinstate", version="2")
    assert (refused.status_code, "thu hồi bản 3 trước" in refused.text) == (409, True)


def test_a_report_of_an_edition_without_families_says_so(app: Flask, organiser: Visitor) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Family).values(state="draft"))
        db.session.execute(update(Delegation).values(approved_count=0))
        db.session.execute(update(Entry).values(state=EntryState.PROPOSED))
    assert "Chưa có gia đình nào được duyệt" in said(organiser.get(HOME))
    assert organiser.post(HOME).status_code == 303
    with app.app_context():
        assert versions.draw_waiting() == 3
    assert "Kỳ này không có gia đình nào được duyệt dự ngày hội." in said(organiser.get(f"{HOME}/versions/1"))
    assert all(column(content(app, 1)["ages"], SUM)[key] == 0 for key in ("Cộng", "Dưới 6 tuổi"))


def test_the_edition_before_stands_beside_this_one(app: Flask, organiser: Visitor) -> None:
    with app.app_context(), transaction():
        now = the_festival()
        values = {
            each.name: getattr(now, each.name)
            for each in Festival.__table__.columns
            if each.name not in ("id", "code", "name")
        }
        values |= {"starts_on": date(2023, 6, 14), "ends_on": date(2023, 6, 16)}
        db.session.add(Festival(code="kg-2023", name="Ngày hội lần thứ III", **values))
    page = said(organiser.get(HOME))
    assert "So với Ngày hội lần thứ III" in page
    organiser.post(HOME)
    table = content(app, 1)["compared"]
    families = table.shown("families", "now")
    assert isinstance(families, int)
    assert (table.shown("families", "before"), table.shown("families", "change")) == (
        0,
        Sentence("+%(n)s", {"n": families}),
    )
    assert {row.key for row in table.rows} == set(figures.TOTAL_WORDS), "of ages nothing: that edition made no report"


def test_the_command_writes_the_three_documents(app: Flask, tmp_path: Path) -> None:
    told = run(app, "festival", "report", "--to", str(tmp_path / "out"))
    written = {path.name: sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "out").iterdir()}
    assert written == {Path(row.split("  ")[1]).name: row.split("  ")[0] for row in told.splitlines()}
    assert set(written) == {f"bao-cao-kien-giang-2024-1.{form}" for form in ReportForm}
    assert run(app, "festival", "report", "kien-giang-2024", "--to", str(tmp_path / "out")) == told, (
        "the same, nothing has changed"
    )
    assert rows_of(app, "SELECT COUNT(*) FROM report_version") == [(1,)]


def test_who_has_no_right_reads_no_report(app: Flask) -> None:
    visitor = Visitor(app)
    for path in ("", "/list?of=units&row=sum&in=members", "/versions/1", "/typed/money"):
        assert visitor.get(f"{HOME}{path}").status_code in (302, 303, 401)
    with app.app_context(), reading():
        assert db.session.scalars(select(ReportVersion)).all() == []
