"""On the board by hand in a real browser: by keyboard, with the mouse, locked, taken back; and the rain after the third act."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from festival.accounts.actions import create_user
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.transaction import transaction
from festival.demo import build
from festival.roster.models import Entry
from festival.schedule.models import Act, ActState
from festival.schedule.sessions import add_stage
from tests.harness.looks import shots
from tests.harness.served import Served
from tests.schedule.test_programme import Ids, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, times

__all__ = ["ids", "inside", "planned", "sessions"]  # fixtures


def test_an_organiser_works_the_board_by_hand(planned: Ids, context: BrowserContext, live_server: Served) -> None:
    with transaction():
        create_user("btc", "Ban Tổ chức", hash_password(build.PASSWORD), [Role.ORGANISER])
        add_stage(planned.festival, "nha-van-hoa", "Nhà văn hóa")
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/sign-in?next=/office/schedule/board")
    page.get_by_label("Tên đăng nhập").fill("btc")
    page.get_by_label("Mật khẩu", exact=True).fill(build.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto("/office/schedule/board")
    shots(page, "board")
    by_keyboard(page, planned)
    keyed = times(planned.talent)
    assert list(keyed)[:3] == ["tai-nang-1", "tai-nang-7", "tai-nang-5"]
    with_the_mouse(page)
    assert next(iter(times(planned.relay))) == "bao-bo-6"
    locked_and_back(page)
    assert times(planned.talent) == keyed
    rain(page, planned)


def by_keyboard(page: Page, planned: Ids) -> None:
    """Taken up, let go, taken up again, put down at the second place."""
    before = times(planned.talent)
    page.locator("#act-tai-nang-7").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Đang cầm: Gia đình 7")).to_be_focused()
    shots(page, "taken")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".board-place").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".board-place").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".board-place")).to_have_count(0)
    assert times(planned.talent) == before
    page.locator("#act-tai-nang-7").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Đang cầm: Gia đình 7")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã đặt «Gia đình 7»").first).to_be_visible()


def with_the_mouse(page: Page) -> None:
    """The places come in under the hand."""
    held, target = page.locator("#act-bao-bo-6"), page.locator(".board-place").first
    box = held.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 30, steps=3)
    expect(target).to_be_attached()
    target.scroll_into_view_if_needed()
    to = target.bounding_box()
    assert to is not None
    page.mouse.move(to["x"] + 10, to["y"] + 10, steps=3)
    shots(page, "drawn")
    to = target.bounding_box()
    assert to is not None
    page.mouse.move(to["x"] + 10, to["y"] + 10, steps=2)
    page.mouse.up()
    expect(page.get_by_text("Đã đặt «Gia đình 6»").first).to_be_visible()


def locked_and_back(page: Page) -> None:
    """No place is offered any more; both steps are taken back."""
    page.locator("#act-tai-nang-2").click()
    page.get_by_role("button", name="Khóa tiết mục").click()
    page.locator("#act-tai-nang-2").click()
    expect(page.get_by_text("«Gia đình 2» đã khóa. Mở khóa rồi dời.")).to_be_visible()
    expect(page.locator(".board-place")).to_have_count(0)
    page.goto("/office/schedule/board")
    for words in ("khóa «Gia đình 2»", "dời «Gia đình 6»"):
        page.get_by_role("button", name=f"Hoàn tác: {words}").click()
        expect(page.get_by_text(f"Đã hoàn tác: {words}.").first).to_be_visible()


def rain(page: Page, planned: Ids) -> None:
    """Three have been on; the rest goes into the hall, and comes back when the sun does."""
    with transaction():
        for act in db.session.scalars(
            select(Act).join(Entry).where(Entry.contest_id == planned.talent).order_by(Act.position).limit(3)
        ):
            act.state = ActState.DONE
    stood = times(planned.talent)
    page.goto("/office/schedule/shift")
    shots(page, "shift")
    page.get_by_label("Sân vận động").uncheck()
    page.get_by_label("Đến sân khấu").select_option(label="Nhà văn hóa")
    page.get_by_role("button", name="Giữ làm phương án").click()
    expect(page.get_by_text("Đã giữ phương án. Lịch chưa đổi gì.").first).to_be_visible()
    shots(page, "kept")
    page.get_by_role("button", name="Xem điều sẽ theo, rồi dời,").click()
    expect(page.get_by_text("4 thay đổi giờ hoặc sân khấu")).to_be_visible()
    page.get_by_role("button", name="Dời", exact=True).click()
    expect(page.get_by_text("3 tiết mục đã thi hoặc đang thi giữ nguyên chỗ.").first).to_be_visible()
    assert (
        sorted(when.split()[1] for when in times(planned.talent).values()) == ["hoi-truong"] * 3 + ["nha-van-hoa"] * 4
    )
    shots(page, "rain")
    page.get_by_role("button", name="Hoàn tác: dời 1 buổi thi").click()
    expect(page.get_by_text("Đã hoàn tác").first).to_be_visible()
    assert times(planned.talent) == stood
