"""Lab 5, nines: how much do two replicas in one rack buy?"""

import re

import lightcone as lc
from labs import exercise, want, want_number, want_set

HOUR = 3600e9  # ns
YEAR = 8760  # hours

SYSTEMS = {  # what exercise 1 asks for, each with parts of which a failure lasts an hour on average
    "five in series, 99.9 % each": "series(5 * part(mttf=999h, mttr=1h))",
    "two in parallel, 99 % each": "parallel(2 * part(mttf=99h, mttr=1h))",
    "the same in one rack": "parallel(common(beta=0.1, 2 * part(u=0.01)))",
    "two of three, 99 % each": "kofn(2, 3 * part(mttf=99h, mttr=1h))",
}


def downtime(run):
    """Hours a year in which the service of a run did not work."""
    return (1 - run.value("availability by time")) * YEAR


def crashes(run):
    """The crashes of a run: when, in hours, and of which server."""
    events = run.events("crash")
    return events.assign(hours=events["t"].astype(float) / HOUR)[["hours", "node"]].reset_index(drop=True)


def coincidences(run):
    """The outages, by their number in outages.csv, that began when one server failed alone while the other was down."""
    alone = set()
    for number, outage in run.csv("outages.csv").iterrows():
        begun = crashes(run)["hours"].sub(outage["from_s"] / 3600).abs() < 1e-6
        if begun.sum() == 1:
            alone.add(number)
    return alone


@exercise("four systems by hand, and by simulation", points=3)
def exercise_1(answer, report, seeds):
    want(isinstance(answer, dict) and set(answer) == set(SYSTEMS), answer, f"a dict of {list(SYSTEMS)}")
    for name, diagram in SYSTEMS.items():
        value = want_number(answer[name], 0, 1)
        exact = lc.availability(diagram)["availability"]
        digits = f"the unavailability of '{name}' is right to half a percent"
        report.always(digits, abs(value - exact) <= 0.005 * (1 - exact), detail=f"you said {value}; lightcone availability '{diagram}'")
    for seed in list(seeds)[:5]:
        for name, diagram in SYSTEMS.items():
            if "mttf" not in diagram:
                continue
            simulated = lc.availability(diagram, "--simulate", "--seed", seed)["measures"][0]
            report.always("four standard errors of 10000 simulated outages cover it", simulated["low"] <= 1 - answer[name] <= simulated["high"],
                          detail=f"'{name}', seed {seed}: {simulated['low']:.6f} .. {simulated['high']:.6f} is down")
            report.sometimes("the simulation is not equal to the closed form", simulated["value"] != simulated["expected"], detail=name)


@exercise("which outages were coincidences, and which the rack", points=2)
def exercise_2(answer, report, seeds):
    answer = want_set(answer, "a set of the numbers of outages")
    run = lc.run("rack", seed=9)
    right = coincidences(run)
    report.always("all coincidences are named", right <= answer, run, f"{len(right - answer)} are missing")
    report.always("nothing else is named", answer <= right, run, f"{sorted(answer - right)} began with both servers at the same instant")
    report.sometimes("an outage is a coincidence", bool(right), run)
    report.sometimes("an outage is the rack's", len(run.csv("outages.csv")) > len(right), run)


@exercise("as much simulated time as the interval needs, and not three times as much", points=3)
def exercise_3(answer, report, seeds):
    hours = want_number(answer, 1, 10_000_000)
    report.always("it is at most three times what is needed", hours <= 153_600, detail=f"{hours} hours are simulated {len(seeds)} times")
    covered = 0
    for run in lc.runs("diagram", {"nodes": 1, "availability.works": "n0", "duration": f"{min(hours, 200_000)}h"}, seeds):
        m = run.measure("availability by time")
        low, high = (m["low"], m["high"]) if m["low"] is not None else (0, 1)
        covered += low <= 0.99 <= high
        report.always("the interval is at most 0.25 % of the time to either side", (high - low) / 2 <= 0.0025, run, f"{low:.4f} .. {high:.4f}")
        report.sometimes("the measured availability is off by more than 0.02 %", abs(m["value"] - 0.99) > 0.0002, run, f"{m['value']:.4%}")
    report.always("it covers the closed form, 99 %, on at least 90 % of the seeds", covered >= 0.9 * len(seeds), detail=f"on {covered} of {len(seeds)}")


def replicas(n, beta):
    """Unavailability of n replicas of 99 %, of whose failures a share beta is common."""
    return lc.availability(f"parallel(common(beta={beta}, {n} * 0.99))")["unavailability"]


@exercise("from which share of common failures on a third replica less than halves the downtime", points=2)
def exercise_4(answer, report, seeds):
    beta = want_number(answer, 1e-6, 0.999)
    for share, halves in [(beta / 1.2, True), (beta * 1.2, False)]:
        gain = replicas(2, share) / replicas(3, share)
        name = "a little below, the third still halves it" if halves else "a little above, it does not any more"
        report.always(name, (gain > 2) == halves, detail=f"at beta = {share:.4g} the downtime falls to 1/{gain:.2f}")
    years = lc.measured("rack", rack(3, beta), seeds)
    for run in years:
        report.sometimes("the rack takes down three replicas at once", downtime(run) > 0, run, f"{downtime(run):.2f} h")
    m, exact = lc.mean(downtime(run) for run in years), replicas(3, beta) * YEAR
    report.always("three simulated replicas agree with the closed form within 4 standard errors", abs(m["mean"] - exact) <= m["high"] - m["low"],
                  detail=f"down {m['mean']:.3f} h a year, exactly {exact:.3f}")


def rack(n, beta):
    """Settings of scenarios/rack.yaml: n replicas of 99 %, of whose unavailability a share beta is the rack's."""
    alone, both = 0.01 * (1 - beta), 0.01 * beta
    settings = {"nodes": n, "domains.groups": [n], "availability.works": f"parallel({', '.join(f'n{i}' for i in range(n))})"}
    if alone > 0:
        settings["faults"] = [{"kind": "crash", "up": f"exponential(mean={1 / alone - 1:.6f}h)", "down": "exponential(mean=1h)"}]
    if both > 0:
        settings["domains.levels"] = [{"name": "rack", "up": f"exponential(mean={1 / both - 1:.6f}h)", "down": "exponential(mean=1h)"}]
    else:
        settings |= {"domains": None}
        del settings["domains.groups"]
    return settings


TARGET = 0.9999


@exercise("99.99 % of three servers in zones that fail too", points=3)
def exercise_5(answer, report, seeds):
    want(isinstance(answer, str), answer, "a block diagram, as a text")
    said = lc.availability(answer)
    parts = {part["name"]: part["unavailability"] for part in said["parts"]}
    zones = [name for name in parts if name.startswith("zone")]
    servers = [name for name in parts if name not in zones]
    zone = all(abs(parts[name] - 0.001) < 1e-9 for name in zones)
    report.always("a zone is up 99.9 %, a server 99 %", zone and all(abs(parts[name] - 0.01) < 1e-9 for name in servers), detail=parts)
    report.always("there are at most three servers", len(servers) <= 3, detail=servers)
    dark = lc.availability(re.sub(r"(zone\w*)=0?\.999|(zone\w*)=99\.9%", lambda m: f"{m[1] or m[2]}=0", answer))
    report.always("every server stands in a zone", bool(zones) and dark["availability"] == 0, detail=f"with all zones down it is up {dark['availability']:.4%}")
    report.always("it is up at least 99.99 %", said["availability"] >= TARGET, detail=f"{said['availability']:.5%}; minimal cut sets: {said['cut_sets']['sets'][:2]}")
    cuts = [cut["parts"] for cut in said["cut_sets"]["sets"]]
    report.sometimes("a zone is part of a minimal cut set: common causes matter", any(part in zones for cut in cuts for part in cut), detail=cuts[0])


LADDER = "series(parallel(web1=0.99, web2=0.99), db=0.999, balancer=0.9995)"


@exercise("which part to make better first", points=2)
def exercise_6(answer, report, seeds):
    want(isinstance(answer, (list, tuple)) and sorted(answer) == ["balancer", "db", "web1"], answer, "a list of 'web1', 'db' and 'balancer', the most worthwhile first")
    levels = {"web1": ("web1=0.99,", "web1=0.999,"), "db": ("db=0.999", "db=0.9999"), "balancer": ("balancer=0.9995", "balancer=0.99995")}
    before = lc.availability(LADDER)["unavailability"]
    saved = {name: before - lc.availability(LADDER.replace(*change))["unavailability"] for name, change in levels.items()}
    for better, worse in zip(answer, answer[1:]):
        report.always("ten times fewer failures of an earlier one save more than of a later one", saved[better] > saved[worse],
                      detail=f"{better} saves {saved[better] * YEAR:.2f} h a year, {worse} {saved[worse] * YEAR:.2f} h")
    report.sometimes("the part that is down most is not the most important", min(saved, key=saved.get) == "web1")
