"""Certification: requested when an edition closes, issued by the worker, verified by anybody."""

from __future__ import annotations

from lms.certification import cards, commands, reporting, tasks
from lms.certification.cli import certificates
from lms.certification.staff_views import blueprint
from lms.core.permissions import administrator
from lms.core.plugins import NavItem, Plugin, Sweep
from lms.editions.api import EditionClosed

plugin = Plugin(
    name="certification",
    requires=("accounts", "editions", "gradebook"),
    blueprint=blueprint,
    acts={
        "certificate.list": "Looked at certificates",
        "certificate.download": "Downloaded a certificate",
        "certificate.export": "Wrote certificates to a folder",
        "certificate.archive": "Took all valid certificates",
        "certificate.look": "Looked at a certificate",
        "certificate.revoke": "Revoked a certificate",
        "certificate.restore": "Made a revoked certificate valid again",
        "certificate.reissue": "Had a new version of a certificate made",
        "certificate.key": "Made a key that signs certificates",
    },
    rules={"certification.manage": administrator},
    nav=(
        NavItem("Certificate", "certification.mine", "learner", icon="award", order=50),
        NavItem("Certificates", "certification.listing", "certification.manage", icon="award", order=50, place="desk"),
    ),
    slots={
        "people.timeline": reporting.timeline,
        "people.stages": reporting.stages,
        "editions.dashboard": cards.dashboard,
        "editions.staff": cards.staff,
        "editions.outlook": cards.outlook,
        "editions.closing": cards.closing,
        "editions.checks": cards.checks,
    },
    on={EditionClosed: commands.request_all},
    sweeps=(Sweep(tasks.SWEEP, 15.0),),
    health={"certificates": cards.health},
    commands=(certificates,),
)
