"""Lab 4, failure detectors: how long is too long?"""

import lightcone as lc
from labs import exercise, want, want_number, want_settings, whole

CRASH = {"kind": "crash", "node": 1, "up": "uniform(30s, 30100ms)", "down": "constant(1h)"}
DRIFT = [{"kind": "drift", "node": 0, "ppm": 20000, "at": "0s"}, {"kind": "drift", "node": 1, "ppm": -20000, "at": "0s"}]

MODELS = {  # settings of scenarios/detector.yaml
    "synchronous": {},
    "partially synchronous": {"network.timing": {"model": "partially-synchronous", "delta": "80ms", "gst": "10s"},
                              "network.latency": "exponential(mean=150ms)"},
    "asynchronous": {"network.timing": {"model": "asynchronous", "held": 0.2}, "network.latency": "exponential(mean=40ms)"},
}


def timeout(ms):
    return {"params.timeout": f"{ms}ms"}


CLOCKS = {"perfect clocks": {}, "clocks off by 2 %": {"faults": [*DRIFT, CRASH]}}


@exercise("the least timeout that is never wrong, in the synchronous model", points=3)
def exercise_1(answer, report, seeds):
    want(isinstance(answer, dict) and set(answer) == set(CLOCKS), answer, f"a dict of {list(CLOCKS)}, in ms")
    for name, settings in CLOCKS.items():
        ms = want_number(answer[name], 1, 60_000)
        for run in lc.measured("detector", settings | timeout(ms), seeds):
            report.always(f"{name}: nobody is suspected who is up", run.value("mistakes") == 0, run, f"{run.value('mistakes')} mistakes")
            report.always(f"{name}: the crash is detected", run.value("crashes not detected") == 0, run)
        for run in lc.measured("detector", settings | timeout(round(0.95 * ms, 3)), seeds):
            report.sometimes(f"{name}: with a twentieth less there is a mistake", run.value("mistakes") > 0, run)


LOOK = 1  # the seed of exercise 2


def suspicions(run):
    """The suspicions of a run: the event, when in s, and whether n1 was up."""
    down = run.events("crash")["t"].min()
    notes = run.events("note", type="detector.Suspected")
    return [(int(e.id), e.t / 1e9, bool(lc.pandas.isna(down) or e.t < down)) for e in notes.itertuples()]


def late(run, until):
    """Each wrong suspicion before a time in s, with the event at which the heartbeat was sent that showed it wrong."""
    found = {}
    for event, when, wrong in suspicions(run):
        if wrong and when < until:
            arrivals = run.events("deliver", node=0)
            found[event] = run.cause(int(arrivals.loc[arrivals["id"] > event, "id"].iloc[0]))
    return found


@exercise("wrong suspicions, and the heartbeats that were only late", points=2)
def exercise_2(answer, report, seeds):
    want(isinstance(answer, dict) and all(whole(i) for pair in answer.items() for i in pair), answer, "a dict {suspicion: sending}, event numbers")
    run = lc.run("detector", timeout(150), LOOK)
    right = late(run, 6)
    report.always("all wrong suspicions of the first 6 s are there", set(right) <= set(answer), run, f"{len(set(right) - set(answer))} are missing")
    report.always("nothing else is", set(answer) <= set(right), run, f"{sorted(set(answer) - set(right))}")
    for suspicion, sending in answer.items():
        report.always("each heartbeat is the one that came late", right.get(suspicion) == sending, run, f"suspicion {suspicion}: not event {sending}")
        report.sometimes("the late heartbeat was under way when its sender was suspected", right.get(suspicion, suspicion) < suspicion, run)


SENDERS = {"a heartbeat every 100 ms": ({}, 0.6), "a heartbeat a second": ({"params.interval": "1s"}, 2)}  # settings, and in how many s a crash is to be seen


@exercise("after the network settles: a few mistakes, then right for ever", points=3)
def exercise_3(answer, report, seeds):
    want_settings(answer, ["params.algorithm", "params.timeout", "params.step"])
    for name, (settings, soon) in SENDERS.items():
        for run in lc.runs("detector", MODELS["partially synchronous"] | {"trace.level": "messages"} | settings | answer, list(seeds)[:15]):
            mistakes = [when for _, when, wrong in suspicions(run) if wrong]
            report.always(f"{name}: at most 12 mistakes in all", len(mistakes) <= 12, run, f"{len(mistakes)}")
            report.always(f"{name}: none later than 10 s after GST", not [t for t in mistakes if t > 20], run, f"at {[round(t, 1) for t in mistakes if t > 20][:3]} s")
            report.always(f"{name}: the crash is detected within {soon} s", run.value("crashes not detected") == 0 and run.value("detection time") <= soon, run,
                          f"after {run.value('detection time')} s")
            report.sometimes(f"{name}: before GST there is a mistake", any(t < 10 for t in mistakes), run)


@exercise("a timeout for a network that promises nothing", points=2)
def exercise_4(answer, report, seeds):
    ms = want_number(answer, 1, 600_000)
    long = {"duration": "302s", "faults": [CRASH | {"up": "uniform(300s, 300100ms)"}]}
    runs = lc.measured("detector", MODELS["asynchronous"] | long | timeout(ms), seeds)
    found = lc.mean(run.value("mistakes") * 12 for run in runs)
    crashes = lc.measured("detector", MODELS["asynchronous"] | timeout(ms), range(seeds[0], seeds[0] + 10 * len(seeds)))
    soon = lc.mean(run.value("detection time") for run in crashes)
    report.always("at most 60 mistakes an hour, by the whole interval", found["high"] <= 60, runs[0], f"{found['mean']:.0f} an hour ({found['low']:.0f} .. {found['high']:.0f})")
    report.always("a crash is detected within 480 ms on average", soon["mean"] <= 0.48, crashes[0], f"{soon['mean'] * 1000:.0f} ms in {len(crashes)} runs")
    for run in runs:
        report.sometimes("it is wrong all the same", run.value("mistakes") > 0, run, f"{run.value('mistakes')} in 5 minutes")


PREY = {
    "timeout 2 s": {"params.algorithm": "timeout", "params.timeout": "2s"},
    "growing by 500 ms": {"params.algorithm": "growing", "params.timeout": "500ms", "params.step": "500ms"},
    "phi 8": {"params.algorithm": "phi", "params.threshold": 8},
    "nfd-e 1 s": {"params.algorithm": "nfd-e", "params.alpha": "1s"},
}


@exercise("delays alone that make every detector wrong twice", points=3)
def exercise_5(answer, report, seeds):
    want(isinstance(answer, list) and answer and all(isinstance(f, dict) and f.get("kind") == "disturb" for f in answer), answer, "a list of faults of the kind disturb")
    report.always("nothing is lost: it is only late", not any("loss" in f for f in answer))
    report.always("there are at most four", len(answer) <= 4, detail=len(answer))
    for name, detector in PREY.items():
        settings = MODELS["asynchronous"] | {"network.timing": {"model": "asynchronous"}, "network.latency": "10ms", "duration": "60s"}
        for run in lc.measured("detector", settings | detector | {"faults": [f | {"loss": 0} if "loss" in f else f for f in answer]}, list(seeds)[:5]):
            report.always(f"{name} is wrong at least twice", run.value("mistakes") >= 2, run, f"{run.value('mistakes')} times")
            report.sometimes("a detector that adapts is fooled", name.startswith(("phi", "growing", "nfd")) and run.value("mistakes") >= 2, run)
