"""The command line: what it writes, what it says, how it ends."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest

from certificates.cli import main
from certificates.contents import credential_in
from certificates.samples import EXAMPLE, sample_awards
from tests.certificates.factories import ADDRESS, STATUS_LIST
from tests.certificates.tools import python

DONE, REFUSED, FAILED, UNKNOWN = 0, 1, 2, 3
PROOF = {
    "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod",
    "verificationMethod": "y#1", "created": "2026-10-05T00:00:00Z", "proofValue": "z1",
}


@pytest.fixture
def described(tmp_path: Path) -> Path:
    """Give a file that holds the example award."""
    path = tmp_path / "award.json"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give a folder of keys, made by the command."""
    folder = tmp_path_factory.mktemp("keys") / "keys"
    made = ["keys", str(folder), "--name", "Regional Centre", "--address", ADDRESS, "--from", "2026-01-01"]
    assert main(made) == DONE
    return str(folder)


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that `sample` writes."""
    folder = tmp_path_factory.mktemp("new") / "deep" / "samples"
    assert main(["sample", str(folder)]) == DONE
    return folder


def test_issue_writes_document_and_credential(described: Path, keys: str, tmp_path: Path) -> None:
    """Both files, and nothing else is left in the folder."""
    out, credential = tmp_path / "out.pdf", tmp_path / "out.json"
    listed = ["--status-list", STATUS_LIST, "--status-index", "7", "--at", "2026-10-05T20:00+08:00"]
    command = ["issue", "--json", str(described), "--keys", keys, "-o", str(out), "--credential", str(credential), *listed]
    assert main(command) == DONE
    assert credential_in(out.read_bytes()) == json.loads(credential.read_text(encoding="utf-8"))
    assert credential_in(out.read_bytes())["validFrom"] == "2026-10-05T12:00:00Z"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["award.json", "out.json", "out.pdf"]


def test_issue_reads_standard_input(tmp_path: Path, keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hyphen stands for standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(EXAMPLE.encode())))
    assert main(["issue", "--json", "-", "--keys", keys, "-o", str(tmp_path / "out.pdf"), "--design", "course-v1"]) == DONE
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")


def test_keys_are_listed_and_rotated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The newest signs, the others verify."""
    folder = str(tmp_path / "keys")
    made = ["keys", folder, "--name", "Centre", "--address", ADDRESS]
    assert main([*made, "--from", "2026-01-01", "--days", "30", "--development"]) == DONE
    capsys.readouterr()
    assert main([*made, "--from", "2026-01-20"]) == DONE
    newest, oldest = capsys.readouterr().out.splitlines()
    assert re.match(r"20260120-000000-\w{6}  signs     until 2031-01-20  did:web:learn.example.org$", newest)
    assert re.match(r"20260101-000000-\w{6}  verifies  until 2026-01-31  did:key:z6Mk\w+  DEVELOPMENT$", oldest)
    assert main([*made]) == FAILED
    assert "give --name, --address and --from" in capsys.readouterr().err


def test_sample_writes_a_document_for_each_script(samples: Path) -> None:
    """The folder is made, and holds one document a sample and everything to verify them."""
    names = {path.name for path in samples.iterdir()}
    others = {"keys", "did.json", "jwks.json", "issuer.json", "status.json", "verify.html"}
    assert names == {f"{name}.pdf" for name in sample_awards()} | others
    assert main(["sample", str(samples), "--design", "workshop-v1"]) == DONE


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("latin", DONE, "=> everything holds, but it was made with a development key: not a valid certificate"),
        ("workshop", DONE, "holds    document: signed by CN=Development key: not valid,O=Regional Centre"),
        ("short", REFUSED, "fails    status: it was revoked"),
    ],
)
def test_verify_says_what_holds(samples: Path, capsys: pytest.CaptureFixture[str], name: str, code: int, said: str) -> None:
    """With the issuer's keys and list, everything can be told."""
    command = ["verify", "--keys", str(samples / "issuer.json"), "--status", str(samples / "status.json"), str(samples / f"{name}.pdf")]
    assert main(command) == code
    assert said in capsys.readouterr().out


def test_verify_does_not_take_a_stranger_at_their_word(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without keys nobody is trusted: an own exit code."""
    assert main(["verify", str(samples / "latin.pdf")]) == UNKNOWN
    assert "but that signer is not known here" in capsys.readouterr().out


def test_verify_tells_a_valid_certificate_and_a_changed_one(
    described: Path, keys: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A real key, the genuine award, one changed byte."""
    out, published = tmp_path / "out.pdf", tmp_path / "public"
    assert main(["issue", "--json", str(described), "--keys", keys, "-o", str(out)]) == DONE
    assert main(["publish", keys, str(published)]) == DONE
    trusted = ["verify", "--keys", str(published / "issuer.json"), str(out), "--award", str(described)]
    assert main(trusted) == DONE
    assert capsys.readouterr().out.endswith("=> valid\n")
    described.write_text(EXAMPLE.replace("86.50", "96.50"), encoding="utf-8")
    assert main(trusted) == REFUSED
    assert "differs  Final average: it says '86.50'; the award says '96.50'" in capsys.readouterr().out
    changed = bytearray(out.read_bytes())
    changed[20_000] ^= 1
    out.write_bytes(changed)
    assert main(["verify", "--keys", keys, str(out)]) == REFUSED
    assert "the document was changed after it was signed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["verify", "award.json"], REFUSED, "has no proof"),
        (["verify", "none.pdf"], FAILED, "none.pdf: No such file"),
        (["verify", "award.json", "--keys", "none"], FAILED, "none isn't there; make keys with"),
        (["issue", "--json", "award.json", "--keys", "none", "-o", "out.pdf"], FAILED, "none isn't there; make keys with"),
        (["publish", "none", "out"], FAILED, "none isn't there; make keys with"),
        (["keys", "none"], FAILED, "none isn't there; make keys with"),
    ],
)
def test_what_is_missing_is_named(
    described: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    """Files and keys that aren't there, and what is no certificate."""
    monkeypatch.chdir(described.parent)
    assert main(arguments) == code
    printed = capsys.readouterr()
    assert said in printed.out + printed.err


def test_a_strange_file_does_not_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters of what is verified are shown, not obeyed."""
    (tmp_path / "odd.json").write_text(json.dumps({"issuer": "x\x1b[2J", "proof": PROOF}), encoding="utf-8")
    assert main(["verify", str(tmp_path / "odd.json")]) == REFUSED
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "x\\x1b[2J" in shown


def test_an_expired_key_signs_nothing(described: Path, keys: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message says what to do, and no file is written."""
    out = tmp_path / "out.pdf"
    assert main(["issue", "--json", str(described), "--keys", keys, "-o", str(out), "--at", "2040-01-01"]) == FAILED
    assert "expired on 2031-01-01; make a new one" in capsys.readouterr().err
    assert not out.exists()


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
    tmp_path: Path, keys: str, capsys: pytest.CaptureFixture[str], change: dict[str, object], said: str
) -> None:
    """The reason is on standard error, and no file is written."""
    path, out = tmp_path / "award.json", tmp_path / "out.pdf"
    path.write_text(json.dumps(json.loads(EXAMPLE) | change), encoding="utf-8")
    assert main(["issue", "--json", str(path), "--keys", keys, "-o", str(out)]) == REFUSED
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
def test_what_is_no_award_is_refused(tmp_path: Path, keys: str, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    """Text that is no JSON, or no object, is refused like an award."""
    path = tmp_path / "award.json"
    path.write_text(text, encoding="utf-8")
    assert main(["issue", "--json", str(path), "--keys", keys, "-o", str(tmp_path / "out.pdf")]) == REFUSED
    assert said in capsys.readouterr().err


def test_bytes_that_are_no_text_are_refused(tmp_path: Path, keys: str) -> None:
    """Bytes in no encoding of JSON are refused like an award."""
    path = tmp_path / "award.json"
    path.write_bytes(b"\xff\xfe\xfa{")
    assert main(["issue", "--json", str(path), "--keys", keys, "-o", str(tmp_path / "out.pdf")]) == REFUSED


def test_files_that_cannot_be_read_or_written_are_named(
    described: Path, tmp_path: Path, keys: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the file one asked for, not a temporary one."""
    assert main(["issue", "--json", str(tmp_path / "none.json"), "--keys", keys, "-o", str(tmp_path / "out.pdf")]) == FAILED
    assert "none.json: No such file or directory" in capsys.readouterr().err
    assert main(["issue", "--json", str(described), "--keys", keys, "-o", str(tmp_path / "none" / "out.pdf")]) == FAILED
    assert "none/out.pdf: No such file or directory" in capsys.readouterr().err
    assert main(["sample", str(described)]) == FAILED
    assert "award.json: File exists" in capsys.readouterr().err


def test_a_full_disk_keeps_the_old_document_and_no_torn_one(described: Path, tmp_path: Path, keys: str) -> None:
    """A write that fails half-way changes nothing."""
    out = tmp_path / "out.pdf"
    out.write_bytes(b"old")
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)); "
        "from certificates.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    ended = python("-c", limited, "issue", "--json", str(described), "--keys", keys, "-o", str(out))
    assert (ended.returncode, ended.stderr) == (FAILED, f"certificates: {out}: File too large\n")
    assert out.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["award.json", "out.pdf"]


def test_an_unknown_design_is_named(described: Path, tmp_path: Path, keys: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The message says which designs there are."""
    arguments = ["issue", "--json", str(described), "--keys", keys, "-o", str(tmp_path / "out.pdf"), "--design", "gold"]
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
