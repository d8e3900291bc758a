"""Lab 8: answers, and wrong answers with the property by which each must fail and why."""

CELLS = {
    "predict": "lab.predict(narrow=3, wide=1.48, best=1.4)",
    "exercise-1": "answer_1 = {170, 171}",
    "exercise-2": '''# the least of n uniform timeouts, a request and an answer
answer_2 = {"five servers, 1 s to 3 s": 1 + 2 / 6 + 0.15, "three servers, 1 s to 2 s": 1 + 1 / 4 + 0.15}''',
    "exercise-3": 'answer_3 = {"params.election-min": "600ms", "params.election-max": "1200ms", "params.heartbeat": "100ms"}',
    "exercise-4": 'answer_4 = ({"kind": "deafen", "node": 4, "at": "20s", "for": "10s"}, {"params.pre-vote": True, "params.check-quorum": True})',
}

_MEAN = CELLS["exercise-2"]
_FIVE = "five servers, 1 s to 3 s: within four standard errors of the mean of 1000 elections"
_THREE = "three servers, 1 s to 2 s: within four standard errors of the mean of 1000 elections"


def _timeouts(low, high, heartbeat):
    return f'answer_3 = {{"params.election-min": "{low}ms", "params.election-max": "{high}ms", "params.heartbeat": "{heartbeat}ms"}}'


def _fault(kind, defence, length="10s"):
    return f'answer_4 = ({{"kind": "{kind}", "node": 4, "at": "20s", "for": "{length}"}}, {defence})'


MUTANTS = {
    1: [
        ("answer_1 = {170}", "every vote that counted is there", "with its own that is two of five"),
        ("answer_1 = {168, 169, 170, 171}", "nothing else is", "refusals are no votes"),
        ("answer_1 = {136, 141}", "every vote that counted is there", "the requests, not the votes"),
    ],
    2: [
        (_MEAN.replace("1 + 2 / 6 + 0.15", "2 + 0.15"), _FIVE, "the mean timeout instead of the least of five"),
        (_MEAN.replace("+ 0.15", ""), _THREE, "the round trip is forgotten"),
        (_MEAN.replace("1 / 4", "1 / 6"), _THREE, "the least of five where there are three"),
        (_MEAN.replace("2 / 6", "2 / 5"), _FIVE, "divided by n instead of n + 1"),
    ],
    3: [
        (_timeouts(150, 300, 100), "with 3 % loss at most 6 elections an hour are for nothing", "the paper's numbers, which are for one rack"),
        (_timeouts(600, 700, 150), "99 % of the elections are over within 1.6 s", "too narrow: split votes"),
        (_timeouts(1000, 3000, 300), "half of the elections are over within 1 s", "safe and slow"),
        (_timeouts(500, 1000, 300), "with 3 % loss at most 6 elections an hour are for nothing", "one lost heartbeat is an election"),
        (_timeouts(300, 900, 20), "a heartbeat is sent at most every 100 ms", "bought with messages"),
    ],
    4: [
        (_fault("crash", '{"params.pre-vote": True, "params.check-quorum": True}'), "it costs an election on at least 60 % of the seeds", "a crashed follower disturbs nobody"),
        (_fault("mute", '{"params.pre-vote": True}'), "it costs an election on at least 60 % of the seeds", "it hears the leader all the time, and does not stand"),
        (_fault("isolate", '{"params.pre-vote": True}', "500ms"), "it costs an election on at least 60 % of the seeds", "shorter than its timeout"),
        (_fault("deafen", '{"params.check-quorum": True}'), "with the defence on at most 40 %: those whose leader the fault befalls", "its term is higher all the same"),
    ],
}
