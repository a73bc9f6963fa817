"""In what words the audit log, and the history of an application, tell of what was done."""

from __future__ import annotations

HISTORY = {
    "application.submit": "Applied",
    "application.edit": "Changed the application",
    "application.withdraw": "Withdrew the application",
    "application.confirm": "Confirmed an application",
    "application.wait-list": "Put an application on the wait-list",
    "application.reject": "Rejected an application",
    "application.reopen": "Opened an application again",
}
ACTS = {
    **HISTORY,
    "applications.look": "Looked at an application",
    "applications.export": "Took a list of applications",
    "privacy.publish": "Published a privacy notice",
}
