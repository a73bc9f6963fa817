"""What the mails about forums say."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from lms.core import markdown
from lms.core.mail import Message, compose


@dataclass(frozen=True, slots=True)
class News:
    """What was announced, in which edition, by whom; `body` is Markdown."""

    edition: str
    author: str
    title: str
    body: str
    url: str


def announcement(name: str, news: News) -> Message:
    """Bring an announcement to a participant; the HTML part shows its Markdown as the page does."""
    lead = f"{news.author} announces in {news.edition}:"
    action = ("Read it in the forum", news.url)
    plain = compose(f"{news.title} ({news.edition})", f"Dear {name},", [lead, news.title, news.body], action)
    page = Markup(
        '<!doctype html><html lang="en"><title>{}</title><body><p>Dear {},</p><p>{}</p><h1>{}</h1>{}'
        '<p><a href="{}">{}</a></p></body></html>'
    ).format(plain.subject, name, lead, news.title, markdown.post(news.body), news.url, action[0])
    return Message(plain.subject, plain.text, str(page))


def hidden(name: str, title: str, reason: str, url: str) -> Message:
    """Tell an author that a post was hidden, and why."""
    return compose(
        "Your post was hidden",
        f"Dear {name},",
        [
            f"a tutor has hidden your post in “{title}”. You still see it, other learners do not.",
            f"The reason: {reason}",
            "If you think that this is a mistake, write to your tutor: a hidden post can be restored.",
        ],
        ("See my post", url),
    )


def restored(name: str, title: str, url: str) -> Message:
    """Tell an author that a hidden post is visible again."""
    return compose(
        "Your post is visible again",
        f"Dear {name},",
        [f"your post in “{title}” was hidden. A tutor has restored it: everybody can read it again."],
        ("See my post", url),
    )


def flag_upheld(name: str, title: str) -> Message:
    """Tell who reported a post that it was hidden."""
    return compose(
        "The post you reported was hidden",
        f"Dear {name},",
        [
            f"you reported a post in “{title}”. A tutor has read it and hidden it.",
            "Thank you for telling us. The author does not learn who reported it.",
        ],
    )


def flag_dismissed(name: str, title: str, note: str) -> Message:
    """Tell who reported a post that it stays."""
    return compose(
        "The post you reported stays",
        f"Dear {name},",
        [
            f"you reported a post in “{title}”. A tutor has read it and lets it stand.",
            *([f"The tutor writes: {note}"] if note else []),
            "Thank you for telling us. The author does not learn who reported it.",
        ],
    )
