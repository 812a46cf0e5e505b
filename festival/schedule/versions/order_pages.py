"""The printed orders: a page of all papers, each as PDF, all of them in one file to print and in one to hand on."""

from __future__ import annotations

import zipfile
from io import BytesIO

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _

from festival.core.clock import now
from festival.core.text import cut
from festival.core.web.access import Permission, requires
from festival.core.web.errors import NotFound
from festival.documents.paper_process import pdf_apart
from festival.editions.queries import the_festival
from festival.schedule.blueprint import bp
from festival.schedule.versions.orders import TEMPLATE, OrderKind, Orders, choices, orders_of, values_of

LANGUAGE = "vi"  # papers are in the first language, whoever prints them
KINDS = {
    OrderKind.STAGES: (lazy_gettext("Theo sân khấu"), "theo-san-khau"),
    OrderKind.PANELS: (lazy_gettext("Theo ban giám khảo"), "theo-ban-giam-khao"),
    OrderKind.DELEGATIONS: (lazy_gettext("Theo đoàn"), "theo-doan"),
    OrderKind.ANNOUNCER: (lazy_gettext("Tờ của MC"), "to-cua-mc"),
}
ALL = "tat-ca"


@bp.get("/office/schedule/print")
@requires(Permission.SCHEDULE)
def print_page() -> ResponseReturnValue:
    """Which papers there are, and of which version."""
    orders = orders_of(the_festival(), now())
    return render_template(
        "schedule/versions/orders.html", version=orders.follows.version, kinds=KINDS, choices=choices(orders)
    )


@bp.get("/office/schedule/print/<name>.pdf")
@requires(Permission.SCHEDULE)
def print_file(name: str) -> Response:
    """All of a kind, `?of=` one of them; or everything that is printed."""
    kinds = list(OrderKind) if name == ALL else [kind for kind in OrderKind if KINDS[kind][1] == name]
    of = cut(request.args.get("of", ""), 80)
    orders = orders_of(the_festival(), now())
    if not kinds or (of and of not in {code for kind in kinds for code, _name in choices(orders)[kind]}):
        raise NotFound()
    return _answer(_drawn(orders, kinds, of), "application/pdf", f"{name}{'-' + of if of else ''}{_which(orders)}.pdf")


@bp.get("/office/schedule/print/all.zip")
@requires(Permission.SCHEDULE)
def print_all() -> Response:
    """A PDF for each kind."""
    orders = orders_of(the_festival(), now())
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for kind, (_words, name) in KINDS.items():
            archive.writestr(f"{name}{_which(orders)}.pdf", _drawn(orders, [kind]))
    return _answer(out.getvalue(), "application/zip", f"thu-tu-bieu-dien{_which(orders)}.zip")


def _drawn(orders: Orders, kinds: list[OrderKind], of: str = "") -> bytes:
    with force_locale(LANGUAGE):
        values = values_of(orders, kinds, of)
    if not values["parts"]:
        raise NotFound(_("Chưa có tiết mục nào trong lịch. Xếp lịch rồi in."))
    return pdf_apart(TEMPLATE, values, orders.at)


def _which(orders: Orders) -> str:
    return f"-phien-ban-{orders.follows.version}" if orders.follows.version else "-nhap"


def _answer(content: bytes, mimetype: str, name: str) -> Response:
    kind = "attachment" if mimetype == "application/zip" else "inline"
    head = {"Content-Disposition": f'{kind}; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, mimetype=mimetype, headers=head)
