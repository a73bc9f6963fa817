"""In what words the audit log tells of what was done with invitations and travel details."""

from __future__ import annotations

ACTS = {
    "invitations.arrange": "Said where and when the workshop is",
    "invitations.look": "Looked at an invitation",
    "invitations.export": "Took a list of invitations",
    "invitations.print": "Printed a list of participants",
    "invitations.invite": "Invited somebody to the workshop",
    "invitations.accept": "Put down that somebody accepts the invitation",
    "invitations.decline": "Put down that somebody does not come to the workshop",
    "invitations.ask": "Asked somebody to confirm again, as the days of the workshop have moved",
    "invitations.confirm": "Put down that somebody confirmed again to come",
    "invitations.replace": "Passed on a seat at the workshop",
    "invitations.attend": "Put down that somebody was at the workshop",
    "invitations.miss": "Put down that somebody was not at the workshop",
    "travel.look": "Looked at travel details",
    "travel.export": "Took a locked list of travel details",
    "travel.passport": "Took the picture of a passport",
    "travel.grant": "Changed travel details as they were asked for",
    "travel.refuse": "Refused a change of travel details",
    "travel.delete": "Deleted the travel details of a workshop",
}
