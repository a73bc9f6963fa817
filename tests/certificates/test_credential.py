"""The credential: what it says, that others accept it, and that nothing in it can be changed unseen."""

from __future__ import annotations

import copy
import functools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certificates import DocumentError, canonical
from certificates.credential import StatusEntry, make_credential
from certificates.facts import facts, facts_of, name_of
from certificates.issuing import Issued
from certificates.keys import KeyRing
from certificates.multibase import base58, from_base58, from_multikey, multikey
from certificates.proof import proves
from certificates.samples import sample_awards
from certificates.verifying import Outcome, verify_credential
from tests.certificates.factories import MOMENT, STATUS_LIST, award

VECTORS = Path(__file__).parent / "vectors"
SAMPLES = sample_awards()
# The first example of "Data Integrity EdDSA Cryptosuites v1.0" (W3C Recommendation), appendix B.1.
W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
W3C_EXAMPLE = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"https://vc.example/issuers/5678#{W3C_KEY}",
        "proofPurpose": "assertionMethod",
        "proofValue": "z21EVs3eXERqTn4acNHT9viboqgzUaQ3kTmhPT3eA8qrVPE7CrQq78WkzctnMX5W4CrzcKnHw8V6dvy5pgWYCU5e9",
    },
}


def test_the_example_of_the_standard_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Canonical form, hashes and signature are those of the standard."""
    own = canonical.context
    example = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
    monkeypatch.setattr(canonical, "context", lambda address: example if address.endswith("examples/v2") else own(address))
    assert proves(W3C_EXAMPLE, from_multikey(W3C_KEY))
    assert not proves({**W3C_EXAMPLE, "name": "Alumna Credential"}, from_multikey(W3C_KEY))


def test_a_credential_made_by_another_library_is_accepted() -> None:
    """`vectors/digitalbazaar.json` was signed by the npm package `@digitalbazaar/vc` 7.3.0."""
    credential = json.loads((VECTORS / "digitalbazaar.json").read_text(encoding="utf-8"))
    key = from_multikey(credential["issuer"]["id"].removeprefix("did:key:"))
    assert proves(credential, key)
    credential["credentialSubject"]["term"] += " "
    assert not proves(credential, key)


@pytest.mark.parametrize("name", SAMPLES)
def test_it_says_everything_that_the_award_says(ring: KeyRing, name: str) -> None:
    """Every fact, and the name code point for code point."""
    credential = make_credential(SAMPLES[name], ring.current, MOMENT)
    assert facts_of(credential) == facts(SAMPLES[name])
    assert name_of(credential) == SAMPLES[name].recipient
    assert proves(credential, ring.current.public.credential)


def test_what_the_award_leaves_out_is_left_out(ring: KeyRing) -> None:
    credential = make_credential(award(final_average=None, hours=None, statement=()), ring.current, MOMENT)
    assert {"narrative", "result"}.isdisjoint(credential["credentialSubject"])
    assert "resultDescription" not in credential["credentialSubject"]["achievement"]


def test_it_has_what_an_open_badge_must_have(issued: Issued, ring: KeyRing) -> None:
    """The required fields of Open Badges 3.0, and the place in the status list."""
    credential = issued.credential
    assert credential["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert credential["issuer"]["id"] == ring.current.public.issuer
    assert credential["validFrom"] == "2026-10-05T12:00:00Z"
    subject = credential["credentialSubject"]
    assert subject["identifier"][0]["identityType"] == "name"
    assert {"id", "type", "name", "description", "criteria"} <= set(subject["achievement"])
    assert subject["achievement"]["criteria"]["narrative"]
    assert credential["credentialStatus"]["statusListIndex"] == "5"


def test_the_same_award_key_and_moment_give_the_same_credential(ring: KeyRing) -> None:
    status = StatusEntry(STATUS_LIST, 1)
    assert make_credential(award(), ring.current, MOMENT, status) == make_credential(award(), ring.current, MOMENT, status)


def test_a_development_credential_says_so(development_ring: KeyRing) -> None:
    credential = make_credential(award(), development_ring.current, MOMENT)
    assert credential["issuer"]["name"] == "Regional Centre (development key: not valid)"
    assert facts_of(credential) == facts(award())


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Go through the places of all texts and truths in a credential."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))
    else:
        yield path


def test_no_value_can_be_changed_unseen(issued: Issued, ring: KeyRing) -> None:
    """Every text in the credential is covered by its proof."""
    key = ring.current.public.credential
    found = [path for path in places(issued.credential) if path[-1] != "proofValue"]
    assert len(found) > 40
    for path in found:
        changed: Any = copy.deepcopy(issued.credential)
        place = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = not place[path[-1]] if isinstance(place[path[-1]], bool) else place[path[-1]] + "x"
        assert not accepted(changed, key), path


def accepted(credential: Any, key: Any) -> bool:
    """Tell whether a credential's proof fits; one that can't even be read doesn't."""
    try:
        return proves(credential, key)
    except DocumentError:
        return False


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"remark": "top of the class"}, "a property that no context explains"),
        ({"type": ["VerifiableCredential", "OpenBadgeCredential", "Remarkable"]}, "'Remarkable' is neither an address"),
        ({"@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.example/v1"]}, "evil.example/v1 is not one that"),
        ({"@context": [{"name": "https://evil.example/other"}]}, "brings a context of its own"),
        ({"@context": "https://www.w3.org/ns/credentials/v2"}, "brings a context of its own"),
        ({"issuer": {"id": "did:web:x", "@context": {"url": None}}}, "a keyword of linked data"),
        ({"@included": [None]}, "a keyword of linked data"),
        ({"credentialSubject": [{"@json": 1}]}, "a keyword of linked data"),
        ({"name": "\ud800"}, "no sound linked data"),
        ({"proof": None}, "has no proof"),
        ({"proof": []}, "more than one proof"),
        ({"proof": {"type": "Ed25519Signature2020"}}, "the proof's type must be DataIntegrityProof"),
    ],
)
def test_what_no_credential_may_hold_is_refused(issued: Issued, ring: KeyRing, change: dict[str, Any], said: str) -> None:
    """Nothing is left out of the signature unseen, and nothing is fetched."""
    with pytest.raises(DocumentError, match=said):
        proves({**issued.credential, **change}, ring.current.public.credential)


ODD: list[Any] = [None, -1, 1.5, True, "", "z", [], {}, [None], [[]], {"id": 1}, {"type": []}, "_:b0", "\ud800", float("nan"), 10**30]


def test_whatever_is_put_into_a_credential_is_answered(issued: Issued, ring: KeyRing) -> None:
    """Odd values in odd places fail or are refused; nothing breaks, and nothing added goes unseen."""
    chance = random.Random(3)
    found = list(branches(issued.credential))
    for path in found:
        for value in chance.sample(ODD, 2):
            changed: Any = copy.deepcopy(issued.credential)
            place = functools.reduce(lambda node, step: node[step], path[:-1], changed)
            place[path[-1]] = value
            report = verify_credential(changed, ring.keys)
            assert report.outcome != Outcome.HOLDS, path
            facts_of(changed)
    assert len(found) > 60


def branches(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Go through the places of everything in a credential."""
    if isinstance(value, dict | list):
        for key, item in list(value.items()) if isinstance(value, dict) else enumerate(value):
            yield (*path, key)
            yield from branches(item, (*path, key))


@pytest.mark.parametrize(("data", "text"), [(b"", ""), (b"\0\0", "11"), (b"Hello World!", "2NEpo7TZRRrLZSi2U"), (b"\0\x01", "12")])
def test_base_58_keeps_every_byte(data: bytes, text: str) -> None:
    assert (base58(data), from_base58(text)) == (text, data)


@pytest.mark.parametrize("text", ["z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ0", "z6Mk", "u12", "", "z" + "1" * 500])
def test_a_key_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        from_multikey(text)
    assert multikey(from_multikey(W3C_KEY)) == W3C_KEY
