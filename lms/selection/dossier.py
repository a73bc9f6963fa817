"""The dossier of an approved selection: rules, data, run, marks, result, as signed JSON and as PDF; the worker makes both once."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from certificates import DocumentError, KeysError
from lms.certification.api import seal, sign
from lms.core import clock, countries
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, Person
from lms.core.errors import Conflict, NotFound
from lms.core.plugins import on_demand
from lms.core.tasks import enqueue
from lms.core.viewer import EditionInfo, edition_by_id
from lms.core.work import DONE, GIVEN_UP, WAITING, claim, due, failed
from lms.selection import looking
from lms.selection.choice import Choice
from lms.selection.commands import DOSSIER
from lms.selection.models import DossierDocument, SelectionApproval, SelectionDossier, SelectionPlace, SelectionRules, SelectionRun

FORMS = {"json": "application/json", "sig": "application/json", "pdf": "application/pdf"}
TRIES = 8
BY_HAND = tuple(f"selection.{act}" for act in ("rules", "pin", "exclude", "free", "value", "import", "run", "approve"))
LISTED = 6000  # so many of those selected and of the reserves the printed dossier names; the JSON has all
log = logging.getLogger(__name__)


def make(dossier_id: int) -> bool:
    """Make, sign and keep a dossier; `False` if that is done or under way, or fails and is tried again later."""
    if not claim(SelectionDossier, dossier_id):
        return False
    try:
        made = _made(db.session.scalars(select(SelectionDossier.run_id).where(SelectionDossier.id == dossier_id)).one())
    except (KeysError, DocumentError, RuntimeError, TypeError, OSError) as error:
        log.warning("selection dossier %s not made: %s", dossier_id, error)
        failed(SelectionDossier, dossier_id, error, tries=TRIES)
        return False
    with unit_of_work():
        row = db.session.get_one(SelectionDossier, dossier_id, with_for_update=True, populate_existing=True)
        if row.state != WAITING:
            return False
        db.session.add_all(DossierDocument(dossier_id=row.id, form=form, body=body) for form, body in made.forms.items())
        row.digest, row.signature, row.signed_by = made.digest, made.signature, made.signed_by
        row.state, row.made_at, row.last_error = DONE, clock.now(), ""
    return True


@dataclass(frozen=True, slots=True)
class _Made:
    forms: Mapping[str, bytes]
    digest: str
    signature: str
    signed_by: str


def _made(run_id: int) -> _Made:
    edition = edition_by_id(db.session.scalars(select(SelectionRun.edition_id).where(SelectionRun.id == run_id)).one())
    demo = db.session.scalars(select(Edition.demo).where(Edition.id == edition.id)).one()
    data = contents(run_id)
    body = json.dumps(data, sort_keys=True, ensure_ascii=False, indent=1).encode()
    signature, method = sign(body, development=demo)
    digest = hashlib.sha256(body).hexdigest()
    printed = {**_printed(run_id, data, edition), "digest": digest, "signed_by": method}
    paper: bytes = on_demand("lms.selection.printing").pdf(printed, clock.today(edition.zone))
    signed = {"algorithm": "Ed25519", "key": method, "sha256": digest, "signature": signature}
    forms = {"json": body, "pdf": seal(paper, development=demo), "sig": json.dumps(signed, indent=1).encode()}
    return _Made(forms, digest, signature, method)


def contents(run_id: int) -> dict[str, Any]:
    """Give all that a run was made of and came to, fit for JSON; candidates go by their number, not by name."""
    run = db.session.get_one(SelectionRun, run_id)
    approval = db.session.scalars(select(SelectionApproval).where(SelectionApproval.run_id == run_id)).one()
    edition = edition_by_id(run.edition_id)
    return {
        "edition": {"slug": edition.slug, "title": edition.title, "course": edition.course_title},
        "run": {"number": run.number, "asked_by": _name(run.by_id), "asked_at": _at(run.asked_at), "done_at": _at(run.done_at)},
        "approval": {"by": _name(approval.by_id), "at": _at(approval.at)},
        "rules": run.rules,
        "marks": run.marks,
        "acts": list(_acts(run.edition_id)),
        "fingerprint": run.fingerprint,
        "outcome": run.outcome,
        "versions_of_rules": list(_versions(run.edition_id)),
        "runs": [{"number": one.number, "by": one.by, "fingerprint": one.fingerprint} for one in looking.runs(run.edition_id)],
        "candidates": list(_candidates(run_id)),
    }


def _name(person_id: int | None) -> str:
    return (db.session.scalar(select(Person.name).where(Person.id == person_id)) or "") if person_id else "the platform"


def _at(moment: Any) -> str:
    return moment.isoformat() if moment else ""


def _acts(edition_id: int) -> Iterator[dict[str, Any]]:
    """Give what was done by hand, in order: rules, marks and values, put down or taken back, runs and the approval."""
    columns = (AuditEntry.at, Person.name, AuditEntry.action, AuditEntry.subject, AuditEntry.subject_id, AuditEntry.detail)
    meant = AuditEntry.edition_id == edition_id, AuditEntry.action.in_(BY_HAND)
    query = select(*columns).outerjoin(Person, Person.id == AuditEntry.actor_id).where(*meant).order_by(AuditEntry.id)
    for at, name, action, subject, number, detail in db.session.execute(query):
        yield {"at": _at(at), "by": name or "the platform", "act": action, subject: number, "detail": detail}


def _versions(edition_id: int) -> Iterator[dict[str, Any]]:
    query = select(SelectionRules).where(SelectionRules.edition_id == edition_id).order_by(SelectionRules.version)
    for row in db.session.scalars(query):
        yield {"version": row.version, "by": _name(row.by_id), "at": _at(row.at), "rules": row.body}


def _candidates(run_id: int) -> Iterator[dict[str, Any]]:
    row = SelectionPlace
    names = ("enrolment_id", "place", "state", "score", "missing", "drawn", "country", "gender", "sector", "institution", "values")
    query = select(*(getattr(row, name) for name in names)).where(row.run_id == run_id).order_by(row.place)
    for found in db.session.execute(query):
        yield {("candidate" if name == "enrolment_id" else name): value for name, value in zip(names, found, strict=True)}


def _printed(run_id: int, data: dict[str, Any], edition: EditionInfo) -> dict[str, Any]:
    """Give what the printed dossier says: in words, the selected and reserves by name."""
    result = looking.result(run_id)
    choices = [Choice(state=state, rows=LISTED) for state in ("selected", "reserve")]
    listed = [line for choice in choices for line in looking.lines(run_id, choice, 1, LISTED).lines]
    return {
        "title": edition.title,
        "course": edition.course_title,
        "facts": list(_facts(run_id, data, result, edition)),
        "quotas": [[quota.words, quota.points, "yes" if quota.binding else "no"] for quota in result.quotas],
        "marks": [[words, reason] for words, reason in result.marks],
        "people": [_person(line, result) for line in listed],
    }


def _facts(run_id: int, data: dict[str, Any], result: looking.Result, edition: EditionInfo) -> Iterator[tuple[str, str]]:
    run, wanted = db.session.get_one(SelectionRun, run_id), result.rules
    approved_at = db.session.scalars(select(SelectionApproval.at).where(SelectionApproval.run_id == run_id)).one()
    asked, stands = (f"{m.astimezone(ZoneInfo(edition.zone)):%d %B %Y, %H:%M} ({edition.zone})" for m in (run.asked_at, approved_at))
    yield "Run", f"{run.number} of {len(data['runs'])}, asked for by {data['run']['asked_by']}, {asked}"
    yield "Approved", f"by {data['approval']['by']}, {stands}"
    yield "Seats and reserves", f"{wanted.seats} and {wanted.reserves}, from {run.candidates} candidates"
    yield "Criteria", "; ".join(f"{c.label}, weight {c.weight.normalize():f}" for c in wanted.criteria if c.weight)
    yield "Seed of the draw", wanted.seed
    yield "Mean score", f"{result.mean}; without quotas {result.lost} more"
    yield "Data (SHA-256)", run.fingerprint


def _person(line: looking.Line, result: looking.Result) -> Sequence[str]:
    where = f"{countries.name(line.country)}, {line.sector}"
    return [str(line.place), line.name, where, line.points, line.state, line.why(result.brought)]


def document(edition_id: int, form: str) -> bytes:
    """Give the dossier of an edition's approved run in a form; raise `NotFound`."""
    query = (
        select(DossierDocument.body)
        .join(SelectionDossier, SelectionDossier.id == DossierDocument.dossier_id)
        .join(SelectionApproval, SelectionApproval.run_id == SelectionDossier.run_id)
        .where(SelectionApproval.edition_id == edition_id, DossierDocument.form == form)
    )
    body = db.session.scalar(query)
    if body is None:
        message = "There is no such dossier, or it is still being made."
        raise NotFound(message)
    return body


def state(run_id: int) -> tuple[str, str]:
    """Tell how far the dossier of an approved run is, and why the last try failed; empty where nobody has asked for one."""
    row = db.session.execute(select(SelectionDossier.state, SelectionDossier.last_error).where(SelectionDossier.run_id == run_id)).first()
    return (row.state, row.last_error) if row else ("", "")


def again(edition_id: int) -> None:
    """Have a dossier made that was given up, or that nobody has asked for; nothing is done about any other."""
    run_id = db.session.scalar(select(SelectionApproval.run_id).where(SelectionApproval.edition_id == edition_id).with_for_update())
    if run_id is None:
        message = "No run is approved in this edition yet."
        raise Conflict(message)
    row = db.session.scalar(select(SelectionDossier).where(SelectionDossier.run_id == run_id).with_for_update())
    if row is None:
        row = SelectionDossier(run_id=run_id)
        db.session.add(row)
        db.session.flush()
    elif row.state == GIVEN_UP:
        row.state, row.tries, row.due_at = WAITING, 0, clock.now()
    enqueue(DOSSIER, row.id)


def make_waiting() -> None:
    """Make every dossier that waits."""
    for dossier_id in due(SelectionDossier):
        make(dossier_id)
