"""The command line: what it writes, what it says, how it ends."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from certificates import award_from_json, render
from certificates.cli import main
from certificates.samples import EXAMPLE, sample_awards
from tests.certificates.tools import python

DONE, REFUSED, FAILED = 0, 1, 2


@pytest.fixture
def described(tmp_path: Path) -> Path:
    """Give a file that holds the example award."""
    path = tmp_path / "award.json"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


def test_issue_writes_what_render_returns(described: Path, tmp_path: Path) -> None:
    """The file is the document, and nothing else is left in the folder."""
    out = tmp_path / "out.pdf"
    assert main(["issue", "--json", str(described), "-o", str(out)]) == DONE
    assert out.read_bytes() == render(award_from_json(EXAMPLE))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["award.json", "out.pdf"]


def test_issue_reads_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hyphen stands for standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(EXAMPLE.encode())))
    assert main(["issue", "--json", "-", "-o", str(tmp_path / "out.pdf"), "--design", "course-v1"]) == DONE
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")


def test_sample_writes_a_document_for_each_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The folder is made, and holds one document a sample."""
    folder = tmp_path / "new" / "samples"
    assert main(["sample", str(folder)]) == DONE
    assert {path.name for path in folder.iterdir()} == {f"{name}.pdf" for name in sample_awards()}
    assert all(path.read_bytes().startswith(b"%PDF-") for path in folder.iterdir())
    assert "សុខ ស្រីពៅ" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"recipient": "Ana 😀"}, "refused: recipient: character 5, 😀 (U+1F600), can't be drawn"),
        ({"recipient": "\ud800"}, "refused: recipient: character 1, (U+D800), is a control character"),
        ({"grade": 5}, "refused: grade: is not a field of an award; the fields are number, kind"),
        ({"issued_on": "5 October"}, "refused: issued_on: must be a day such as 2026-11-23"),
        ({"issued_on": None}, "refused: issued_on: must be a day"),
        ({"final_average": "many"}, "refused: final_average: must be a decimal number"),
        ({"final_average": [1]}, "refused: final_average: must be a decimal number"),
        ({"statement": "one line"}, "refused: statement: must be a list of lines"),
        ({"kind": {}}, "refused: kind: must be one of course, workshop"),
        ({"language": "km"}, "refused: language: 'km' is not among"),
    ],
)
def test_a_refused_award_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, object], said: str
) -> None:
    """The reason is on standard error, and no file is written."""
    path, out = tmp_path / "award.json", tmp_path / "out.pdf"
    path.write_text(json.dumps(json.loads(EXAMPLE) | change), encoding="utf-8")
    assert main(["issue", "--json", str(path), "-o", str(out)]) == REFUSED
    assert said in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "json: can't be read"),
        ("[" * 100_000, "json: can't be read"),
        ("[]", "json: must be one object"),
        ("{}", "number: is missing"),
    ],
)
def test_what_is_no_award_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    """Text that is no JSON, or no object, is refused like an award."""
    path = tmp_path / "award.json"
    path.write_text(text, encoding="utf-8")
    assert main(["issue", "--json", str(path), "-o", str(tmp_path / "out.pdf")]) == REFUSED
    assert said in capsys.readouterr().err


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """Bytes in no encoding of JSON are refused like an award."""
    path = tmp_path / "award.json"
    path.write_bytes(b"\xff\xfe\xfa{")
    assert main(["issue", "--json", str(path), "-o", str(tmp_path / "out.pdf")]) == REFUSED


def test_files_that_cannot_be_read_or_written_are_named(
    described: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the file one asked for, not a temporary one."""
    assert main(["issue", "--json", str(tmp_path / "none.json"), "-o", str(tmp_path / "out.pdf")]) == FAILED
    assert "none.json: No such file or directory" in capsys.readouterr().err
    assert main(["issue", "--json", str(described), "-o", str(tmp_path / "none" / "out.pdf")]) == FAILED
    assert "none/out.pdf: No such file or directory" in capsys.readouterr().err
    assert main(["sample", str(described)]) == FAILED
    assert "award.json: File exists" in capsys.readouterr().err


def test_a_full_disk_keeps_the_old_document_and_no_torn_one(described: Path, tmp_path: Path) -> None:
    """A write that fails half-way changes nothing."""
    out = tmp_path / "out.pdf"
    out.write_bytes(b"old")
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)); "
        "from certificates.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    ended = python("-c", limited, "issue", "--json", str(described), "-o", str(out))
    assert (ended.returncode, ended.stderr) == (FAILED, f"certificates: {out}: File too large\n")
    assert out.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["award.json", "out.pdf"]


def test_an_unknown_design_is_named(described: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message says which designs there are."""
    arguments = ["issue", "--json", str(described), "-o", str(tmp_path / "out.pdf"), "--design", "gold"]
    assert main(arguments) == FAILED
    assert "there is no design 'gold'; there are: course-v1" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["print"], ["issue"], ["issue", "--json", "a"], ["sample"]])
def test_wrong_use_ends_with_two(arguments: list[str]) -> None:
    """Missing or unknown arguments end with the usage and code 2."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == FAILED


def test_help_teaches() -> None:
    """The help shows a complete award and the exit codes."""
    shown = python("-m", "certificates", "issue", "--help").stdout
    assert "exit codes" in shown
    assert EXAMPLE in shown
