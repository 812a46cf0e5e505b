"""The office writes posts: a draft, its pictures, what it will look like; shown, taken down, shown again, an earlier text again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.secrets import new_token
from festival.core.sentence import Sentence
from festival.core.text import clean
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.forms import form_number, not_offered
from festival.core.web.paging import asked_part
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.posts import help_pages, pictures, queries, writing
from festival.posts.blueprint import bp
from festival.posts.markup import drawn_post, shown_as_text
from festival.posts.models import PictureSize, Post
from festival.posts.typed import PostTyped

__all__ = ["bp", "help_pages"]  # its pages are drawn on the blueprint when it is imported

LISTED = 20
EMPTY = PostTyped("", "", "")


@bp.get("/office/posts")
@requires(Permission.OFFICE)
def overview() -> ResponseReturnValue:
    """What is written and what of it is shown; below, drafts that were put away."""
    every = queries.listed_posts(the_festival().id)
    rows = [each for each in every if each.post.away_at is None]
    away = [each for each in every if each.post.away_at is not None]
    part = asked_part(len(rows), LISTED)
    return render_template("posts/overview.html", part=part, rows=part.of(rows), away=away)


@bp.get("/office/posts/new")
@requires(Permission.OFFICE)
def new_page() -> ResponseReturnValue:
    """An empty form."""
    the_festival()
    return render_template("posts/new.html", typed=EMPTY, faults={}, once=new_token())


@bp.post("/office/posts/new")
@requires(Permission.OFFICE)
def new_post() -> ResponseReturnValue:
    """Looked at as often as one likes, then kept as a draft."""
    typed, key = _typed(EMPTY), clean(request.form.get("once", ""))[:64] or new_token()
    faults = typed.faults()
    if faults or request.form.get("do") == "preview":
        seen = "" if faults else drawn_post(typed.body)
        page = render_template(
            "posts/new.html", typed=typed, faults=faults, once=key, seen=seen, told=shown_as_text(typed.body)
        )
        return page, 422 if faults else 200
    with transaction():
        number = writing.begin_post(the_festival(), key, typed, acting_user()).id
    flash(_("Đã lưu bản nháp. Công chúng chưa thấy; thêm ảnh rồi đăng khi xong."), "good")
    return redirect(url_for("posts.one", number=number), 303)


@bp.get("/office/posts/<int(max=9007199254740991):number>")
@requires(Permission.OFFICE)
def one(number: int) -> ResponseReturnValue:
    """The newest text to go on with, what it looks like, its steps and its earlier texts."""
    festival = the_festival()
    post = writing.post_of(festival, number)
    return _page(festival, post, writing.as_typed(writing.version_of(post, post.version)), {})


@bp.post("/office/posts/<int(max=9007199254740991):number>")
@requires(Permission.OFFICE)
def write(number: int) -> ResponseReturnValue:
    """Looked at, or kept as the next text."""
    with reading():
        festival = the_festival()
        post = writing.post_of(festival, number)
        typed = _typed(writing.as_typed(writing.version_of(post, post.version)))
        faults = typed.faults()
        if faults or request.form.get("do") == "preview":
            return _page(festival, post, typed, faults), 422 if faults else 200
    with transaction():
        festival = the_festival()
        post = writing.post_of(festival, number)
        changed = writing.write_post(festival, post, typed, form_number("version"), acting_user())
    if changed:
        flash(_("Đã lưu. Công chúng thấy bản này sau khi bấm đăng."), "good")
    else:
        flash(_("Không có gì thay đổi so với bản đã lưu."), "note")
    return redirect(url_for("posts.one", number=number), 303)


@bp.post("/office/posts/<int(max=9007199254740991):number>/picture")
@requires(Permission.OFFICE)
def add_picture(number: int) -> ResponseReturnValue:
    """A picture more, with its words, and an answer about children in it."""
    children = request.form.get("children")
    if children not in {"none", "agreed"}:
        raise not_offered("children")
    agreed = _line("agreed") if children == "agreed" else None
    sent = request.files.get("picture")
    sizes = pictures.picture_sizes(sent.read() if sent else b"")
    with transaction():
        festival = the_festival()
        post = writing.post_of(festival, number)
        words, seen = (_line("alt"), _line("caption")), form_number("version")
        pictures.add_picture(festival, post, sizes, words, agreed, seen, acting_user())
    flash(_("Đã thêm ảnh vào bản nháp."), "good")
    return redirect(url_for("posts.one", number=number), 303)


@bp.get("/office/posts/<int(max=9007199254740991):number>/pictures/<int(max=9007199254740991):picture>")
@requires(Permission.OFFICE)
def picture(number: int, picture: int) -> ResponseReturnValue:
    """A picture of the post, shown or not."""
    row = pictures.picture_file(picture, PictureSize.MIDDLE, writing.post_of(the_festival(), number))
    return Response(row.content, mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


@bp.post("/office/posts/<int(max=9007199254740991):number>/show")
@requires(Permission.OFFICE)
def show(number: int) -> ResponseReturnValue:
    """To the public."""
    with transaction():
        festival = the_festival()
        post = writing.post_of(festival, number)
        writing.show_post(festival, post, form_number("version"), acting_user())
    flash(_("Đã đăng. Trang công khai hiện bài này trong vài giây."), "good")
    return redirect(url_for("posts.one", number=number), 303)


@bp.post("/office/posts/<int(max=9007199254740991):number>/down")
@requires(Permission.OFFICE)
def down(number: int) -> ResponseReturnValue:
    """From the public."""
    with transaction():
        festival = the_festival()
        post = writing.post_of(festival, number)
        writing.take_down(festival, post, _line("why"), form_number("version"), acting_user())
    flash(_("Đã gỡ bài. Bài vẫn còn ở đây, đăng lại được."), "warn")
    return redirect(url_for("posts.one", number=number), 303)


@bp.post("/office/posts/<int(max=9007199254740991):number>/away")
@requires(Permission.OFFICE)
def away(number: int) -> ResponseReturnValue:
    """A draft leaves the list, or comes back (`back`)."""
    back = request.form.get("back") == "y"
    with transaction():
        festival = the_festival()
        post = writing.post_of(festival, number)
        step = writing.take_back if back else writing.put_away
        step(festival, post, form_number("version"), acting_user())
    if back:
        flash(_("Đã lấy lại bản nháp."), "good")
        return redirect(url_for("posts.one", number=number), 303)
    flash(_("Đã cất bản nháp. Lấy lại ở cuối trang này, mục Bản nháp đã cất."), "good")
    return redirect(url_for("posts.overview"), 303)


@bp.get("/office/posts/<int(max=9007199254740991):number>/versions/<int(max=9007199254740991):version>")
@requires(Permission.OFFICE)
def earlier(number: int, version: int) -> ResponseReturnValue:
    """How it read then."""
    post = writing.post_of(the_festival(), number)
    typed = writing.as_typed(writing.version_of(post, version))
    return render_template("posts/earlier.html", post=post, version=version, typed=typed, seen=drawn_post(typed.body))


@bp.post("/office/posts/<int(max=9007199254740991):number>/versions/<int(max=9007199254740991):version>")
@requires(Permission.OFFICE)
def take_again(number: int, version: int) -> ResponseReturnValue:
    """That text again, as the newest."""
    with transaction():
        festival = the_festival()
        post = writing.post_of(festival, number)
        writing.take_version_again(festival, post, version, form_number("version"), acting_user())
    flash(_("Đã lấy lại bản %(n)s thành bản mới nhất. Công chúng thấy sau khi bấm đăng.", n=version), "good")
    return redirect(url_for("posts.one", number=number), 303)


def _page(festival: Festival, post: Post, typed: PostTyped, faults: Mapping[str, Sentence]) -> str:
    return render_template(
        "posts/one.html",
        festival=festival,
        post=post,
        typed=typed,
        faults=faults,
        seen="" if "body" in faults else drawn_post(typed.body),
        told=shown_as_text(typed.body),
        texts=queries.saved_texts(post),
    )


def _line(name: str) -> str:
    return " ".join(clean(request.form.get(name, "")).split())


def _typed(before: PostTyped) -> PostTyped:
    """What the form says; its pictures are those of `before` without the dropped ones, in the typed order."""
    placed = [
        (typed_number(request.form.get(f"place-{each.picture}", "")) or at, at, each)
        for at, each in enumerate(before.pictures, 1)
        if f"drop-{each.picture}" not in request.form
    ]
    kept = [
        replace(each, alt=_line(f"alt-{each.picture}"), caption=_line(f"caption-{each.picture}"))
        for _place, _at, each in sorted(placed, key=lambda line: line[:2])
    ]
    return PostTyped(_line("title"), _line("summary"), clean(request.form.get("body", "")).strip(), tuple(kept))
