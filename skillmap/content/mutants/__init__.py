"""Small wrong versions of an answer, which good tests tell from the right one."""

from skillmap.content.mutants.making import Mutant, mutants_of
from skillmap.content.mutants.sites import inside_solution

__all__ = ["Mutant", "inside_solution", "mutants_of"]
