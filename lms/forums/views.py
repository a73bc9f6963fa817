"""Pages on which participants read and write."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core import clock, markdown
from lms.core.db import unit_of_work
from lms.core.errors import Conflict, NotFound
from lms.core.forms import Form
from lms.core.limits import limited, spend
from lms.core.permissions import authorize, can, permission
from lms.core.preview import previewed
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.forums import announcing, commands, moderation, queries, rules, showing
from lms.forums.commands import Posted
from lms.forums.forms import Edit, EditOpening, NewAnnouncement, NewTopic, Reply, Report, Sample
from lms.forums.values import Forum, PostList, PostRow, TopicHead, TopicRow
from lms.modules.api import require_open

blueprint = Blueprint("forums", __name__, template_folder="templates")
LARGEST = 2**53


def number(name: str) -> int | None:
    """Read a key from the address; `None` for what can't be one."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST else None


def open_forum(key: str) -> Forum:
    """Find a forum that the viewer may read now; raise `NotFound` or `Forbidden`."""
    found = queries.forum(current_edition(), key)
    if found.module:
        require_open(found.module)
    return found


def open_topic(topic_id: int) -> tuple[Forum, TopicHead]:
    """Find a topic that the viewer may read now, with its forum; raise `NotFound` or `Forbidden`."""
    head = queries.topic(current_edition(), topic_id, current_viewer())
    return open_forum(head.forum), head


def open_post(post_id: int) -> tuple[PostRow, TopicHead]:
    """Find a post that the viewer may read now, with its topic; raise `NotFound` or `Forbidden`."""
    row, head = queries.post(current_edition(), post_id, current_viewer())
    open_forum(head.forum)
    return row, head


def own_post(post_id: int) -> tuple[PostRow, TopicHead]:
    """Find a post of the viewer's own; raise `NotFound` for others'."""
    row, head = open_post(post_id)
    if not can("forums.own", row):
        message = "This post is not yours."
        raise NotFound(message)
    return row, head


def place(head: TopicHead | TopicRow, post_id: int, *, first: bool = False) -> str:
    """Give the address of a post, on the page that ends with it, or begins if it is the `first` to read."""
    long = head.posts > rules.POSTS_A_PAGE
    around: dict[str, Any] = {("from" if first else "until"): post_id} if long else {}
    return url_for("forums.topic", forum=head.forum, topic=head.id, _anchor=f"p{post_id}", **around)


def say(text: str, *, draft: str = "", undo: str = "", **fields: str) -> None:
    """Tell on the next page what happened; let go of a `draft`, offer to `undo` by a POST of `fields`."""
    page = render_template("forums/said.html", text=text, draft=draft, undo=undo, fields=fields)
    flash(Markup(page), "good")  # noqa: S704 - rendered with escapes


def draft_key(*parts: object) -> str:
    """Name the draft that a browser keeps of a text."""
    return ":".join(["forum", current_edition().slug, *map(str, parts)])


def why_closed() -> str:
    """Say why nobody can write anything now; empty if people can."""
    return rules.why_no_reply(closed=current_edition().is_closed, hidden=False, locked=False, lock_reason="")


def why_silent(head: TopicHead) -> str:
    """Say why nobody can write in a topic now; empty if people can."""
    closed = current_edition().is_closed
    return rules.why_no_reply(closed=closed, hidden=head.hidden, locked=head.locked, lock_reason=head.lock_reason)


def count_post() -> None:
    """Count a post of the viewer's; raise `TooMany` beyond the limit."""
    spend(f"forums.post {current_viewer().person_id}", rules.MOST_POSTS, rules.POSTS_SECONDS)


@blueprint.get("/e/<edition>/forums/")
@permission("participant")
@previewed
def index() -> ResponseReturnValue:
    """Show the forums and what is new in them."""
    cards = queries.cards(current_edition(), current_viewer())
    return render_template("forums/index.html", cards=cards, unread=sum(card.unread for card in cards))


@blueprint.post("/e/<edition>/forums/read")
@permission("enrolled")
def mark_all_read() -> ResponseReturnValue:
    """Mark every topic as read in all forums that are open, or in the one that the form names."""
    edition = current_edition()
    keys = queries.open_forums(edition, staff=current_viewer().is_staff)
    only = request.form.get("forum")
    if only is not None and only not in keys:
        message = "There is no such forum, or it is not open yet."
        raise NotFound(message)
    commands.mark_all_read(edition.id, current_enrolment_id(), (only,) if only else keys)
    flash("Everything is marked as read.", "good")
    return redirect(url_for("forums.forum", forum=only) if only else url_for("forums.index"))


@blueprint.get("/e/<edition>/forums/unread")
@permission("participant")
def next_unread() -> ResponseReturnValue:
    """Go to the topic that has been waiting longest to be read, at its first new post."""
    for row in queries.unread_topics(current_edition(), current_viewer(), 1):
        return redirect(place(row, row.first_unread or row.last_post_id, first=True))
    flash("You have read everything.", "good")
    return redirect(url_for("forums.index"))


@blueprint.get("/e/<edition>/forums/<forum>/")
@permission("participant")
def forum(forum: str) -> ResponseReturnValue:
    """Show a forum's topics, unread first; its module's prompt stands at the head until it is answered."""
    edition, viewer = current_edition(), current_viewer()
    found, cursor = open_forum(forum), request.args.get("after", "")
    page = queries.topics(edition.id, forum, viewer, cursor)
    asks = bool(found.prompt) and not cursor and queries.prompt_topic(edition.id, forum) is None
    links = [(row, place(row, row.first_unread, first=True) if row.first_unread else None) for row in page.topics]
    return render_template("forums/forum.html", forum=found, links=links, after=page.after, asks=asks, later=bool(cursor))


@blueprint.post("/e/<edition>/forums/preview")
@permission("enrolled")
@limited(120, 60)
def preview() -> ResponseReturnValue:
    """Give a text as it will look, as a piece of a page."""
    form = Sample()
    if not form.validate_on_submit():
        return Markup("<p>{}</p>").format(" ".join(form.body.errors or ["Please load the page again."]))
    return markdown.post(form.body.data)


def sample(form: Form) -> Markup | None:
    """Give the text of a valid form as it will look, where its Preview button was pressed."""
    return markdown.post(form["body"].data) if form["preview"].data and not form.errors else None


@blueprint.route("/e/<edition>/forums/<forum>/new", methods=["GET", "POST"])
@permission("enrolled")
def new(forum: str) -> ResponseReturnValue:
    """Start a topic."""
    found, draft = open_forum(forum), draft_key(forum, "new")
    authorize("forums.start", forum)
    if refusal := why_closed():
        raise Conflict(refusal)
    form = NewTopic() if found.module else NewAnnouncement()
    if form.validate_on_submit() and not form.preview.data:
        if isinstance(form, NewAnnouncement) and not form.send.data:
            return how_it_arrives(form)
        count_post()
        title, body, key = form.title.data or "", form.body.data, form.key.data
        posted = commands.start_topic(current_edition().id, current_enrolment_id(), forum, title, body, key)
        say("Your topic is posted.", draft=draft)
        return redirect(url_for("forums.topic", forum=forum, topic=posted.topic_id))
    return render_template("forums/new.html", forum=found, form=form, sample=sample(form), draft=draft), form.status


def how_it_arrives(form: NewAnnouncement) -> ResponseReturnValue:
    """Show an announcement as phones and plain-text readers will, and to how many people it goes."""
    edition, viewer = current_edition(), current_viewer()
    title, body = form.title.data or "", form.body.data
    message = announcing.sample(edition, viewer.name, title, body)
    count = announcing.count(edition.id, viewer.enrolment_id)
    return render_template("forums/arrives.html", form=form, message=message, html=markdown.post(body), count=count)


def sent(posted: Posted, draft: str) -> ResponseReturnValue:
    """Go to a reply that was just posted."""
    head = queries.topic(current_edition(), posted.topic_id, current_viewer())
    say("Your reply is posted.", draft=draft)
    return redirect(place(head, posted.post_id))


@blueprint.get("/e/<edition>/forums/<forum>/prompt")
@permission("participant")
def prompt(forum: str) -> ResponseReturnValue:
    """Show what a module asks, as long as nobody has answered."""
    found = open_forum(forum)
    known = queries.prompt_topic(current_edition().id, forum)
    if known is not None:
        return redirect(url_for("forums.topic", forum=forum, topic=known))
    return prompt_page(found, Reply(formdata=None))


@blueprint.post("/e/<edition>/forums/<forum>/prompt")
@permission("enrolled")
def answer_prompt(forum: str) -> ResponseReturnValue:
    """Answer what a module asks; the first answer makes a topic of it."""
    found, form = open_forum(forum), Reply()
    if form.validate_on_submit() and not form.preview.data:
        count_post()
        edition_id = current_edition().id
        posted = commands.answer_prompt(edition_id, current_enrolment_id(), forum, form.body.data, form.key.data)
        return sent(posted, draft_key(forum, "prompt"))
    return prompt_page(found, form)


def prompt_page(found: Forum, form: Reply) -> ResponseReturnValue:
    """Show a prompt with the form to answer it."""
    if not found.prompt:
        message = "This forum has no question to begin with."
        raise NotFound(message)
    return render_template(
        "forums/prompt.html",
        forum=found,
        html=markdown.post(found.prompt),
        refusal=why_closed(),
        form=form,
        sample=sample(form),
        draft=draft_key(found.key, "prompt"),
    ), form.status


@blueprint.get("/e/<edition>/forums/<forum>/<int:topic>")
@permission("participant")
def topic(forum: str, topic: int) -> ResponseReturnValue:
    """Show a topic; what was shown counts as read. The address in a forum it was moved from leads on."""
    found, head = open_topic(topic)
    if head.forum != forum:
        page = {name: value for name in ("from", "until", "at") if (value := number(name))}
        return redirect(url_for("forums.topic", forum=head.forum, topic=head.id, **cast("Any", page)))
    return topic_page(found, head, Reply(formdata=None))


@blueprint.post("/e/<edition>/forums/<forum>/<int:topic>")
@permission("enrolled")
def reply(forum: str, topic: int) -> ResponseReturnValue:
    """Answer in a topic, wherever it was moved meanwhile."""
    del forum
    found, head = open_topic(topic)
    form = Reply()
    if form.validate_on_submit() and not form.preview.data:
        count_post()
        posted = commands.reply(current_edition().id, current_enrolment_id(), head.id, form.body.data, form.key.data)
        return sent(posted, draft_key(head.id))
    return topic_page(found, head, form)


def topic_page(found: Forum, head: TopicHead, form: Reply) -> ResponseReturnValue:
    """Show a page of a topic with the form to answer, and note how far the viewer has read."""
    at = number("at") if head.posts > rules.POSTS_A_PAGE else None
    page = queries.posts(head, current_viewer(), number("from"), number("until") or at)
    if not page.posts and request.args:
        return redirect(url_for("forums.topic", forum=head.forum, topic=head.id))
    note_read(head, page)
    refusal = why_silent(head)
    return render_template(
        "forums/topic.html",
        forum=found,
        topic=head,
        list=page,
        articles=showing.articles(page.posts, head, silent=bool(refusal)),
        refusal=refusal,
        form=form,
        sample=sample(form),
        draft=draft_key(head.id),
    ), form.status


def note_read(head: TopicHead, page: PostList) -> None:
    """Note how far the viewer has read, if that is further than before."""
    viewer = current_viewer()
    last = max((row.id for row in page.posts), default=0)
    if viewer.enrolment_id is not None and last > head.read and request.method == "GET":
        with unit_of_work():
            commands.mark_read(viewer.enrolment_id, head.id, last)


@blueprint.get("/e/<edition>/forums/posts/<int:post>")
@permission("participant")
def post(post: int) -> ResponseReturnValue:
    """Go to a post, wherever its topic is now."""
    row, head = open_post(post)
    return redirect(place(head, row.id))


@blueprint.route("/e/<edition>/forums/posts/<int:post>/edit", methods=["GET", "POST"])
@permission("enrolled")
def edit(post: int) -> ResponseReturnValue:
    """Change one's own post."""
    row, head = own_post(post)
    if refusal := why_silent(head) or rules.why_no_edit(row.state, row.created_at, clock.now()):
        raise Conflict(refusal)
    values = {"body": row.body, "title": head.title, "version": row.version}
    form = EditOpening(data=values) if row.opening else Edit(data=values)
    if form.validate_on_submit() and not form.preview.data:
        with form.refusals():
            change = {name: form.data[name] for name in ("version", "body", "title") if name in form.data}
            commands.edit_post(current_edition().id, current_enrolment_id(), row.id, **change)
            say("Your change is saved.")
            return redirect(place(head, row.id))
    back = place(head, row.id)
    return render_template("forums/edit.html", post=row, topic=head, form=form, sample=sample(form), back=back), form.status


@blueprint.get("/e/<edition>/forums/posts/<int:post>/history")
@permission("participant")
def history(post: int) -> ResponseReturnValue:
    """Show what a post was before it was changed."""
    row, head = open_post(post)
    versions = queries.versions(row, head)
    return render_template("forums/history.html", post=row, topic=head, versions=versions, back=place(head, row.id))


@blueprint.post("/e/<edition>/forums/posts/<int:post>/withdraw")
@permission("enrolled")
def withdraw(post: int) -> ResponseReturnValue:
    """Take one's own post back."""
    row, head = own_post(post)
    commands.withdraw(current_edition().id, current_enrolment_id(), row.id)
    say("Your post is withdrawn: others do not see it any more.", undo=url_for("forums.put_back", post=row.id))
    return redirect(place(head, row.id))


@blueprint.post("/e/<edition>/forums/posts/<int:post>/put-back")
@permission("enrolled")
def put_back(post: int) -> ResponseReturnValue:
    """Undo the withdrawal of one's own post."""
    row, head = own_post(post)
    commands.put_back(current_edition().id, current_enrolment_id(), row.id)
    say("Your post is back.")
    return redirect(place(head, row.id))


@blueprint.route("/e/<edition>/forums/posts/<int:post>/flag", methods=["GET", "POST"])
@permission("enrolled")
def flag(post: int) -> ResponseReturnValue:
    """Report somebody else's post to the staff."""
    row, head = open_post(post)
    authorize("forums.flag", row)
    if refusal := rules.why_no_flag(row.state, flagged=row.flagged):
        raise Conflict(refusal)
    form = Report()
    if form.validate_on_submit():
        with form.refusals():
            category, note = form.category.data, form.note.data or ""
            moderation.flag(current_edition().id, current_enrolment_id(), row.id, category, note)
            say("Thank you. A tutor will read the post; you get a mail with the outcome.")
            return redirect(place(head, row.id))
    return render_template("forums/report.html", post=row, topic=head, form=form, back=place(head, row.id)), form.status
