"""Take the metadata out of graded notebooks, where the course asks for that.

Law: as nbconvert's ClearMetadataPreprocessor, which nbgrader has in its steps and leaves off; what
nbgrader needs to know of a cell has to stay.
"""

import json
from collections.abc import Callable
from typing import Any

from nbconvert.preprocessors import ClearMetadataPreprocessor

from skillmap.errors import GradingError
from skillmap.grading.course import NbgraderCourse

__all__ = ["metadata_cleaner"]


def metadata_cleaner(course: NbgraderCourse) -> Callable[[bytes], bytes]:
    """Return what is to be done with the text of a graded notebook: nothing, most often.

    Raises GradingError when the course takes out what nbgrader itself needs.
    """
    make: Any = ClearMetadataPreprocessor  # nbconvert ships no types
    step = make(parent=course.api)
    if not step.enabled:
        return lambda text: text
    if step.clear_cell_metadata and "nbgrader" not in step.preserve_cell_metadata_mask:
        raise GradingError(
            "nbgrader_config.py: c.ClearMetadataPreprocessor takes the points out of the cells. "
            'Keep them: c.ClearMetadataPreprocessor.preserve_cell_metadata_mask = {"nbgrader"}.'
        )

    def kept(metadata: dict[str, Any], mask: set[Any]) -> dict[str, Any]:
        return dict(step.nested_filter(metadata.items(), mask))

    def clear(text: bytes) -> bytes:
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            if step.clear_cell_metadata and cell["cell_type"] == "code":
                cell["metadata"] = kept(cell["metadata"], step.preserve_cell_metadata_mask)
        if step.clear_notebook_metadata:
            notebook["metadata"] = kept(notebook["metadata"], step.preserve_nb_metadata_mask)
        written = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)
        return f"{written}\n".encode()

    return clear
