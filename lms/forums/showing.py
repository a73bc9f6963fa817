"""Posts as a topic's page shows them: drawn once for all who can do the same with them, and kept."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app, url_for
from markupsafe import Markup

from lms.core import clock
from lms.core.frame import fill
from lms.core.holes import drawing
from lms.core.memory import kept
from lms.core.permissions import can
from lms.core.templating import localtime
from lms.forums.values import PostRow, TopicHead

Tools = tuple[str, ...]


def articles(posts: tuple[PostRow, ...], head: TopicHead, *, silent: bool) -> list[Markup]:
    """Show posts with what the viewer can do with them; `silent` where nobody may write."""
    staff, link = can("forums.moderate", head.forum), f"{url_for('forums.index')}posts/"
    shown = ((post, tuple(_tools(post, head, staff=staff, silent=silent))) for post in posts)
    return [fill(_article(post, tools, link, localtime(post.created_at), localtime(post.edited_at))) for post, tools in shown]


def _tools(post: PostRow, head: TopicHead, *, staff: bool, silent: bool) -> Iterator[str]:
    if can("forums.own", post):
        yield "own"
        yield from _own_tools(post, head, silent=silent)
        return
    if can("forums.flag", post) and post.state == "visible":
        yield "reported" if post.flagged else "report"
    if staff and post.state in {"hidden", "visible"}:
        yield "restore" if post.state == "hidden" else "hide"


def _own_tools(post: PostRow, head: TopicHead, *, silent: bool) -> Iterator[str]:
    now = clock.now()
    if not silent and post.may_be_edited(now):
        yield "edit"
    if not silent and post.may_be_withdrawn(now, head.last_post_id):
        yield "withdraw"
    if post.state == "withdrawn":
        yield "put-back"


@kept(2048)
def _article(post: PostRow, tools: Tools, link: str, when: Markup, edited: Markup) -> Markup:
    with drawing():
        drawn: Markup = current_app.jinja_env.get_template("forums/article.html").module.article(post, tools, link, when, edited)  # type: ignore[attr-defined]
    return drawn
