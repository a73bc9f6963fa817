"""Posts that others don't see: hidden, withdrawn, or of a frozen account; and forms that could only be refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lms.accounts.api import freeze, thaw
from lms.core.db import unit_of_work
from lms.core.errors import Conflict
from lms.core.viewer import edition_by_id
from lms.forums import commands, moderation
from tests.forums import factories
from tests.forums.factories import Place

Browse = Callable[[str], FlaskClient]


def test_what_its_author_withdrew_is_nobodys_to_show(place: Place, browse: Browse) -> None:
    """A tutor can't hide it, and so never restore it: the page says why, before and after sending."""
    posted = factories.topic(place, place.learner, body="My secret")
    with unit_of_work():
        commands.withdraw(place.edition, place.learner, posted.post_id)
    address = f"{place.base}/posts/{posted.post_id}"
    for page in (browse("tutor").get(f"{address}/hide"), browse("tutor").post(f"{address}/hide", data={"reason": "R"})):
        assert page.status_code == 409
        assert "has withdrawn this post" in page.text
        assert "<textarea" not in page.text
    assert browse("tutor").post(f"{address}/restore").status_code == 409
    assert factories.post_row(posted.post_id).state == "withdrawn"
    assert f"{posted.post_id}/hide" not in browse("tutor").get(f"{place.base}/module1/{posted.topic_id}").text


def test_a_form_that_could_only_be_refused_is_not_shown(place: Place, browse: Browse) -> None:
    """Locking twice, hiding twice, reporting twice: the reason stands in the place of the form."""
    posted = factories.topic(place, place.learner)
    answer = factories.reply(place, place.learner, posted.topic_id)
    topic, post = f"{place.base}/module1/{posted.topic_id}", f"{place.base}/posts/{answer.post_id}"
    for who, address, sent, words in (
        ("tutor", f"{topic}/lock", {"reason": "R"}, "locked already"),
        ("other", f"{post}/flag", {"category": "rude", "note": ""}, "reported this post before"),
        ("tutor", f"{post}/hide", {"reason": "R"}, "hidden already"),
    ):
        assert browse(who).get(address).status_code == 200
        assert browse(who).post(address, data=sent).status_code == 302
        page = browse(who).get(address)
        assert (page.status_code, words in page.text) == (409, True)


def test_the_posts_of_a_frozen_account(place: Place, browse: Browse) -> None:
    """Out of everybody's sight but the staff's, and back with the account; what was hidden before stays hidden."""
    posted = factories.topic(place, place.other)
    spam, hidden = (factories.reply(place, place.learner, posted.topic_id, body) for body in ("Buy now", "Buy later"))
    whole = factories.topic(place, place.learner, title="Cheap watches")
    edition, admin = edition_by_id(place.edition), place.viewer("admin")
    with unit_of_work():
        moderation.hide(place.edition, hidden.post_id, admin, "Spam")
        freeze(edition, admin, place.person("learner"), "Spam")
    page = browse("other").get(f"{place.base}/module1/{posted.topic_id}").text
    assert "Buy" not in page
    assert "Cheap watches" not in browse("other").get(f"{place.base}/module1/").text
    assert (factories.topic_row(posted.topic_id).posts, factories.topic_row(whole.topic_id).hidden) == (1, True)
    assert "account is frozen" in browse("tutor").get(f"{place.base}/module1/{posted.topic_id}").text
    with pytest.raises(Conflict, match="account is frozen"), unit_of_work():
        moderation.hide(place.edition, spam.post_id, admin, "Spam")
    with unit_of_work():
        thaw(edition, admin, place.person("learner"))
    page = browse("other").get(f"{place.base}/module1/{posted.topic_id}").text
    assert ("Buy now" in page, "Buy later" in page) == (True, False)
    assert "Cheap watches" in browse("other").get(f"{place.base}/module1/").text
