"""Sealed sessions drawn at random: what is agreed on, what must come out, and who may see a difference.

A session has a composition, one or two runs, and perhaps questions and people who decide on them or on results.
"""

import copy

import compositions
import manifests

MEASUREMENT = "00" * 48
PLATFORM = {"kind": "simulated", "binding": "lock", "measurements": [MEASUREMENT]}
LIMITS = {"compileSeconds": 60, "wallTimeSeconds": 60, "admissionSeconds": 3600, "retentionSeconds": 3600}
QUESTION = {"kind": "text", "maximumCharacters": 64, "characters": "ascii", "maximumLineCharacters": 64}
SUBJECTS = ("question", "result")

# What is drawn besides a composition


def draw(random, people):
    """A manifest with runs, questions and approvals; steps; content for each run; and who says yes to what.

    An answer is drawn for each run, subject and participant who decides: whether they say yes.
    """
    drawn, steps, content = compositions.draw(random, people, fewest=2)
    names = [entry["name"] for entry in drawn["participants"]]
    if random.random() < 0.6:
        # Somebody neither receives nor decides, and so can learn nothing.
        outsider = names.pop(random.randrange(len(names)))
        for output in drawn["outputs"]:
            output["recipients"] = [name for name in output["recipients"] if name != outsider] or names[:1]
    runs = random.choice([1, 1, 2])
    drawn["platform"], drawn["limits"] = PLATFORM, {**LIMITS, "runs": runs}
    if runs > 1 or random.random() < 0.2:
        question = random.choice(drawn["data"])
        question["per"] = "run"
        if random.random() < 0.6:
            question["format"] = QUESTION
            question["approval"] = draw_approval(random, names)
    if random.random() < 0.25:
        random.choice(drawn["outputs"])["approval"] = draw_approval(random, names)
    contents = [{**content, **draw_questions(random, drawn)} for _ in range(runs)]
    return drawn, steps, contents, draw_answers(random, drawn)


def draw_approval(random, names):
    return {"by": random.sample(names, random.randint(1, min(2, len(names)))), "seconds": 3600}


def draw_content(random, entry):
    """Content of a data entry, of its format."""
    return random.randbytes(random.randint(0, 32)).hex().encode() if "format" in entry else draw_bytes(random)


def draw_bytes(random):
    return random.randbytes(random.randint(0, 64))


def draw_questions(random, drawn):
    return {entry["name"]: draw_content(random, entry) for entry in drawn["data"] if "per" in entry}


def draw_answers(random, drawn):
    return [
        {subject: {name: random.random() < 0.8 for name in approvers(drawn, subject)} for subject in SUBJECTS}
        for _ in range(drawn["limits"]["runs"])
    ]


def draw_other(random, drawn, contents, answers):
    """Other secrets of one participant: all that they bring, or what they ask in the last run, or how they decide."""
    contents, answers = copy.deepcopy(contents), copy.deepcopy(answers)
    deciding = {name for subject in SUBJECTS for name in approvers(drawn, subject)}
    who = random.choice(sorted(deciding | {entry["provider"] for entry in drawn["data"]}))
    last = random.random() < 0.3
    for entry in drawn["data"]:
        if entry["provider"] == who:
            if "per" in entry:
                for content in contents[-1:] if last else contents:
                    content[entry["name"]] = draw_content(random, entry)
            elif not last or len(contents) == 1:
                value = draw_content(random, entry)
                for content in contents:
                    content[entry["name"]] = value
    if random.random() < 0.5:
        for answer in answers:
            for subject in SUBJECTS:
                if who in answer[subject]:
                    answer[subject][who] = random.random() < 0.5
    return who, contents, answers


def approvers(drawn, subject):
    entries = drawn["data"] if subject == "question" else drawn["outputs"]
    return sorted({name for entry in entries for name in entry.get("approval", {"by": []})["by"]})


# What must come out


def expected(drawn, steps, contents, answers):
    """For each run what is made, or `None`; what leaves of it, or `None`; and why nothing does."""
    found = []
    for content, answer in zip(contents, answers):
        if not all(answer["question"].values()):
            found.append((None, None, refusal(answer, "question")))
            continue
        made, why = compositions.expected(drawn, steps, content)
        if made is not None and not all(answer["result"].values()):
            found.append((made, None, refusal(answer, "result")))
        else:
            found.append((made, made, why))
    return found


def refusal(answer, subject):
    return f"{subject} refused by {sorted(name for name, agrees in answer[subject].items() if not agrees)}"


def stages(drawn):
    """What anyone can see of the status, in its order: it follows from the manifest alone."""
    slots = len(drawn["components"]) + len(drawn["data"])
    asked, runs = sum("per" in entry for entry in drawn["data"]), drawn["limits"]["runs"]
    found = [status("awaitingManifest", 0, 0, None)]
    for number in range(1, runs + 1):

        def stage(name, filled=slots, kept=0, awaited=0, given=0, number=number):
            answers = {"awaited": awaited, "given": given}
            return status(name, filled, slots, {"answers": answers, "kept": kept, "number": number, "of": runs})

        found += [stage("admitting", filled) for filled in range(0 if number == 1 else slots - asked, slots)]
        deciding = len(approvers(drawn, "question"))
        found += [stage("reviewing", awaited=deciding, given=given) for given in range(deciding)]
        found.append(stage("executing"))
        deciding = len(approvers(drawn, "result"))
        found += [stage("holding", awaited=deciding, given=given) for given in range(deciding)]
        if deciding:
            found.append(stage("holding"))
        last = number == runs
        found.append(stage("finished", kept=1) if last else stage("waiting", slots - asked, kept=1, number=number + 1))
    return found


def status(stage, filled, total, run):
    slots = {"filled": filled, "open": total - filled, "total": total}
    return {"stage": stage, "slots": slots, "run": run, "peers": None, "end": None}


def follows(seen, foretold):
    """Whether what was seen is what was foretold to its end, where a slow listener may have missed some of it."""
    left = iter(foretold)
    return seen[-1] == foretold[-1] and all(any(each == other for other in left) for each in seen)


class Pair:
    """Two sessions under one manifest that differ in the secrets of one participant."""

    def __init__(self, drawn, steps, one, other, who):
        self.drawn, self.steps = drawn, steps
        self.secrets = (one, other)
        learners = manifests.learners(drawn)
        brought = [entry["name"] for entry in drawn["data"] + drawn["components"] if entry["provider"] == who]
        names = {entry["name"] for entry in drawn["participants"]} - {who}
        # Those who can learn nothing of what somebody brings, by the manifest alone.
        self.unable = names.difference(*(learners[name] for name in brought))
        self.ends = [expected(drawn, steps, *each) for each in self.secrets]

    def differences(self, seen, seen_then):
        """What somebody could see who was not to learn it, as texts."""
        (views, public), (views_then, public_then) = seen, seen_then
        found = [f"anyone: {key}" for key in public if key != "stages" and public[key] != public_then[key]]
        found += ["anyone: stages" for each in (public, public_then) if not follows(each["stages"], stages(self.drawn))]
        for run, (each, each_then) in enumerate(zip(views, views_then)):
            for name in each:
                one, other = self.comparable(run, name, each[name]), self.comparable(run, name, each_then[name])
                found += [f"{name}, run {run + 1}: {key}" for key in one if one[key] != other[key]]
        return found

    def comparable(self, run, name, view):
        """What of a participant's view may not differ, for all that the secret can reach by design.

        Everyone is told whether results were released. Those who ask, decide and receive are told why not.
        """
        (contents, answers), (contents_then, answers_then) = self.secrets
        secret = {key for key, value in contents[run].items() if value != contents_then[run][key]}
        model = compositions.reach(self.drawn, self.steps, contents[run], secret)
        (made, left, why), (made_then, left_then, why_then) = (each[run] for each in self.ends)
        if (left is None) != (left_then is None):
            return {}
        view = copy.deepcopy(view)
        if why != why_then and name in concerned(self.drawn):
            del view["notice"]
            # There are results to decide on, or there are none since somebody refused the question.
            if (made is None) != (made_then is None):
                view["shown"]["result"] = None
        if name in self.unable:
            return view
        if view["outputs"] is not None:
            view["outputs"] = {
                key: value for key, value in view["outputs"].items() if key not in model.reached_outputs()
            }
        for subject, gone in (("question", secret), ("result", secret | model.reached_outputs())):
            if shown := view["shown"][subject]:
                shown["shown"] = {key: value for key, value in shown["shown"].items() if key not in gone}
        return view


def concerned(drawn):
    """Those who ask, decide or receive."""
    found = {entry["provider"] for entry in drawn["data"] if "per" in entry}
    found |= {name for subject in SUBJECTS for name in approvers(drawn, subject)}
    return found | {name for entry in drawn["outputs"] for name in entry["recipients"]}
