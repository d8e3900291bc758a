"""Lab 8, elections: how long until somebody leads, and how often for nothing?"""

import lightcone as lc
from labs import exercise, want, want_number, want_set, want_settings

RANGE = ["params.election-min", "params.election-max", "params.heartbeat"]
SPLIT = {"params.election-max": "1100ms", "trace.level": "messages"}, 2  # run zero


def timeouts(low, high, **more):
    """Settings: election timeouts between low and high, in ms."""
    return {"params.election-min": f"{low}ms", "params.election-max": f"{high}ms"} | {f"params.{k}": f"{v}ms" for k, v in more.items()}


def waits(settings, seeds, name="elections"):
    """The times until a leader is elected, in s, in order; and the runs."""
    rows = lc.measured(name, settings, seeds)
    return sorted(run.value("time until a leader is elected") for run in rows), rows


def many(seeds, times):
    """Times as many seeds as these, from the first on: an election is short."""
    return range(seeds[0], seeds[0] + times * len(seeds))


def quantile(ordered, p):
    return ordered[min(len(ordered) - 1, int(p * len(ordered)))]


@exercise("the votes that made a leader", points=2)
def exercise_1(answer, report, seeds):
    answer = want_set(answer, "a set of event numbers")
    run = lc.run("elections", *SPLIT)
    term = int(run.value("terms"))
    winner = run.events("badge", role="leader")["node"].iloc[-1]
    votes = run.events("deliver", node=winner, value=f"Vote{{term {term}, yes}}")
    right = set(votes["id"].astype(int))
    report.always("every vote that counted is there", right <= answer, run, f"{len(right - answer)} are missing")
    report.always("nothing else is", answer <= right, run, f"{sorted(answer - right)}")
    report.sometimes("in the term before nobody won", term > 1 and bool(right), run, f"term {term}")


HOUSES = {"five servers, 1 s to 3 s": (5, 1000, 3000), "three servers, 1 s to 2 s": (3, 1000, 2000)}


@exercise("the mean time until there is a leader", points=3)
def exercise_2(answer, report, seeds):
    want(isinstance(answer, dict) and set(answer) == set(HOUSES), answer, f"a dict of {list(HOUSES)}, in s")
    for name, (servers, low, high) in HOUSES.items():
        mine = want_number(answer[name], 0, 1000)
        found, rows = waits(timeouts(low, high) | {"nodes": servers}, many(seeds, 50))
        m = lc.mean(found)
        four = 2 * (m["high"] - m["low"]) / 1.96
        report.always(f"{name}: within four standard errors of the mean of {len(found)} elections", abs(mine - m["mean"]) <= four, rows[0],
                      f"you said {mine:.3f} s, measured {m['mean']:.3f} ± {four:.3f}")
        for run in rows[:100]:
            report.sometimes("two candidates stand at once", run.value("elections stood for") > 1, run)


@exercise("timeouts for a wide-area network: quick, and not deposing anybody for nothing", points=4)
def exercise_3(answer, report, seeds):
    want_settings(answer, RANGE)
    want(set(answer) == set(RANGE), sorted(answer), f"all of {RANGE}")
    found, rows = waits(answer, many(seeds, 10))
    for run in rows:
        report.always("at most one leader in a term, and somebody leads", run.failed == "" and run.value("time until a leader is elected") > 0, run, run.failed)
    report.always("half of the elections are over within 1 s", quantile(found, 0.5) <= 1, rows[0], f"median {quantile(found, 0.5):.3f} s")
    report.always("99 % of the elections are over within 1.6 s", quantile(found, 0.99) <= 1.6, rows[0], f"99th percentile {quantile(found, 0.99):.3f} s of {len(found)}")
    quiet = lc.measured("reign", answer | {"network.loss": 0.03}, seeds)
    false = sum(run.value("terms") - 1 for run in quiet)
    worst = max(quiet, key=lambda run: run.value("terms"))
    report.always("with 3 % loss at most 6 elections an hour are for nothing", false * 60 <= 6 * len(quiet), worst, f"{false} in {len(quiet)} minutes")
    report.always("a heartbeat is sent at most every 100 ms", _ms(answer["params.heartbeat"]) >= 100, detail=answer["params.heartbeat"])
    low = _ms(answer["params.election-min"])
    _, aligned = waits(answer | timeouts(low, low + 20), seeds)
    for run in aligned:
        report.sometimes("with your shortest timeout, and all within 20 ms, the vote is split", run.value("elections stood for") > 1 and run.value("terms") > 1, run)


def _ms(text):
    """A duration in ms, such as 150ms or 1.5s."""
    scale = 1 if str(text).endswith("ms") else 1000
    try:
        return scale * float(str(text).removesuffix("ms").removesuffix("s"))
    except ValueError:
        want(False, text, "a duration, such as '150ms'")


@exercise("one fault that deposes a healthy leader, and what prevents it", points=3)
def exercise_4(answer, report, seeds):
    want(isinstance(answer, (tuple, list)) and len(answer) == 2 and isinstance(answer[0], dict) and isinstance(answer[1], dict), answer, "a pair: one fault, and settings that defend against it")
    fault, defence = answer
    want_settings(defence, ["params.pre-vote", "params.check-quorum"])
    want(fault.get("kind") in ("isolate", "deafen", "mute", "pause", "crash"), fault.get("kind"), "isolate, deafen, mute, pause or crash")
    want(isinstance(fault.get("node"), int), fault, "a fault of one node")
    deposed = {}
    for name, settings in {"without": {}, "with": defence}.items():
        rows = lc.measured("reign", settings | {"faults": [fault]}, seeds)
        deposed[name] = [run for run in rows if run.value("elections won") > 1]
    report.always("it costs an election on at least 60 % of the seeds", len(deposed["without"]) >= 0.6 * len(seeds), detail=f"on {len(deposed['without'])} of {len(seeds)}")
    report.always("with the defence on at most 40 %: those whose leader the fault befalls", len(deposed["with"]) <= 0.4 * len(seeds),
                  deposed["with"][0] if deposed["with"] else None, f"on {len(deposed['with'])} of {len(seeds)}")
    for run in lc.measured("reign", {"faults": [fault]}, seeds):
        report.sometimes("the leader is deposed by a server that was cut off", run.value("elections won") > 1, run, f"{run.value('terms')} terms")
