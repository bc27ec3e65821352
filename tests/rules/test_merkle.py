"""The Merkle tree of RFC 9162: known answers, and that every proof holds for its leaf alone."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oslonac.audit import merkle

# Test vectors of the certificate-transparency reference implementation (google/certificate-
# transparency, merkletree_test): eight leaves and the roots over the first n of them.
INPUTS = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def test_known_roots() -> None:
    hashed = [merkle.leaf_hash(each) for each in INPUTS]
    assert merkle.root([]) == hashlib.sha256(b"").digest()
    for count, root in enumerate(ROOTS, 1):
        assert merkle.root(hashed[:count]).hex() == root


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proven_and_no_other(count: int, data: st.DataObject) -> None:
    tree = leaves(count)
    index = data.draw(st.integers(0, count - 1))
    proof = merkle.path(index, tree)
    root = merkle.root(tree)
    assert merkle.root_from_path(tree[index], index, count, proof) == root
    assert len(proof) <= count.bit_length()
    foreign = merkle.leaf_hash(b"forged")
    assert merkle.root_from_path(foreign, index, count, proof) != root
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        wrong = [*proof[:place], foreign, *proof[place + 1 :]]
        assert merkle.root_from_path(tree[index], index, count, wrong) != root


@given(st.integers(2, 40))
def test_a_proof_of_wrong_length_or_place_is_refused(count: int) -> None:
    tree = leaves(count)
    proof = merkle.path(0, tree)
    with pytest.raises(ValueError, match="too short"):
        merkle.root_from_path(tree[0], 0, count, proof[:-1])
    with pytest.raises(ValueError, match="too long"):
        merkle.root_from_path(tree[0], 0, count, [*proof, tree[1]])
    with pytest.raises(ValueError, match="outside"):
        merkle.root_from_path(tree[0], count, count, proof)


def test_a_node_is_no_leaf() -> None:
    left, right = leaves(2)
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)
