"""skillmap: from a graded notebook to a skill profile, a mentor and a job opening."""

__all__ = ["__version__"]

__version__ = "0.1.0"
