"""One handler per address: load, make a view, lay it out. Rules live in `access`."""

__all__: list[str] = []
