"""Plans drawn at random: sessions that feed another one, on simulated machines that `2cvm plan run` starts."""

import base64
import copy
import hashlib
import json
import os
import re
import socket
import subprocess
import time

import assembled
import compositions
import sealed
import sessions

POOL = "pool"


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def draw(random, people):
    """A plan's participants, and for each session its manifest, the steps of its components and its content.

    One or two sites feed a pool: an output of each is data there.
    """
    people = random.sample(people, random.randint(2, len(people)))
    drawn = {POOL: compositions.draw(random, people)}
    received = drawn[POOL][0]["data"]
    flows = []
    for number in range(min(random.choice([1, 2, 2]), len(received))):
        site = f"site-{number}"
        drawn[site] = compositions.draw(random, people)
        output = random.choice(drawn[site][0]["outputs"])
        kept = random.choice([[], output["recipients"]])
        output["recipients"] = [{"session": POOL}, *kept]
        received[number].update(provider={"session": site}, maximumBytes=output["maximumBytes"])
        del drawn[POOL][2][received[number]["name"]]
        flows.append({"from": site, "output": output["name"], "to": POOL, "data": received[number]["name"]})
    outsider = random.choice(people)["name"] if random.random() < 0.6 else None
    for manifest, _, _ in drawn.values():
        for output in manifest["outputs"]:
            output["recipients"] = [name for name in output["recipients"] if name != outsider] or [
                next(entry["name"] for entry in people if entry["name"] != outsider)
            ]
    return people, flows, drawn


def draw_other(random, drawn):
    """Other content of all that one participant brings, and who that is."""
    provided = [
        (session, entry)
        for session in drawn
        for entry in drawn[session][0]["data"]
        if isinstance(entry["provider"], str)
    ]
    who = random.choice(sorted({entry["provider"] for _, entry in provided}))
    other = copy.deepcopy({session: content for session, (_, _, content) in drawn.items()})
    for session, entry in provided:
        if entry["provider"] == who:
            other[session][entry["name"]] = random.randbytes(random.randint(0, 64))
    return who, other


class Model:
    """What must come out of each session, and how far a secret reaches."""

    def __init__(self, flows, drawn, contents, other, who):
        self.flows, self.drawn, self.who = flows, drawn, who
        self.contents = (contents, other)
        self.ends = [self.expected(each) for each in self.contents]
        brings = {
            session
            for session, (manifest, _, _) in drawn.items()
            if any(entry["provider"] == who for entry in manifest["data"] + manifest["components"])
        }
        reached = brings | {flow["to"] for flow in flows if flow["from"] in brings}
        self.learners = {
            name
            for session in reached
            for output in drawn[session][0]["outputs"]
            for name in output["recipients"]
            if isinstance(name, str)
        }

    def order(self):
        """Sites before the pool."""
        return sorted(self.drawn, key=lambda session: session == POOL)

    def expected(self, contents):
        """For each session its outputs, or `None`, and why it has none."""
        found = {}
        for session in self.order():
            manifest, steps, _ = self.drawn[session]
            fed = [flow for flow in self.flows if flow["to"] == session]
            missing = [flow["from"] for flow in fed if found[flow["from"]][0] is None]
            if missing:
                found[session] = (None, f"nothing from {missing}")
                continue
            taken = {flow["data"]: found[flow["from"]][0][flow["output"]] for flow in fed}
            found[session] = compositions.expected(manifest, steps, contents[session] | taken)
        return found

    def reach(self):
        """For each session the outputs that the secret reaches; `None` where it never ran for want of a part."""
        found = {}
        for session in self.order():
            manifest, steps, _ = self.drawn[session]
            fed = [flow for flow in self.flows if flow["to"] == session]
            if any(self.ends[0][flow["from"]][0] is None for flow in fed):
                found[session] = None
                continue
            taken = {flow["data"]: self.ends[0][flow["from"]][0][flow["output"]] for flow in fed}
            one, other = self.contents
            secret = {name for name, value in one[session].items() if other[session][name] != value}
            secret |= {flow["data"] for flow in fed if flow["output"] in found[flow["from"]]}
            content = one[session] | taken
            found[session] = compositions.reach(manifest, steps, content, secret).reached_outputs()
        return found

    def differences(self, seen, seen_then):
        """What somebody could see who was not to learn it, as texts."""
        (views, public), (views_then, public_then) = seen, seen_then
        found = ["anyone: files"] if public != public_then else []
        reached = self.reach()
        for name in views:
            for session in self.drawn:
                (made, why), (made_then, why_then) = (ends[session] for ends in self.ends)
                if (made is None) != (made_then is None):
                    continue
                one, other = (copy.deepcopy(each[name][session]) for each in (views, views_then))
                if why != why_then:
                    for view in (one, other):
                        del view["notice"]
                if made is not None and (name in self.learners or name == self.who):
                    for view in (one, other):
                        view["outputs"] = {k: v for k, v in view["outputs"].items() if k not in reached[session]}
                found += [f"{name}, {session}: {key}" for key in one if one[key] != other[key]]
        return found


class Missed(Exception):
    """Somebody attested a machine too late. Who brings nothing cannot be sure to be there in time."""


class Run:
    """One run of a plan, from its signatures to what everyone fetched."""

    def __init__(self, people, folder):
        self.people, self.folder = people, folder

    def sign(self, participants, flows, drawn):
        """Writes the plan and its manifests, and has everyone sign it. Each time it is another agreement."""
        (self.folder / "manifests").mkdir()
        listed = []
        for session, (manifest, steps, _) in drawn.items():
            (self.folder / session).mkdir()
            assembled.build(manifest, steps, self.folder / session)
            told = {key: value for key, value in manifest.items() if key not in ("participants", "platform")}
            told |= {"plan": True, "name": session, "salt": os.urandom(32).hex()}
            told["limits"] = {**sessions.LIMITS, "runs": 1}
            (self.folder / "manifests" / f"{session}.json").write_text(json.dumps(told))
            digest = "sha256:" + hashlib.sha256(canonical(told)).hexdigest()
            listed.append({"name": session, "manifest": digest, "platform": "machines", "attempts": 1})
        plan = {"version": 1, "name": "drawn", "purpose": "Drawn for a test.", "salt": os.urandom(32).hex()}
        plan |= {"participants": participants, "platforms": [{"name": "machines", "platform": sessions.PLATFORM}]}
        plan |= {"sessions": listed, "flows": flows}
        plan["evidence"] = {"revocationNotBefore": "2026-01-01", "policy": "none"}
        terms = self.folder / "plan.json"
        terms.write_text(json.dumps(plan))
        self.common = ["--manifests", self.folder / "manifests"]
        for entry in participants:
            name = entry["name"]
            signed = self.folder / f"signed-{name}.json"
            words = ["--key", self.people.folder / f"{name}.key", "--output", signed]
            self.people.command(name, "plan", "sign", terms, *self.common, *words)
            terms = signed
        return terms

    def start(self, name, *words, home=None):
        return subprocess.Popen(
            [sealed.COMMANDS / "2cvm", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.people.environment(name) | ({"TWOCVM_HOME": str(home)} if home else {}),
        )

    def start_fetching(self, name, folder, home=None):
        words = [*self.who(name, self.place), "--output", folder, "--wait"]
        return self.start(name, "plan", "fetch", self.plan, *words, home=home)

    def run(self, participants, flows, drawn, contents):
        self.plan = plan = self.sign(participants, flows, drawn)
        names = [entry["name"] for entry in participants]
        self.place = run = self.folder / "run"
        machines = ["--driver", "local", "--keys", self.people.folder / "platform.keys"]
        machines += ["--", "--measurement", sessions.MEASUREMENT]
        started = [self.start(names[0], "plan", "run", plan, *self.common, "--output", run, *machines)]
        try:
            self.wait_for("schedule", (run / "schedule.json").exists)
            for name in names:
                started.append(self.start_fetching(name, self.folder / f"results-{name}"))
            for name in names:
                if words := self.brought(name, drawn, contents):
                    self.people.command(name, "submit", "--plan", plan, *self.who(name, run), *words)
            codes = [self.ended(process) for process in started]
        except BaseException:
            # Its machines would go on.
            self.people.command(names[0], "plan", "stop", run, codes=range(256))
            raise
        finally:
            for process in started:
                process.kill()
                process.communicate()
        views = {name: {session: self.view(name, session) for session in drawn} for name in names}
        for name, code in zip([None, *names], codes):
            is_released = name is None or all(view["outputs"] is not None for view in views[name].values())
            if code != (0 if is_released else 4):
                raise AssertionError(f"the run of a plan, or what {name} fetched of it, ended with {code}")
        return views, self.public(run)

    def wait_for(self, words, holds):
        end = time.monotonic() + 60
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"in a minute there was no {words}")
            time.sleep(0.02)

    def is_over(self):
        """Whether no machine listens any more."""
        for path in self.place.glob("sessions/*/*.json"):
            url = json.loads(path.read_text()).get("url")
            if url:
                host, port = url.removeprefix("http://").split(":")
                with socket.socket() as probe:
                    if probe.connect_ex((host, int(port))) == 0:
                        return False
        return True

    def ended(self, process):
        output, errors = process.communicate(timeout=300)
        if "plan.gone" in errors:
            raise Missed
        if process.returncode not in (0, 4):
            raise AssertionError(
                f"{process.args[1:3]} ended with {process.returncode}: {output[-500:]}{errors[-2000:]}"
            )
        return process.returncode

    def who(self, name, run):
        key = self.people.folder / f"{name}.key"
        return [*self.common, "--run", run, "--as", name, "--key", key, "--simulated-root", self.people.root()]

    def brought(self, name, drawn, contents):
        words = []
        for session, (manifest, _, _) in drawn.items():
            folder = self.folder / session
            for entry in manifest["components"]:
                if entry["provider"] == name:
                    words.append(f"--component={session}/{entry['name']}={folder / entry['name']}.wasm")
            for entry in manifest["data"]:
                if entry["provider"] == name:
                    (folder / entry["name"]).write_bytes(contents[session][entry["name"]])
                    words.append(f"--data={session}/{entry['name']}={folder / entry['name']}")
        return words

    def view(self, name, session):
        """What somebody has of a session, without what is salted or a key."""
        view = sealed.kept(self.folder / f"results-{name}" / session)
        deliveries = self.folder / f"results-{name}" / session / "deliveries.json"
        envelopes = json.loads(deliveries.read_text())["deliveries"] if deliveries.exists() else []
        sent = [json.loads(base64.b64decode(each["payload"])) for each in envelopes]
        view["sent"] = [{key: each[key] for key in ("from", "output", "to", "data", "bytes", "count")} for each in sent]
        return view

    def public(self, run):
        """Which files a host has, and their sizes, without what names a machine."""
        order = [each["bound"] for each in json.loads((run / "schedule.json").read_text())["sessions"]]
        found = []
        for path in run.rglob("*"):
            if path.is_file() and path.suffix not in (".log", ".claim") and path.name != "1.json":
                place = str(path.relative_to(run).parent)
                for index, bound in enumerate(order):
                    place = place.replace(bound, str(index))
                found.append((re.sub("[0-9a-f]{64}", "…", place), path.stat().st_size))
        return sorted(found)
