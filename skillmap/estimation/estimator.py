"""The part of scikit-learn's estimator contract that ours share: parameters by name."""

from inspect import signature
from typing import Self

__all__ = ["Estimator"]


class Estimator:
    """Read and set what `__init__` stored; learned state ends in `_` and is not a parameter."""

    def get_params(self, deep: bool = True) -> dict[str, float]:
        """Return the parameters by name; `deep` is scikit-learn's and changes nothing here."""
        return {name: getattr(self, name) for name in signature(type(self)).parameters}

    def set_params(self, **params: float) -> Self:
        """Set parameters by name; an unknown name is a TypeError."""
        known = self.get_params()
        for name, value in params.items():
            if name not in known:
                raise TypeError(f"{type(self).__name__} has no parameter {name!r}.")
            setattr(self, name, value)
        return self
