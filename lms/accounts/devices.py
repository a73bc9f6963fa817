"""What browser on what machine a sign-in is in, in words."""

from __future__ import annotations

import re

LONGEST = 200
# The first that is found counts: most browsers name their ancestors, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("FxiOS", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android device"),
    ("CrOS", "a Chromebook"),
    ("Windows", "a Windows computer"),
    ("Macintosh", "a Mac"),
    ("Linux", "a Linux computer"),
)


def describe(agent: str) -> str:
    """Say a browser's name for itself in words, as 'Firefox on a Windows computer'."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    machine = next((name for mark, name in _MACHINES if mark in agent), "")
    if browser and machine:
        return f"{browser} on {machine}"
    return browser or f"A browser on {machine}" if browser or machine else "An unknown device"


def kind(agent: str) -> str:
    """Give a browser's name for itself without its numbers: an update makes no other browser of it."""
    return re.sub(r"[\d._]+", "", agent)[:LONGEST].strip()
