"""What people find on the site's pages: links and forms, read from the HTML that each role is given."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests.core.factories import PASSWORD
from tests.site.routes import ask, endpoint_of, routes
from tests.site.world import ROLES, World

SAMPLES = {"email": "somebody@example.org", "password": PASSWORD}
SAMPLE = "A few words"
BROKEN = 500


@dataclass
class Field:
    """A field of a form, with what is in it or can be chosen; a button is `drowned` whose name another field has, which speaks first."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    drowned: bool = False
    choices: list[str] = field(default_factory=list)

    @property
    def filled(self) -> list[str]:
        """What somebody sends who fills the form in: the last choice, for the first is often what is so already."""
        if self.kind in {"select", "radio"}:
            return self.choices[-1:]
        if self.kind == "checkbox":
            return self.values
        return [value or SAMPLES.get(self.kind, SAMPLE) for value in self.values or [""]]


@dataclass
class Form:
    """A form on a page; a script sends the same fields elsewhere for a preview, or `single` items as they are answered."""

    method: str
    action: str
    fields: dict[str, Field] = field(default_factory=dict)
    single: bool = False

    def body(self) -> dict[str, list[str]]:
        """Give what is sent when the form is filled in; no named button is pressed."""
        filled = {name: found.filled for name, found in self.fields.items() if found.kind != "button"}
        return {name: values[:1] for name, values in filled.items()} if self.single else filled


class Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, address: str, html: str) -> None:
        """Read the page that was found at an address."""
        super().__init__()
        self.address, self.links, self.forms = address, set[str](), list[Form]()
        self._inside = False
        self._area: Field | None = None
        self._select: Field | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a form or a field."""
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in found:
            self.links.add(self._absolute(found["href"]))
        elif tag == "form":
            self._form(found)
        elif tag == "button" and "data-preview" in found:
            self.forms.insert(0, Form("POST", self._absolute(found["data-preview"]), self.forms[-1].fields))
        elif self._inside and tag in {"input", "textarea", "select", "button"} and found.get("name"):
            self._field(tag, found)
        elif tag == "option" and self._select is not None and found.get("value"):
            self._select.choices.append(found["value"])

    def _absolute(self, address: str) -> str:
        return urljoin(self.address, address).partition("#")[0]

    def _form(self, found: dict[str, str]) -> None:
        form = Form(found.get("method", "get").upper(), self._absolute(found.get("action") or self.address))
        if "data-autosave" in found:
            self.forms.append(Form("POST", self._absolute(found["data-autosave"]), form.fields, single=True))
        self.forms.append(form)
        self._inside = True

    def _field(self, tag: str, found: dict[str, str]) -> None:
        kind = found.get("type", "text") if tag == "input" else tag
        kind = "button" if kind == "submit" else kind
        noted = self.forms[-1].fields.setdefault(found["name"], Field(found["name"], kind))
        noted.drowned |= kind == "button" != noted.kind
        value = found.get("value", "")
        if kind == "radio" or (kind == "checkbox" and "checked" not in found):
            noted.choices.append(value)
        elif kind != "select":
            noted.values.append(value)
        self._area = noted if tag == "textarea" else None
        self._select = noted if tag == "select" else None

    def handle_data(self, data: str) -> None:
        """Note what stands in a text area."""
        if self._area is not None:
            self._area.values[-1] += data.lstrip("\r\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave a text area, a list of choices or a form."""
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._inside = False


@dataclass
class Visit:
    """What there was to see: what each (role, address) gives, where each (role, link) was found, and who finds which form."""

    words: dict[tuple[str, str], str] = field(default_factory=dict)
    links: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    forms: dict[tuple[str, str], tuple[str, Form]] = field(default_factory=dict)

    def bodies(self) -> dict[str, dict[str, list[str]]]:
        """Give a body for each address and, where nobody has seen a form for it, for each view."""
        found: dict[str, dict[str, list[str]]] = {}
        for (endpoint, action), (_, form) in self.forms.items():
            found.setdefault(endpoint, form.body())
            found[action] = form.body()
        return found


def visit(world: World) -> Visit:
    """Look at every page as every role, and follow all links."""
    seen = Visit()
    addresses = dict.fromkeys(route.address for route in routes(world) if route.method == "GET")
    for role in ROLES:
        todo, known = deque((address, "") for address in addresses), set(addresses)
        while todo:
            address, found_on = todo.popleft()
            outcome = ask(world, role, "GET", address)
            seen.words[role, address] = outcome.word
            assert outcome.status < BROKEN, f"GET {address} as {role}: {outcome.text}"
            if found_on:
                seen.links[role, address] = (outcome.word, found_on)
            page = Page(address, outcome.text)
            _note(world, seen, role, page)
            new = {link for link in page.links if link.startswith("/") and _shape(link) not in known}
            known |= {_shape(link) for link in new}
            todo.extend((link, address) for link in sorted(new))
    return seen


def _shape(link: str) -> str:
    """Take addresses that differ in the values of their arguments as one, or tables would be sorted in all ways there are."""
    parts = urlsplit(link)
    names = sorted(part.partition("=")[0] for part in parts.query.split("&"))
    return f"{parts.path}?{'&'.join(names)}" if parts.query else parts.path


def _note(world: World, seen: Visit, role: str, page: Page) -> None:
    for form in page.forms:
        if form.method == "POST" and (endpoint := endpoint_of(world.app, "POST", form.action)):
            seen.forms.setdefault((endpoint, urlsplit(form.action).path), (role, form))
