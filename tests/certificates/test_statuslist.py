"""Status lists: small, signed, and read in three outcomes and two kinds of trouble."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from certificates import DocumentError
from certificates.credential import StatusEntry, make_credential
from certificates.keys import KeyRing
from certificates.multibase import base64url, from_base64url
from certificates.proof import proves
from certificates.statuslist import LENGTH, Status, encoded, make_status_list, status_in
from tests.certificates.factories import MOMENT, STATUS_LIST, award


def credential_at(ring: KeyRing, place: int) -> dict[str, Any]:
    """Make a credential with a place in the list."""
    return make_credential(award(), ring.current, MOMENT, StatusEntry(STATUS_LIST, place))


def test_the_first_place_is_the_leftmost_bit() -> None:
    """As the standard says; and no list is shorter than 131,072 places."""
    bits = gzip.decompress(from_base64url(encoded({0, 9})[1:]))
    assert (bits[0], bits[1], len(bits) * 8) == (0b1000_0000, 0b0100_0000, LENGTH)
    assert len(gzip.decompress(from_base64url(encoded({LENGTH})[1:]))) * 8 == LENGTH + 8
    with pytest.raises(ValueError, match="negative"):
        encoded({-1})


def test_a_list_is_signed_small_and_the_same_each_time(ring: KeyRing) -> None:
    listed = make_status_list(STATUS_LIST, {5, 94_567}, ring.current, MOMENT)
    assert proves(listed, ring.current.public.credential)
    assert len(str(listed)) < 2_000
    assert listed == make_status_list(STATUS_LIST, {94_567, 5}, ring.current, MOMENT)


@pytest.mark.parametrize(("place", "status"), [(5, Status.REVOKED), (4, Status.VALID), (6, Status.VALID), (LENGTH - 1, Status.REVOKED)])
def test_a_list_says_what_was_revoked(ring: KeyRing, place: int, status: Status) -> None:
    listed = make_status_list(STATUS_LIST, {5, LENGTH - 1}, ring.current, MOMENT)
    assert status_in(credential_at(ring, place), listed) == status


def test_a_list_may_say_what_is_suspended(ring: KeyRing) -> None:
    """Other issuers use this purpose, too."""
    listed = make_status_list(STATUS_LIST, {5}, ring.current, MOMENT)
    credential = credential_at(ring, 5)
    listed["credentialSubject"]["statusPurpose"] = credential["credentialStatus"]["statusPurpose"] = "suspension"
    assert status_in({**credential, "credentialStatus": [credential["credentialStatus"]]}, listed) == Status.SUSPENDED


def test_another_list_says_nothing(ring: KeyRing, development_ring: KeyRing) -> None:
    """A list at another address, or by somebody else, is no answer."""
    elsewhere = make_status_list(f"{STATUS_LIST}2", {5}, ring.current, MOMENT)
    foreign = make_status_list(STATUS_LIST, {5}, development_ring.current, MOMENT)
    plain = make_credential(award(), ring.current, MOMENT)
    own = make_status_list(STATUS_LIST, {5}, ring.current, MOMENT)
    for credential, listed in ((credential_at(ring, 5), elsewhere), (credential_at(ring, 5), foreign), (plain, own)):
        assert status_in(credential, listed) == Status.UNKNOWN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("uAAAA", "can't be unpacked"),
        ("zAAAA", "not encoded as it should be"),
        ("u" + base64url(gzip.compress(bytes(100), mtime=0)), "must have from 131072"),
        ("u" + base64url(gzip.compress(bytes(20_000_000), mtime=0)), "must have from 131072"),
        ("u???", "not written in base 64"),
        (None, "not encoded as it should be"),
    ],
)
def test_a_damaged_list_is_refused(ring: KeyRing, text: object, said: str) -> None:
    """Neither a torn one nor one that unpacks to gigabytes does harm."""
    listed = make_status_list(STATUS_LIST, {5}, ring.current, MOMENT)
    listed["credentialSubject"]["encodedList"] = text
    with pytest.raises(DocumentError, match=said):
        status_in(credential_at(ring, 5), listed)


@pytest.mark.parametrize("place", ["-1", "x", "", "²", "9" * 13, str(LENGTH)])
def test_a_place_outside_the_list_is_refused(ring: KeyRing, place: str) -> None:
    credential = credential_at(ring, 5)
    credential["credentialStatus"]["statusListIndex"] = place
    with pytest.raises(DocumentError):
        status_in(credential, make_status_list(STATUS_LIST, {5}, ring.current, MOMENT))


def test_what_is_no_list_is_refused(ring: KeyRing) -> None:
    with pytest.raises(DocumentError, match="that is no status list"):
        status_in(credential_at(ring, 5), credential_at(ring, 5))
