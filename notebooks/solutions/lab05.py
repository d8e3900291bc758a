"""Lab 5: answers, and wrong answers with the property by which each must fail and why."""

CELLS = {
    "predict": "lab.predict(hours=9.5, third=8.8)",
    "exercise-1": '''answer_1 = {
    "five in series, 99.9 % each": 0.999**5,
    "two in parallel, 99 % each": 1 - 0.01**2,
    "the same in one rack": 1 - (1 - (1 - 0.001) * (1 - 0.009**2)),
    "two of three, 99 % each": 3 * 0.99**2 * 0.01 + 0.99**3,
}''',
    "exercise-2": "answer_2 = {2, 4, 8}",
    "exercise-3": "answer_3 = 80_000",
    "exercise-4": "answer_4 = 0.0097",
    "exercise-5": 'answer_5 = "parallel(in(zone1=0.999, 2 * 0.99), in(zone2=0.999, 0.99))"',
    "exercise-6": 'answer_6 = ["db", "balancer", "web1"]',
}

_DIGITS = "the unavailability of '{}' is right to half a percent"
_RIGHT = CELLS["exercise-1"]

MUTANTS = {
    1: [
        (_RIGHT.replace("0.999**5", "1 - 0.001"), _DIGITS.format("five in series, 99.9 % each"), "the weakest part instead of the product"),
        (_RIGHT.replace("1 - (1 - (1 - 0.001) * (1 - 0.009**2))", "1 - 0.01**2"), _DIGITS.format("the same in one rack"), "the rack is forgotten"),
        (_RIGHT.replace("1 - (1 - (1 - 0.001) * (1 - 0.009**2))", "1 - (0.1 * 0.01 + 0.9 * 0.01**2)"), _DIGITS.format("the same in one rack"), "beta splits the failures of a server, not the pair's"),
        (_RIGHT.replace("3 * 0.99**2 * 0.01 + 0.99**3", "1 - 0.01**2"), _DIGITS.format("two of three, 99 % each"), "one of two is taken for two of three"),
        (_RIGHT.replace("3 * 0.99**2 * 0.01 + 0.99**3", "3 * 0.99**2 * 0.01"), "four standard errors of 10000 simulated outages cover it", "that all three are up is forgotten"),
    ],
    2: [
        ("answer_2 = {2, 4}", "all coincidences are named", "one is missing"),
        ("answer_2 = set()", "all coincidences are named", "all outages are taken for the rack's"),
        ("answer_2 = set(range(12))", "nothing else is named", "all outages are taken for coincidences"),
        ("answer_2 = {2, 4, 8, 1}", "nothing else is named", "in outage 1 both servers fail at the same instant"),
    ],
    3: [
        ("answer_3 = 8760", "the interval is at most 0.25 % of the time to either side", "a year has 88 outages: four standard errors of them are 60 %"),
        ("answer_3 = 20_000", "the interval is at most 0.25 % of the time to either side", "one standard error and a half instead of four"),
        ("answer_3 = 40_000", "the interval is at most 0.25 % of the time to either side", "it suffices for an average run of 640 outages, not for 400"),
        ("answer_3 = 1_000_000", "it is at most three times what is needed", "longer than needed"),
    ],
    4: [
        ("answer_4 = 0.1", "a little below, the third still halves it", "at 0.1 it buys almost nothing any more"),
        ("answer_4 = 0.0001", "a little above, it does not any more", "the square of the unavailability instead of the unavailability"),
        ("answer_4 = 0.5", "a little below, the third still halves it", "half of the failures, not half of the downtime"),
    ],
    5: [
        ('answer_5 = "parallel(in(zone1=0.999, 3 * 0.99))"', "it is up at least 99.99 %", "one zone is a single point of failure"),
        ('answer_5 = "parallel(in(zone1=0.999, 0.99), in(zone2=0.999, 0.99))"', "it is up at least 99.99 %", "a server and its zone: 0.011 squared is 0.00012"),
        ('answer_5 = "parallel(3 * 0.99)"', "every server stands in a zone", "servers float in no zone"),
        ('answer_5 = "parallel(in(zone1=0.999, 2 * 0.99), in(zone2=0.999, 2 * 0.99))"', "there are at most three servers", "four servers"),
        ('answer_5 = "parallel(in(zone1=0.9999, 3 * 0.99))"', "a zone is up 99.9 %, a server 99 %", "a better zone than there is"),
    ],
    6: [
        ('answer_6 = ["web1", "db", "balancer"]', "ten times fewer failures of an earlier one save more than of a later one", "the part that is down most first: but it has a replica"),
        ('answer_6 = ["balancer", "db", "web1"]', "ten times fewer failures of an earlier one save more than of a later one", "the best part first"),
        ('answer_6 = ["db", "web1", "balancer"]', "ten times fewer failures of an earlier one save more than of a later one", "the replica is forgotten for the second place"),
    ],
}
