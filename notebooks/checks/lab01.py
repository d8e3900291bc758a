"""Lab 1, the missing reply: did my payment happen?"""

import random

import lightcone as lc
from labs import exercise, want, want_pair, want_settings

TO, BACK = {"from": [1], "to": [0]}, {"from": [0], "to": [1]}

# What can go wrong between the question and its answer: settings of scenarios/payment.yaml. The request leaves at 40 ms
# and arrives at 50 ms; the answer, sent at once, would be there at 60 ms; the till gives up at 90 ms.
CAUSES = {
    "request lost": {"faults": [{"kind": "disturb", **TO, "one-way": True, "loss": 1, "at": "30ms", "for": "30ms"}]},
    "server down": {"faults": [{"kind": "crash", "node": 0, "at": "45ms", "for": "30ms"}]},
    "crash before the write is durable": {"disk.latency": "2ms", "faults": [{"kind": "crash", "node": 0, "at": "51ms", "for": "30ms"}]},
    "crash after the write, before the reply": {"faults": [
        {"kind": "crash", "node": 0, "at": "50ms", "effect": 1}, {"kind": "recover", "node": 0, "at": "80ms"}]},
    "reply lost": {"faults": [{"kind": "disturb", **BACK, "one-way": True, "loss": 1, "at": "30ms", "for": "30ms"}]},
    "server slow": {"faults": [{"kind": "pause", "node": 0, "at": "45ms", "for": "100ms"}]},
    "reply slow": {"faults": [{"kind": "disturb", **BACK, "one-way": True, "delay": "100ms", "at": "30ms", "for": "30ms"}]},
}

LETTERS = "ABCDEFG"


def cases(student=1):
    """The seven runs by letter, in an order of the student's own."""
    order = list(CAUSES)
    random.Random(student).shuffle(order)
    return dict(zip(LETTERS, order))


def case(letter, student=1):
    return lc.run("payment", CAUSES[cases(student)[letter]])


def happened(run):
    """Whether the payment took effect in the end: the server, started again if need be, has executed it."""
    return run.value("commands") > 0


@exercise("each of the seven pictures: its cause, and whether the money went", points=3)
def exercise_1(answer, report, seeds):
    want(isinstance(answer, dict) and set(answer) == set(LETTERS), answer, f"a dict of the letters {LETTERS}")
    for letter, cause in cases().items():
        pair = answer[letter]
        want(isinstance(pair, (tuple, list)) and len(pair) == 2 and pair[0] in CAUSES and isinstance(pair[1], bool), pair,
             "a cause of lab01.CAUSES and True or False")
        run = case(letter)
        report.always("the causes are right", pair[0] == cause, run, f"{letter} is not '{pair[0]}'")
        report.always("whether the payment was made in the end is right", pair[1] == happened(run), run,
                      f"{letter}: {'not made' if pair[1] else 'made'}: {int(run.value('commands'))} commands executed")
        report.sometimes("a payment was made and the till does not know", happened(run), run, letter)
        report.sometimes("no payment was made and the till does not know", not happened(run), run, letter)


def executions(run):
    """For each payment the events at which the server received it, in order: {value: [event id, ...]}."""
    found = {}
    for _, e in run.events("deliver", node=0, type="kv.Request").iterrows():
        if "append" in e["value"]:
            found.setdefault(e["value"].split("append")[1], []).append(int(e["id"]))
    return found


@exercise("the event at which the second charge was made, and the event that caused it", points=2)
def exercise_2(answer, report, seeds):
    answer = want_pair(answer, "a pair of event numbers")
    run = lc.run("shop", seed=2)
    twice = [ids for ids in executions(run).values() if len(ids) > 1]
    second = [ids[1] for ids in twice]
    report.sometimes("a payment is executed twice", bool(second), run)
    report.always("the first number is the second execution", answer[0] in second, run, f"event {answer[0]} is not one")
    cause = run.cause(answer[0])
    report.always("the second number is the message's sending", answer[1] == cause, run, f"event {answer[1]} did not cause event {answer[0]}")


FIXES = ["clients.tokens", "clients.repeat", "clients.retry", "clients.deadline", "params.bug", "params.expiry"]


@exercise("no payment twice, every payment answered, whatever is lost and however often the server restarts", points=4)
def exercise_3(answer, report, seeds):
    want_settings(answer, FIXES)
    for run in lc.runs("shop-restarts", answer, seeds):
        once, unknown = run.verdict("effects-once"), run.value("operations of unknown outcome")
        report.always("no payment takes effect twice", once["verdict"] == "pass", run, once["detail"])
        report.always("at most 2 of 20 payments end without an answer", unknown <= 2, run, f"{int(unknown)} of 20 are unknown")
        again = [ids for ids in executions(run).values() if len(ids) > 1]
        report.sometimes("a payment is asked for again after the server had it", bool(again), run, f"events {again[0] if again else ''}")
        report.sometimes("the server restarts", not run.events("recover").empty, run)


@exercise("at most two faults that double a payment although it has a token", points=3)
def exercise_4(answer, report, seeds):
    want(isinstance(answer, list) and all(isinstance(f, dict) for f in answer), answer, "a list of faults, as scenarios have them")
    report.always("there are at most two faults", len(answer) <= 2, detail=f"{len(answer)} faults")
    quiet = {"network.loss": 0, "clients.tokens": True, "params.expiry": "1h", "faults": answer}
    doubled = 0
    for run in lc.runs("shop-restarts", quiet, seeds):
        fell = run.verdict("effects-once")["detail"]
        doubled += "took effect twice" in fell
        report.sometimes("a payment takes effect twice with the table in memory", "took effect twice" in fell, run, fell)
    report.always("it does so on at least half of the seeds", 2 * doubled >= len(seeds), detail=f"on {doubled} of {len(seeds)}")
    for run in lc.runs("shop-restarts", quiet | {"params.bug": None}, seeds):
        report.always("with the table on disk the same faults do no harm", run.holds("effects-once"), run, run.verdict("effects-once")["detail"])
