"""Is a post written, shown, changed, taken down, shown again and had back, and does the public read only what it was shown?"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from io import BytesIO
from threading import Barrier, Thread

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from festival.accounts.models import User
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.editions.help_lines import HelpNumber
from festival.editions.help_table import write_help
from festival.editions.models import Festival, HelpTable
from festival.editions.queries import the_festival
from festival.passes.back import back_of
from festival.posts.models import Post, PostPicture, PostPictureFile, PostVersion
from festival.posts.typed import PostTyped
from festival.posts.writing import begin_post, post_of, show_post, take_down
from festival.privacy import erasing
from tests.house.lived_posts import written
from tests.messages.scene import Desk, make_desk

pytestmark = pytest.mark.either_database

TEXT = {"title": "Bố vào bếp", "summary": "Việc nhà là việc chung.", "body": "Mỗi tối **cả nhà** cùng nấu."}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return make_desk(app)


def sent(desk: Desk, path: str, **fields: object) -> tuple[int, str]:
    """A form of this room: the status, and the page it leads to."""
    page = desk.office.get("/office/messages").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    answer = desk.office.post(path, data={"csrf_token": found[1], **fields})
    place = answer.headers.get("Location", "")
    return answer.status_code, place or html.unescape(answer.get_data(as_text=True))


def public(desk: Desk, path: str) -> tuple[int, str]:
    answer = desk.app.test_client().get(path)
    return answer.status_code, html.unescape(answer.get_data(as_text=True))


def photo(size: tuple[int, int] = (1600, 1200)) -> BytesIO:
    """A noisy picture as a phone sends it, with where it was taken."""
    made = BytesIO()
    picture = Image.effect_noise(size, 40).convert("RGB")
    exif = picture.getexif()
    exif[0x010F], exif[0x8825] = "Hãng máy", {1: "N", 2: (10.0, 1.0, 2.0)}
    picture.save(made, "JPEG", exif=exif)
    made.seek(0)
    return made


def clean(app: Flask) -> bool:
    with app.app_context(), seals.snapshot():
        return [each for seal, each in seals.inspect().named() if seal == "posts"] == []


def test_the_public_reads_what_was_shown_until_another_text_is(desk: Desk) -> None:
    assert "Chưa có bài nào" in public(desk, "/posts")[1]
    status, page = sent(desk, "/office/posts/new", once="k", do="preview", **TEXT)
    assert status == 200 and "<strong>cả nhà</strong>" in page and "Bố vào bếp" in page
    status, one = sent(desk, "/office/posts/new", once="k", do="save", **TEXT)
    assert (status, sent(desk, "/office/posts/new", once="k", do="save", **TEXT)) == (303, (303, one)), "once"
    assert public(desk, "/posts/bo-vao-bep")[0] == 404
    assert sent(desk, f"{one}/show", version=1)[0] == 303
    status, page = public(desk, "/posts/bo-vao-bep")
    assert status == 200 and "<strong>cả nhà</strong>" in page and 'href="tel:111"' in page
    assert "Bố vào bếp" in public(desk, "/posts")[1] and 'href="/posts"' in public(desk, "/")[1]
    assert sent(desk, one, version=2, do="save", **TEXT | {"title": "Bố cùng vào bếp"})[0] == 303
    assert "bản mới chưa đăng" in desk.office.get(one).get_data(as_text=True)
    assert "Bố cùng vào bếp" not in public(desk, "/posts/bo-vao-bep")[1]
    assert sent(desk, f"{one}/show", version=3)[0] == 303
    page = public(desk, "/posts/bo-vao-bep")[1]
    assert "Bố cùng vào bếp" in page and "sửa lúc" in page, "the address stays, the change is told"
    status, page = sent(desk, f"{one}/down", version=4, why=" ")
    assert status == 400 and "Ghi lý do" in page
    assert sent(desk, f"{one}/down", version=4, why="Tên bài còn sai")[0] == 303
    assert public(desk, "/posts/bo-vao-bep")[0] == 404 and "Tên bài còn sai" in desk.office.get(one).get_data(
        as_text=True
    )
    assert "Mỗi tối" in desk.office.get(f"{one}/versions/1").get_data(as_text=True)
    assert sent(desk, f"{one}/versions/1", version=5)[0] == 303
    assert sent(desk, f"{one}/show", version=6)[0] == 303
    assert "<h1>Bố vào bếp</h1>" in public(desk, "/posts/bo-vao-bep")[1]
    assert sent(desk, f"{one}/show", version=7)[0] == 409, "it is shown already"
    with desk.app.app_context(), reading():
        kinds = [entry.kind for entry, _payload in ledger.lines("decisions:kg-thu") if entry.kind.startswith("post.")]
    assert kinds == [
        "post.begun",
        "post.shown",
        "post.written",
        "post.shown",
        "post.taken_down",
        "post.written",
        "post.shown",
    ]
    assert clean(desk.app)


def test_nothing_typed_vanishes(desk: Desk) -> None:
    status, page = sent(
        desk, "/office/posts/new", once="k", do="save", **TEXT | {"title": "", "body": "> " * 40 + "sâu"}
    )
    assert (
        status == 422
        and "Ghi tên bài." in page
        and "lồng" in page
        and "Việc nhà là việc chung." in page
        and "sâu" in page
    )
    _status, one = sent(desk, "/office/posts/new", once="k", do="save", **TEXT)
    sent(desk, one, version=1, do="save", **TEXT | {"summary": "Người khác đã sửa."})
    status, page = sent(desk, one, version=1, do="save", **TEXT | {"body": "Lời của tôi viết sau."})
    assert status == 409 and "Lời của tôi viết sau." in page and "Người khác đã sửa." in page
    status, page = sent(desk, one, version=2, do="preview", **TEXT | {"body": "<script>alert(1)</script>"})
    assert status == 200 and "Mã HTML hiện nguyên thành chữ" in page
    assert "<script>alert" not in desk.office.get(one).get_data(as_text=True)
    assert desk.office.get("/office/posts/999").status_code == 404
    assert desk.office.get(f"{one}/versions/9").status_code == 404


def test_a_draft_is_put_away_whole_and_comes_back(desk: Desk) -> None:
    _status, one = sent(desk, "/office/posts/new", once="k", do="save", **TEXT)
    sent(desk, one, version=1, do="save", **TEXT | {"summary": "Bản thứ hai."})
    assert sent(desk, f"{one}/away", version=1)[0] == 409, "another has written meanwhile"
    assert sent(desk, f"{one}/away", version=2) == (303, "/office/posts")
    page = desk.office.get("/office/posts").get_data(as_text=True)
    assert "Bản nháp đã cất (1)" in page and "Chưa có bài nào" not in page
    page = desk.office.get(one).get_data(as_text=True)
    assert "Bản nháp này đã được cất" in page and "Tên bài" not in page and "Bản thứ hai." in page
    pressed = photo((64, 48)), "a.jpg"
    for path, more in (
        (one, {"do": "save", **TEXT}),
        (f"{one}/show", {}),
        (f"{one}/versions/1", {}),
        (f"{one}/picture", {"alt": "Ảnh", "children": "none", "picture": pressed}),
    ):
        status, page = sent(desk, path, version=3, **more)
        assert (status, "Bài này đang được cất" in page) == (409, True), path
    assert sent(desk, f"{one}/away", version=3)[0] == 409
    assert sent(desk, f"{one}/away", version=3, back="y") == (303, one)
    assert sent(desk, f"{one}/away", version=4, back="y")[0] == 409
    assert "Bản nháp đã cất" not in desk.office.get("/office/posts").get_data(as_text=True)
    assert sent(desk, f"{one}/show", version=4)[0] == 303
    status, page = sent(desk, f"{one}/away", version=5)
    assert status == 409 and "gỡ bài thì công chúng không đọc nữa" in page
    assert sent(desk, f"{one}/down", version=5, why="Đăng nhầm")[0] == 303
    assert sent(desk, f"{one}/away", version=6)[0] == 409, "what was ever shown stays in the list"
    assert "Cất bản nháp" not in desk.office.get(one).get_data(as_text=True)
    with pytest.raises(IntegrityError), desk.app.app_context(), transaction():
        db.session.execute(update(Post).values(away_at=now()))
    assert clean(desk.app)


def test_a_picture_is_made_anew_and_goes_with_its_post(desk: Desk) -> None:
    _status, one = sent(desk, "/office/posts/new", once="k", do="save", **TEXT)
    words = {"alt": "Hai bố con bên bếp", "caption": "Tối thứ bảy", "version": 1}
    assert sent(desk, f"{one}/picture", **words, picture=(photo(), "a.jpg"))[0] == 400, "nobody said who is in it"
    status, page = sent(desk, f"{one}/picture", **words, children="agreed", picture=(photo(), "a.jpg"))
    assert status == 400 and "ghi ai đã đồng ý" in page and "Hai bố con bên bếp" in page
    status, page = sent(desk, f"{one}/picture", **words | {"alt": ""}, children="none", picture=(photo(), "a.jpg"))
    assert status == 400 and "Ghi lời tả ảnh" in page
    status, page = sent(desk, f"{one}/picture", **words, children="none", picture=(BytesIO(b"<svg/>"), "a.svg"))
    assert status == 400 and "không phải là ảnh" in page
    agreed = {**words, "children": "agreed", "agreed": "Mẹ của cháu, giấy ở văn thư"}
    assert sent(desk, f"{one}/picture", **agreed, picture=(photo(), "a.jpg"))[0] == 303
    with desk.app.app_context(), reading():
        (row,) = db.session.scalars(select(PostPicture)).all()
        files = {each.size.value: each.content for each in db.session.scalars(select(PostPictureFile))}
    for name, longest in (("small", 160), ("middle", 640), ("large", 1200)):
        with Image.open(BytesIO(files[name])) as kept:
            assert max(kept.size) == longest and dict(kept.getexif()) == {}
        assert "Hãng máy".encode() not in files[name]
    address = f"/posts/pictures/{row.id}/middle.jpg"
    assert public(desk, address)[0] == 404, "nobody sees a draft's"
    sent(desk, f"{one}/show", version=2)
    page = public(desk, "/posts/bo-vao-bep")[1]
    assert f'src="{address}" alt="Hai bố con bên bếp" width="1200" height="900" loading="lazy"' in page
    assert re.findall(r'(?:src|srcset|href)="(https?:|//)', page.partition("<main")[2]) == [], (
        "nothing of another place"
    )
    got = desk.app.test_client().get(address)
    assert got.status_code == 200 and got.data == files["middle"]
    assert desk.app.test_client().get(address, headers={"If-None-Match": got.headers["ETag"]}).status_code == 304
    assert public(desk, f"/posts/pictures/{row.id}/huge.jpg")[0] == 404
    gone = {f"alt-{row.id}": "x", f"drop-{row.id}": "y"}
    assert sent(desk, one, version=3, do="save", **TEXT, **gone)[0] == 303
    assert sent(desk, f"{one}/show", version=4)[0] == 303
    assert public(desk, address)[0] == 404 and "post-picture" not in public(desk, "/posts/bo-vao-bep")[1]
    assert sent(desk, f"{one}/versions/2", version=5)[0] == 303
    assert sent(desk, f"{one}/show", version=6)[0] == 303
    assert desk.app.test_client().get(address).status_code == 200 and clean(desk.app)


def test_a_list_of_many_is_read_in_parts_and_answered_304(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        festival = the_festival()
        for number in range(8):
            post = begin_post(festival, f"k{number}", PostTyped(f"Bài {number}", "Tóm tắt", "Lời"), None)
            show_post(festival, post, 1, None)
    first, second = public(desk, "/posts")[1], public(desk, "/posts?page=2")[1]
    found = [re.findall(r'href="/posts/(bai-\d)"', page) for page in (first, second)]
    assert found == [[f"bai-{n}" for n in (7, 6, 5, 4, 3, 2)], ["bai-1", "bai-0"]]
    client = desk.app.test_client()
    for path in ("/posts", "/posts/bai-1", "/help", "/results"):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304, path


def told(app: Flask, look: Callable[[], int], write: Callable[[str, int], object]) -> int:
    """Two look at the same moment, then both write: how many of them are told that somebody was faster."""
    barrier, late = Barrier(2), []

    def one(name: str) -> None:
        with app.app_context():
            with reading():
                seen = look()
            barrier.wait()
            try:
                with transaction():
                    write(name, seen)
            except Overtaken:
                late.append(name)

    threads = [Thread(target=one, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(late)


@pytest.mark.both_databases
def test_of_two_who_show_or_take_down_at_one_moment_one_is_told(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        number = begin_post(the_festival(), "k", PostTyped("Bài", "Tóm tắt", "Lời"), None).id

    def step() -> int:
        return post_of(the_festival(), number).step

    def show(_name: str, seen: int) -> None:
        show_post(the_festival(), post_of(the_festival(), number), seen, None)

    def take(_name: str, seen: int) -> None:
        take_down(the_festival(), post_of(the_festival(), number), "nhầm", seen, None)

    def naive(_name: str, seen: int) -> None:
        """Whoever looked may write."""
        again = {"shown": Post.version, "shown_at": Post.first_shown_at, "down_why": ""}
        db.session.execute(update(Post).where(Post.id == number).values(**again, step=seen + 1))

    assert [told(desk.app, step, write) for write in (show, take, naive)] == [1, 1, 0], "the last: the naive control"
    with desk.app.app_context(), reading():
        assert step() == 4


def test_on_the_day_of_the_data_nothing_of_a_post_is_left(desk: Desk) -> None:
    with desk.app.app_context():
        with reading():
            festival_id, code = the_festival().id, the_festival().code
            staff = db.session.scalars(select(User.id).where(User.login == "btc")).one()
        written(festival_id, staff)
    assert public(desk, "/posts/bo-vao-bep")[0] == 200
    with desk.app.app_context():
        erasing.erase(code, "data")
        with reading():
            assert set(db.session.scalars(select(Post.shown))) == {None}
            assert set(db.session.scalars(select(PostVersion.body))) == {"–"}
            assert db.session.scalars(select(PostPictureFile)).all() == []
    assert public(desk, "/posts/bo-vao-bep")[0] == 404 and clean(desk.app)


def help_form(*lines: dict[str, str], version: int) -> dict[str, object]:
    return {
        "version": version,
        **{f"{key}-{at}": value for at, line in enumerate(lines, 1) for key, value in line.items()},
    }


def test_help_lines_are_changed_ordered_dropped_and_had_back(desk: Desk) -> None:
    page = public(desk, "/help")[1]
    assert all(f'href="tel:{number}"' in page for number in ("111", "1900969680", "113", "114", "115"))
    child = {"name": "Tổng đài bảo vệ trẻ em", "number": "111", "on_card": "y", "place": "2"}
    first_aid = {"name": "Bàn y tế", "number": "", "about": "cạnh cổng số 2", "hours": "trong giờ thi", "place": "1"}
    status, page = sent(
        desk, "/office/help-lines", **help_form(child | {"number": "một một một"}, first_aid, version=0)
    )
    assert status == 400 and "chỉ có chữ số" in page and "một một một" in page and "cạnh cổng số 2" in page
    assert sent(desk, "/office/help-lines", **help_form(child, first_aid, version=0))[0] == 303
    for path in ("/help", "/posts"):
        page = public(desk, path)[1]
        assert page.index("Bàn y tế") < page.index("Tổng đài bảo vệ trẻ em") and "tel:115" not in page
    assert "Bàn y tế" in desk.family(0).get("/family").get_data(as_text=True)
    with desk.app.app_context(), reading():
        festival = the_festival()
        printed = [(line.words, line.number) for line in back_of(festival).help]
        assert printed == [("Tổng đài bảo vệ trẻ em", "111"), ("Ban Tổ chức", festival.help_line)]
    assert sent(desk, "/office/help-lines", **help_form(child, version=0))[0] == 409, "somebody was faster"
    assert sent(desk, "/office/help-lines/standard", version=1)[0] == 303
    assert "tel:115" in public(desk, "/help")[1]
    assert sent(desk, "/office/help-lines/again", version=2, take=1)[0] == 303
    assert "Bàn y tế" in public(desk, "/help")[1]
    assert sent(desk, "/office/help-lines", **help_form(child | {"drop": "y"}, first_aid, version=3))[0] == 303
    assert "tel:111" not in public(desk, "/help")[1]
    assert sent(desk, "/office/help-lines/again", version=4, take=99)[0] == 404
    assert clean(desk.app)


def test_pages_kept_on_phones_say_the_national_lines(desk: Desk) -> None:
    for path in ("/offline", "/gate"):
        assert all(f'href="tel:{number}"' in public(desk, path)[1] for number in ("111", "113", "114", "115"))


def test_the_lines_go_along_into_the_copied_edition(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        festival = the_festival()
        write_help(festival, [HelpNumber("Trạm y tế", "0297 3812 345")], 0, None)
    fields = {"code": "kg-sau", "name": "Ngày hội lần sau", "ordinal": "V", "short_name": "", "starts_on": "14/6/2025"}
    status, place = sent(desk, "/office/setup/kg-thu/copy", **fields, looked="y", do="make")
    assert status in (302, 303), place[:2000]
    with desk.app.app_context(), reading():
        new = db.session.scalars(select(Festival).where(Festival.code == "kg-sau")).one()
        row = db.session.get_one(HelpTable, new.id)
        assert [line["number"] for line in row.lines or []] == ["0297 3812 345"]


@pytest.mark.both_databases
def test_of_two_who_write_the_first_table_or_change_it_one_is_told(desk: Desk) -> None:
    def version() -> int:
        row = the_festival().help_table
        return row.version if row else 0

    def write(name: str, seen: int) -> None:
        write_help(the_festival(), [HelpNumber(name, "111")], seen, None)

    def naive(_name: str, seen: int) -> None:
        """Whoever looked may write."""
        db.session.execute(update(HelpTable).values(lines=None, version=seen + 1))

    assert [told(desk.app, version, how) for how in (write, write, naive)] == [1, 1, 0], "the last: the naive control"
    with desk.app.app_context(), reading():
        assert version() == 3
