"""Lab 7, quorums: why is my cart empty again?"""

import lightcone as lc
from labs import exercise, want, want_number, want_pair, want_settings

FIVE = {"nodes": 5, "params.replicas": 5, "regions": ["a", "a", "a", "a", "b"], "clients.regions": ["a"], "clients.near": True}  # clients ask n0 to n3
ONE_DOWN = FIVE | {"faults": [{"kind": "crash", "node": 4, "at": "0s"}]}
FAR = {"kind": "disturb", "from": [0, 1], "to": [2, 3, 4], "delay": "100ms", "at": "0s"}  # n0 and n1 are far from the rest


def stale(run):
    """Of the reads of the only client: how many did not show its last acknowledged write, and of how many."""
    old = reads = 0
    written = None
    for e in run.history.to_dict("records"):
        if e["outcome"] != "ok":
            continue
        if e["op"] == "put":
            written = e["value"]
        elif written is not None:
            reads, old = reads + 1, old + (e["got"] != written)
    return old, reads


def quorum(read, write):
    return {"params.read": read, "params.write": write}


LOOK = 3  # the seed of exercise 1


def first_stale(run):
    """The write and the read of the first stale read, as rows of the history."""
    written = None
    for e in run.history.to_dict("records"):
        if e["op"] == "put":
            written = e
        elif written is not None and e["got"] != written["value"]:
            return written, e
    return None


@exercise("a stale read: when its client knew better, and when its server did", points=2)
def exercise_1(answer, report, seeds):
    answer = want_pair(answer, "a pair of event numbers")
    run = lc.run("quorum", {"trace.level": "messages"}, LOOK)
    write, read = first_stale(run)
    acknowledged = run.events("deliver", node=3, t=write["return"])
    reply = run.events("deliver", node=3, t=read["return"]).iloc[0]
    answered, when = reply["from"], run.events("send", id=reply["link"])["t"].iloc[0]
    arrivals = run.events("deliver", node=answered, type="quorum.Write")
    arrived = arrivals[arrivals["value"].str.contains(f"[{write['value']}@", regex=False)]
    report.always("the first is where the client learns that the write is acknowledged", answer[0] in set(acknowledged["id"]), run, f"event {answer[0]} is not")
    report.always("the second is where the write reaches the server that answered the read", answer[1] in set(arrived["id"]), run, f"event {answer[1]} is not; n{answered} answered")
    report.sometimes("the write arrives only after the read was answered", arrived["t"].min() > when, run)


@exercise("the cheapest quorums of five servers that are fresh and quick, with one server down", points=3)
def exercise_2(answer, report, seeds):
    answer = want_pair(answer, "a pair (R, W) from 1 to 5")
    want(all(1 <= n <= 5 for n in answer), answer, "a pair (R, W) from 1 to 5")
    for name, servers in {"one server down": ONE_DOWN, "all servers up": FIVE | {"faults": [FAR]}}.items():
        for run in lc.runs("quorum", servers | quorum(*answer) | {"trace.level": "faults", "duration": "3s"}, seeds):
            old, reads = stale(run)
            report.always(f"{name}: no read is stale", old == 0, run, f"{old} of {reads}")
    rows = lc.measured("quorum", ONE_DOWN | quorum(*answer), seeds)
    for run in rows:
        report.always("one server down: every operation is answered", run.value("availability") == 1, run, f"{run.value('availability'):.0%}")
    tail = lc.mean(run.value("latency, 99th percentile") for run in rows)
    report.always("one server down: the 99th percentile of latency is at most 48 ms", tail["mean"] <= 48, rows[0], f"{tail['mean']:.1f} ms")
    for run in lc.runs("quorum", ONE_DOWN | quorum(1, 1) | {"trace.level": "faults"}, list(seeds)[:5]):
        report.sometimes("with R = W = 1 a read is stale", stale(run)[0] > 0, run, f"{stale(run)[0]} of {stale(run)[1]}")


UP = "part(mttf=9h, mttr=1h)"


@exercise("how often a quorum can be found at all", points=2)
def exercise_3(answer, report, seeds):
    want(isinstance(answer, dict) and set(answer) == {"read", "write"}, answer, "a dict of 'read' and 'write'")
    for name, k in {"read": 2, "write": 4}.items():
        value = want_number(answer[name], 0, 1)
        diagram = f"kofn({k}, 5 * {UP})"
        exact = lc.availability(diagram)["unavailability"]
        report.always(f"the unavailability of a {name} is right to 1 %", abs(1 - value - exact) <= 0.01 * exact, detail=f"you said {1 - value:.6f}; lightcone availability '{diagram}'")
        for seed in list(seeds)[:5]:
            simulated = lc.availability(diagram, "--simulate", "--seed", seed)["measures"][0]
            report.always("four standard errors of 10000 simulated outages cover it", simulated["low"] <= 1 - value <= simulated["high"],
                          detail=f"{name}, seed {seed}: {simulated['low']:.6f} .. {simulated['high']:.6f}")
            report.sometimes("the simulation is not equal to the closed form", simulated["value"] != simulated["expected"], detail=f"seed {seed}")


CHECKS = {"checks": ["linearizable", "quorum-rule"], "duration": "2s", "trace.level": "faults"}


@exercise("R + W > N, no stale read, and not linearizable", points=3)
def exercise_4(answer, report, seeds):
    want_settings(answer, ["params.read", "params.write", "params.repair", "clients.count", "clients.workload.think", "clients.workload.mix"])
    read, write = answer.get("params.read", 1), answer.get("params.write", 1)
    report.always("R + W > N", read + write > 3, detail=f"{read} + {write}, N = 3")
    fell = 0
    for run in lc.runs("quorum", CHECKS | answer, seeds):
        fell += not run.holds("linearizable")
        report.always("no read returns less than what was acknowledged before it", run.holds("quorum-rule"), run, run.verdict("quorum-rule")["detail"])
        report.sometimes("a history is not linearizable", not run.holds("linearizable"), run, run.verdict("linearizable")["detail"])
    report.always("that is so on at least a quarter of the seeds", 4 * fell >= len(seeds), detail=f"on {fell} of {len(seeds)}")
