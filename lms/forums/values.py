"""What the pages of the forums are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from lms.core import markdown
from lms.core.domain import Role
from lms.core.viewer import EditionInfo
from lms.forums import rules
from lms.modules.api import ModuleInfo

ROLES: dict[str, str] = {Role.TUTOR: "Tutor", Role.ADMINISTRATOR: "Administrator"}


class Text:
    """What somebody wrote, ready to be shown."""

    __slots__ = ()
    body: str

    @property
    def html(self) -> Markup:
        """The text as safe HTML."""
        return markdown.post(self.body)

    @property
    def language(self) -> str | None:
        """The language of the text, where its script tells."""
        return rules.language(self.body)


class Written(Text):
    """A text with its author."""

    __slots__ = ()
    author: str | None
    role: str | None

    @property
    def author_language(self) -> str | None:
        """The language of the author's name, where its script tells."""
        return rules.language(self.author or "")

    @property
    def role_label(self) -> str | None:
        """What others should know of the author's role; nothing for learners."""
        return ROLES.get(self.role or "")


class Titled:
    """A topic's title."""

    __slots__ = ()
    title: str

    @property
    def language(self) -> str | None:
        """The language of the title, where its script tells."""
        return rules.language(self.title)


@dataclass(frozen=True, slots=True)
class Forum:
    """A forum of an edition; `topic_title` and `prompt` are what its module asks."""

    key: str
    title: str
    topic_title: str = ""
    prompt: str = ""
    module: ModuleInfo | None = None

    def opens_at(self, edition: EditionInfo) -> datetime | None:
        """Tell when it opens; announcements are always open."""
        return self.module.opens_at(edition) if self.module else None


@dataclass(frozen=True, slots=True)
class ForumCard:
    """A forum in the list: its topics, how many of them have something new, and when the last post was."""

    forum: Forum
    opens_at: datetime | None
    open: bool
    topics: int = 0
    unread: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TopicRow(Titled):
    """A topic in a list; `first_unread` is the post to go on with."""

    id: int
    forum: str
    prompt: str | None
    title: str
    pinned: bool
    locked: bool
    hidden: bool
    posts: int
    last_post_id: int
    last_author: str | None
    last_at: datetime
    unread: int
    first_unread: int | None

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands in its forum, highest first: the prompt, pinned ones, those with something new."""
        pinned = int(self.pinned) * (2 if self.prompt else 1)
        return pinned, int(self.unread > 0 and not self.hidden), self.last_post_id


@dataclass(frozen=True, slots=True)
class TopicList:
    """A page of topics; `after` is the cursor of the next page."""

    topics: tuple[TopicRow, ...]
    after: str


@dataclass(frozen=True, slots=True)
class TopicHead(Titled):
    """A topic without its posts; `more` tells whether another one has something new."""

    id: int
    forum: str
    prompt: str | None
    title: str
    author_id: int | None
    pinned: bool
    locked: bool
    lock_reason: str
    hidden: bool
    posts: int
    last_post_id: int
    read: int
    more: bool


@dataclass(frozen=True, slots=True)
class PostRow(Written):
    """A post with its author, and whether the viewer has reported it."""

    id: int
    topic_id: int
    author_id: int | None
    author: str | None
    role: str | None
    opening: bool
    body: str
    created_at: datetime
    edited_at: datetime | None
    version: int
    state: str
    reason: str
    flagged: bool

    @property
    def editable_until(self) -> datetime:
        """When it becomes too old to be changed."""
        return self.created_at + rules.WINDOW

    def may_be_edited(self, now: datetime) -> bool:
        """Tell whether its author can change it."""
        return not rules.why_no_edit(self.state, self.created_at, now)

    def may_be_withdrawn(self, now: datetime, last_post_id: int) -> bool:
        """Tell whether its author can take it back."""
        return not rules.why_no_withdrawal(self.state, self.created_at, now, answered=last_post_id > self.id)


@dataclass(frozen=True, slots=True)
class PostList:
    """A page of posts and whether there are others around it."""

    posts: tuple[PostRow, ...]
    earlier: bool
    later: bool


@dataclass(frozen=True, slots=True)
class Version(Text):
    """A post as it was at one time."""

    number: int
    title: str
    body: str
    written_at: datetime
