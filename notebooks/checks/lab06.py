"""Lab 6, split brain: can two servers fail over by themselves?"""

import lightcone as lc
from labs import exercise, want, want_number, want_pair, want_settings

LOST, TWICE, SILENT = "writes lost", "two primaries", "longest time without a write"
LOOK = {"trace.level": "messages"}, 1  # run zero

HARM = {"clients.workload.think": "1h", "faults": [{"kind": "crash", "node": 0, "up": "uniform(3s, 3050ms)", "down": "constant(1500ms)"}]}  # the primary of the pair crashes, and says nothing but its pings

# What happens to the first primary of scenarios/view-service.yaml: it is cut off from the other servers, or stands still for
# longer than any lease; meanwhile its clock is 5 % slow, and that of the view service 5 % fast.
_DRIFT = [{"kind": "drift", "node": 1, "ppm": -50000, "at": "0s"}, {"kind": "drift", "node": 0, "ppm": 50000, "at": "0s"}]
TRIALS = {
    "partition": {"faults": [{"kind": "partition", "from": [1], "to": [0, 2, 3], "at": "3s", "for": "1500ms"}, *_DRIFT]},
    "pause": {"faults": [{"kind": "pause", "node": 1, "at": "3s", "for": "1500ms"}, *_DRIFT]},
}


@exercise("the moment from which there are two, and the first answer that counts for nothing", points=2)
def exercise_1(answer, report, seeds):
    answer = want_pair(answer, "a pair of event numbers")
    run = lc.run("pair", *LOOK)
    second = run.events("badge", node=1, role="primary").iloc[0]
    serves = run.events("note", node=1, type="primarybackup.Serving")["id"]  # said in the same moment
    replies = run.events("send", node=0, type="kv.Reply")
    first = int(replies.loc[replies["t"] > second["t"], "id"].iloc[0])
    report.always("the first is where n1 becomes primary", answer[0] in {int(second["id"]), *serves.astype(int)}, run, f"event {answer[0]} is not")
    report.always("the second is where n0 next answers a client", answer[1] == first, run, f"event {answer[1]} is not")
    report.sometimes("writes are lost", run.value(LOST) > 0, run, f"{run.value(LOST):.0f}")


@exercise("how long until the backup takes over", points=2)
def exercise_2(answer, report, seeds):
    want(isinstance(answer, dict) and set(answer) == {"200ms", "500ms"}, answer, "a dict {'200ms': ms, '500ms': ms}")
    for timeout, ms in answer.items():
        want_number(ms, 0, 60_000)
        rows = lc.measured("pair", HARM | {"params.timeout": timeout}, range(seeds[0], seeds[0] + 5 * len(seeds)))
        m = lc.mean(1000 * run.value("takeover") for run in rows)
        four = 2 * (m["high"] - m["low"]) / 1.96
        report.always(f"timeout {timeout}: within four standard errors of the mean of {len(rows)} takeovers", abs(ms - m["mean"]) <= four, rows[0],
                      f"you said {ms:.1f} ms, measured {m['mean']:.1f} ± {four:.1f}")
        for run in rows[:20]:
            report.sometimes("the backup takes over", run.value("takeover") > 0, run)


SETTINGS = ["params.failover", "params.fencing", "params.lease", "params.drift-bound", "params.replication", "params.reads"]


@exercise("never two primaries, no write lost, and not long without", points=4)
def exercise_3(answer, report, seeds):
    want_settings(answer, SETTINGS)
    for name, trial in TRIALS.items():
        for run in lc.measured("view-service", trial | answer, seeds):
            report.always(f"{name}: no acknowledged write is lost", run.value(LOST) == 0, run, f"{run.value(LOST):.0f}")
            report.always(f"{name}: never two primaries that could answer", run.value(TWICE) == 0, run, f"for {run.value(TWICE) * 1000:.1f} ms")
            report.always(f"{name}: clients see one copy (linearizable)", run.failed != "linearizable", run)
            report.always(f"{name}: at most 800 ms without a write", run.value(SILENT) <= 0.8, run, f"{run.value(SILENT) * 1000:.0f} ms")
            report.sometimes("a paused primary answers when it is over", run.value("writes acknowledged by a stale primary") > 0, run)
    for run in lc.measured("view-service", TRIALS["partition"], seeds):
        report.sometimes("as it was, two primaries answer", run.value(TWICE) > 0 and run.value(LOST) > 0, run, f"for {run.value(TWICE):.2f} s, {run.value(LOST):.0f} writes lost")


GOOD = {"params.failover": "view-service", "params.fencing": True}


@exercise("one fault by which the fenced pair loses writes, and the service does not", points=3)
def exercise_4(answer, report, seeds):
    want(isinstance(answer, dict) and "kind" in answer, answer, "one fault, as scenarios have them, with server 0 as the primary")
    for run in lc.measured("pair", {"params.fencing": True, "clients.sticky": False, "faults": [answer]}, seeds):
        report.always("the fenced pair has two primaries for at least a second", run.value(TWICE) >= 1, run, f"{run.value(TWICE):.2f} s")
        report.always("it loses at least 10 writes that it acknowledged", run.value(LOST) >= 10, run, f"{run.value(LOST):.0f}")
        report.sometimes("all the while clients are answered", run.value(SILENT) < 0.5, run, f"at most {run.value(SILENT) * 1000:.0f} ms without a write")
    moved = {key: [n + 1 for n in value] if key in ("from", "to", "nodes") else value + 1 if key == "node" else value for key, value in answer.items()}
    for run in lc.measured("view-service", GOOD | {"faults": [moved]}, seeds):
        report.always("of three servers and a view service, hit likewise, none is lost", run.value(LOST) == 0, run, f"{run.value(LOST):.0f}")
