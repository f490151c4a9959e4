"""Compositions drawn at random: what each component does is known, so what each output must hold is known too.

A component is a list of steps: it reads files, those that it was given and others, calls its links, writes, logs,
branches and fails. The same steps become WebAssembly, and are followed here by rules that were written apart. So
whatever a run lets through that its manifest does not grant shows as an output that is not the expected one.
"""

import json
import pathlib
import subprocess

import manifests
import released

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "release" / "2cvm"
MASK = 0xFFFFFFFF


def draw(random, people, fewest=1):
    """A manifest, the steps of each component, and content for each data entry."""
    people = random.sample(people, random.randint(fewest, len(people)))
    names = [person["name"] for person in people]
    count = random.choice([1, 1, 2, 2, 3, 4])
    links = {index: [] for index in range(count)}
    for exporter in range(1, count):
        for importer in random.sample(range(exporter), min(exporter, random.choice([1, 1, 2]))):
            links[importer].append(exporter)
    mounts, outputs, logs = ({index: [] for index in range(count)} for _ in range(3))
    data, results = [], []
    for number in range(random.randint(1, 4)):
        data.append({"name": f"d{number}", "provider": random.choice(names), "commitment": "any", "maximumBytes": 64})
        for place in random.sample(range(count), random.randint(1, count)):
            mounts[place].append(f"d{number}")
    # Who else takes part receives nothing, and so can learn nothing.
    readers = random.sample(names, random.randint(1, len(names)))
    for number in range(random.randint(1, 4)):
        place = random.randrange(count)
        recipients = random.sample(readers, random.randint(1, len(readers)))
        is_log = random.random() < 0.25 and not logs[place]
        form = released.draw_log(random) if is_log else released.draw(random)
        results.append({"name": f"o{number}", "recipients": recipients, "maximumBytes": 4096, **form})
        (logs if is_log else outputs)[place].append(f"o{number}")
    layouts = {entry["name"]: entry["format"] != "any" and released.layout(entry) for entry in results}
    steps = [draw_steps(random, links[index], outputs[index], layouts) for index in range(count)]
    channels = [mount(name, place) for place in mounts for name in mounts[place]]
    channels += [
        {"release": name, "component": f"c{place}", "path": f"/output/{name}"}
        for place in outputs
        for name in outputs[place]
    ]
    channels += [{"log": name, "component": f"c{place}", "stream": "stderr"} for place in logs for name in logs[place]]
    channels += [
        {"link": f"a:b/to{exporter}", "importer": f"c{importer}", "exporter": f"c{exporter}", "export": "a:b/talk"}
        for importer in links
        for exporter in links[importer]
    ]
    random.shuffle(channels)
    components = [
        manifests.component(
            f"c{index}", random.choice(names), ["twocvm:guest/files"], maximumBytes=1 << 16, memoryMiB=2
        )
        for index in range(count)
    ]
    drawn = manifests.manifest(people, components, data, results, channels, "c0")
    drawn["limits"].update({"compileSeconds": 60, "wallTimeSeconds": 60})
    secrets = {entry["name"]: random.randbytes(random.randint(0, 64)) for entry in data}
    return drawn, steps, secrets


def mount(name, place):
    return {"mount": name, "component": f"c{place}", "path": f"/data/{name}"}


def draw_steps(random, links, outputs, layouts):
    """Always a read, and each link called and each output written at least once."""

    def write(output):
        return ("lines", output, layouts[output]) if layouts[output] else ("write", output)

    def some(depth):
        found = []
        for _ in range(random.randint(0, 3)):
            kind = random.choice(["read", "read", "stray", "ask", "write", "log", "branch", "burn"])
            if kind == "read":
                found.append(("read", f"/data/d{random.randrange(4)}"))
            elif kind == "stray":
                strays = [
                    "/data",
                    "/",
                    "/data/d9",
                    "/tmp/x",
                    f"/output/o{random.randrange(4)}",
                    "/data/d0/x",
                    "/c0/data/d0",
                ]
                found.append(("read", random.choice(strays)))
            elif kind == "ask" and links:
                found.append(("ask", random.choice(links)))
            elif kind == "write" and outputs:
                found.append(write(random.choice(outputs)))
            elif kind == "log":
                found.append(("log",))
            elif kind == "branch" and depth < 2:
                found.append(("branch", random.randrange(8), some(depth + 1), some(depth + 1)))
            elif kind == "burn":
                found.append(("burn", random.randrange(1, 1000)))
        return found

    steps = [("read", f"/data/d{random.randrange(4)}"), *some(0)]
    for link in links:
        steps += [("ask", link), *some(0)]
    for output in outputs:
        steps += [write(output), *some(1)]
    if random.random() < 0.2:
        steps.append(("fail", random.randrange(8)))
    return steps


# What must come out


class Failed(Exception):
    """The run ends with nothing released, for this reason."""


class Model:
    """A run by the rules alone: what was granted to whom, and nothing else.

    It also follows what the data of `secret`, a set of names, can reach: accumulators, outputs and logs, and whether
    the run fails. A branch on what was reached reaches all that either way does.
    """

    def __init__(self, manifest, steps, content, secret=()):
        self.steps = steps
        self.given = {f"c{index}": {} for index in range(len(steps))}
        self.secret = {f"c{index}": set() for index in range(len(steps))}
        self.written, self.logged = {}, {index: b"" for index in range(len(steps))}
        self.accumulators = [7] * len(steps)
        self.manifest = manifest
        self.reached, self.reached_files, self.reached_logs, self.written_anyway = set(), set(), set(), set()
        self.fails_by_secret, self.under = False, 0
        for channel in manifest["channels"]:
            if "mount" in channel:
                self.given[channel["component"]][channel["path"]] = content[channel["mount"]]
                if channel["mount"] in secret:
                    self.secret[channel["component"]].add(channel["path"])

    def outputs(self):
        self.follow(0, self.steps[0])
        entries = {entry["name"]: entry for entry in self.manifest["outputs"]}
        found, missing = {}, False
        for channel in self.manifest["channels"]:
            if "log" in channel:
                found[channel["log"]] = released.cut(
                    entries[channel["log"]], self.logged[int(channel["component"][1:])][:4096]
                )
            if "release" in channel:
                name = channel["release"]
                if name in self.reached_files:
                    self.fails_by_secret |= entries[name]["format"] != "any" or name not in self.written_anyway
                missing |= name not in self.written
        if missing:
            raise Failed("run.output.missing")
        try:
            return found | {name: released.pass_through(entries[name], value) for name, value in self.written.items()}
        except released.Refused:
            raise Failed("run.output.refused") from None

    def reached_outputs(self):
        """Which outputs and logs the secret can reach by what the components do."""
        logs = {
            c["log"] for c in self.manifest["channels"] if "log" in c and int(c["component"][1:]) in self.reached_logs
        }
        return self.reached_files | logs

    def mix(self, index, value):
        self.accumulators[index] = ((self.accumulators[index] ^ value) * 16777619) & MASK

    def follow(self, index, steps):
        for step in steps:
            getattr(self, step[0])(index, *step[1:])

    def read(self, index, path):
        content = self.given[f"c{index}"].get(path)
        if path in self.secret[f"c{index}"]:
            self.reached.add(index)
        if content is None and path.startswith("/output/"):
            owned = [c["release"] for c in self.manifest["channels"] if c.get("path") == path and "release" in c]
            if owned and any(
                c.get("release") == owned[0] and c["component"] == f"c{index}" for c in self.manifest["channels"]
            ):
                content = self.written.get(owned[0])
                if owned[0] in self.reached_files:
                    self.reached.add(index)
        self.mix(index, 0 if content is not None else 1)
        if content is not None:
            for byte in content:
                self.mix(index, byte)
            self.mix(index, len(content))

    def ask(self, index, exporter):
        self.mix(exporter, self.accumulators[index])
        if index in self.reached or self.under:
            self.reached.add(exporter)
        self.follow(exporter, self.steps[exporter])
        self.mix(index, self.accumulators[exporter])
        if exporter in self.reached:
            self.reached.add(index)

    def write(self, index, output):
        value = self.accumulators[index]
        self.put(index, output, value.to_bytes(4, "little") * (value % 41))

    def lines(self, index, output, layout):
        head, between, tail, is_counted = layout
        found = []
        for number in range(1 + self.accumulators[index] % 40):
            self.mix(index, number)
            value = self.accumulators[index]
            found.append(f"{value:08x}" + (f",{value & 7}" if is_counted else ""))
        self.put(index, output, (head + between.join(found) + tail).encode())

    def put(self, index, output, content):
        self.written[output] = content
        if index in self.reached or self.under:
            self.reached_files.add(output)
        if not self.under:
            self.written_anyway.add(output)

    def log(self, index):
        self.logged[index] += b"%08x\n" % self.accumulators[index]
        if index in self.reached or self.under:
            self.reached_logs.add(index)

    def branch(self, index, bit, one, other):
        is_reached = index in self.reached
        if is_reached:
            self.spread(index, one + other)
            self.under += 1
        self.follow(index, one if self.accumulators[index] >> bit & 1 else other)
        self.under -= is_reached

    def spread(self, index, steps):
        """What these steps would do, since whether they are done depends on the secret."""
        self.reached.add(index)
        for step in steps:
            if step[0] == "ask":
                self.spread(step[1], self.steps[step[1]])
            elif step[0] in ("write", "lines"):
                self.reached_files.add(step[1])
            elif step[0] == "log":
                self.reached_logs.add(index)
            elif step[0] == "branch":
                self.spread(index, step[2] + step[3])
            elif step[0] == "fail":
                self.fails_by_secret = True

    def burn(self, index, rounds):
        for round_ in range(rounds):
            self.mix(index, round_)

    def fail(self, index, number):
        self.fails_by_secret |= index in self.reached or self.under > 0
        if self.accumulators[index] % 8 == number:
            raise Failed("run.trapped")


# The rehearsal


def run(manifest, content, folder):
    """The outputs of a rehearsal, or `None` where the run failed; and what the command tells."""
    (folder / "manifest.json").write_text(json.dumps(manifest))
    command = [PROGRAM, "run", folder / "manifest.json", "--output", folder / "results", "--json"]
    for entry in manifest["components"]:
        command += ["--component", f"{entry['name']}={folder / entry['name']}.wasm"]
    for name, value in content.items():
        (folder / name).write_bytes(value)
        command += ["--data", f"{name}={folder / name}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode not in (0, 4):
        raise AssertionError(f"2cvm run ended with {result.returncode}: {result.stderr[-2000:]}")
    results = folder / "results"
    found = {path.name: path.read_bytes() for path in results.iterdir()} if results.exists() else {}
    for path in results.iterdir() if results.exists() else []:
        path.unlink()
    if result.returncode == 4 and found:
        raise AssertionError(f"a failed run left {sorted(found)}")
    told = json.loads(result.stdout)
    del told["microseconds"]
    told |= {"code": result.returncode, "error": result.stderr}
    return (None if result.returncode == 4 else found), told


def expected(manifest, steps, content):
    """The outputs, or `None`; and why the run fails, or `None`."""
    try:
        return Model(manifest, steps, content).outputs(), None
    except Failed as failure:
        return None, str(failure)


def reach(manifest, steps, content, secret):
    """The model after a run: what data of these names can reach."""
    model = Model(manifest, steps, content, secret)
    try:
        model.outputs()
    except Failed:
        pass
    return model


def differences(model, one, other):
    """What of two runs differs, though the secret in which they differ cannot reach it."""
    (found, told), (found_then, told_then) = one, other
    names = [key for key in told if key in ("manifest", "composed", "missingSigners", "standIns", "missingWalls")]
    for name in [] if model.fails_by_secret else ["code", "error", "outcome", "reason", "engine"]:
        names.append(name)
    different = [name for name in names if told.get(name) != told_then.get(name)]
    reached = {f"c{index}" for index in model.reached}
    memories = [
        {e["component"]: e for e in each["memory"] if e["component"] not in reached} for each in (told, told_then)
    ]
    if memories[0] != memories[1]:
        different.append("memory")
    if (found is None) != (found_then is None):
        return different
    if found is None:
        reached_logs = {f"c{index}" for index in model.reached_logs}
        logs = [[e for e in each["logs"] if e["component"] not in reached_logs] for each in (told, told_then)]
        return different + (["logs"] if not model.fails_by_secret and logs[0] != logs[1] else [])
    reached_outputs = model.reached_outputs()
    if [entry["name"] for entry in told["outputs"]] != [entry["name"] for entry in told_then["outputs"]]:
        different.append("order")
    for entry, entry_then in zip(told["outputs"], told_then["outputs"]):
        name = entry["name"]
        if name not in reached_outputs and (entry != entry_then or found.get(name) != found_then.get(name)):
            different.append(name)
    return different
