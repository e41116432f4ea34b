"""Plain values for templates: texts are chosen and numbers rounded here, nothing is laid out."""

__all__: list[str] = []
