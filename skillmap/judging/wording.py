"""Make text that learners' files brought along fit for a terminal, a page and a database."""

__all__ = ["printable"]


def printable(text: str, *, limit: int | None = None) -> str:
    r"""Write control characters and half characters as escapes; cut after `limit` characters.

    >>> printable("one\x1b[31m.ipynb")
    'one\\x1b[31m.ipynb'
    """
    if limit is not None and len(text) > limit:
        text = f"{text[:limit]} …"
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
