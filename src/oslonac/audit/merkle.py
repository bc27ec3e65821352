"""Merkle trees as certificate transparency builds them: pure functions over bytes.

Leaves and nodes are hashed apart (a zero byte before a leaf, a one before two nodes), so that a
node never passes for a leaf. Hash: SHA-256, 32 bytes.

Literature: Laurie, Messeri & Stradling, RFC 9162 "Certificate Transparency Version 2.0", 2.1.1
(tree hash), 2.1.3 (inclusion proof and its check). Does not belong here: what a leaf says.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Hash of one leaf."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """Tree hash over leaf hashes in order; reads each once and keeps log2(n) of them."""
    stack: list[bytes] = []
    count = 0
    for leaf in leaves:
        node, count = leaf, count + 1
        rest = count
        while rest % 2 == 0:  # two full subtrees of one size become one
            node = node_hash(stack.pop(), node)
            rest //= 2
        stack.append(node)
    if not stack:
        return EMPTY
    node = stack.pop()
    while stack:
        node = node_hash(stack.pop(), node)
    return node


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Inclusion proof of the leaf at `index` (from 0): sibling hashes from the leaf upwards."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    half = _largest_power_below(len(leaves))
    if index < half:
        return [*path(index, leaves[:half]), root(leaves[half:])]
    return [*path(index - half, leaves[half:]), root(leaves[:half])]


def root_from_path(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a proof leads to (RFC 9162, 2.1.3.2). Raises ValueError for a proof of the
    wrong length or place."""
    if not 0 <= index < size:
        raise ValueError("the leaf lies outside the tree")
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ValueError("the proof is too long")
        if place % 2 or place == last:
            node = node_hash(sibling, node)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            node = node_hash(node, sibling)
        place, last = place // 2, last // 2
    if last:
        raise ValueError("the proof is too short")
    return node


def _largest_power_below(size: int) -> int:
    """The largest power of two smaller than `size` (at least 2)."""
    return 1 << (size - 1).bit_length() - 1
