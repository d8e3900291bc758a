#!/usr/bin/env python3
"""Grade a notebook over other seeds than the public ones.

    python3 notebooks/grade.py 01-the-missing-reply.ipynb --seeds 1001..1030 [--json]

The answers are the cells exercise-1, exercise-2, ... of the notebook, in this order and without the other cells. They are
run as Python: grade what you would run.
"""

import argparse
import importlib
import json
import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import labs
import lightcone


def checks(number):
    """The checks of a lab: the module checks.labNN."""
    return importlib.import_module(f"checks.lab{number:02d}")


def names(module):
    """The names that an answer may use without importing them."""
    return {"lc": lightcone, "math": math, module.__name__.rpartition(".")[2]: module}


def answer(source, exercise, module, known=None):
    """What the source of an answer cell answers; known are the names of the cells before it, to which it adds its own."""
    known = names(module) if known is None else known
    exec(source, known)
    return known[f"answer_{exercise}"]


def cells(notebook):
    """The answer cells of a notebook: {exercise: source}."""
    return {int(c["id"].removeprefix("exercise-")): "".join(c["source"]) for c in notebook["cells"] if c["id"].startswith("exercise-")}


def grade(notebook, seeds):
    """The reports of a notebook's answers, in order."""
    module = checks(notebook["metadata"]["lightcone"]["lab"])
    known, reports = names(module), []
    for n, source in sorted(cells(notebook).items()):
        try:
            reports.append(labs.grade(module, n, answer(source, n, module, known), seeds))
        except Exception as problem:
            reports.append(labs.Report(n, getattr(module, f"exercise_{n}").about))
            reports[-1].always("the answer's cell runs by itself", False, detail=f"{type(problem).__name__}: {problem}")
    return reports


def seed_range(text):
    first, _, last = text.partition("..")
    return range(int(first), int(last or first) + 1)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("notebook", type=pathlib.Path)
    options.add_argument("--seeds", type=seed_range, default=labs.PUBLIC, help="such as 1001..1030; by default the public ones")
    options.add_argument("--json", action="store_true", help="one JSON document, for an autograder")
    chosen = options.parse_args()
    notebook = json.loads(chosen.notebook.read_text())
    module = checks(notebook["metadata"]["lightcone"]["lab"])
    reports = grade(notebook, chosen.seeds)
    points = {r.exercise: getattr(module, f"exercise_{r.exercise}").points for r in reports}
    won = sum(points[r.exercise] for r in reports if r.passed)
    if chosen.json:
        exercises = [r.data() | {"points": points[r.exercise] if r.passed else 0, "of": points[r.exercise]} for r in reports]
        print(json.dumps({"notebook": chosen.notebook.name, "points": won, "of": sum(points.values()), "exercises": exercises}, indent=2))
    else:
        print("\n".join(r.text() for r in reports))
        print(f"{won} of {sum(points.values())} points")
    return 0 if won == sum(points.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
