#!/usr/bin/env python3
"""Bring notebooks into the form in which they are committed: no outputs, no counts, the same bytes from every editor.

    python3 notebooks/clean.py [NOTEBOOK ...]
"""

import json
import pathlib
import sys

from test_notebooks import canonical, notebooks


def main(arguments):
    for file in map(pathlib.Path, arguments or notebooks().values()):
        notebook = json.loads(file.read_text())
        for cell in notebook["cells"]:
            cell["metadata"] = {}
            if isinstance(cell["source"], str):
                cell["source"] = cell["source"].splitlines(True)
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        kept = {key: notebook["metadata"][key] for key in ("kernelspec", "lightcone") if key in notebook["metadata"]}
        notebook["metadata"] = kept | {"language_info": {"name": "python"}}
        file.write_text(canonical(notebook))


if __name__ == "__main__":
    main(sys.argv[1:])
