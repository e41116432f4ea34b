"""Small wrong versions of an answer, which good tests tell from the right one."""

from skillmap.content.mutants.making import Mutant, mutants_of

__all__ = ["Mutant", "mutants_of"]
