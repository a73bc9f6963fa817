"""Addresses that a script sends slides to, in parts; the form works without them."""

from __future__ import annotations

from collections.abc import Callable

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from lms.casestudies import rules, uploads, views
from lms.casestudies.forms import Announcing, PartForm
from lms.casestudies.values import Arrived
from lms.core.errors import DomainError
from lms.core.forms import whole
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import current_enrolment_id

# The feature's blueprint, with these addresses on it.
blueprint = views.blueprint
UNREADABLE = "This can't be read. Please choose the file again."


@blueprint.post("/e/<edition>/case-study/upload")
@permission("learner")
@limited(60, 600)
def begin_upload() -> ResponseReturnValue:
    """Hear which file is to come, and say how much of it is here."""
    enrolment, form = current_enrolment_id(), Announcing()
    views.require_participant(enrolment)
    if not form.validate_on_submit():
        return jsonify(message=UNREADABLE), 422
    return _answer(lambda: uploads.begin(enrolment, form.announced))


@blueprint.post("/e/<edition>/case-study/upload/part")
@permission("learner")
@limited(240, 600)
def add_part() -> ResponseReturnValue:
    """Take a part of a file, and say how much of it is here now."""
    enrolment, form, sent = current_enrolment_id(), PartForm(), request.files.get("part")
    views.require_participant(enrolment)
    if not form.validate_on_submit() or sent is None:
        return jsonify(message=UNREADABLE), 422
    part = sent.stream.read(rules.PART + 1)
    sent.close()
    return _answer(lambda: uploads.add(enrolment, whole(form.upload.data), whole(form.start.data), part))


def _answer(take: Callable[[], Arrived]) -> ResponseReturnValue:
    try:
        found = take()
    except DomainError as error:
        return jsonify(message=error.message), error.status
    return jsonify(upload=found.id, received=found.received, address=url_for("casestudies.add_part"))
