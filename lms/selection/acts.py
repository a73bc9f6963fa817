"""In what words the audit log tells of what was done in a selection."""

from __future__ import annotations

ACTS = {
    "selection.rules": "Changed the rules of the selection",
    "selection.run": "Asked for a run of the selection",
    "selection.approve": "Approved a run of the selection",
    "selection.look": "Looked at the selection",
    "selection.pin": "Put down that somebody must be selected",
    "selection.exclude": "Put down that somebody must not be selected",
    "selection.free": "Let points and quotas decide about somebody again",
    "selection.value": "Put down a candidate's value by a criterion",
    "selection.import": "Imported values of criteria",
    "selection.list": "Took a list of the candidates with their values",
    "selection.assess": "Scored a motivation",
    "selection.dossier": "Took the dossier of the selection",
}
