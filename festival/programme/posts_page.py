"""Posts as the public reads them: a list, a page each, their pictures."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.core.web.paging import asked_part
from festival.posts.markup import drawn_post
from festival.posts.models import PictureSize
from festival.posts.pictures import picture_file
from festival.posts.queries import body_of
from festival.programme.queries import PublicView
from festival.programme.routes import bp, none_yet
from festival.programme.snapshot import snapshot

LISTED = 6


@bp.get("/posts")
@public
def posts() -> ResponseReturnValue:
    """The newest first, six a page."""
    view = snapshot().view()
    if view is None:
        return none_yet("/posts")
    part = asked_part(len(view.posts), LISTED)
    return snapshot().page(
        view,
        f"/posts {part.number}",
        lambda: render_template(
            "programme/posts.html", view=view, facts=view.facts, part=part, rows=part.of(view.posts)
        ),
        of_view=True,
    )


@bp.get("/posts/<slug>")
@public
def post(slug: str) -> ResponseReturnValue:
    """One post."""
    view = _view()
    row = next((each for each in view.posts if each.slug == slug), None)
    if row is None:
        raise NotFound()
    return snapshot().page(
        view,
        f"/posts/{slug}",
        lambda: render_template(
            "programme/post.html", view=view, facts=view.facts, post=row, body=drawn_post(body_of(row.id, row.version))
        ),
        of_view=True,
    )


@bp.get("/posts/pictures/<int(max=9007199254740991):picture>/<size>.jpg")
@public
def post_picture(picture: int, size: str) -> ResponseReturnValue:
    """A picture of a post that is shown; when the post is taken down, it goes with it."""
    if not any(each.picture == picture for row in _view().posts for each in row.pictures) or size not in set(
        PictureSize
    ):
        raise NotFound()
    row = picture_file(picture, PictureSize(size))
    answer = Response(row.content, mimetype="image/jpeg")
    answer.set_etag(row.sha256[:24])
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.make_conditional(request)
    return answer


def _view() -> PublicView:
    view = snapshot().view()
    if view is None:
        raise NotFound()
    return view
