"""How do the rooms become one house? The only module that knows all of them."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import ArgumentError
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Config, ConfigError
from festival.accounts import routes as accounts_routes
from festival.accounts import wiring as accounts_wiring
from festival.acts import routes as acts_routes
from festival.acts import wiring as acts_wiring
from festival.badges import routes as badges_routes
from festival.badges import wiring as badges_wiring
from festival.ceremony import routes as ceremony_routes
from festival.ceremony import wiring as ceremony_wiring
from festival.ceremony.certificates import pages as certificate_pages
from festival.ceremony.order import routes as order_routes
from festival.ceremony.report import routes as report_routes
from festival.ceremony.reveal import routes as reveal_routes
from festival.checkin import api as checkin_api
from festival.checkin import routes as checkin_routes
from festival.checkin import wiring as checkin_wiring
from festival.checkin.arriving import pages as arriving_pages
from festival.checkin.handouts import routes as receipts_routes
from festival.checkin.lost import pages as lost_pages
from festival.checkin.paper import pages as gate_paper_pages
from festival.checkin.purposes import pages as purpose_pages
from festival.checkin.rollcall import pages as rollcall_pages
from festival.contests import routes as contests_routes
from festival.contests import wiring as contests_wiring
from festival.core import chores, looks
from festival.core.database import fold_log, init_database
from festival.core.disk import private
from festival.core.logs import lines
from festival.core.metrics import counting
from festival.core.pass_key import guard
from festival.core.post import outbox
from festival.core.rehearsing import showing as rehearsing
from festival.core.seal import checks as seals
from festival.core.web import (
    access,
    compression,
    errors,
    i18n,
    incoming,
    limiter,
    redrawing,
    refused_pages,
    static_files,
)
from festival.core.web.lean_flask import FestivalFlask
from festival.core.work import making
from festival.demo import wiring as demo_wiring
from festival.devices import api as devices_api
from festival.devices import handlers
from festival.devices import routes as devices_routes
from festival.devices import wiring as devices_wiring
from festival.devices.shifts import shift_pages
from festival.judging import routes as judging_routes
from festival.judging import wiring as judging_wiring
from festival.logistics import routes as logistics_routes
from festival.logistics import wiring as logistics_wiring
from festival.messages import api as messages_api
from festival.messages import routes as messages_routes
from festival.messages import wiring as messages_wiring
from festival.office import edition_pages
from festival.office import routes as office_routes
from festival.office import system as office_system
from festival.office import wiring as office_wiring
from festival.office.after import pages as after_pages
from festival.office.gates import routes as gates_routes
from festival.office.paper_day import pages as paper_day_pages
from festival.office.people import routes as people_routes
from festival.operations import health, metrics
from festival.operations.commands import RoomCommand, speak_vietnamese
from festival.passes import routes as passes_routes
from festival.passes import wiring as passes_wiring
from festival.portal import api as portal_api
from festival.portal import routes as portal_routes
from festival.posts import routes as posts_routes
from festival.posts import wiring as posts_wiring
from festival.privacy import routes as privacy_routes
from festival.privacy import wiring as privacy_wiring
from festival.programme import api as programme_api
from festival.programme import routes as programme_routes
from festival.programme import wiring as programme_wiring
from festival.proofing import routes as proofing_routes
from festival.proofing import wiring as proofing_wiring
from festival.registration import api as registration_api
from festival.registration import routes as registration_routes
from festival.registration import wiring as registration_wiring
from festival.results import routes as results_routes
from festival.results import wiring as results_wiring
from festival.schedule import routes as schedule_routes
from festival.schedule import wiring as schedule_wiring
from festival.setup import contest_pages
from festival.setup.edition import pages as setup_pages
from festival.setup.later import pages as setup_later_pages
from festival.setup.rule_file import file_pages
from festival.setup.trying import trial_pages

BLUEPRINTS = (
    health.bp,
    metrics.bp,
    accounts_routes.bp,
    devices_routes.bp,
    shift_pages.bp,
    devices_api.api,
    contests_routes.bp,
    passes_routes.bp,
    badges_routes.bp,
    logistics_routes.bp,
    registration_routes.bp,
    registration_api.api,
    proofing_routes.bp,
    checkin_routes.bp,
    purpose_pages.bp,
    checkin_api.api,
    lost_pages.bp,
    arriving_pages.bp,
    gate_paper_pages.bp,
    rollcall_pages.bp,
    receipts_routes.bp,
    acts_routes.bp,
    schedule_routes.bp,
    judging_routes.bp,
    results_routes.bp,
    ceremony_routes.bp,
    certificate_pages.bp,
    report_routes.bp,
    reveal_routes.bp,
    order_routes.bp,
    posts_routes.bp,
    programme_routes.bp,
    programme_api.api,
    messages_routes.bp,
    messages_api.api,
    portal_routes.bp,
    portal_api.api,
    office_routes.bp,
    edition_pages.bp,
    paper_day_pages.bp,
    after_pages.bp,
    office_system.bp,
    people_routes.bp,
    gates_routes.bp,
    privacy_routes.bp,
    setup_later_pages.bp,
    setup_pages.bp,
    contest_pages.bp,
    file_pages.bp,
    trial_pages.bp,
)
# By name: the module is imported when its command is called, with the words `flask --help` says of it.
COMMANDS = (
    RoomCommand("admin", "festival.accounts.cli:admin_cli", "Tài khoản."),
    RoomCommand(
        "backup",
        "festival.operations.copy_cli:backup_command",
        "Sao lưu cơ sở dữ liệu ra một tệp đã kiểm tra, kể cả khi máy chủ đang chạy.",
    ),
    RoomCommand("checkin", "festival.checkin.cli:checkin_cli", "Điểm danh."),
    RoomCommand("contest", "festival.contests.cli:contest_cli", "Phần thi và ban giám khảo."),
    RoomCommand(
        "copies",
        "festival.operations.keeping.cli:copies_cli",
        "Các bản sao: bản nào còn tốt, gửi một bản ra ngoài máy, lấy về.",
    ),
    RoomCommand(
        "db", "festival.operations.migrations:db_cli", "Bảng của cơ sở dữ liệu: nâng cấp, hạ cấp, xem phiên bản."
    ),
    RoomCommand(
        "demo", "festival.demo.cli:demo_cli", "Dựng ngày hội mẫu trong cơ sở dữ liệu trống, in tài khoản đăng nhập."
    ),
    RoomCommand("device", "festival.devices.cli:device_cli", "Thiết bị: gắn, liệt kê, thu hồi."),
    RoomCommand(
        "festival",
        "festival.office.cli:festival_cli",
        "Ngày hội.",
        also=("festival.office.report_cli", "festival.office.rehearsing.cli"),
    ),
    RoomCommand(
        "judging",
        "festival.judging.cli:judging_cli",
        "Chấm điểm: ai chưa chấm, ghi kết quả, khóa điểm.",
        also="festival.results.unlock_cli",  # the lock computes standings, one floor above the room
    ),
    RoomCommand("ledger", "festival.operations.ledger_cli:ledger_cli", "Sổ ghi: đầu sổ và kiểm tra."),
    RoomCommand("outbox", "festival.operations.worker:outbox_cli", "Hộp thư đi."),
    RoomCommand("passes", "festival.passes.cli:passes_cli", "Thẻ và khóa thẻ."),
    RoomCommand("privacy", "festival.privacy.cli:privacy_cli", "Dữ liệu cá nhân: hạn lưu, giữ lại, xóa."),
    RoomCommand(
        "registration",
        "festival.registration.by_command.cli:registration_cli",
        "Đăng ký của các gia đình.",
        also="festival.registration.by_command.deciding_cli",
    ),
    RoomCommand(
        "drill",
        "festival.operations.copy_cli:drill_command",
        "Thử khôi phục bản sao mới nhất (hoặc bản được nêu) vào một chỗ tạm rồi bỏ; dữ liệu đang dùng không bị động đến.",
    ),
    RoomCommand(
        "restore",
        "festival.operations.copy_cli:restore_command",
        "Khôi phục từ bản sao (dừng máy chủ trước); cơ sở dữ liệu hiện có được giữ lại bên cạnh.",
    ),
    RoomCommand(
        "results",
        "festival.results.cli:results_cli",
        "Kết quả: xếp hạng, quyết định, biên bản, cho MC đọc, công bố.",
        also="festival.results.amend_cli",
    ),
    RoomCommand(
        "schedule",
        "festival.schedule.by_command.cli:schedule_cli",
        "Bốc thăm và lịch thi.",
        also=(
            "festival.schedule.by_command.timetable_cli",
            "festival.schedule.by_command.board_cli",
            "festival.schedule.by_command.draw_cli",
            "festival.schedule.by_command.mend_cli",
            "festival.schedule.by_command.solve_cli",
        ),
    ),
    RoomCommand(
        "serve", "festival.operations.serve:serve_command", "Chạy máy chủ và việc định kỳ cho đến khi nhấn Ctrl-C."
    ),
    RoomCommand("units", "festival.editions.cli:units_cli", "Đơn vị hành chính."),
    RoomCommand(
        "venue",
        "festival.operations.venue.venue_cli:venue_cli",
        "Nơi tổ chức không có mạng ngoài: chứng chỉ riêng, thử trước ngày hội.",
    ),
    RoomCommand(
        "worker",
        "festival.operations.worker:worker_command",
        "Gửi thư và làm việc định kỳ cho đến khi dừng; chờ sẵn khi một tiến trình nền khác đang làm.",
    ),
)
# What a room tells the house: how its actors are recognised, what its devices may send, what the worker does for it.
ROOMS_WITH_NEWS = (
    accounts_wiring,
    devices_wiring,
    contests_wiring,
    badges_wiring,
    passes_wiring,
    logistics_wiring,
    registration_wiring,
    proofing_wiring,
    checkin_wiring,
    acts_wiring,
    schedule_wiring,
    judging_wiring,
    results_wiring,
    ceremony_wiring,
    posts_wiring,
    programme_wiring,
    messages_wiring,
    office_wiring,
    privacy_wiring,
    demo_wiring,
)


def create_app(config: Config) -> Flask:
    """The application for `config`, ready to serve."""
    app = FestivalFlask("festival", root_path=str(ROOT), template_folder=str(ROOT / "templates"), static_folder=None)
    app.config["FESTIVAL"] = config
    app.config["SECRET_KEY"] = config.secret_key
    app.config["TESTING"] = config.testing
    app.config["MAX_CONTENT_LENGTH"] = config.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = 2 * 1024 * 1024
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=config.session_hours)
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        WTF_CSRF_CHECK_DEFAULT=False,  # access.enforce decides by the route's policy
        WTF_CSRF_TIME_LIMIT=None,  # a family may leave the form open over dinner
        WTF_CSRF_SSL_STRICT=False,  # our own Referrer-Policy sends no referrer to compare
    )
    lines.begin(testing=config.testing)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # ten lines of its own before each upgrade
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        current_actor=access.current_actor, js_words=i18n.js_words, chosen_language=i18n.chosen_language
    )
    incoming.init_incoming(app)
    _open_database(app, config)
    private.keep_private(config)
    i18n.init_i18n(app)
    limiter.init_limiter(app, config)
    app.extensions["csrf"] = CSRFProtect(app)
    errors.init_errors(app)
    redrawing.init_redrawing(app)
    guard.init_pass_key(app)
    app.before_request(access.enforce)
    refused_pages.init_refused_pages(app)
    looks.init_looks(app)
    making.init_making(app)
    _open_rooms(app)
    chores.register_chore(app, "outbox", 2, outbox.drain)
    chores.register_chore(app, "refused pages", 600, refused_pages.sweep)
    chores.register_chore(app, "check the ledger", seals.PERIOD_S, seals.nightly)
    if config.is_sqlite:
        chores.register_chore(app, "fold the log", 1, fold_log)
    counting.init_counting(app, handlers.kinds(), errors.codes())
    static_files.init_static(app, config)
    compression.init_compression(app)
    rehearsing.init_rehearsal(app)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _open_database(app: Flask, config: Config) -> None:
    try:
        init_database(app, config)
    except (ArgumentError, ValueError) as error:
        if isinstance(error, ConfigError):
            raise
        raise ConfigError("DATABASE_URL: không đọc được; mẫu: postgresql://tên@máy:5432/cơ_sở_dữ_liệu") from error
    except OSError as error:
        raise ConfigError(f"DATABASE_URL: không dùng được {error.filename} ({error.strerror})") from error


def _open_rooms(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    speak_vietnamese()
    for command in COMMANDS:
        app.cli.add_command(command)
    for room in ROOMS_WITH_NEWS:
        room.init_room(app)
