"""What a feature declares of itself, and the registry that checks all declarations at start-up."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import click
from flask import Blueprint

from lms.core.audit import CORE_ACTS
from lms.core.content import ContentPart
from lms.core.documents import Documents
from lms.core.events import Handler, Handlers
from lms.core.permissions import CORE_RULES, Rule
from lms.core.progress import Activity

GROUP = "lms.plugins"
PLACES = ("edition", "desk", "account")
PAGE_SLOTS = ("page.header", "page.banner")  # hosted by the frame of every page
# Open to every feature, shown where there is one that looks after people or reports; what they take is in `reporting` and `figures`.
REPORT_SLOTS = (
    *("people.timeline", "people.deeds", "people.stages", "people.milestones", "people.queues", "people.columns"),
    *("reports.figures", "reports.annexes"),
)
Slot = Callable[..., Iterable[Any]]


class PluginError(Exception):
    """A plugin declares something that can't work; the message names the plugin and the declaration."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """A menu entry: `place` is 'edition' (the main menu inside an edition), 'desk' (its staff) or 'account'."""

    label: str
    endpoint: str
    permission: str
    icon: str = ""
    order: int = 50
    place: str = "edition"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a feature holds of a person: in words, as data, and how it is erased."""

    holds: str
    export: Callable[[int], Mapping[str, Any]]
    erase: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Sweep:
    """A task that runs every so many seconds and picks up what is left to do."""

    task: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Plugin:
    """A feature's manifest; everything but the name is optional.

    `hosts` names the slots that its own pages offer to others, `slots` what it puts into slots, `on` which commands follow which
    events, `counts` whether any of its activities may enter the average, `content` how its part of a course folder is checked and
    loaded, `commands` its commands of the `lms` command line, `documents` the texts that people may look for, `acts` in what words the
    audit log tells of the acts that it puts on record, `health` what `lms doctor` asks it: each gives a sentence, or raises a
    `DomainError` that says what is wrong.
    """

    name: str
    requires: tuple[str, ...] = ()
    blueprint: Blueprint | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    nav: tuple[NavItem, ...] = ()
    hosts: tuple[str, ...] = ()
    slots: Mapping[str, Slot] = field(default_factory=dict)
    on: Mapping[type, Handler] = field(default_factory=dict)
    activities: Callable[[int], Iterable[Activity]] | None = None
    counts: bool = True
    personal_data: PersonalData | None = None
    content: ContentPart | None = None
    documents: Documents | None = None
    sweeps: tuple[Sweep, ...] = ()
    acts: Mapping[str, str] = field(default_factory=dict)
    health: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    commands: tuple[click.Command, ...] = ()


def discover(disabled: frozenset[str] = frozenset()) -> tuple[Plugin, ...]:
    """Find the built-in features by file name and installed ones by entry point; leave out what is switched off."""
    root = Path(__file__).parents[1]
    found = [import_module(f"lms.{file.parent.name}.plugin").plugin for file in sorted(root.glob("*/plugin.py"))]
    found += [_load(entry) for entry in metadata.entry_points(group=GROUP)]
    wrong = [repr(item) for item in found if not isinstance(item, Plugin)]
    if wrong:
        message = f"Not a plugin: {', '.join(wrong)}."
        raise PluginError(message)
    return tuple(item for item in found if item.name not in disabled)


def _load(entry: metadata.EntryPoint) -> Any:
    try:
        return entry.load()
    except (ImportError, AttributeError) as error:
        message = f"The installed plugin {entry.name} ({entry.value}) can't be loaded: {error}."
        raise PluginError(message) from error


def on_demand(module: str) -> Any:
    """Import a module of a feature when it is first used: one whose libraries are large, and needed by the worker alone."""
    return import_module(module)


class Registry:
    """Every plugin's declarations, ordered by requirement and checked; raises `PluginError`."""

    def __init__(self, plugins: Iterable[Plugin]) -> None:
        self.plugins = _ordered(tuple(plugins))
        self.rules: Mapping[str, Rule] = CORE_RULES | _merged("rule", ((p.name, p.rules) for p in self.plugins))
        self.slots = self._slots()
        self.handlers: Handlers = self._handlers()
        self.activity_sources = {p.activities: p.counts for p in self.plugins if p.activities}
        self.content_parts = tuple(p.content for p in self.plugins if p.content)
        self.acts: Mapping[str, str] = CORE_ACTS | _merged("act", ((p.name, p.acts) for p in self.plugins))
        self.health: Mapping[str, Callable[[], str]] = _merged("check", ((p.name, p.health) for p in self.plugins))
        self.documents = {p.name: p.documents for p in self.plugins if p.documents}
        self.nav = tuple(sorted((item for p in self.plugins for item in p.nav), key=lambda item: item.order))
        self._check_nav()

    def _slots(self) -> dict[str, tuple[Slot, ...]]:
        hosted = (PAGE_SLOTS, REPORT_SLOTS, *(p.hosts for p in self.plugins))
        slots: dict[str, tuple[Slot, ...]] = {name: () for hosts in hosted for name in hosts}
        for plugin in self.plugins:
            for name, slot in plugin.slots.items():
                if name not in slots:
                    message = f"{plugin.name}: no plugin hosts the slot {name!r}."
                    raise PluginError(message)
                slots[name] += (slot,)
        return slots

    def _handlers(self) -> Handlers:
        handlers: dict[type, tuple[Handler, ...]] = {}
        for plugin in self.plugins:
            for event, handler in plugin.on.items():
                handlers[event] = (*handlers.get(event, ()), handler)
        return handlers

    def _check_nav(self) -> None:
        for item in self.nav:
            if item.permission not in self.rules:
                message = f"Menu entry {item.label!r}: unknown permission {item.permission!r}."
                raise PluginError(message)
            if item.place not in PLACES:
                message = f"Menu entry {item.label!r}: unknown place {item.place!r}, not one of {', '.join(PLACES)}."
                raise PluginError(message)

    def check_endpoints(self, known: Container[str]) -> None:
        """Raise `PluginError` for a menu entry that leads to no page."""
        for item in self.nav:
            if item.endpoint not in known:
                message = f"Menu entry {item.label!r}: there is no page {item.endpoint!r}."
                raise PluginError(message)


def _ordered(plugins: tuple[Plugin, ...]) -> tuple[Plugin, ...]:
    by_name = _merged("name", ((p.name, {p.name: p}) for p in plugins))
    for plugin in plugins:
        if missing := [name for name in plugin.requires if name not in by_name]:
            message = f"{plugin.name} requires {', '.join(missing)}, which is not there or switched off."
            raise PluginError(message)
    try:
        order = TopologicalSorter({p.name: p.requires for p in plugins}).static_order()
        return tuple(by_name[name] for name in order)
    except CycleError as error:
        message = f"Plugins require each other in a circle: {' -> '.join(error.args[1])}."
        raise PluginError(message) from error


def _merged(what: str, parts: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for owner, part in parts:
        for key, value in part.items():
            if key in merged:
                message = f"{owner}: the {what} {key!r} is declared twice."
                raise PluginError(message)
            merged[key] = value
    return merged
