"""What nbformat 4.5 demands of the metadata and attachments of a notebook, field by field.

Its JSON schema says the same; asking it costs milliseconds for each notebook.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["CELL_LAWS", "NOTEBOOK_LAWS", "TRANSIENT", "Law", "are_attachments", "is_lines"]

TRANSIENT = frozenset({"orig_nbformat", "orig_nbformat_minor", "signature"})  # nbformat's rwbase
JSON_TYPE = re.compile(r"application/(.*\+)?json")

Law = Callable[[Any], bool]


def _never(_: Any) -> bool:
    return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_lines(value: Any) -> bool:
    """Whether a value is text, in one piece or in lines."""
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(line, str) for line in value)
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _are_tags(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(tag, str) and tag.strip() and "," not in tag for tag in value)
        and len(set(value)) == len(value)
    )


def _is_kernelspec(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(key), str) for key in ("name", "display_name")
    )


def _is_language_info(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return False
    mode = value.get("codemirror_mode", "")
    others = {key: text for key, text in value.items() if key != "codemirror_mode"}
    return isinstance(mode, str | dict) and _are_texts(others)


def are_attachments(value: Any) -> bool:
    """Whether a value holds the files of a markdown cell: a bundle of types and data each."""
    return isinstance(value, dict) and all(
        isinstance(bundle, dict)
        and all(JSON_TYPE.fullmatch(key) or is_lines(data) for key, data in bundle.items())
        for bundle in value.values()
    )


NOTEBOOK_LAWS: Mapping[str, Law] = {
    **dict.fromkeys(TRANSIENT, _never),
    "authors": lambda value: isinstance(value, list),
    "kernelspec": _is_kernelspec,
    "language_info": _is_language_info,
    "title": _is_text,
}
CELL_LAWS: Mapping[str, Law] = {
    "collapsed": lambda value: isinstance(value, bool),
    "execution": _are_texts,
    "format": _is_text,
    "jupyter": lambda value: isinstance(value, dict),
    "name": lambda value: isinstance(value, str) and bool(value.strip()),
    "scrolled": lambda value: isinstance(value, bool) or value == "auto",
    "tags": _are_tags,
    "trusted": _never,
}
