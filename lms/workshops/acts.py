"""In what words the audit log tells of the acts that workshops put on record."""

from __future__ import annotations

ACTS = {
    "workshop.days": "Laid out the days of the workshop",
    "attendance.mark": "Marked attendance",
    "attendance.correct": "Corrected attendance",
    "attendance.settle": "Decided about a disputed mark of attendance",
    "attendance.walk_in": "Decided about a walk-in",
    "attendance.look": "Looked at attendance",
    "agenda.plan": "Put a session into the agenda",
    "agenda.change": "Changed a session of the agenda",
    "agenda.remove": "Took a session out of the agenda",
    "agenda.place": "Placed case studies in a session",
    "agenda.report": "Wrote the record of a session",
    "waiver.ask": "Asked for a waiver",
    "waiver.grant": "Granted a waiver",
    "waiver.refuse": "Refused a waiver",
    "workshop.award": "Awarded certificates of the workshop",
    "workshop.keep": "Let a certificate of the workshop stand",
    "workshop.look": "Looked at the dry run of the workshop's certificates",
}
