"""Markdown to safe HTML: for lessons, which authors write, and for posts, which anybody writes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import nh3
from markdown import Markdown
from markupsafe import Markup

_EXTENSIONS = ["sane_lists", "tables", "fenced_code", "pymdownx.tilde"]
_CONFIGURATION = {"tables": {"use_align_attribute": True}}
_INLINE = {"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "kbd", "mark", "q", "s", "span", "strong", "sub", "sup"}
_BLOCK = {"blockquote", "dd", "dl", "dt", "hr", "li", "ol", "p", "pre", "ul"}
_TABLE = {"table", "tbody", "td", "th", "thead", "tr"}
_LESSON = {"div", "figcaption", "figure", "h2", "h3", "h4", "img", "section"}
POST_TAGS = _INLINE | _BLOCK | _TABLE
LESSON_TAGS = POST_TAGS | _LESSON
_ALIGN = {"th": {"align", "scope"}, "td": {"align"}}
_POST_ATTRIBUTES: dict[str, set[str]] = {"a": {"href", "title"}, **_ALIGN}
_LESSON_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "class", "id", "data-def", "role", "aria-label"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "section": {"class", "aria-label", "id"},
    "sup": {"id", "class"},
    "li": {"id"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "figure": {"class", "id"},
    "span": {"lang"},
    **_ALIGN,
}

_MOST_MARKS = {"[": 250, "<": 500}


def converter(*extensions: Any) -> Markdown:
    """Make a converter with the dialect that all texts share, and more."""
    return Markdown(extensions=[*_EXTENSIONS, *extensions], extension_configs=_CONFIGURATION, output_format="html")


def clean_lesson(html: str) -> str:
    """Keep what a lesson may hold, and nothing else."""
    return nh3.clean(html, tags=LESSON_TAGS, attributes=_LESSON_ATTRIBUTES, link_rel=None)


@lru_cache(maxsize=4096)
def post(text: str) -> Markup:
    """Render what anybody wrote: no pictures, no headings, no raw HTML; links tell nobody where they come from."""
    safe = nh3.clean(_converted(text), tags=POST_TAGS, attributes=_POST_ATTRIBUTES, link_rel="noopener noreferrer nofollow ugc")
    return Markup(safe)  # noqa: S704 - sanitised, or rendered by a template


def _converted(text: str) -> str:
    """Convert what anybody wrote; what would take too long or go too deep is shown as it was typed."""
    if all(text.count(mark) <= most for mark, most in _MOST_MARKS.items()):
        try:
            return converter("nl2br").convert(text)
        except RecursionError:
            pass
    return str(Markup("<pre>{}</pre>").format(text))


@lru_cache(maxsize=64)
def page(text: str) -> Markup:
    """Render what an administrator wrote: as a post, with headings below the page's own."""
    safe = nh3.clean(_converted(text), tags=POST_TAGS | {"h2", "h3", "h4"}, attributes=_POST_ATTRIBUTES, link_rel="noopener noreferrer")
    return Markup(safe)  # noqa: S704 - sanitised, or rendered by a template


@lru_cache(maxsize=8192)
def phrase(text: str) -> Markup:
    """Render one line of an author's text, such as a stem or an option, without the paragraph around it."""
    html = converter().convert(text)
    safe = nh3.clean(html, tags=_INLINE, attributes={"a": {"href", "title"}}, link_rel=None)
    return Markup(safe)  # noqa: S704 - sanitised, or rendered by a template
