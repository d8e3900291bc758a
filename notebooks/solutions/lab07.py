"""Lab 7: answers, and wrong answers with the property by which each must fail and why."""

CELLS = {
    "predict": "lab.predict(one_one=0.075, two_two=0, linearizable=19)",
    "exercise-1": "answer_1 = (532, 581)",
    "exercise-2": "answer_2 = (3, 3)",
    "exercise-3": '''from math import comb

at_least = lambda k: sum(comb(5, i) * 0.9**i * 0.1 ** (5 - i) for i in range(k, 6))
answer_3 = {"read": at_least(2), "write": at_least(4)}''',
    "exercise-4": 'answer_4 = {"params.read": 1, "params.write": 3, "clients.count": 4}',
}

_BINOMIAL = CELLS["exercise-3"]

MUTANTS = {
    1: [
        ("answer_1 = (530, 581)", "the first is where the client learns that the write is acknowledged", "the sending of the acknowledgement: the client knows only when it arrives"),
        ("answer_1 = (532, 536)", "the second is where the write reaches the server that answered the read", "it reaches n2, but n1 answered"),
        ("answer_1 = (581, 532)", "the first is where the client learns that the write is acknowledged", "the two are exchanged"),
    ],
    2: [
        ("answer_2 = (1, 1)", "one server down: no read is stale", "fast and stale"),
        ("answer_2 = (2, 3)", "all servers up: no read is stale", "enough for the four that are up, not when the fifth is back"),
        ("answer_2 = (3, 2)", "all servers up: no read is stale", "the same the other way round"),
        ("answer_2 = (2, 4)", "one server down: the 99th percentile of latency is at most 48 ms", "a write waits for the slowest of the four"),
        ("answer_2 = (4, 2)", "one server down: the 99th percentile of latency is at most 48 ms", "a read waits for the slowest of the four"),
        ("answer_2 = (1, 5)", "one server down: every operation is answered", "no write finds five"),
    ],
    3: [
        ('answer_3 = {"read": 0.9**2, "write": 0.9**4}', "the unavailability of a read is right to 1 %", "which servers are up is not fixed beforehand"),
        (_BINOMIAL.replace("at_least(4)", "5 * 0.9**4 * 0.1"), "the unavailability of a write is right to 1 %", "exactly four instead of at least four"),
        (_BINOMIAL.replace("at_least(2)", "at_least(4)").replace('"write": at_least(4)', '"write": at_least(2)'), "the unavailability of a write is right to 1 %", "R and W are exchanged"),
    ],
    4: [
        ('answer_4 = {"params.read": 1, "params.write": 3, "clients.count": 1}', "a history is not linearizable", "a single client reads nothing while it writes"),
        ('answer_4 = {"params.read": 1, "params.write": 1, "clients.count": 4}', "R + W > N", "that R + W = 2 is not linearizable is no news"),
        ('answer_4 = {"params.read": 3, "params.write": 3, "clients.count": 1}', "that is so on at least a quarter of the seeds", "larger quorums and no concurrency"),
        ('answer_4 = {"params.read": 2, "params.write": 1, "clients.count": 4}', "no read returns less than what was acknowledged before it", "2 + 1 is not more than 3"),
    ],
}
