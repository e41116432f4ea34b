"""Print as JSON how a sandbox fares with a learner who makes folders in folders, as a programme."""

import json
import sys

from skillmap.sandbox import open_sandbox
from tests.sandbox.boxes import printed

DEEP = """
import os
for n in range(3000):
    os.mkdir("d")
    os.chdir("d")
print(n + 1)
"""


def main() -> None:
    """Let two learners do so, one after the other."""
    with open_sandbox() as sandbox:
        texts = [printed(sandbox.gate, DEEP) for _ in range(2)]
    sys.stdout.write(json.dumps({"rung": sandbox.rung.value, "said": texts}))


if __name__ == "__main__":
    main()
