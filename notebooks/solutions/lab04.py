"""Lab 4: answers, and wrong answers with the property by which each must fail and why."""

CELLS = {
    "predict": "lab.predict(mistakes=21, safe=180)",
    "exercise-1": 'answer_1 = {"perfect clocks": 100 + 80, "clocks off by 2 %": (100 / 0.98 + 80) * 1.02}',
    "exercise-2": "answer_2 = {43: 40, 186: 183, 252: 249, 360: 357, 412: 409}",
    "exercise-3": 'answer_3 = {"params.algorithm": "growing", "params.timeout": "100ms", "params.step": "100ms"}',
    "exercise-4": "answer_4 = 400",
    "exercise-5": '''late = {"kind": "disturb", "from": [1], "to": [0], "one-way": True}
answer_5 = [late | {"at": "10s", "for": "3s", "delay": "4s"}, late | {"at": "30s", "for": "8s", "delay": "9s"}]''',
}

_LATE = 'late = {"kind": "disturb", "from": [1], "to": [0], "one-way": True}\n'

MUTANTS = {
    1: [
        ('answer_1 = {"perfect clocks": 100, "clocks off by 2 %": 186}', "perfect clocks: nobody is suspected who is up", "the interval alone: delays are forgotten"),
        ('answer_1 = {"perfect clocks": 180, "clocks off by 2 %": 180}', "clocks off by 2 %: nobody is suspected who is up", "drift is forgotten"),
        ('answer_1 = {"perfect clocks": 260, "clocks off by 2 %": 186}', "perfect clocks: with a twentieth less there is a mistake", "the round trip: longer than needed"),
        ('answer_1 = {"perfect clocks": 180, "clocks off by 2 %": 180 * 0.98}', "clocks off by 2 %: nobody is suspected who is up", "drift with the wrong sign"),
    ],
    2: [
        ("answer_2 = {43: 40, 186: 183, 252: 249, 360: 357}", "all wrong suspicions of the first 6 s are there", "one is missing"),
        ("answer_2 = {43: 44, 186: 187, 252: 253, 360: 361, 412: 413}", "each heartbeat is the one that came late", "the arrivals instead of the sendings"),
        ("answer_2 = {43: 40, 186: 183, 252: 249, 360: 357, 412: 409, 45: 40}", "nothing else is", "the event at which n0 trusts again is no suspicion"),
    ],
    3: [
        ('answer_3 = {"params.algorithm": "timeout", "params.timeout": "150ms"}', "a heartbeat every 100 ms: none later than 10 s after GST", "a constant below the bound is wrong for ever"),
        ('answer_3 = {"params.algorithm": "timeout", "params.timeout": "450ms"}', "a heartbeat a second: none later than 10 s after GST", "a constant that suits the one is below the bound of the other"),
        ('answer_3 = {"params.algorithm": "timeout", "params.timeout": "1100ms"}', "a heartbeat every 100 ms: the crash is detected within 0.6 s", "a constant that suits the other is slow"),
        ('answer_3 = {"params.algorithm": "growing", "params.timeout": "100ms", "params.step": "10ms"}', "a heartbeat a second: at most 12 mistakes in all", "it grows by too little"),
        ('answer_3 = {"params.algorithm": "growing", "params.timeout": "100ms", "params.step": "1s"}', "a heartbeat every 100 ms: the crash is detected within 0.6 s",
         "one mistake makes it slow for ever"),
    ],
    4: [
        ("answer_4 = 181", "at most 60 mistakes an hour, by the whole interval", "the bound of another model"),
        ("answer_4 = 300", "at most 60 mistakes an hour, by the whole interval", "hundreds an hour"),
        ("answer_4 = 1000", "a crash is detected within 480 ms on average", "slow"),
        ("answer_4 = 500", "a crash is detected within 480 ms on average", "a little too slow"),
    ],
    5: [
        (_LATE + 'answer_5 = [late | {"at": "10s", "for": "3s", "delay": "4s"}]', "timeout 2 s is wrong at least twice", "once is not twice"),
        (_LATE + 'answer_5 = [late | {"at": "10s", "for": "500ms", "delay": "1s"}, late | {"at": "20s", "for": "500ms", "delay": "1s"}]', "timeout 2 s is wrong at least twice",
         "shorter than the timeout"),
        (_LATE + 'answer_5 = [late | {"at": "10s", "for": "50s", "loss": 1}]', "nothing is lost: it is only late", "messages are lost"),
        (_LATE + 'answer_5 = [late | {"at": f"{t}s", "for": "3s", "delay": "4s"} for t in (10, 15, 20, 25, 30)]', "there are at most four", "five"),
    ],
}
