"""From responses to the rows and weights that estimation reads."""

from skillmap.evidence.frame import (
    SECONDS_PER_DAY,
    EvidenceFrame,
    build_frame,
    frame_from_arrays,
    moments,
)
from skillmap.evidence.tally import EvidenceTally, tally_evidence
from skillmap.evidence.weights import exercise_of, solved_items

__all__ = [
    "SECONDS_PER_DAY",
    "EvidenceFrame",
    "EvidenceTally",
    "build_frame",
    "exercise_of",
    "frame_from_arrays",
    "moments",
    "solved_items",
    "tally_evidence",
]
