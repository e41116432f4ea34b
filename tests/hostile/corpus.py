"""All hostile submissions, class by class."""

from tests.hostile.disclosure import DISCLOSURE
from tests.hostile.exhaustion import EXHAUSTION
from tests.hostile.forging import FORGING
from tests.hostile.malformed import MALFORMED
from tests.hostile.tampering import TAMPERING

__all__ = ["CORPUS"]

CORPUS = (*FORGING, *TAMPERING, *MALFORMED, *DISCLOSURE, *EXHAUSTION)
