"""One short script per verb: each loads, computes and writes, and tells how far it has come."""

__all__: list[str] = []
