"""Lab 2, clocks lie: which writes vanish, though they were acknowledged?"""

import lightcone as lc
from labs import exercise, want, want_number, want_set


def errors(run, since=0.5):
    """What each node's wall clock was off by at its events, in ms: a table of t in seconds, node, error."""
    t = run.trace.dropna(subset=["node"])
    t = t[t["t"] >= since * 1e9]
    return lc.pandas.DataFrame({"t": t["t"].astype(float) / 1e9, "node": t["node"].astype(int), "error": (t["wall"] - t["t"]).astype(float) / 1e6})


def skew(run):
    """The largest difference of two nodes' wall clocks that the run shows, in ms, after the first synchronisation."""
    now, worst = {}, 0
    for e in errors(run).itertuples():
        now[e.node] = e.error
        worst = max(worst, max(now.values()) - min(now.values()))
    return worst


def clocks(ppm, every, asymmetry):
    """Settings of scenarios/clocks.yaml: n1 fast and n2 slow by ppm, synchronised every so many seconds; messages from n0
    to n1 take so many ms longer than those from n1 to n0."""
    faults = [{"kind": "drift", "node": 1, "ppm": ppm, "at": "0s"}, {"kind": "drift", "node": 2, "ppm": -ppm, "at": "0s"}]
    if asymmetry:
        # The detour makes n1 believe that n0's answer is younger than it is, and so n1's clock late; the drifts are
        # exchanged, so that the two errors add up.
        faults[0]["ppm"], faults[1]["ppm"] = -ppm, ppm
        faults.append({"kind": "disturb", "from": [0], "to": [1], "one-way": True, "delay": f"{asymmetry}ms", "at": "0s"})
    return {"clocks.sync.every": f"{every}s", "params.interval": f"{10 * every}ms", "duration": f"{3 * every + 5}s", "faults": faults}


HOUSES = {"cheap quartz": (200, 10, 0), "good quartz": (20, 60, 0), "a detour": (200, 10, 10)}


@exercise("how far apart two synchronised clocks can be", points=3)
def exercise_1(answer, report, seeds):
    want(isinstance(answer, dict) and set(answer) == set(HOUSES), answer, f"a dict of {list(HOUSES)}, in ms")
    for name, house in HOUSES.items():
        predicted = want_number(answer[name], 0, 1e6)
        runs = lc.runs("clocks", clocks(*house), list(seeds)[:8])
        observed = {run.seed: skew(run) for run in runs}
        worst = max(runs, key=lambda run: observed[run.seed])
        most = observed[worst.seed]
        report.always(f"{name}: the prediction is within 10 % of the largest skew", abs(predicted - most) <= 0.1 * most, worst, f"you said {predicted:.2f} ms, seen {most:.2f} ms")
        for run in runs:
            report.sometimes("a clock is set", not run.events("wall-step").empty, run)


def inversions(run):
    """The events at which a message arrived when the receiver's wall clock showed less than the sender's at its sending."""
    sent = run.events("send").set_index("id")["wall"]
    return {int(e.id) for e in run.events("deliver").itertuples() if e.wall < sent[e.link]}


INVERTED = ({"clocks.sync": None, "clocks.offset": "uniform(-10ms, 10ms)", "faults": None, "params.interval": "12ms", "params.local-share": 0, "duration": "60ms",
             "network.latency": "uniform(3ms, 12ms)"}, 3)


@exercise("the messages that arrive before they were sent", points=2)
def exercise_2(answer, report, seeds):
    answer = want_set(answer, "a set of event numbers")
    run = lc.run("clocks", *INVERTED)
    right = inversions(run)
    report.always("all such arrivals are named", right <= answer, run, f"{len(right - answer)} are missing")
    report.always("nothing else is named", answer <= right, run, f"{sorted(answer - right)}")
    report.sometimes("a message arrives before it was sent", bool(right), run)
    report.sometimes("a message arrives after it was sent", len(run.events("deliver")) > len(right), run)


def vanished(run):
    """Of the writes of the only client that it followed by a read: how many the read did not show, and of how many."""
    lost = followed = 0
    written = None
    for e in run.history.to_dict("records"):
        if e["op"] == "put":
            written = e["value"]
        elif written is not None and e["outcome"] == "ok":
            followed, lost, written = followed + 1, lost + (e["got"] != written), None
    return lost, followed


QUICK = {"trace.level": "faults", "duration": "2s"}  # the history is what counts


def apart(ms):
    """Settings of scenarios/last-write-wins.yaml: the clock of n0 is so many ms ahead of that of n1."""
    return {"faults": [{"kind": "wall-step", "node": 0, "by": f"{ms}ms", "at": "1us"}] if ms else None}


STORES = {  # settings of scenarios/last-write-wins.yaml, which as it is stamps by wall clock, reads both replicas and writes both
    "stamps in whole seconds": {"params.resolution": "1s"},
    "reads one replica": {"params.read": 1},
    "siblings": {"params.versions": "vector"},
    "hybrid clock": {"params.versions": "hybrid"},
    "always the same server": {"clients.sticky": True},
    "15 ms between operations": {"clients.workload.think": "15ms"},
}


@exercise("which stores lose nothing, with clocks 20 ms apart", points=2)
def exercise_3(answer, report, seeds):
    want(isinstance(answer, (set, frozenset, list, tuple)) and set(answer) <= set(STORES), answer, f"a set of some of {list(STORES)}")
    for name, store in STORES.items():
        runs = lc.runs("last-write-wins", QUICK | apart(20) | store, list(seeds)[:8])
        lost = {run.seed: vanished(run)[0] for run in runs}
        worst = max(runs, key=lambda run: lost[run.seed])
        most = lost[worst.seed]
        if name in answer:
            report.always("a store that is named loses nothing", most == 0, worst, f"{name}: {most} writes are not there when the client reads next")
        else:
            report.always("a store that is not named loses writes", most > 0, worst, f"{name}: all writes are there, on {len(runs)} seeds")
        report.sometimes("a store loses writes", most > 0, worst, f"{name}: {most}")
        report.sometimes("a store loses nothing", most == 0, worst, name)


@exercise("how long to wait so that the last write wins in truth", points=3)
def exercise_4(answer, report, seeds):
    wait = want_number(answer, 0, 10_000)
    report.always("it is no longer than a tenth more than needed", wait <= 22, detail=f"{wait} ms")
    for run in lc.runs("last-write-wins", QUICK | apart(20) | {"clients.workload.think": f"{wait}ms"}, seeds):
        lost, followed = vanished(run)
        report.always("every write is there when the client reads next", lost == 0, run, f"{lost} of {followed} are not")
    for run in lc.runs("last-write-wins", QUICK | apart(20) | {"clients.workload.think": f"{wait * 0.8:.3f}ms"}, list(seeds)[:5]):
        report.sometimes("with a fifth less some vanish", vanished(run)[0] > 0, run, f"{vanished(run)[0]} of {vanished(run)[1]}")


@exercise("one correction of a perfect clock that costs many writes", points=3)
def exercise_5(answer, report, seeds):
    want(isinstance(answer, dict), answer, "one fault, as scenarios have them")
    want(answer.get("kind") in ("wall-step", "drift", "clock-step"), answer.get("kind"), "a fault of a clock: wall-step, drift or clock-step")
    for run in lc.runs("last-write-wins", {"trace.level": "faults", "faults": [answer]}, seeds):
        lost, followed = vanished(run)
        report.always("at least 15 of the writes that the client reads back have vanished", lost >= 15, run, f"{lost} of {followed}")
        report.sometimes("no server failed and every operation was answered", run.value("availability") == 1, run)
    for run in lc.runs("last-write-wins", {"trace.level": "faults", "faults": [answer], "params.versions": "hybrid"}, list(seeds)[:5]):
        report.always("with hybrid clocks the same fault costs nothing", vanished(run)[0] == 0, run, f"{vanished(run)[0]} vanished")
