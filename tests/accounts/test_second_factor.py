"""Signing in in two steps: set up, used, recovered, switched off; and who has to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts import commands, second_factor
from lms.accounts.cli import account
from lms.accounts.models import HalfSignIn, RecoveryCode, SecondFactor
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.cli import Invocation
from lms.core.db import db, unit_of_work
from lms.core.domain import Person, Role, SignIn
from lms.core.errors import DomainError
from lms.core.sealing import SealError, seal, unseal
from lms.core.web import permission_of
from tests.accounts.conftest import Owner, app_of, mails, recovery_codes
from tests.core import factories
from tests.core.threads import at_once

CODE = "/account/sign-in/code"


def first_step(client: FlaskClient, owner: Owner, **query: str) -> str:
    """Give address and password, and the address of what comes next."""
    data = {"email": owner.email, "password": factories.PASSWORD}
    return str(client.post("/account/sign-in", data=data, query_string=query).location)


def test_setting_it_up(owner: Owner) -> None:
    """The secret is sealed and shown no more, the codes are hashed, and it is told and on record."""
    assert len(owner.recovery) == 10
    row = db.session.scalars(select(SecondFactor)).one()
    assert owner.app.secret not in row.secret
    hashes = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert len(set(hashes)) == 10
    assert not set(hashes) & set(owner.recovery)
    assert owner.browser.get("/account/second-factor").location == "/account/security"
    assert owner.browser.post("/account/second-factor").status_code == 409
    assert "since" in owner.browser.get("/account/security").text
    assert [mail.subject for mail in mails("accounts.second_factor")] == ["Two-step sign-in is on"]
    assert db.session.scalars(select(AuditEntry.action)).all() == ["account.second_factor_on"]


def test_the_secret_is_shown_until_it_is_confirmed(signed_in: Callable[[int], FlaskClient]) -> None:
    """As a drawing and as text, on a page that nobody stores; a wrong code keeps it, beginning again makes another."""
    person = factories.person()
    browser = signed_in(person)
    assert "Begin" in browser.get("/account/second-factor").text
    browser.post("/account/second-factor")
    first = app_of(person)
    page = browser.get("/account/second-factor")
    assert re.search(r'<div class="qr"[^>]*><svg viewBox="0 0 (\d+) \1"', page.text), "drawn whole, whatever the width"
    assert first.secret in page.text.replace(" ", "")
    assert page.headers["Cache-Control"] == "no-store"
    wrong = browser.post("/account/second-factor/confirm", data={"code": "12345"})
    assert (wrong.status_code, "This code is not right" in wrong.text, "<svg" in wrong.text) == (422, True, True)
    assert db.session.get_one(Person, person).second_factor_at is None
    browser.post("/account/second-factor")
    db.session.expire_all()
    assert app_of(person).secret != first.secret


def test_confirming_what_was_not_begun(signed_in: Callable[[int], FlaskClient]) -> None:
    """Leads to the beginning."""
    page = signed_in(factories.person()).post("/account/second-factor/confirm", data={"code": "123456"})
    assert "Begin" in page.text


def test_setting_it_up_ends_other_sign_ins(signed_in: Callable[[int], FlaskClient]) -> None:
    """Whoever sat there before is asked to sign in, now in two steps."""
    person, now = factories.person(), clock.now()
    browser, elsewhere = signed_in(person), signed_in(person)
    browser.post("/account/second-factor")
    with clock.at(now):
        browser.post("/account/second-factor/confirm", data={"code": app_of(person).at(now)})
    assert browser.get("/account/security").status_code == 200
    assert elsewhere.get("/account/security").status_code == 302


def test_signing_in_in_two_steps(client: FlaskClient, owner: Owner) -> None:
    """After the password nothing is open yet; after the code one is where one wanted to be."""
    assert first_step(client, owner, next="/account/profile") == f"{CODE}?next=/account/profile"
    assert client.get("/account/profile").status_code == 302
    assert client.get(CODE).status_code == 200
    with clock.at(owner.later()):
        answer = client.post(CODE, query_string={"next": "/account/profile"}, data={"code": owner.app.at(owner.last)})
    assert answer.location == "/account/profile"
    assert client.get("/account/profile").status_code == 200
    assert db.session.scalar(select(func.count(HalfSignIn.id))) == 0


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_phone_may_be_half_a_minute_off(client: FlaskClient, owner: Owner, seconds: int) -> None:
    """In both directions."""
    first_step(client, owner)
    moment = owner.last + timedelta(minutes=5)
    with clock.at(moment):
        answer = client.post(CODE, data={"code": owner.app.at(moment + timedelta(seconds=seconds))})
    assert answer.status_code == 302


def test_a_code_works_once(client: FlaskClient, owner: Owner) -> None:
    """Not even in another browser within its half minute."""
    first_step(client, owner)
    with clock.at(owner.later()):
        code = owner.app.at(owner.last)
        assert client.post(CODE, data={"code": code}).status_code == 302
        other = client.application.test_client()
        first_step(other, owner)
        refused = other.post(CODE, data={"code": code})
    assert (refused.status_code, "used already" in refused.text) == (422, True)


def test_of_two_at_once_one_is_refused(ctx: Flask, owner: Owner) -> None:
    """The half minute is taken in the database."""
    with unit_of_work():
        tokens = [second_factor.start_halfway(owner.person) for _ in range(2)]
    moment = owner.later()
    code = owner.app.at(moment)

    def enter() -> bool:
        with clock.at(moment):
            try:
                with unit_of_work():
                    second_factor.finish(tokens.pop(), code)
            except DomainError:
                return False
        return True

    assert sorted(at_once(ctx, 2, enter)) == [False, True]


def test_a_recovery_code_works_once(client: FlaskClient, owner: Owner) -> None:
    """However it is typed; a mail tells it."""
    first_step(client, owner)
    assert client.post(CODE, data={"code": owner.recovery[3].upper().replace("-", " ")}).status_code == 302
    assert "9 of your recovery codes are left" in client.get("/account/security").text
    other = client.application.test_client()
    first_step(other, owner)
    assert other.post(CODE, data={"code": owner.recovery[3]}).status_code == 422
    assert mails("accounts.second_factor")[-1].subject == "A recovery code was used"


@pytest.mark.parametrize("code", ["000000", "", "abcdefghjkmnpqrs", "123 456", "٠١٢٣٤٥", "x" * 41])
def test_a_wrong_code(client: FlaskClient, owner: Owner, code: str) -> None:
    """Is refused beside its field, and nobody is signed in."""
    first_step(client, owner)
    page = client.post(CODE, data={"code": code})
    assert (page.status_code, 'id="code-error"' in page.text) == (422, True)
    assert client.get("/account/security").status_code == 302


def test_guessing_codes_has_an_end(client: FlaskClient, owner: Owner) -> None:
    """Ten an hour for one person, however often the password is given; after an hour it goes on."""
    moment = owner.later()
    with clock.at(moment):
        first_step(client, owner)
        tries = [client.post(CODE, data={"code": "000000"}).status_code for _ in range(6)]
        other = client.application.test_client()
        first_step(other, owner)
        tries += [other.post(CODE, data={"code": "000000"}).status_code for _ in range(5)]
    assert tries == [422] * 10 + [429]
    with clock.at(moment + timedelta(minutes=61)):
        first_step(client, owner)
        assert client.post(CODE, data={"code": owner.app.at(clock.now())}).status_code == 302


def test_the_second_step_has_to_follow_soon(client: FlaskClient, owner: Owner) -> None:
    """After ten minutes one begins again, and so does whoever comes without the first step."""
    assert client.get(CODE).location == "/account/sign-in"
    first_step(client, owner)
    with clock.at(clock.now() + timedelta(minutes=10, seconds=1)):
        assert client.post(CODE, data={"code": owner.app.at(clock.now())}).location == "/account/sign-in"


def test_recovery_codes_made_anew(owner: Owner) -> None:
    """Need the password; the earlier ones are worth nothing."""
    assert owner.browser.post("/account/recovery-codes", data={"password": "something else"}).status_code == 422
    made = recovery_codes(owner.browser.post("/account/recovery-codes", data={"password": factories.PASSWORD}).text)
    assert len(made) == 10
    assert not set(made) & set(owner.recovery)
    data = {"password": factories.PASSWORD, "code": owner.recovery[0]}
    assert owner.browser.post("/account/second-factor/off", data=data).status_code == 422
    assert owner.browser.post("/account/second-factor/off", data={**data, "code": made[0]}).status_code == 302


def test_switching_it_off(client: FlaskClient, owner: Owner) -> None:
    """Needs password and code; then the password is enough again, and nothing of it is kept."""
    moment = owner.later()
    with clock.at(moment):
        good = {"password": factories.PASSWORD, "code": owner.app.at(moment)}
        for wrong in ({"password": "something else"}, {"code": "000000"}):
            assert owner.browser.post("/account/second-factor/off", data={**good, **wrong}).status_code == 422
        assert owner.browser.post("/account/second-factor/off", data=good).status_code == 302
    assert first_step(client, owner) == "/"
    assert [db.session.scalar(select(func.count(table.id))) for table in (SecondFactor, RecoveryCode)] == [0, 0]
    assert owner.browser.post("/account/second-factor/off", data=good).status_code == 409


def test_whoever_lost_phone_and_codes(ctx: Flask, client: FlaskClient, owner: Owner) -> None:
    """Is helped on the command line: then the password is enough, a mail tells it, and it is on record."""
    def call(email: str) -> Result:
        db.session.remove()  # a command ends with its connections
        return CliRunner().invoke(account, ["one-step", email], obj=Invocation(lambda: ctx))

    assert "nobody has an account" in call("nobody@example.org").output
    assert call("Owner@Example.org").exit_code == 0
    assert first_step(client, owner) == "/"
    assert "one step already" in call(owner.email).output
    assert mails("accounts.second_factor")[-1].subject == "Two-step sign-in is off"
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == "account.second_factor_off"


def test_another_key_of_the_installation(ctx: Flask, client: FlaskClient, owner: Owner) -> None:
    """Makes the app's codes unreadable, which is said; recovery codes go on working."""
    first_step(client, owner)
    row = db.session.scalars(select(SecondFactor)).one()
    with unit_of_work():
        row.secret = seal("JBSWY3DPEHPK3PXP", "second factor", owner.person + 1)
    page = client.post(CODE, data={"code": "123456"})
    assert (page.status_code, "recovery code" in page.text) == (409, True)
    assert client.post(CODE, data={"code": owner.recovery[0]}).status_code == 302
    assert ctx


def test_a_sealed_secret_is_for_its_owner_and_purpose(ctx: Flask) -> None:
    """Moved to another row it can't be read."""
    sealed = seal("secret", "one", 1)
    assert (unseal(sealed, "one", 1), seal("secret", "one", 1) == sealed) == ("secret", False)
    for purpose, owner in (("two", 1), ("one", 2)):
        with pytest.raises(SealError):
            unseal(sealed, purpose, owner)
    assert ctx


def test_what_is_over_is_forgotten(ctx: Flask, owner: Owner) -> None:
    """Half sign-ins and sign-ins whose time is over go with the sweep, others stay."""
    with unit_of_work():
        second_factor.start_halfway(owner.person)
    for hours, left in ((0, (1, 1)), (1, (0, 1)), (24 * 31, (0, 0))):
        with clock.at(clock.now() + timedelta(hours=hours)), unit_of_work():
            commands.forget_expired()
        assert (db.session.scalar(select(func.count(HalfSignIn.id))), db.session.scalar(select(func.count(SignIn.id)))) == left
    assert ctx


def _staff_addresses(app: Flask, slug: str) -> list[str]:
    """List the addresses without further arguments that are not open to everybody who is signed in."""
    kept = {"public", "signed-in", "accounts.visitor", "learner"}
    adapter = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments <= {"edition"} and "GET" in (rule.methods or ())]
    mine = [rule for rule in rules if permission_of(app.view_functions[rule.endpoint]) not in kept]
    return [adapter.build(rule.endpoint, {"edition": slug} if "edition" in rule.arguments else {}) for rule in mine]


@pytest.mark.parametrize("who", ["tutor", "administrator", "installation"])
def test_staff_set_it_up_before_anything_opens(strict: None, ctx: Flask, signed_in: Callable[[int], FlaskClient], who: str) -> None:
    """Every page of an edition and of the desk leads there, by reading or sending; their own account is open."""
    edition = factories.edition()
    person = factories.person(administrator=who == "installation")
    if who != "installation":
        factories.enrolment(edition, person, Role(who))
    browser = signed_in(person)
    addresses = _staff_addresses(ctx, factories.slug_of(edition))
    assert len(addresses) > 10
    allowed = [address for address in addresses if address.startswith("/e/") or who == "installation"]
    for address in allowed:
        answer = browser.get(address)
        if answer.status_code != 403:
            assert str(answer.location).startswith("/account/second-factor?next="), address
    browser.get(f"/e/{factories.slug_of(edition)}/dashboard")
    assert "two minutes" in browser.get("/account/second-factor").text
    for address in ("/account/profile", "/account/security", f"/e/{factories.slug_of(edition)}/"):
        assert browser.get(address).status_code == 200
    with unit_of_work():
        db.session.get_one(Person, person).second_factor_at = clock.now()
    assert browser.get(f"/e/{factories.slug_of(edition)}/dashboard").status_code == 200
    assert strict is None


def test_after_setting_up_it_goes_on(strict: None, signed_in: Callable[[int], FlaskClient]) -> None:
    """The way back is kept through the pages; nobody is sent elsewhere by it."""
    edition, now = factories.edition(), clock.now()
    person = factories.person_of(factories.enrolment(edition, role=Role.TUTOR))
    browser, address = signed_in(person), f"/e/{factories.slug_of(edition)}/dashboard"
    begin = browser.get(address).location
    assert unquote(browser.post(begin).location) == unquote(begin) == f"/account/second-factor?next={address}"
    for target, goes_on in ((address, address), ("https://evil.example", "/account/security")):
        with clock.at(now):
            data, query = {"code": app_of(person).at(now)}, {"next": target}
            page = browser.post("/account/second-factor/confirm", data=data, query_string=query)
        assert f'href="{goes_on}">I have kept them' in page.text
        with unit_of_work():
            db.session.get_one(Person, person).second_factor_at = None
            db.session.scalars(select(SecondFactor)).one().last_step = 0
    assert strict is None


def test_learners_and_demos_do_without(strict: None, signed_in: Callable[[int], FlaskClient]) -> None:
    """The staff of a demo edition, and the installation's administrators as long as there are only demos."""
    demo = factories.edition(demo=True)
    tutor = signed_in(factories.person_of(factories.enrolment(demo, role=Role.TUTOR)))
    root = signed_in(factories.person(administrator=True))
    assert tutor.get(f"/e/{factories.slug_of(demo)}/forums/flags").status_code == 200
    assert [root.get(address).status_code for address in ("/desk/mail", f"/e/{factories.slug_of(demo)}/team")] == [200, 200]
    real = factories.edition()
    learner = signed_in(factories.person_of(factories.enrolment(real)))
    assert learner.get(f"/e/{factories.slug_of(real)}/dashboard").status_code == 200
    assert [root.get(address).status_code for address in ("/desk/mail", f"/e/{factories.slug_of(demo)}/team")] == [302, 200]
    assert strict is None
