"""Lab 2: answers, and wrong answers with the property by which each must fail and why."""

CELLS = {
    "predict": "lab.predict(share=0.19, skew=4)",
    "exercise-1": '''# 2 rho times the interval; and half the asymmetry
answer_1 = {"cheap quartz": 2 * 200e-6 * 10_000, "good quartz": 2 * 20e-6 * 60_000, "a detour": 2 * 200e-6 * 10_000 + 10 / 2}''',
    "exercise-2": "answer_2 = {25, 45, 69}",
    "exercise-3": 'answer_3 = {"hybrid clock", "always the same server"}',
    "exercise-4": "answer_4 = 20.5",
    "exercise-5": 'answer_5 = {"kind": "wall-step", "node": 0, "by": "-1s", "at": "2s"}',
}

_RIGHT = CELLS["exercise-1"]

MUTANTS = {
    1: [
        (_RIGHT.replace("+ 10 / 2", ""), "a detour: the prediction is within 10 % of the largest skew", "the asymmetry is forgotten"),
        (_RIGHT.replace("+ 10 / 2", "+ 10"), "a detour: the prediction is within 10 % of the largest skew", "the whole asymmetry instead of half"),
        (_RIGHT.replace("2 * 200e-6", "200e-6"), "cheap quartz: the prediction is within 10 % of the largest skew", "one clock against true time, not two against each other"),
        (_RIGHT.replace("60_000", "10_000"), "good quartz: the prediction is within 10 % of the largest skew", "the interval is another one"),
    ],
    2: [
        ("answer_2 = {25, 45}", "all such arrivals are named", "one is missing"),
        ("answer_2 = set()", "all such arrivals are named", "true time, in which there are none"),
        ("answer_2 = {25, 45, 69, 23}", "nothing else is named", "a sending is named too"),
    ],
    3: [
        ('answer_3 = {"hybrid clock"}', "a store that is not named loses writes", "a single server is forgotten: it has a single clock"),
        ('answer_3 = {"hybrid clock", "always the same server", "siblings"}', "a store that is named loses nothing", "kept as siblings, but the wall clock says which is shown"),
        ('answer_3 = {"hybrid clock", "always the same server", "stamps in whole seconds"}', "a store that is named loses nothing", "a coarse clock makes ties, of which one must lose"),
        ('answer_3 = {"hybrid clock", "always the same server", "15 ms between operations"}', "a store that is named loses nothing", "shorter than the skew"),
        ('answer_3 = {"hybrid clock", "always the same server", "reads one replica"}', "a store that is named loses nothing", "it is in the replicas that the wrong version wins"),
        ('answer_3 = {"clients.sticky": True}', "the answer has the form that is asked for", "settings instead of names"),
    ],
    4: [
        ("answer_4 = 10", "every write is there when the client reads next", "half the skew"),
        ("answer_4 = 19", "every write is there when the client reads next", "a little less than the skew"),
        ("answer_4 = 40", "it is no longer than a tenth more than needed", "twice the skew"),
        ("answer_4 = 0", "every write is there when the client reads next", "no wait"),
    ],
    5: [
        ('answer_5 = {"kind": "wall-step", "node": 0, "by": "-10ms", "at": "1s"}', "at least 15 of the writes that the client reads back have vanished", "ten milliseconds"),
        ('answer_5 = {"kind": "drift", "node": 0, "ppm": 200, "at": "0s"}', "at least 15 of the writes that the client reads back have vanished", "five seconds at 200 ppm are a millisecond"),
        ('answer_5 = {"kind": "wall-step", "node": 0, "by": "-1s", "at": "4900ms"}', "at least 15 of the writes that the client reads back have vanished", "too late"),
        ('answer_5 = {"kind": "crash", "node": 0, "at": "1s", "for": "1s"}', "the answer has the form that is asked for", "no fault of a clock"),
    ],
}
