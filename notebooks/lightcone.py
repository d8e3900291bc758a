"""Calls the command lightcone, reads what it wrote, and shows it. Nothing here simulates anything.

    import lightcone as lc
    r = lc.run("missing-reply", {"network.loss": 0.2}, seed=4)   # notebooks/scenarios/missing-reply.yaml
    r.picture("The reply to the first request is lost", to="400ms")
    r.value("commands")
    t = lc.sweep("missing-reply", {"network.loss": [0.1, 0.2]}, seeds=30)
    lc.availability("series(0.99, 0.99)")["summary"]["availability"]

The command is $LIGHTCONE, or is built from this repository. What it refuses is raised as Refused with its own words.
Exercises and predictions are in labs.py.
"""

import base64
import concurrent.futures
import functools
import html
import io
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import weakref

import matplotlib
import matplotlib.figure
import pandas

HERE = pathlib.Path(__file__).resolve().parent
SCENARIOS = HERE / "scenarios"

_results = tempfile.TemporaryDirectory(prefix="lightcone-")  # what runs write; gone when the kernel ends
_workers = concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1)

PASSED, FAILED, UNDECIDED = 0, 1, 4  # exit codes that are results; the others are refusals


class Refused(Exception):
    """The command refused its arguments or the scenario; the text is the command's."""

    def _render_traceback_(self):
        return [str(self)]


@functools.cache
def command():
    """The path of the command: $LIGHTCONE, or built once for each kernel (Go does nothing if nothing has changed)."""
    if os.environ.get("LIGHTCONE"):
        return os.environ["LIGHTCONE"]
    if not shutil.which("go"):
        raise Refused("notebooks: no go: want Go 1.26 or later, or the command itself in $LIGHTCONE")
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "lightcone"
    built = subprocess.run(["go", "build", "-o", cache / "lightcone", "./cmd/lightcone"], cwd=HERE.parent, capture_output=True, text=True)
    if built.returncode:
        raise Refused(built.stderr)
    return str(cache / "lightcone")


def call(*arguments):
    """Standard output of the command with these arguments. A property that falls is a result, not an error."""
    done = subprocess.run([command(), *map(str, arguments)], cwd=HERE.parent, capture_output=True, text=True)
    if done.returncode not in (PASSED, FAILED, UNDECIDED):
        raise Refused(done.stderr.strip())
    return done.stdout


def words(value):
    """A value as the command reads it: True is true, lists and maps are YAML on one line."""
    return value if isinstance(value, str) and value else json.dumps(value)


def _overrides(settings):
    return [part for key, value in settings.items() for part in ("--set", f"{key}={words(value)}")]


def _scenario(name):
    file = SCENARIOS / f"{name}.yaml"
    return str(file.relative_to(HERE.parent)) if file.exists() else name  # else a study of the command's


class Run:
    """One run: what the command wrote to its results directory."""

    def __init__(self, name, settings, seed):
        self.name, self.settings, self.seed = name, dict(settings), seed
        self._chosen = [_scenario(name), "--seed", str(seed), *_overrides(settings)]
        parent = tempfile.mkdtemp(dir=_results.name)
        weakref.finalize(self, shutil.rmtree, parent, ignore_errors=True)
        self.directory = pathlib.Path(parent) / "run"
        self.summary = json.loads(call("run", *self._chosen, "--out", self.directory, "--json"))
        self.digest = self.summary["digest"]

    @property
    def replay(self):
        """The line that runs it again."""
        return "lightcone run " + shlex.join(self._chosen)

    def measure(self, name):
        """A measure with its interval, as the command gives it: value, unit, low, high, n, expected, agrees."""
        for m in self.summary["measures"]:
            if m["name"] == name:
                return m
        raise KeyError(f"measure is {name!r}, want one of {[m['name'] for m in self.summary['measures']]}")

    def value(self, name):
        return self.measure(name)["value"]

    def verdict(self, name):
        """A verdict: name, verdict (pass, violation, ...), detail."""
        for v in self.summary["verdicts"]:
            if v["name"] == name:
                return v
        raise KeyError(f"verdict is {name!r}, want one of {[v['name'] for v in self.summary['verdicts']]}")

    def holds(self, name):
        return self.verdict(name)["verdict"] == "pass"

    @functools.cached_property
    def trace(self):
        """The events of the run, a table: id, kind, node, from, to, link (what caused it), value, text; and in ns true time t,
        the node's own clock local, and its wall clock, wall."""
        rows = [json.loads(line) for line in (self.directory / "trace.jsonl").read_text().splitlines()]
        rows = [e for e in rows if "kind" in e]  # without the lines for the whole
        for e in rows:  # a clock that is right is not written down
            e.setdefault("wall", e.setdefault("local", e["t"]))
        table = pandas.DataFrame(rows)
        return table.astype({column: "Int64" for column in table.columns.intersection(["id", "t", "local", "wall", "node", "from", "to", "k", "link", "at"])})

    @functools.cached_property
    def history(self):
        """What clients asked for and were told, a table: client, op, key, value, result, outcome, invoke, return."""
        rows = [json.loads(line) for line in (self.directory / "history.jsonl").read_text().splitlines()[1:]]
        return pandas.DataFrame(rows)

    def events(self, kind, **columns):
        """The events of one kind, and of these columns, such as node=0 or type="kv.Request"."""
        t = self.trace[self.trace["kind"] == kind]
        for column, value in columns.items():
            t = t[t[column.rstrip("_")] == value]  # from_ is the column from
        return t

    def cause(self, event):
        """The number of the event that caused an event (sent the message, set the timer); None if none did, or there is no such event."""
        links = self.trace.loc[self.trace["id"] == event, "link"].dropna()
        return int(links.iloc[0]) if len(links) else None

    def csv(self, file):
        return pandas.read_csv(self.directory / file)

    def drawn(self, format, **window):
        """The space-time diagram: svg, text and others; window is from, to, as, time, events, as in lightcone trace."""
        flags = [part for key, value in window.items() for part in (f"--{key.rstrip('_')}", str(value))]
        return call("trace", *self._chosen, "--format", format, *flags)

    def picture(self, alt, **window):
        """Show the space-time diagram; alt says in words what is to be seen. The transcript is below it, folded."""
        svg = self.drawn("svg", **window)
        caption = f"seed {self.seed}, digest {self.digest}"
        show_image(svg.encode(), alt, caption, transcript=self.drawn("text", **window))

    def file(self, name, alt):
        """Show an image of the results directory: a PNG or SVG file."""
        show_image((self.directory / name).read_bytes(), alt, f"seed {self.seed}, digest {self.digest}")

    def page(self):
        """Keep the page to explore (trace.html) in out/, and say where."""
        out = HERE.parent / "out" / f"notebook-{self.name}-{self.seed}"
        call("run", *self._chosen, "--out", out, "--json")
        print(f"open in a browser: {out.relative_to(HERE.parent) / 'trace.html'}")


@functools.lru_cache(maxsize=256)
def _run(name, settings, seed):
    return Run(name, {key: json.loads(value) for key, value in settings}, seed)


def run(name, settings=None, seed=1):
    """A run of a scenario with these settings (--set): {"network.loss": 0.1}. The same run is made once."""
    return _run(name, tuple((key, json.dumps(value)) for key, value in (settings or {}).items()), seed)


def runs(name, settings=None, seeds=range(1, 21)):
    """The runs of these seeds, on all cores."""
    return list(_workers.map(lambda seed: run(name, settings, seed), seeds))


class Row:
    """One run of which only the measures are kept."""

    def __init__(self, row, chosen):
        self._row, self.seed, self.failed = row, int(row["seed"]), row["failed"] if isinstance(row["failed"], str) else ""
        self.replay = f"lightcone run {chosen} --seed {self.seed}"

    def value(self, name):
        return self._row[name]


def measured(name, settings=None, seeds=range(1, 21)):
    """Like runs, but only the measures (value) and the first check that fell (failed, or ""): much faster."""
    overrides = _overrides(settings or {})
    table = _sweep([_scenario(name), "--seeds", f"{seeds[0]}..{seeds[-1]}", *overrides])
    return [Row(row, shlex.join([_scenario(name), *overrides])) for row in table.to_dict("records")]


def _sweep(chosen):
    """The table runs.csv of a sweep, its measures by their names without the units."""
    out = pathlib.Path(tempfile.mkdtemp(dir=_results.name)) / "sweep"
    call("sweep", *chosen, "--yes", "--json", "--out", out)
    table = pandas.read_csv(out / "runs.csv").rename(columns=lambda header: re.sub(r" \([^()]*\)$", "", header))
    return table.loc[:, ~table.columns.duplicated()]  # of a factor its label, not the value beside it


class Sweep:
    """A grid of runs. runs is a table with a row for each: the levels of the factors, seed, verdict and measures, by name."""

    def __init__(self, name, vary, seeds, settings):
        self.factors = list(vary)
        axes = [part for key, levels in vary.items() for part in ("--vary", f"{key}={','.join(map(words, levels))}")]
        chosen = [_scenario(name), "--seeds", str(seeds), *axes, *_overrides(settings)]
        self.replay = "lightcone sweep " + shlex.join(chosen)
        self.runs = _sweep(chosen)

    def mean(self, column):
        """The mean of a column at every point: a table of the factors, mean, low, high (95 %) and n."""
        rows = []
        for _, group in self.runs.groupby(self.factors[0] if len(self.factors) == 1 else self.factors, sort=False):
            rows.append(group[self.factors].iloc[0].to_dict() | mean(group[column]))
        return pandas.DataFrame(rows)


def mean(values):
    """Mean and 95 % interval of independent values, by Student's t: mean, low, high, n."""
    values = pandas.Series(list(values)).dropna()
    n = len(values)
    z, v = 1.959964, max(n - 1, 1)
    t = z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)  # Cornish and Fisher's expansion
    half = t * values.std() / n**0.5 if n > 1 else float("nan")
    return {"mean": values.mean(), "low": values.mean() - half, "high": values.mean() + half, "n": n}


def sweep(name, vary, seeds=30, settings=None):
    """A grid of runs, seeds 1 to seeds at every point: the same for all, so that points differ by their settings alone."""
    return Sweep(name, vary, seeds, settings or {})


def availability(diagram, *flags):
    """What the command says of a block diagram, as its JSON document."""
    return json.loads(call("availability", diagram, *flags, "--json"))


def hunt(name, settings=None, seeds="1..100", *flags):
    """What the command says of a hunt, as its JSON document."""
    out = pathlib.Path(tempfile.mkdtemp(dir=_results.name)) / "found"
    return json.loads(call("hunt", _scenario(name), "--seeds", seeds, *_overrides(settings or {}), *flags, "--json", "--out", out))


# Figures: the markers, dashes and hatches tell apart what the colours (Okabe and Ito) do.

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000"]
MARKERS = ["o", "s", "^", "D", "v"]
DASHES = ["-", "--", "-.", ":", (0, (5, 1))]
HATCHES = ["", "///", "...", "xxx", "\\\\\\"]

matplotlib.use("agg")
matplotlib.rcParams.update({
    "svg.hashsalt": "lightcone", "svg.fonttype": "path", "font.size": 10, "figure.figsize": (7, 3.4), "figure.constrained_layout.use": True,
    "axes.grid": True, "grid.color": "#dddddd", "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True, "legend.frameon": False,
})


def axes(x, y, title="", columns=1, **options):
    """A figure and its axes, with the quantity and the unit on each."""
    figure = matplotlib.figure.Figure()
    ax = figure.subplots(1, columns, **options)
    for a in [ax] if columns == 1 else ax:
        a.set_xlabel(x)
        a.set_ylabel(y)
    figure.suptitle(title, fontsize=10)
    return figure, ax


def points(ax, x, mean, low, high, label, i=0):
    """Means with intervals; i chooses colour, marker and dashes."""
    mean = pandas.Series(list(mean))
    spread = [mean - list(low), pandas.Series(list(high)) - mean]
    ax.errorbar(list(x), mean, yerr=[s.clip(lower=0) for s in spread], label=label, color=COLOURS[i], marker=MARKERS[i], linestyle="none", capsize=3)


def curve(ax, x, y, label, i=0):
    """A closed form."""
    ax.plot(list(x), list(y), label=label, color=COLOURS[i], linestyle=DASHES[(i + 1) % len(DASHES)])


def show(figure, alt):
    """Show a figure; alt says in words what is to be seen."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    show_image(out.getvalue().encode(), alt)


def show_image(image, alt, caption="", transcript=""):
    """Show the bytes of an SVG or PNG with a description, and its transcript in a fold."""
    from IPython.display import display
    kind = "png" if image.startswith(b"\x89PNG") else "svg+xml"
    source = base64.b64encode(image).decode()
    text = f'<figure><img alt="{html.escape(alt, quote=True)}" style="max-width:100%;background:white" src="data:image/{kind};base64,{source}">'
    text += f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    if transcript:
        text += f"<details><summary>the same in words</summary><pre>{html.escape(transcript)}</pre></details>"
    display({"text/html": text, "text/plain": "\n".join(filter(None, [alt, caption, transcript]))}, raw=True)
