"""Lab 6: answers, and wrong answers with the property by which each must fail and why."""

CELLS = {
    "predict": "lab.predict(overlap=1.3, lost=70)",
    "exercise-1": "answer_1 = (7486, 7532)",
    "exercise-2": 'answer_2 = {"200ms": 200 - 50 / 2 + 5 + 2, "500ms": 500 - 50 / 2 + 5 + 2}',
    "exercise-3": '''answer_3 = {
    "params.failover": "view-service", "params.fencing": True, "params.lease": "300ms", "params.drift-bound": 50000,
    "params.replication": "sync", "params.reads": "local",
}''',
    "exercise-4": 'answer_4 = {"kind": "partition", "from": [0], "to": [1], "at": "3s", "for": "1500ms"}',
}

_MEAN, _SAFE = CELLS["exercise-2"], CELLS["exercise-3"]

MUTANTS = {
    1: [
        ("answer_1 = (7474, 7532)", "the first is where n1 becomes primary", "there it is only a candidate"),
        ("answer_1 = (7486, 7507)", "the second is where n0 next answers a client", "that is n1's first answer"),
        ("answer_1 = (7532, 7486)", "the first is where n1 becomes primary", "the two are exchanged"),
    ],
    2: [
        ('answer_2 = {"200ms": 200, "500ms": 500}', "timeout 200ms: within four standard errors of the mean of 100 takeovers", "the timeout alone"),
        (_MEAN.replace("- 50 / 2", "+ 50 / 2"), "timeout 500ms: within four standard errors of the mean of 100 takeovers", "the ping was sent before the crash, not after"),
        (_MEAN.replace("- 50 / 2", "- 50"), "timeout 200ms: within four standard errors of the mean of 100 takeovers", "a whole interval instead of half of one"),
    ],
    3: [
        ('answer_3 = {"params.failover": "naive", "params.fencing": True}', "partition: no acknowledged write is lost", "each still decides by itself"),
        ('answer_3 = {"params.failover": "view-service", "params.fencing": False}', "pause: no acknowledged write is lost", "a primary that stood still is not refused"),
        ('answer_3 = {"params.failover": "view-service", "params.fencing": True}', "partition: never two primaries that could answer", "no lease: the old one does not know that it is over"),
        (_SAFE.replace("50000", "0"), "partition: never two primaries that could answer", "a lease without a margin for drift"),
        (_SAFE.replace('"sync"', '"async"'), "partition: no acknowledged write is lost", "acknowledged before the backups have it"),
        (_SAFE.replace("300ms", "2s"), "partition: at most 800 ms without a write", "all wait for a long lease"),
    ],
    4: [
        ('answer_4 = {"kind": "crash", "node": 0, "at": "3s", "for": "1500ms"}', "the fenced pair has two primaries for at least a second", "a crash is what the pair is made for"),
        ('answer_4 = {"kind": "pause", "node": 0, "at": "3s", "for": "1500ms"}', "it loses at least 10 writes that it acknowledged", "fencing refuses what the paused one sends when it is awake"),
        ('answer_4 = {"kind": "partition", "from": [0], "to": [1], "at": "3s", "for": "150ms"}', "the fenced pair has two primaries for at least a second", "shorter than the timeout"),
        ('answer_4 = {"kind": "mute", "node": 0, "at": "3s", "for": "1500ms"}', "it loses at least 10 writes that it acknowledged", "what it says to clients is not heard either, and it hears of the new view"),
    ],
}
