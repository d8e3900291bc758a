"""Lab 3: answers, and wrong answers with the property by which each must fail and why."""

CELLS = {
    "predict": "lab.predict(causes=9, concurrent=0.3)",
    "exercise-1": 'answer_1 = {"1@n0", "1@n1", "2@n1", "3@n1", "4@n1", "1@n2", "2@n2", "4@n2", "5@n2"}',
    "exercise-2": '''def lamport(events):
    stamp, clock = {}, {}
    for e in events:
        came = stamp[e["sent"]] if e["kind"] == "receive" else 0
        clock[e["node"]] = stamp[e["id"]] = max(clock.get(e["node"], 0), came) + 1
    return stamp

answer_2 = lamport''',
    "exercise-3": '''def vector(events):
    stamp, clock = {}, {n: [0, 0, 0] for n in range(3)}
    for e in events:
        mine = list(clock[e["node"]])
        if e["kind"] == "receive":
            mine = [max(a, b) for a, b in zip(mine, stamp[e["sent"]])]
        mine[e["node"]] += 1
        clock[e["node"]] = stamp[e["id"]] = mine
    return stamp

answer_3 = vector''',
    "exercise-4": 'answer_4 = (3, "4@n1", "5@n2")',
}

_LAMPORT, _VECTOR = CELLS["exercise-2"], CELLS["exercise-3"]

MUTANTS = {
    1: [
        (CELLS["exercise-1"].replace('"5@n2"', '"5@n2", "2@n0", "3@n0"'), "no event is there that cannot have caused it", "earlier, and with smaller numbers, but the messages are still under way"),
        ('answer_1 = {"1@n1", "2@n1", "3@n1", "4@n1", "5@n2"}', "no possible cause is missing", "only its own lane and the message: what n2 knew is forgotten"),
        ('answer_1 = {"5@n2"}', "no possible cause is missing", "only the sender"),
        (CELLS["exercise-1"].replace('"1@n0", ', ""), "no possible cause is missing", "the first event of n0 came by way of 2@n1"),
    ],
    2: [
        (_LAMPORT.replace("came) + 1", "0) + 1"), "a happened before b implies L(a) < L(b)", "every node counts for itself"),
        (_LAMPORT.replace("max(clock.get(e[\"node\"], 0), came) + 1", "(came or clock.get(e[\"node\"], 0)) + 1"), "a happened before b implies L(a) < L(b)",
         "a receive takes the sender's number, even if its own is larger"),
        (_LAMPORT.replace("max(clock.get(e[\"node\"], 0), came) + 1", "max(clock.get(e[\"node\"], 0) + 1, came)"), "a happened before b implies L(a) < L(b)",
         "a receive may have the number of its sending"),
        ('answer_2 = lambda events: {e["id"]: k for k, e in enumerate(events, 1)}', "the stamps are those of the nodes", "a number from a clock that all share"),
    ],
    3: [
        (_VECTOR.replace('        mine[e["node"]] += 1\n', '        if e["kind"] != "receive":\n            mine[e["node"]] += 1\n'), "a happened before b implies V(a) < V(b)",
         "a receive does not count: it may have the stamp of the sending"),
        (_VECTOR.replace("[max(a, b) for a, b in zip(mine, stamp[e[\"sent\"]])]", "list(stamp[e[\"sent\"]])"), "a happened before b implies V(a) < V(b)",
         "a receive forgets what its own node knew"),
        (_VECTOR.replace('        mine[e["node"]] += 1\n', "        mine = [x + 1 for x in mine]\n"), "V(a) < V(b) implies a happened before b", "all entries are counted"),
        (_VECTOR.replace('mine = list(clock[e["node"]])', 'mine = clock[e["node"]]'), "a happened before b implies V(a) < V(b)", "one list is shared by all stamps of a node"),
    ],
    4: [
        ('answer_4 = (3, "1@n0", "2@n0")', "a did not happen before b", "one node, one after the other"),
        ('answer_4 = (3, "1@n0", "2@n2")', "in true time b was first", "concurrent, but in the right order"),
        ('answer_4 = (3, "5@n2", "4@n1")', "L(a) < L(b)", "the two are exchanged"),
        ('answer_4 = (3, "3@n1", "5@n2")', "a did not happen before b", "3@n1 was sent to n2 and arrived before"),
    ],
}
