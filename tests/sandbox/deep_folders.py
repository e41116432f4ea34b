"""Print as JSON how a sandbox fares with a learner who makes folders in folders, as a programme."""

import json
import os
import sys
import tempfile

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
    """Let two learners do so, one after the other; the last line tells what files are left."""
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        with open_sandbox() as sandbox:
            texts = [printed(sandbox.gate, DEEP) for _ in range(2)]
        left = os.listdir(folder)
    sys.stdout.write(json.dumps({"rung": sandbox.rung.value, "said": texts, "left": left}))


if __name__ == "__main__":
    main()
