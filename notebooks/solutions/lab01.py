"""Lab 1: answers, and wrong answers with the property by which each must fail and why."""

CELLS = {
    "predict": "lab.predict(half=0.44, per_payment=1.25)",
    "exercise-1": '''answer_1 = {
    "A": ("crash after the write, before the reply", True),
    "B": ("reply slow", True),
    "C": ("server slow", True),
    "D": ("crash before the write is durable", False),
    "E": ("request lost", False),
    "F": ("reply lost", True),
    "G": ("server down", False),
}''',
    "exercise-2": "answer_2 = (72, 70)",
    "exercise-3": 'answer_3 = {"clients.tokens": True, "params.bug": None, "params.expiry": "1h"}',
    "exercise-4": '''answer_4 = [
    {"kind": "disturb", "from": [0], "to": [1], "one-way": True, "loss": 1, "at": "56ms", "for": "40ms"},  # the reply is lost
    {"kind": "crash", "node": 0, "at": "100ms", "for": "10ms"},  # and then the table
]''',
}

_RIGHT = CELLS["exercise-1"]

MUTANTS = {
    1: [
        (_RIGHT.replace('("server slow", True)', '("server slow", False)'), "whether the payment was made in the end is right",
         "a slow server makes the payment after the till has given up"),
        (_RIGHT.replace('"crash before the write is durable"', '"crash after the write, before the reply"'), "the causes are right",
         "a crash before the write is durable loses the payment"),
        (_RIGHT.replace("True", "False"), "whether the payment was made in the end is right", "no answer is taken for no payment"),
        ('answer_1 = {"A": "reply lost"}', "the answer has the form that is asked for", "six letters are missing"),
    ],
    2: [
        ("answer_2 = (62, 60)", "the first number is the second execution", "that is the first execution"),
        ("answer_2 = (72, 62)", "the second number is the message's sending", "the first execution did not cause the second: the till's timer did"),
        ("answer_2 = (70, 72)", "the first number is the second execution", "cause and effect are exchanged"),
    ],
    3: [
        ('answer_3 = {"clients.tokens": True, "params.expiry": "1h"}', "no payment takes effect twice", "a table in memory is gone after a restart"),
        ('answer_3 = {"params.bug": None, "params.expiry": "1h"}', "no payment takes effect twice", "a number for each attempt, or none: nothing to recognise it by"),
        ('answer_3 = {"clients.tokens": True, "params.bug": None}', "at most 2 of 20 payments end without an answer",
         "the table forgets sooner than the till gives up: what it then asks for is refused"),
        ('answer_3 = {"params.bug": None, "clients.retry": None}', "at most 2 of 20 payments end without an answer", "never asking again doubles nothing, and answers nothing"),
        ('answer_3 = {"network.loss": 0}', "the answer has the form that is asked for", "the network is not the student's to repair"),
    ],
    4: [
        ('answer_4 = [{"kind": "crash", "node": 0, "at": "100ms", "for": "10ms"}]', "it does so on at least half of the seeds",
         "the till has its answer: a crash alone makes it ask for nothing again"),
        ('answer_4 = [{"kind": "disturb", "from": [0], "to": [1], "one-way": True, "loss": 1, "at": "56ms", "for": "40ms"}]',
         "it does so on at least half of the seeds", "a lost reply alone is what the table is for"),
        ('answer_4 = [{"kind": "disk-lost", "node": 0, "at": "300ms", "for": "10ms"}]', "with the table on disk the same faults do no harm",
         "it breaks the disk, not the memory"),
        ('answer_4 = [{"kind": "crash", "node": 0, "at": f"{t}ms", "for": "10ms"} for t in (60, 100, 140)]', "there are at most two faults", "three faults"),
    ],
}
