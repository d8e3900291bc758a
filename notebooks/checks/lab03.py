"""Lab 3, happened before: which events can have caused this one?"""

import ast

import lightcone as lc
from labs import exercise, want, whole


def events(run):
    """The events of a run in an order in which causes come before effects: id, node, kind (local, send, receive) and, of
    a receive, the id of the event that sent the message. Starting is not an event."""
    found, sends = [], {}
    doing = {}  # what the node does at this moment
    for e in run.trace.to_dict("records"):
        if e["kind"] in ("send", "deliver"):
            doing[e["node"]] = e
        elif e["kind"] == "note":
            did = doing.pop(e["node"], None)
            event = {"id": int(e["id"]), "node": int(e["node"]), "kind": "local", "sent": None}
            if did is not None and did["kind"] == "send":
                event["kind"] = "send"
                sends[did["id"]] = event["id"]
            elif did is not None:
                event |= {"kind": "receive", "sent": sends[did["link"]]}
            found.append(event)
    return found


def stamps(run):
    """What the nodes stamped: {id: Lamport time}, or {id: vector} if the protocol is vector."""
    notes = run.events("note")
    if run.settings.get("protocol") == "vector":
        return {int(i): ast.literal_eval(v[len("Vector("):-1].replace(" ", ",")) for i, v in zip(notes["id"], notes["value"])}
    return {int(i): int(v.split("@")[0]) for i, v in zip(notes["id"], notes["value"])}


def names(run):
    """The events by the names that they have in the picture: {"3@n1": id}."""
    notes = run.events("note")
    return {v: int(i) for i, v in zip(notes["id"], notes["value"])}


def times(run):
    """True time of each event, in ns: what no node knows."""
    notes = run.events("note")
    return dict(zip(notes["id"].astype(int), notes["t"].astype(int)))


def past(run):
    """The causal past of each event, without itself: {id: set of ids}."""
    known, last = {}, {}
    for e in events(run):
        mine = set()
        for before in (last.get(e["node"]), e["sent"]):
            if before is not None:
                mine |= known[before] | {before}
        known[e["id"]] = mine
        last[e["node"]] = e["id"]
    return known


def vector_less(v, w):
    return v != w and all(a <= b for a, b in zip(v, w))


def generated(seed, protocol="lamport"):
    return lc.run("happened-before", {"protocol": protocol}, seed)


QUESTION = (3, "6@n1")  # a seed, and the event of which exercise 1 asks


@exercise("the causal past of one event", points=2)
def exercise_1(answer, report, seeds):
    want(isinstance(answer, (set, frozenset, list, tuple)), answer, "a set of names of events, such as {'1@n0', '2@n1'}")
    run = generated(QUESTION[0])
    known = names(run)
    unknown = sorted(n for n in answer if n not in known)
    want(not unknown, unknown, f"events of the picture: {', '.join(known)}")
    right = past(run)[known[QUESTION[1]]]
    called = {i: n for n, i in known.items()}
    given = {known[n] for n in answer}
    lists = lambda ids: ", ".join(called[i] for i in sorted(ids))
    report.always("no event is there that cannot have caused it", given <= right, run, lists(given - right))
    report.always("no possible cause is missing", right <= given, run, lists(right - given))
    earlier = {i for i, t in times(run).items() if t < times(run)[known[QUESTION[1]]]}
    report.sometimes("an earlier event is not in the past", bool(earlier - right), run, lists(earlier - right))


def _stamped(answer, run, report):
    """The student's stamps of a run, None if they are not stamps of all its events."""
    given = events(run)
    try:
        result = answer([dict(e) for e in given])
    except Exception as problem:
        report.always("the function returns a stamp for every event", False, run, f"{type(problem).__name__}: {problem}")
        return None
    complete = isinstance(result, dict) and set(result) == {e["id"] for e in given}
    report.always("the function returns a stamp for every event", complete, run, "keys are the ids of the events")
    return result if complete else None


@exercise("Lamport's clock", points=3)
def exercise_2(answer, report, seeds):
    want(callable(answer), answer, "a function of the list of events")
    for seed in seeds:
        run = generated(seed)
        mine = _stamped(answer, run, report)
        if mine is None:
            continue
        causes = past(run)
        broken = [(a, b) for b in causes for a in causes[b] if not mine[a] < mine[b]]
        report.always("a happened before b implies L(a) < L(b)", not broken, run, f"events {broken[:1]}")
        wrong = [i for i, stamp in stamps(run).items() if mine[i] != stamp]
        report.always("the stamps are those of the nodes", not wrong, run, f"event {wrong[:1]}: {[mine[i] for i in wrong[:1]]}, the node has {[stamps(run)[i] for i in wrong[:1]]}")
        converse = any(mine[a] < mine[b] and a not in causes[b] for a in causes for b in causes)
        report.sometimes("L(a) < L(b) and a did not happen before b", converse, run)


@exercise("the vector clock", points=3)
def exercise_3(answer, report, seeds):
    want(callable(answer), answer, "a function of the list of events")
    for seed in seeds:
        run = generated(seed, "vector")
        mine = _stamped(answer, run, report)
        if mine is None:
            continue
        mine = {i: list(v) for i, v in mine.items()}
        causes = past(run)
        missed = [(a, b) for b in causes for a in causes[b] if not vector_less(mine[a], mine[b])]
        report.always("a happened before b implies V(a) < V(b)", not missed, run, f"events {missed[:1]}")
        false = [(a, b) for a in causes for b in causes if vector_less(mine[a], mine[b]) and a not in causes[b]]
        report.always("V(a) < V(b) implies a happened before b", not false, run, f"events {false[:1]}: {[(mine[a], mine[b]) for a, b in false[:1]]}")
        wrong = [i for i, stamp in stamps(run).items() if mine[i] != stamp]
        report.always("the stamps are those of the nodes", not wrong, run, f"event {wrong[:1]}: {[mine[i] for i in wrong[:1]]}")
        apart = any(a != b and a not in causes[b] and b not in causes[a] for a in causes for b in causes)
        report.sometimes("two events are concurrent", apart, run)


@exercise("two events that Lamport's numbers put in the wrong order", points=3)
def exercise_4(answer, report, seeds):
    want(isinstance(answer, (tuple, list)) and len(answer) == 3 and whole(answer[0]), answer, "a seed and two names, such as (3, '2@n0', '4@n1')")
    seed, first, second = answer
    run = generated(seed)
    known = names(run)
    want(first in known and second in known, (first, second), f"two of {', '.join(known)}")
    a, b = known[first], known[second]
    lamport, causes, when = stamps(run), past(run), times(run)
    report.always("L(a) < L(b)", lamport[a] < lamport[b], run, f"{lamport[a]} and {lamport[b]}")
    report.always("a did not happen before b", a not in causes[b], run, f"{first} is in the past of {second}")
    report.always("in true time b was first", when[b] < when[a], run, f"{first} at {when[a] / 1e6:.1f} ms, {second} at {when[b] / 1e6:.1f} ms")
    reversed_ = [(x, y) for x in causes for y in causes if lamport[x] < lamport[y] and when[y] < when[x]]
    report.sometimes("there is such a pair in this run", bool(reversed_), run)
