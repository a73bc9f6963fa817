"""The rules of the house, executed: each on the project, and each on an offence that it must find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import code, imports, text
from tests.architecture.source import RULES, Module, Tree, read_project

TOP = Path(__file__).parent.parent
Files = dict[str, str]


def plugin(name: str, *requires: str) -> str:
    """Write a manifest."""
    return f'"""A feature."""\n\nplugin = Plugin(name={name!r}, requires={requires!r})\n'


def function(lines: int, before: str = "") -> str:
    """Write a module with one function of so many lines."""
    body = "    x = 1\n" * (lines - 2)
    return f'"""A module."""\n\n\n{before}def work():\n    """Work."""\n{body}'


def module(*lines: str) -> str:
    """Write a module."""
    return "\n".join(['"""A module."""', "", *lines, ""])


# A small house in order: no rule may find anything in it.
GOOD: Files = {
    "certificates/__init__.py": module("from certificates.award import Award"),
    "certificates/award.py": module("import datetime", "class Award:", '    """An award."""'),
    "lms/__init__.py": "",
    "lms/app.py": module("from lms.core.plugins import discover"),
    "lms/core/db.py": module("def unit():", '    """Commit."""', "    session.commit()"),
    "lms/core/clock.py": module("def now():", '    """Tell the time."""', "    return datetime.now(UTC)"),
    "lms/core/tasks.py": module("def enqueue():", '    """Hand over."""', "    task.apply_async(ids)"),
    "lms/core/templates/ui/icons.html": "{{ drawings[name]|safe }}",
    "lms/core/templates/base.html": '{# style="x" #}<script src="/a.js"></script>{{ f("<b>"|safe) }}',
    "lms/forums/plugin.py": plugin("forums"),
    "lms/forums/api.py": module("from lms.forums.queries import topics", '__all__ = ["topics"]'),
    "lms/forums/queries.py": module("from sqlalchemy import select", "from lms.forums.models import Topic"),
    "lms/forums/models.py": module("from lms.core.db import Model"),
    "lms/quizzes/plugin.py": plugin("quizzes", "forums"),
    "lms/quizzes/rules.py": module("from decimal import Decimal"),
    "lms/quizzes/permissions.py": module("from lms.quizzes.models import Quiz"),
    "lms/quizzes/models.py": module("from sqlalchemy import Text", "from lms.quizzes.rules import Kind"),
    "lms/quizzes/commands.py": module("from lms.forums.api import topics", "from lms.quizzes import rules"),
    "lms/quizzes/queries.py": module("from flask import current_app"),
    "lms/quizzes/views.py": module("from lms.quizzes import commands", function(16, '@blueprint.get("/")\n')),
    "lms/quizzes/tasks.py": module("from lms.quizzes import commands", function(11, '@task("close")\n')),
    "lms/quizzes/templates/quizzes/start.html": '<script type="application/json">1</script><p class="style">',
}

# What each rule must find: files laid over the house in order.
OFFENCES: dict[str, list[Files]] = {
    "certificates_stands_alone": [
        {"certificates/page.py": "import lms"},
        {"certificates/page.py": "from flask import Flask"},
        {"certificates/page.py": "import sqlalchemy.orm"},
        {"certificates/page.py": "def f():\n    from celery import Celery\n"},
    ],
    "certificates_has_no_clock_and_no_settings": [
        {"certificates/page.py": "datetime.now(UTC)"},
        {"certificates/page.py": "os.environ['HOME']"},
    ],
    "core_imports_no_feature": [
        {"lms/core/web.py": "from lms.forums.api import topics"},
        {"lms/core/web.py": "from ..forums import api"},
        {"lms/core/web.py": "from lms import app"},
    ],
    "the_frame_imports_no_feature": [
        {"lms/cli.py": "from lms.forums.api import topics"},
        {"lms/migrations/env.py": "import lms.forums.models"},
    ],
    "features_import_what_they_require": [
        {"lms/forums/queries.py": "from lms.quizzes.api import attempts"},
        {"lms/quizzes/queries.py": "from lms.forums.models import Topic"},
        {"lms/quizzes/queries.py": "from lms import forums"},
        {"lms/quizzes/queries.py": "import lms.settings"},
    ],
    "requirements_exist_and_have_no_circle": [
        {"lms/forums/plugin.py": plugin("forums", "quizzes")},
        {"lms/forums/plugin.py": plugin("forums", "nowhere")},
        {"lms/forums/plugin.py": "plugin = Plugin(name='forums', requires=NEEDS)"},
    ],
    "layers_inside_a_feature": [
        {"lms/quizzes/queries.py": "from lms.quizzes.views import start"},
        {"lms/quizzes/queries.py": "from lms.quizzes.commands import start", "lms/quizzes/commands.py": ""},
        {"lms/quizzes/rules.py": "from lms.quizzes.models import Quiz"},
        {"lms/quizzes/tasks.py": "from lms.quizzes.models import Quiz"},
        {"lms/quizzes/papers.py": "from . import plugin"},
        {"lms/quizzes/views.py": "from lms.quizzes.tasks import close"},
    ],
    "pure_modules_stay_pure": [
        {"lms/quizzes/rules.py": "from flask import g"},
        {"lms/quizzes/permissions.py": "from sqlalchemy import select"},
        {"lms/quizzes/events.py": "from lms.core.db import db"},
        {
            "lms/quizzes/emails.py": "from lms.quizzes import wording",
            "lms/quizzes/wording.py": "import flask",
        },
    ],
    "the_lower_half_knows_no_request": [
        {"lms/quizzes/commands.py": "from flask import request"},
        {"lms/quizzes/queries.py": "from werkzeug.exceptions import NotFound"},
        {"lms/quizzes/forms.py": "from lms.core.db import db"},
    ],
    "imports_stand_at_the_top": [
        {"lms/core/web.py": "def f():\n    import json\n"},
        {"lms/core/web.py": "class C:\n    def f(self):\n        if 1:\n            import json\n"},
        {"lms/core/web.py": "from importlib import import_module"},
        {"tests/test_x.py": "def test_x():\n    import json\n"},
    ],
    "one_commit": [
        {"lms/quizzes/commands.py": "db.session.commit()"},
        {"lms/core/db.py": "session.commit()\nsession.commit()\n"},
        {"lms/core/mail.py": "with db.engine.begin() as connection: ..."},
    ],
    "one_apply_async": [
        {"lms/quizzes/commands.py": "send.delay(1)"},
        {"lms/core/tasks.py": "a.apply_async()\nb.apply_async()\n"},
    ],
    "one_clock": [
        {"lms/quizzes/rules.py": "datetime.now(UTC)"},
        {"lms/quizzes/rules.py": "import datetime\ndatetime.date.today()"},
        {"lms/quizzes/models.py": "column(server_default=func.now())"},
        {"lms/quizzes/rules.py": "time.time()"},
    ],
    "files_are_short": [{"bench/__main__.py": "x = 1\n" * 401}],
    "functions_are_short": [{"lms/core/web.py": function(61)}],
    "functions_are_small_on_the_whole": [
        {f"lms/core/web{number}.py": function(11) for number in range(9)},
        {f"lms/core/web{number}.py": function(30 if number < 3 else 4) for number in range(14)},
    ],
    "views_are_thin": [{"lms/quizzes/views.py": function(18, '@blueprint.post("/")\n')}],
    "tasks_are_adapters": [{"lms/quizzes/tasks.py": function(13, '@task("quizzes.close")\n')}],
    "names_say_what_is_inside": [
        {"lms/core/utils.py": ""},
        {"tests/helpers/people.py": ""},
        {"lms/forums/manager.py": ""},
    ],
    "packages_are_empty": [{"lms/forums/__init__.py": "from lms.forums.plugin import plugin"}],
    "public_things_have_docstrings": [
        {"lms/core/web.py": "x = 1"},
        {"lms/core/web.py": '"""Web."""\n\n\ndef f():\n    return 1\n'},
        {"lms/core/web.py": '"""Web."""\n\n\nclass C:\n    """C."""\n\n    def f(self):\n        """"""\n'},
    ],
    "an_api_only_exports": [
        {"lms/forums/api.py": '"""What others may use."""\n\n\ndef topics():\n    """Topics."""\n'}
    ],
    "every_feature_has_its_manifest": [
        {"lms/forums/plugin.py": plugin("forum")},
        {"lms/reports/queries.py": ""},
    ],
    "a_manifest_is_a_value": [
        {"lms/forums/plugin.py": plugin("forums") + "\n\ndef f():\n    return 1\n"},
        {"lms/forums/plugin.py": plugin("forums") + "\n" * 80},
    ],
    "nothing_is_skipped_or_left_unfinished": [
        {"tests/test_x.py": "@pytest.mark." + "skip\ndef test_x(): ..."},
        {"tests/test_x.py": "def test_x():\n    pytest." + "skip('no')"},
        {"lms/core/web.py": "x = 1  # " + "TODO: more"},
    ],
    "templates_have_no_inline_style": [
        {"lms/forums/templates/forums/list.html": '<p style="color: red">'},
        {"lms/forums/templates/forums/list.html": "<style>p {}</style>"},
    ],
    "templates_have_no_inline_script": [
        {"lms/forums/templates/forums/list.html": '<script type="module">go()</script>'},
        {"lms/forums/templates/forums/list.html": '<button onclick="go()">'},
        {"lms/forums/templates/forums/list.html": '<a href="javascript:go()">'},
    ],
    "templates_escape_everything": [
        {"lms/forums/templates/forums/list.html": "{{ post.html | safe }}"},
        {"lms/forums/templates/forums/list.html": "{% autoescape false %}{{ post }}{% endautoescape %}"},
        {"lms/core/templates/ui/icons.html": "{# |safe #}<svg></svg>"},
    ],
    "templates_stand_in_a_folder_of_their_own": [
        {"lms/forums/templates/list.html": ""},
        {"lms/forums/templates/quizzes/list.html": ""},
    ],
    "nothing_names_one_machine": [
        {"docs/operators.md": "see /" + "work/main"},
        {"requirements.lock": "https://" + "pypi" + ".org/simple"},
    ],
}
CASES = [(name, files) for name, cases in OFFENCES.items() for files in cases]


@pytest.fixture(scope="module")
def project() -> Tree:
    """Read the project."""
    return read_project(TOP)


@pytest.mark.parametrize("name", RULES)
def test_the_project_keeps_the_rule(project: Tree, name: str) -> None:
    offences = list(RULES[name](project))
    assert not offences, "\n".join([RULES[name].__doc__ or name, *offences])


@pytest.mark.parametrize(("name", "files"), CASES)
def test_the_rule_finds_an_offence(name: str, files: Files) -> None:
    assert list(RULES[name](Tree(GOOD | files)))


@pytest.mark.parametrize("name", RULES)
def test_the_rule_finds_nothing_in_a_house_in_order(name: str) -> None:
    assert list(RULES[name](Tree(GOOD))) == []


def test_every_rule_is_tried_on_an_offence() -> None:
    assert set(OFFENCES) == set(RULES)
    assert {rule.__module__ for rule in RULES.values()} == {
        module.__name__ for module in (code, imports, text)
    }


def test_the_project_is_seen(project: Tree) -> None:
    assert {"lms", "certificates", "tests"} <= {module.parts[0] for module in project.modules()}
    assert {"accounts", "modules"} <= set(project.features)
    assert len(list(project.templates())) > 5
    assert imports.requires(project.features["accounts"]) == ("editions",)


def test_relative_imports_are_followed() -> None:
    module = Module(
        "lms/quizzes/views.py", "from . import rules\nfrom ..core import clock\nfrom .queries import paper\n"
    )
    assert [found.name for found in module.imports] == [
        "lms.quizzes.rules",
        "lms.core.clock",
        "lms.quizzes.queries.paper",
    ]
