"""Proof of items: right answers score in full, wrong ones do not, and the learner is told why."""

from skillmap.content.proof.proving import prove
from skillmap.content.proof.values import CellKey, ItemProof, ItemRun, Prover

__all__ = ["CellKey", "ItemProof", "ItemRun", "Prover", "prove"]
