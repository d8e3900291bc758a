"""Predictions and exercises of the labs.

    lab = Lab(1)                       # checks/lab01.py
    lab.predict(doubles=...)           # what waits for it stays locked until ... is replaced
    @lab.after("doubles")              # runs the function below at once, or says that it is locked
    lab.check(1, answer_1)             # the answer against its properties, over seeds

An exercise is a function in checks/labNN.py: it takes the answer, a Report and the seeds, and says on the report what
must always hold and what must be seen at least once, each with the run that shows it.
"""

import dataclasses
import html
import importlib
import json
import numbers
import os

PUBLIC = range(1, 21)  # the seeds of an exercise, unless the instructor chooses others

CHECKED = "application/vnd.lightcone.check+json"  # the output of a check, for whoever reads an executed notebook


class Invalid(Exception):
    """The answer is not of the form that the exercise asks for."""


@dataclasses.dataclass
class Line:
    """One property of an exercise."""

    property: str
    mode: str  # always, or sometimes
    held: bool
    seen: int = 0  # runs that it was judged on
    detail: str = ""
    replay: str = ""


class Report:
    """What an exercise found out about an answer."""

    def __init__(self, exercise, about):
        self.exercise, self.about, self.lines = exercise, about, {}

    def always(self, name, holds, run=None, detail=""):
        """It must hold in every run; the first that breaks it is shown."""
        line = self.lines.setdefault(name, Line(name, "always", True))
        line.seen += 1
        if line.held and not holds:
            self._show(line, False, run, detail)

    def sometimes(self, name, holds, run=None, detail=""):
        """It must be seen in some run; the first that shows it is named."""
        line = self.lines.setdefault(name, Line(name, "sometimes", False))
        line.seen += 1
        if not line.held and holds:
            self._show(line, True, run, detail)

    @staticmethod
    def _show(line, held, run, detail):
        line.held, line.detail = held, str(detail)
        if run is not None:
            where = f"seed {run.seed}" if hasattr(run, "seed") else ""
            line.detail, line.replay = ": ".join(filter(None, [where, line.detail])), run.replay

    @property
    def passed(self):
        lines = self.lines.values()
        return bool(lines) and all(line.held for line in lines) and any(line.mode == "sometimes" for line in lines)

    def failed(self):
        """The names of the properties that fell, or were never seen."""
        return [line.property for line in self.lines.values() if not line.held]

    def data(self):
        return {"exercise": self.exercise, "passed": self.passed, "lines": [dataclasses.asdict(line) for line in self.lines.values()]}

    def text(self):
        rows = [f"exercise {self.exercise}: {'pass' if self.passed else 'not yet'}: {self.about}"]
        for line in self.lines.values():
            rows.append(f"  {self._verdict(line):9} {line.property} ({line.mode}{f', {line.seen} runs' if line.seen > 1 else ''}){': ' + line.detail if line.detail else ''}")
            if line.replay and not (line.held and line.mode == "always"):
                rows.append(f"            {line.replay}")
        return "\n".join(rows)

    @staticmethod
    def _verdict(line):
        if line.mode == "sometimes":
            return "seen" if line.held else "not seen"
        return "pass" if line.held else "fails"

    def show(self):
        from IPython.display import display
        display({CHECKED: self.data(), "text/html": f"<pre>{html.escape(self.text())}</pre>", "text/plain": self.text()}, raw=True)


def exercise(about, points):
    """Marks a function of checks/labNN.py as an exercise: exercise_1, exercise_2, ..."""
    def mark(function):
        function.about, function.points = about, points
        return function
    return mark


def grade(module, number, answer, seeds=PUBLIC):
    """The Report of an answer."""
    function = getattr(module, f"exercise_{number}")
    report = Report(number, function.about)
    if answer is ...:
        report.always("there is an answer", False, detail="replace the ... in the cell above")
        return report
    try:
        function(answer, report, seeds)
    except Invalid as problem:
        report.always("the answer has the form that is asked for", False, detail=problem)
    except Exception as problem:  # the command's refusal of a setting is an answer too
        if type(problem).__name__ == "Refused":
            report.always("the command accepts the answer", False, detail=problem)
        else:
            report.always("the answer can be judged", False, detail=f"{type(problem).__name__}: {problem}")
    return report


def want(holds, got, wanted):
    """Refuse an answer that has not the form that is asked for."""
    if not holds:
        raise Invalid(f"got {got!r}, want {wanted}")


def want_settings(answer, allowed):
    """An answer that is a dict of settings, of these keys only."""
    want(isinstance(answer, dict) and answer, answer, "a dict of settings, such as {'network.loss': 0.1}")
    for key in answer:
        want(key in allowed, key, f"only these settings: {', '.join(allowed)}")
    return answer


def whole(value):
    """Whether it is a whole number, of Python or out of a table."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def want_pair(answer, wanted):
    """An answer that is a pair of whole numbers, such as event numbers."""
    want(isinstance(answer, (tuple, list)) and len(answer) == 2 and all(map(whole, answer)), answer, wanted)
    return tuple(answer)


def want_set(answer, wanted):
    """An answer that is some whole numbers in any order, such as event numbers."""
    want(isinstance(answer, (set, frozenset, list, tuple)) and all(map(whole, answer)), answer, wanted)
    return set(answer)


def want_number(answer, low, high):
    want(isinstance(answer, numbers.Real) and not isinstance(answer, bool) and low <= answer <= high, answer, f"a number from {low} to {high}")
    return answer


class Lab:
    """One lab: its predictions, and what its exercises came to."""

    def __init__(self, number):
        self.number = number
        self.module = importlib.import_module(f"checks.lab{number:02d}")
        self.predictions, self.reports = {}, {}
        first, last = map(int, os.environ.get("LIGHTCONE_SEEDS", "1..20").split(".."))
        self.seeds = range(first, last + 1)

    def predict(self, **guesses):
        """Store what is predicted; a guess of ... keeps what waits for it locked."""
        self.predictions.update({name: guess for name, guess in guesses.items() if guess is not ...})
        for name in guesses:
            print(f"{name}: {'stored: ' + json.dumps(self.predictions[name]) if name in self.predictions else 'replace the ... by what you expect'}")

    def after(self, *names):
        """Run the function below it, once all these are predicted, or solved: after("exercise 1")."""
        def reveal(function):
            missing = [name for name in names if name not in self.predictions]
            if missing:
                print(f"locked until there is: {', '.join(missing)}")
            else:
                function()
        return reveal

    def compare(self, name, measured, unit="", low=None, high=None, surprise=None):
        """The prediction beside what was measured, and a run that shows it."""
        interval = f" (95 %: {low:.4g} .. {high:.4g})" if low is not None else ""
        print(f"{name}: you said {self.predictions[name]}, measured {measured:.4g}{interval} {unit}".rstrip())
        if surprise is not None:
            print(f"look at seed {surprise.seed}: {surprise.replay}")

    def check(self, number, answer):
        """Check the answer of an exercise, and show what holds and what does not."""
        report = grade(self.module, number, answer, self.seeds)
        self.reports[number] = report
        if report.passed:
            self.predictions[f"exercise {number}"] = "solved"
        report.show()

    def score(self):
        """What all exercises of the lab came to."""
        total = won = 0
        for number in exercises(self.module):
            function = getattr(self.module, f"exercise_{number}")
            points = function.points if number in self.reports and self.reports[number].passed else 0
            total, won = total + function.points, won + points
            print(f"exercise {number}: {points} of {function.points} points: {function.about}")
        print(f"together: {won} of {total} points")


def exercises(module):
    """The numbers of the exercises of a module of checks."""
    return sorted(int(name.removeprefix("exercise_")) for name in vars(module) if name.startswith("exercise_"))
