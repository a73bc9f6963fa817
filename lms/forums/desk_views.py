"""Pages of the staff: reports, and what can be done about posts and topics."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet

from lms.core.errors import Conflict
from lms.core.permissions import authorize, can, permission
from lms.core.viewer import current_edition, current_viewer
from lms.forums import flag_queries, moderation, queries, rules, views
from lms.forums.forms import Decision, Move, Reason
from lms.forums.views import number, open_post, open_topic, place, say

# The feature's blueprint, with the staff's pages on it.
blueprint = views.blueprint


@blueprint.get("/e/<edition>/forums/flags")
@permission("forums.moderate")
def flags() -> ResponseReturnValue:
    """Show the posts that were reported: those that wait for a decision, or those decided."""
    edition, only = current_edition(), current_viewer().modules
    waiting = request.args.get("state") != "decided"
    cases, after = flag_queries.cases(edition.id, only, waiting=waiting, after=number("after"))
    return render_template(
        "forums/flags.html",
        cases=cases,
        after=after,
        waiting=waiting,
        counts=flag_queries.counts(edition.id, only),
        names={found.key: found.title for found in queries.forums(edition)},
    )


@blueprint.post("/e/<edition>/forums/flags/<int:post>/dismiss")
@permission("forums.moderate")
def dismiss(post: int) -> ResponseReturnValue:
    """Let a reported post stand."""
    form = Decision()
    if not form.validate_on_submit():
        return render_template("forums/decision.html", form=form, post=post), 422
    moderation.dismiss(current_edition().id, post, current_viewer(), form.note.data or "")
    say("The post stands. Who reported it gets a mail.")
    return redirect(url_for("forums.flags"))


@blueprint.route("/e/<edition>/forums/posts/<int:post>/hide", methods=["GET", "POST"])
@permission("forums.moderate")
def hide(post: int) -> ResponseReturnValue:
    """Hide a post from learners, with a reason."""
    row, head = open_post(post)
    authorize("forums.moderate", head.forum)
    authorize("forums.decide", row)
    if refusal := rules.why_no_hiding(row.state):
        raise Conflict(refusal)
    form = Reason()
    if form.validate_on_submit():
        moderation.hide(current_edition().id, row.id, current_viewer(), form.reason.data or "")
        say(
            "The post is hidden; its author gets a mail with the reason.",
            undo=url_for("forums.restore", post=row.id),
        )
        return redirect(place(head, row.id))
    return render_template("forums/hide.html", post=row, topic=head, form=form, back=place(head, row.id)), form.status


@blueprint.post("/e/<edition>/forums/posts/<int:post>/restore")
@permission("forums.moderate")
def restore(post: int) -> ResponseReturnValue:
    """Let everybody see a hidden post again."""
    row, head = open_post(post)
    moderation.restore(current_edition().id, row.id, current_viewer())
    say("Everybody sees the post again; its author gets a mail.")
    return redirect(place(head, row.id))


@blueprint.post("/e/<edition>/forums/<forum>/<int:topic>/pin")
@permission("forums.moderate")
def pin(forum: str, topic: int) -> ResponseReturnValue:
    """Keep a topic at the head of its forum."""
    moderation.pin(current_edition().id, topic, current_viewer())
    say(
        "The topic is pinned: it stays at the head of the forum.",
        undo=url_for("forums.unpin", forum=forum, topic=topic),
    )
    return redirect(url_for("forums.topic", forum=forum, topic=topic))


@blueprint.post("/e/<edition>/forums/<forum>/<int:topic>/unpin")
@permission("forums.moderate")
def unpin(forum: str, topic: int) -> ResponseReturnValue:
    """Keep a topic no longer at the head of its forum."""
    moderation.pin(current_edition().id, topic, current_viewer(), pinned=False)
    say("The topic is not pinned any more.", undo=url_for("forums.pin", forum=forum, topic=topic))
    return redirect(url_for("forums.topic", forum=forum, topic=topic))


@blueprint.route("/e/<edition>/forums/<forum>/<int:topic>/lock", methods=["GET", "POST"])
@permission("forums.moderate")
def lock(forum: str, topic: int) -> ResponseReturnValue:
    """Let nobody write in a topic any more, with a reason."""
    _, head = open_topic(topic)
    authorize("forums.moderate", head.forum)
    if head.locked:
        raise Conflict(moderation.LOCKED)
    back = url_for("forums.topic", forum=forum, topic=topic)
    form = Reason()
    if form.validate_on_submit():
        moderation.lock(current_edition().id, head.id, current_viewer(), form.reason.data or "")
        say("The topic is locked.", undo=url_for("forums.unlock", forum=forum, topic=topic))
        return redirect(back)
    return render_template("forums/lock.html", topic=head, form=form, back=back), form.status


@blueprint.post("/e/<edition>/forums/<forum>/<int:topic>/unlock")
@permission("forums.moderate")
def unlock(forum: str, topic: int) -> ResponseReturnValue:
    """Let everybody write in a locked topic again."""
    moderation.unlock(current_edition().id, topic, current_viewer())
    say("The topic is open again.")
    return redirect(url_for("forums.topic", forum=forum, topic=topic))


@blueprint.route("/e/<edition>/forums/<forum>/<int:topic>/move", methods=["GET", "POST"])
@permission("forums.moderate")
def move(forum: str, topic: int) -> ResponseReturnValue:
    """Bring a topic into another forum."""
    _, head = open_topic(topic)
    authorize("forums.moderate", head.forum)
    back = url_for("forums.topic", forum=forum, topic=topic)
    form = Move(data={"forum": head.forum})
    led = [found for found in queries.forums(current_edition()) if can("forums.moderate", found.key)]
    form.forum.choices = [SelectChoice(found.key, found.title) for found in led]
    if form.validate_on_submit():
        with form.refusals():
            before = moderation.move(current_edition().id, head.id, current_viewer(), form.forum.data)
            undo = url_for("forums.move", forum=form.forum.data, topic=topic)
            say("The topic is moved; its old address leads to the new one.", undo=undo, forum=before)
            return redirect(url_for("forums.topic", forum=form.forum.data, topic=topic))
    return render_template("forums/move.html", topic=head, form=form, back=back), form.status
