"""In what words the audit log, and the history of an application, tell of what was done."""

from __future__ import annotations

HISTORY = {
    "application.submit": "Applied",
    "application.nominate": "Nominated somebody",
    "application.edit": "Changed the application",
    "application.withdraw": "Withdrew the application",
    "application.confirm": "Confirmed an application",
    "application.wait-list": "Put an application on the wait-list",
    "application.reject": "Rejected an application",
    "application.reopen": "Opened an application again",
    "application.merge": "Merged two accounts of the same person",
    "application.different": "Found two likely duplicates to be different people",
}
ACTS = {
    **HISTORY,
    "applications.look": "Looked at an application",
    "applications.export": "Took a list of applications",
    "applications.import": "Imported nominees",
    "privacy.publish": "Published a privacy notice",
}
