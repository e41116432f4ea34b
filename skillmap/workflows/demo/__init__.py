"""An invented cohort that takes the whole pipeline, so that a newcomer sees real pages at once."""

from skillmap.workflows.demo.story import (
    DemoResult,
    demo_courtroom,
    remove_demo,
    run_demo,
)

__all__ = [
    "DemoResult",
    "demo_courtroom",
    "remove_demo",
    "run_demo",
]
