"""What is hashed, byte by byte: an event's words, its MAC, its leaf, its link. Pure functions.

- words: JSON of everything the writer said, made before the event is saved;
- MAC: HMAC-SHA-256 over the words, stored with the event in the transaction of the change;
- leaf: unkeyed, over the words and what only the database knew (moment and transaction of the
  writing) and the place in the chain; whoever holds an event can compute it, so a proof of
  inclusion needs no secret;
- link: HMAC-SHA-256 over the link before, the leaf and the moment of sealing. Without the key
  nobody links a chain anew, whatever they may write to the database.

Described for others in docs/reference/ledger.md. Literature: RFC 2104 (HMAC); Schneier & Kelsey,
"Secure Audit Logs to Support Computer Forensics" (1999); RFC 9162 (leaves).
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from oslonac.audit.merkle import leaf_hash

GENESIS = hashlib.sha256(b"oslonac ledger").digest()
# What an event says, in the order of the hash; columns of `Event`.
SAID = (
    "id",
    "name",
    "outcome",
    "at",
    "actor_id",
    "organisation_id",
    "role",
    "channel",
    "record_kind",
    "record_id",
    "case_id",
    "fields",
    "data",
)


def words(values: Sequence[Any]) -> bytes:
    """JSON of the values of SAID: ids as text (a missing one as "None"), `at` in UTC."""
    said = list(values)
    for place in (0, 4, 5, 9, 10):
        said[place] = str(said[place])
    said[3] = said[3].isoformat()
    return _json(said)


def _json(said: list[Any]) -> bytes:
    return _ENCODER.encode(said).encode()


# Made once: `json.dumps` with options makes a new one for every call.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def mac(key: bytes, said: bytes) -> bytes:
    """The writer's keyed hash over the words."""
    return hmac.digest(key, said, "sha256")


def leaf(sequence: int, said: bytes, recorded_at: datetime, xid: int) -> bytes:
    """Leaf hash of an event at its place."""
    place = f"{sequence}\n{recorded_at.astimezone(UTC).isoformat()}\n{xid}\n"
    return leaf_hash(place.encode() + said)


def link(key: bytes, previous: bytes, leaf_: bytes, mac_: bytes, sealed_at: datetime) -> bytes:
    """Keyed hash that ties a leaf and its event's MAC to everything before them."""
    moment = sealed_at.astimezone(UTC).isoformat().encode()
    return hmac.digest(key, b"link\0" + previous + leaf_ + mac_ + moment, "sha256")
