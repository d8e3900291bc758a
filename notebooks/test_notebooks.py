#!/usr/bin/env python3
"""Check the notebooks: as they are committed, executed untouched, executed with the solutions, and their exercises.

    python3 notebooks/test_notebooks.py [LAB ...]

Of each lab: the file is clean; untouched it passes no exercise and with the solutions all; the solutions pass on seeds
that are not public; every wrong answer fails by the property named beside it. Each execution takes less than two minutes.
"""

import concurrent.futures
import html.parser
import importlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import grade
import labs
import lightcone

NBCONVERT = "/usr/bin/jupyter-nbconvert"  # Debian's own, whatever other Python comes first on PATH
HIDDEN = range(1001, 1021)
SECONDS, LINES, OUTPUT = 120, 25, 200_000  # of an execution; of a cell; bytes of an output
WRONG = 3  # at least so many wrong answers to each exercise


def notebooks():
    """The notebooks by number."""
    return {int(file.name[:2]): file for file in sorted(HERE.glob("[0-9][0-9]-*.ipynb"))}


def canonical(notebook):
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def solution(number):
    return importlib.import_module(f"solutions.lab{number:02d}")


def clean(file):
    """What is wrong with a notebook as a file."""
    text = file.read_text()
    notebook = json.loads(text)
    if canonical(notebook) != text:
        yield "it is not in canonical form: run notebooks/clean.py"
    front = notebook["metadata"].get("lightcone", {})
    for key in ("lab", "title", "version", "minutes", "prerequisites", "seeds", "points"):
        if key not in front:
            yield f"its front matter lacks {key}"
    for cell in notebook["cells"]:
        if cell.get("outputs") or cell.get("execution_count"):
            yield f"cell {cell['id']} has outputs: run notebooks/clean.py"
        if len(cell["source"]) > LINES:
            yield f"cell {cell['id']} has {len(cell['source'])} lines, want at most {LINES}"
    module = grade.checks(front["lab"])
    numbers = labs.exercises(module)
    if sorted(grade.cells(notebook)) != numbers:
        yield f"it has the exercises {sorted(grade.cells(notebook))}, and checks has {numbers}"
    if front["points"] != sum(getattr(module, f"exercise_{n}").points for n in numbers):
        yield f"its front matter says {front['points']} points, and checks otherwise"
    code = [c["id"] for c in notebook["cells"] if c["cell_type"] == "code"]
    if code[0] != "run-zero":
        yield f"its first cell of code is {code[0]}, want run-zero"


class Images(html.parser.HTMLParser):
    """Collects the descriptions of images."""

    def __init__(self):
        super().__init__()
        self.alts, self.outside = [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "img":
            self.alts.append(attributes.get("alt") or "")
        for name in ("src", "href"):
            if not attributes.get(name, "data:").startswith("data:"):
                self.outside.append(attributes[name])


def execute(file, cells=None):
    """The notebook executed, with the sources of some cells replaced, and how long it took in seconds."""
    notebook = json.loads(file.read_text())
    known = {c["id"]: c for c in notebook["cells"]}
    for name, source in (cells or {}).items():
        known[name]["source"] = source.splitlines(True)
    with tempfile.TemporaryDirectory() as directory:
        out = pathlib.Path(directory) / file.name
        out.write_text(canonical(notebook))
        began = time.monotonic()
        done = subprocess.run(
            [NBCONVERT, "--to", "notebook", "--execute", "--inplace", "--ExecutePreprocessor.record_timing=False",
             f"--ExecutePreprocessor.timeout={SECONDS}", out],
            cwd=HERE, env=os.environ | {"PYTHONPATH": str(HERE), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return json.loads(out.read_text()), time.monotonic() - began


def outputs(notebook):
    return [(cell["id"], output) for cell in notebook["cells"] for output in cell.get("outputs", [])]


def verdicts(notebook):
    """Which exercises pass: {exercise: bool}."""
    found = [output["data"][labs.CHECKED] for _, output in outputs(notebook) if labs.CHECKED in output.get("data", {})]
    return {report["exercise"]: report["passed"] for report in found}


def presentable(notebook, seconds):
    """What is wrong with what a notebook shows."""
    if seconds > SECONDS:
        yield f"it took {seconds:.0f} s, want at most {SECONDS}"
    images = Images()
    for cell, output in outputs(notebook):
        size = len(json.dumps(output))
        if size > OUTPUT:
            yield f"an output of cell {cell} has {size} bytes, want at most {OUTPUT}"
        if output.get("name") == "stderr":
            yield f"cell {cell} complains: {''.join(output['text'])[:200]}"
        images.feed("".join(output.get("data", {}).get("text/html", "")))
    if not images.alts or not all(len(alt) > 20 for alt in images.alts):
        yield f"an image has no description: {images.alts}"
    if images.outside:
        yield f"it refers to what is outside: {images.outside}"


def untouched(number, file):
    """Executed as it is, no exercise passes."""
    notebook, seconds = execute(file)
    passed = verdicts(notebook)
    yield from presentable(notebook, seconds)
    if sorted(passed) != labs.exercises(grade.checks(number)):
        yield f"it checks the exercises {sorted(passed)}"
    yield from (f"exercise {n} passes untouched" for n, ok in passed.items() if ok)
    if "locked until" not in json.dumps(notebook):
        yield "nothing is locked before it is predicted"


def solved(number, file):
    """Executed with the solutions, every exercise passes."""
    notebook, seconds = execute(file, solution(number).CELLS)
    yield from presentable(notebook, seconds)
    yield from (f"exercise {n} fails with its solution" for n, ok in verdicts(notebook).items() if not ok)
    if "locked until" in json.dumps(notebook):
        yield "something stays locked though all is predicted"


def hidden(number, file):
    """The solutions pass on seeds that are not public."""
    notebook = json.loads(file.read_text())
    for cell in notebook["cells"]:
        cell["source"] = solution(number).CELLS.get(cell["id"], cell["source"])
    yield from (f"on hidden seeds: {report.text()}" for report in grade.grade(notebook, HIDDEN) if not report.passed)


def mutants(number, _):
    """Every wrong answer fails, by the property for which it must."""
    module, wrong = grade.checks(number), solution(number).MUTANTS
    for n in labs.exercises(module):
        if len(wrong.get(n, [])) < WRONG:
            yield f"exercise {n} has {len(wrong.get(n, []))} wrong answers, want at least {WRONG}"
        for source, property, why in wrong.get(n, []):
            report = labs.grade(module, n, grade.answer(source, n, module))
            if report.passed or property not in report.failed():
                yield f"exercise {n}: wrong answer ({why}) must fail by {property!r}, fails by {report.failed()}: {source}"


def tidy(_, file):
    """The file is clean."""
    return clean(file)


TESTS = [tidy, untouched, solved, hidden, mutants]


def one(test, number):
    """Run one test in this process, and print what is wrong."""
    problems = list(test(number, notebooks()[number]))
    print("\n".join(problems))
    return 1 if problems else 0


def main(arguments):
    if arguments and arguments[0] in {t.__name__ for t in TESTS}:  # test_notebooks.py mutants 1: one test of one lab
        return one(next(t for t in TESTS if t.__name__ == arguments[0]), int(arguments[1]))
    numbers = [int(a) for a in arguments] or list(notebooks())
    try:
        os.environ["LIGHTCONE"] = lightcone.command()
    except lightcone.Refused as problem:
        print(problem, file=sys.stderr)
        return 1
    jobs = [(test, number) for number in numbers for test in TESTS]

    def run(job):
        began = time.monotonic()
        done = subprocess.run([sys.executable, __file__, job[0].__name__, str(job[1])], capture_output=True, text=True)
        return job, done, time.monotonic() - began

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (test, number), done, seconds in pool.map(run, jobs):
            failed += done.returncode != 0
            print(f"{'FAIL' if done.returncode else 'ok':4}  {notebooks()[number].stem:32} {seconds:5.1f} s  {test.__doc__}", flush=True)
            if done.returncode:
                print(done.stdout + done.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
