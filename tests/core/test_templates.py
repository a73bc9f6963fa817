"""The design: every macro on one page, checked as HTML, for accessibility in Chromium, and for what the script promises."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, render_template
from jinja2 import TemplateNotFound
from markupsafe import Markup
from playwright.sync_api import Browser, Page

from lms.core.templating import Environment
from tests.browser.chrome import axe, chrome
from tests.browser.chrome import page as tab
from tests.core.style_guide import CORE, NOW, SITE, Site, application


def _values(html: str, attribute: str) -> list[str]:
    return re.findall(rf'\s{attribute}="([^"]*)"', html)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chrome() as running:
        yield running


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with tab(browser) as opened:
        opened.context.route("**/*", site.handle)
        yield opened


def _until(page: Page, condition: str | Callable[[], bool]) -> None:
    """Wait until a script in the page, or a look at what reached the server, comes true."""
    for _ in range(600):
        if page.evaluate(condition) if isinstance(condition, str) else condition():
            return
        page.wait_for_timeout(50)
    pytest.fail(f"This never came true: {condition}")


# Markup


def test_words_are_made_safe_once() -> None:
    """What is given as text is escaped wherever it is shown; what is safe, or came from a macro, stays as it is."""
    template = Environment(Flask("lms"), autoescape=True).from_string(
        "{% macro bold(text, kind='b') %}<{{ kind }}>{{ text }}{{ caller() if caller else '' }}</{{ kind }}>{% endmacro %}"
        "{{ bold(said) }}{% call bold(safe, kind='i') %}{{ said }}{% endcall %}{{ none }}{{ said|upper }}{{ [said] }}"
        "{% for one in (1, 2) %}{{ bold(one) }}{% endfor %}"
    )
    shown = template.render(said="<&", safe=Markup("<u>"), none=None)
    assert shown == "<b>&lt;&amp;</b><i><u>&lt;&amp;</i>None&lt;&amp;[&#39;&lt;&amp;&#39;]<b>1</b><b>2</b>"


@pytest.mark.parametrize("address", ["/", "/?anonymous=1", "/?flash=1"])
def test_markup_is_sound_and_keeps_the_content_security_policy(site: Site, address: str) -> None:
    html = site.html(address)
    assert not re.search(r"<[^>]*\s(style|on\w+)=|<style|<script>", html)
    ids = _values(html, "id")
    assert sorted(set(ids)) == sorted(ids)
    names = ("for", "aria-describedby", "aria-labelledby", "data-from", "data-target", "data-filter")
    assert {part for name in names for value in _values(html, name) for part in value.split()} <= set(ids)


@pytest.mark.parametrize("name", ["email", "country", "sector", "seats", "consent"])
def test_a_wrong_field_says_so_to_everybody(site: Site, name: str) -> None:
    source = '{% import "ui/forms.html" as forms %}{{ forms.form_errors(form) }}{{ forms.field(form[name]) }}'
    html = site.render(source, form=application(), name=name)
    assert "true" in _values(html, "aria-invalid")
    assert f"{name}-error" in _values(html, "aria-describedby")
    assert f"{name}-error" in _values(html, "id")
    first = f"{name}-0" if name == "sector" else name
    assert f"#{first}" in _values(html, "href")
    assert first in _values(html, "id")


def test_a_right_field_has_its_hint_and_no_complaint(site: Site) -> None:
    source = '{% import "ui/forms.html" as forms %}{{ forms.field(form.password, autocomplete="new-password") }}'
    html = site.render(source, form=application())
    assert _values(html, "aria-describedby") == ["password-hint"]
    assert _values(html, "autocomplete") == ["new-password"]
    assert "aria-invalid" not in html
    assert "optional" not in html


def test_errors_of_the_whole_form_are_shown(site: Site) -> None:
    form = application()
    form.form_errors = ["Two people can't share an address."]
    html = site.render('{% import "ui/forms.html" as forms %}{{ forms.form_errors(form) }}', form=form)
    assert "<li>Two people can&#39;t share an address.</li>" in html


def test_what_people_type_is_escaped(site: Site) -> None:
    nasty = "<script>alert(1)</script>"
    source = """{% import "ui/page.html" as page %}{% import "ui/charts.html" as charts %}{% import "ui/quiz.html" as quiz %}
    {{ page.heading(text) }}{{ page.figure(text, text, text) }}{{ page.badge(text) }}{{ page.avatar(text) }}{{ page.facts([(text, text)]) }}
    {{ charts.bar_chart(text, [(text, 1)], "c") }}
    {{ quiz.options(text, [{"value": text, "text": text, "chosen": true, "mark": none}], text) }}{{ quiz.entry("a", text, text) }}"""
    assert "<script" not in site.render(source, text=nasty)


@pytest.mark.parametrize(("name", "initial"), [("sokha", "S"), ("ນາລິນ", "ນ"), ("เกษม", "เก"), ("  ", "?")])
def test_initials_break_no_cluster(site: Site, name: str, initial: str) -> None:
    html = site.render('{% import "ui/page.html" as page %}{{ page.avatar(name) }}', name=name)
    assert f">{initial}<" in html


def test_every_drawing_is_drawn_and_an_unknown_one_fails(site: Site) -> None:
    names = re.findall(r'^  "([a-z0-9-]+)":', (CORE / "templates/icons/lucide.html").read_text("utf-8"), re.MULTILINE)
    assert len(names) > 30
    for name in names:
        html = site.render('{% import "ui/icons.html" as icons %}{{ icons.icon(name) }}', name=name)
        assert html.count("<svg") == 1
        assert "/></svg>" in html
    with pytest.raises(TemplateNotFound):
        site.render('{% import "ui/icons.html" as icons %}{{ icons.icon("no-such-drawing") }}')


def test_zero_rows_and_empty_charts_are_drawn(site: Site) -> None:
    source = '{% import "ui/charts.html" as charts %}{{ charts.bar_chart("T", rows, "t") }}'
    assert 'width="0.0%"' in site.render(source, rows=[("Singapore", 0), ("Cambodia", 3)])
    assert "<svg" in site.render(source, rows=[("Singapore", 0)])
    assert "<svg" in site.render(source, rows=[])


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({}, "No place here"),
        ({"retry_after": 50}, "50 seconds"),
        ({"retry_after": 130}, "3 minutes"),
        ({"remedy": "Ask your tutor."}, "<p>Ask your tutor.</p>"),
        ({"remedy": {"label": "Sign in", "href": "/in"}}, 'href="/in">Sign in</a>'),
    ],
)
def test_error_page_says_what_to_do(site: Site, extra: dict[str, Any], words: str) -> None:
    with site.app.test_request_context():
        assert words in render_template("error.html", status=403, title="No place here", message="It is closed.", **extra)


def test_sheets_are_light_and_nothing_in_them_is_unused(site: Site) -> None:
    style = (CORE / "static/style.css").read_text("utf-8")
    script = (CORE / "static/app.js").read_text("utf-8")
    assert len(gzip.compress(style.encode(), 9)) <= 9 * 1024
    assert len(gzip.compress(script.encode(), 9)) <= 5 * 1024
    rules = re.sub(r"/\*.*?\*/|\{[^{}]*\}|\"[^\"]*\"", " ", style, flags=re.DOTALL)
    classes = set(re.findall(r"\.([a-z][a-z0-9-]*)", rules))
    templates = " ".join(path.read_text("utf-8") for path in CORE.parent.rglob("*.html"))
    shown = _values(site.html() + site.html("/?anonymous=1&flash=1"), "class")
    named = re.findall(r'(?:className: |class=|main_class %\})"?([\w -]*)', templates + script)
    assert classes - set(" ".join(shown + named).split()) == set()
    tokens = set(re.findall(r"(--[a-z0-9-]+):", style))
    assert tokens == set(re.findall(r"var\((--[a-z0-9-]+)\)", style))


# In the browser


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1366, 390])
def test_accessibility_check_finds_nothing(browser: Browser, site: Site, width: int, dark: bool) -> None:
    with tab(browser, width, dark=dark) as page:
        page.context.route("**/*", site.handle)
        for address in ("/?flash=1", "/?anonymous=1"):
            page.goto(SITE + address)
            assert axe(page) == []
        page.locator("summary:visible").evaluate_all("all => all.forEach(summary => summary.click())")
        page.locator("a.term").click()
        assert axe(page) == []


def test_nothing_overflows_at_320_and_targets_are_large_enough(browser: Browser, site: Site) -> None:
    with tab(browser, 320) as page:
        page.context.route("**/*", site.handle)
        page.goto(SITE)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        targets = page.locator(".btn:visible, .option, .phone summary, .account summary")
        assert min(targets.evaluate_all("all => all.map(target => target.offsetHeight)")) >= 32
        page.locator(".account summary").click()
        menu = page.locator(".account .menu-list").bounding_box()
        assert menu is not None
        assert menu["x"] >= 0


def test_every_place_is_reachable_on_a_phone_without_a_script(browser: Browser, site: Site) -> None:
    with tab(browser, 360, javascript=False) as page:
        page.context.route("**/*", site.handle)
        page.goto(SITE)
        assert not page.get_by_role("link", name="Grades").is_visible()
        page.get_by_text("Menu", exact=True).click()
        for name in ("Dashboard", "Grades", "Ranking"):
            assert page.get_by_role("link", name=name).is_visible()
        page.locator(".account summary").click()
        assert page.get_by_role("button", name="Sign out").is_visible()
        page.locator(".account summary").click()
        page.get_by_role("link", name="Module 1 · lesson 3 of 6").click()
        assert page.get_by_role("link", name="What identity is").is_visible()
        page.get_by_role("link", name="Close the outline").click()
        assert not page.get_by_role("link", name="What identity is").is_visible()


def test_the_summary_of_errors_takes_the_focus(page: Page) -> None:
    page.goto(SITE)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Please look at this again"


def test_each_answer_is_saved_on_its_own(page: Page, site: Site) -> None:
    page.goto(SITE)
    page.get_by_label("A voter card").first.check()
    page.locator("[data-saved]", has_text="saved 12:04:05").wait_for()
    _until(page, "localStorage.length === 0")
    assert site.saved == [{"a1": "1", "csrf_token": "token", "revision": "3"}]
    page.get_by_label("A whole number").fill("10")
    _until(page, "localStorage.length === 0")
    _until(page, lambda: "a2" in site.saved[-1])
    page.wait_for_timeout(800)
    assert site.saved[-1]["a2"] == "10"
    assert "a1" not in site.saved[-1]


def test_answers_wait_on_the_device_while_the_line_is_cut(page: Page, site: Site) -> None:
    page.goto(SITE)
    site.down = True
    page.get_by_label("A voter card").first.check()
    page.get_by_label("Use").select_option("b")
    page.get_by_text("2 answers waiting on this device.").wait_for()
    site.answer = ({}, 503)
    site.down = False
    page.reload()
    page.get_by_text("2 answers waiting on this device.").wait_for()
    assert page.get_by_label("A voter card").first.is_checked()
    assert not page.get_by_label("A birth certificate").first.is_checked()
    assert page.get_by_label("Use").input_value() == "b"
    site.answer = ({"saved": "12:09:00"}, 200)
    site.saved.clear()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator(".waiting").wait_for(state="detached")
    assert [set(form) & {"a1", "a3-2"} for form in site.saved] == [{"a1"}, {"a3-2"}]
    _until(page, "localStorage.length === 0")


def test_a_refused_answer_says_why_and_holds_up_no_other(page: Page, site: Site) -> None:
    page.goto(SITE)
    site.answer = ({"message": "This attempt was handed in at 12:20."}, 409)
    page.get_by_label("A voter card").first.check()
    page.get_by_text("1 answer waiting on this device. This attempt was handed in at 12:20.").wait_for()
    site.answer = ({"saved": "12:21:00"}, 200)
    page.get_by_label("A whole number").fill("10")
    page.locator("[data-saved]", has_text="saved 12:21:00").wait_for()
    page.get_by_text("1 answer waiting").wait_for()
    page.get_by_role("button", name="Send now").click()
    page.locator(".waiting").wait_for(state="detached")
    assert [form["a1"] for form in site.saved if "a1" in form] == ["1", "1"]


def test_time_runs_by_the_server_is_announced_and_ends_the_attempt(page: Page, site: Site) -> None:
    page.clock.install(time=NOW)
    page.clock.pause_at(NOW + timedelta(seconds=1))
    page.goto(SITE)
    timer = page.locator("[data-countdown]")
    page.clock.run_for(1000)
    assert timer.inner_text() == "19:59 left"
    page.clock.fast_forward(timedelta(minutes=15) // timedelta(milliseconds=1))
    assert page.get_by_text("5 minutes left", exact=True).count() == 1
    page.clock.fast_forward(timedelta(minutes=4) // timedelta(milliseconds=1))
    assert page.get_by_text("1 minute left", exact=True).count() == 1
    with page.expect_navigation():
        page.clock.fast_forward(timedelta(minutes=1) // timedelta(milliseconds=1))
    assert site.handed_in[0]["a1"] == "2"


def test_drafts_come_back_and_go_when_done(page: Page) -> None:
    page.goto(SITE)
    page.get_by_label("Motivation").fill("Because of trade")
    _until(page, "localStorage.length === 1")
    page.reload()
    assert page.get_by_label("Motivation").input_value() == "Because of trade"
    page.get_by_role("button", name="Discard it").click()
    assert page.evaluate("localStorage.length") == 0
    page.get_by_label("Motivation").fill("Because of jobs")
    _until(page, "localStorage.length === 1")
    page.goto(f"{SITE}/?done=1")
    assert page.evaluate("localStorage.length") == 0


def test_preview_is_made_by_the_server_and_survives_a_cut_line(page: Page, site: Site) -> None:
    page.goto(SITE)
    page.get_by_label("Motivation").fill("Trade")
    page.get_by_role("button", name="Preview").click()
    page.locator(".preview b", has_text="Trade").wait_for()
    site.down = True
    page.get_by_role("button", name="Preview").click()
    page.locator(".preview", has_text="Your text is safe").wait_for()


def test_a_term_explains_itself_and_closes(page: Page) -> None:
    page.goto(SITE)
    page.get_by_role("button", name="level of assurance").focus()
    page.keyboard.press("Enter")
    assert page.locator(".def").bounding_box() is not None
    page.keyboard.press("Escape")
    assert page.locator(".def").count() == 0
    assert page.evaluate("document.activeElement.className") == "term"


def test_a_form_is_sent_once_however_often_it_is_pressed(page: Page, site: Site) -> None:
    page.goto(SITE)
    page.evaluate("() => { const b = document.querySelector('.one button'); b.click(); b.click(); b.click(); }")
    _until(page, lambda: bool(site.handed_in))
    page.wait_for_timeout(500)
    assert len(site.handed_in) == 1


def test_rows_are_filtered_and_menus_close_on_a_click_elsewhere(page: Page) -> None:
    page.goto(SITE)
    page.get_by_label("Filter this page").fill("lao 84")
    page.get_by_text("1 of 3 rows").wait_for()
    assert page.locator("#people tbody tr:visible").count() == 1
    page.locator(".account summary").click()
    page.locator("h1").click()
    assert not page.get_by_role("button", name="Sign out").is_visible()


def test_reading_goes_on_where_it_stopped(page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 400})
    page.goto(f"{SITE}/?calm=1")
    page.locator(".lesson blockquote").evaluate("e => e.scrollIntoView({block: 'start', behavior: 'instant'})")
    _until(page, "localStorage.length === 1")
    page.goto("about:blank")
    page.goto(f"{SITE}/?calm=1")
    page.get_by_role("button", name="Go on there").click()
    _until(page, "Math.abs(document.querySelector('.lesson blockquote').getBoundingClientRect().top) < 80")
