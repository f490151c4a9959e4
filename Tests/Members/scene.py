"""Two hospitals, two shards each, and a pool: a signed plan, simulated machines, and a scheduler of few lines.

The scheduler is not what is tested here. It knows digests and addresses, and moves sealed bytes.
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMANDS = ROOT / ".build/release"
SQL = ROOT / ".build/runtimes/sql.wasm"
MEASUREMENT = hashlib.sha384(b"2cvm members").hexdigest()
PEOPLE = ("hospital-a", "hospital-b", "statistician")
ROWS = {"hospital-a": 101, "hospital-b": 50}
PATIENCE = 120

PATIENTS = {
    "kind": "csv",
    "maximumRows": 10000,
    "columns": [
        {"name": "id", "type": "integer", "minimum": 0, "maximum": 1000000},
        {"name": "note", "type": "text", "maximumCharacters": 100, "characters": "unicode"},
        {"name": "age", "type": "integer", "minimum": 0, "maximum": 120},
    ],
}
SUMS = {
    "kind": "csv",
    "maximumRows": 1,
    "columns": [
        {"name": "patients", "type": "integer", "minimum": 0, "maximum": 1000000},
        {"name": "age", "type": "integer", "minimum": 0, "maximum": 100000000},
    ],
}
QUERY = "select count(*) as patients, sum(age) as age from patients\n"
POOL = "select sum(patients) as patients, sum(age) as age from ({})\n".format(
    " union all ".join(f"select * from sums_{site}_{shard}" for site in "ab" for shard in (1, 2))
)


def request(method, url, body=None, kind=None):
    """The status and the body of an answer, whatever it says."""
    asked = urllib.request.Request(url, data=body, method=method, headers={"Content-Type": kind} if kind else {})
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


class Machine:
    """A simulated agent, published as one attempt of a session."""

    def __init__(self, scene, session, attempt):
        self.scene, self.session, self.attempt = scene, session, attempt
        self.process = subprocess.Popen(
            [
                COMMANDS / "2cvm-agent-simulated",
                *("--listen", "127.0.0.1:0", "--keys", scene.folder / "simulation.keys"),
                *("--measurement", MEASUREMENT),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.root = self.announced(r"simulated root sha256:([0-9a-f]{64})")
        self.url = "http://" + self.announced(r"listening on (\S+)")
        scene.publish(session, attempt, self.url)

    def announced(self, pattern):
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found[1]
        raise RuntimeError("the agent ended")

    def status(self):
        return json.loads(request("GET", self.url + "/v1/status")[1])

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process.stdout.close()


class Scene:
    """A folder with everybody's keys, the signed plan and the run's folder."""

    def __init__(self, folder):
        self.folder = folder
        self.run = folder / "run"
        self.run.mkdir()
        self.machines, self.done = [], set()
        self.make_keys()
        self.make_plan()

    def command(self, who, *arguments, status=0):
        """Runs `2cvm` as somebody, and returns what it printed on both."""
        with self.begin(who, *arguments) as process:
            out, err = process.communicate(timeout=PATIENCE)
        if process.returncode != status:
            raise AssertionError(f"{arguments}: status {process.returncode}\n{out}{err}")
        return out + err

    def begin(self, who, *arguments):
        return subprocess.Popen(
            [COMMANDS / "2cvm", *map(str, arguments)],
            cwd=self.folder / who,
            env=dict(os.environ, TWOCVM_HOME=str(self.folder / who / "home")),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def make_keys(self):
        for who in PEOPLE:
            (self.folder / who).mkdir()
            self.command(who, "key", "new", who)
        for who in PEOPLE:
            for other in PEOPLE:
                if who != other:
                    entry = json.loads((self.folder / other / f"{other}.pub").read_text())
                    self.command(who, "key", "trust", other, entry["signingKey"])

    def manifest(self, name, data, output, query):
        """A manifest that stands alone: the runtime of queries, a query, and data."""
        entries = [("query", "statistician", 1000, None, f"/code/{query}.sql"), *data]
        return {
            "version": 1,
            "name": name,
            "purpose": "Sums.",
            "salt": os.urandom(32).hex(),
            "participants": [json.loads((self.folder / who / f"{who}.pub").read_text()) for who in PEOPLE],
            "components": [
                {
                    "name": "sql",
                    "provider": "statistician",
                    "digest": "sha256:" + hashlib.sha256(SQL.read_bytes()).hexdigest(),
                    "maximumBytes": SQL.stat().st_size,
                    "imports": ["twocvm:guest/files"],
                    "memoryMiB": 64,
                }
            ],
            "data": [
                {"name": slot, "provider": who, "commitment": "any", "maximumBytes": size}
                | ({"format": form} if form else {})
                for slot, who, size, form, _ in entries
            ],
            "outputs": [{"name": output, "recipients": ["statistician"], "format": SUMS, "maximumBytes": 1000}],
            "channels": [{"mount": slot, "component": "sql", "path": path} for slot, _, _, _, path in entries]
            + [{"release": output, "component": "sql", "path": f"/output/{query}.csv"}],
            "run": {"component": "sql", "export": "wasi:cli/run"},
            "limits": {
                "compileSeconds": 60,
                "wallTimeSeconds": 60,
                "admissionSeconds": 600,
                "retentionSeconds": 600,
                "runs": 1,
            },
            "platform": {"kind": "simulated", "binding": "lock", "measurements": [MEASUREMENT]},
        }

    def make_plan(self):
        own = self.folder / "statistician"
        (own / "sums.sql").write_text(QUERY)
        (own / "pool.sql").write_text(POOL)
        for who, count in ROWS.items():
            rows = "".join(f'{row},"said ""{row}"", twice",{20 + row % 60}\n' for row in range(count))
            (self.folder / who / "patients.csv").write_text("id,note,age\n" + rows)
        drafts = {}
        for site in "ab":
            patients = ("patients", f"hospital-{site}", 1 << 20, PATIENTS, "/data/patients.csv")
            drafts[f"site-{site}"] = ([patients], "sums", "sums")
        parts = [(f"sums-{site}", "statistician", 1000, SUMS, f"/data/sums_{site}.csv") for site in "ab"]
        drafts["pool"] = (parts, "total", "pool")
        options = ["--name", "cohort", "--purpose", "Pooled", "--revocation-not-before", "2026-01-01"]
        for name, draft in drafts.items():
            (own / f"{name}.json").write_text(json.dumps(self.manifest(name, *draft)))
            options += ["--session", f"{name}={name}.json", "--attempts", f"{name}=2"]
        for site in "ab":
            options += ["--flow", f"site-{site}/sums=pool/sums-{site}"]
        self.command("statistician", "plan", "new", *options, "--output", "whole")
        self.command(
            *("statistician", "plan", "expand", "whole/plan.json", "--session", "site-a", "--session", "site-b"),
            *("--shards", "2", "--output", "plan"),
        )
        for who in PEOPLE:
            keys = ("--key", f"{who}.key", "--output", own / f"plan/{who}.json")
            self.command(who, "plan", "sign", own / "plan/plan.json", *keys)
        self.plan = own / "plan/plan.signed.json"
        envelopes = [own / f"plan/{who}.json" for who in PEOPLE]
        self.command("statistician", "plan", "join", *envelopes, "--output", self.plan)
        told = json.loads(self.command("statistician", "plan", "check", self.plan, "--json"))
        self.digest = bytes.fromhex(told["digest"].removeprefix("sha256:"))
        self.bound = {session["name"]: session["bound"] for session in told["sessions"]}
        self.flows = json.loads((own / "plan/plan.json").read_text())["flows"]

    # The machines, and who moves bytes between them.

    def publish(self, session, attempt, url):
        folder = self.run / "sessions" / self.bound[session]
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{attempt}.part"
        part.write_text(json.dumps({"version": 1, "url": url, "attempt": attempt}))
        part.rename(folder / f"{attempt}.json")

    def start(self, session, attempt=1):
        machine = Machine(self, session, attempt)
        self.machines.append(machine)
        self.root = machine.root
        return machine

    def end(self):
        for machine in self.machines:
            machine.end()

    def step(self):
        """Introduces machines to each other, and hands over what is ready."""
        live = [machine for machine in self.machines if machine.process.poll() is None]
        stages = {machine: machine.status()["stage"] for machine in live}
        for flow in self.flows:
            for sender in (machine for machine in live if machine.session == flow["from"]):
                for receiver in (machine for machine in live if machine.session == flow["to"]):
                    if "awaitingManifest" not in (stages[sender], stages[receiver]):
                        self.introduce(sender, receiver)
                        self.introduce(receiver, sender)
                        if stages[sender] == "finished":
                            self.hand_over(flow, sender, receiver)

    def introduce(self, one, other):
        if (one, other) in self.done:
            return
        nonce = one.status()["peerNonce"]
        evidence = request("GET", f"{other.url}/v1/evidence?nonce={nonce}")[1]
        path = f"{one.url}/v1/peers/{self.bound[other.session]}"
        if request("PUT", path, evidence, "application/vnd.2cvm.evidence+json")[0] == 204:
            self.done.add((one, other))

    def hand_over(self, flow, sender, receiver):
        if (flow["data"], sender, receiver) in self.done:
            return
        names = b"\0".join(flow[key].encode() for key in ("from", "output", "to", "data"))
        edge = hashlib.sha256(b"2cvm flow v1\0" + self.digest + names).digest()
        session = bytes.fromhex(receiver.status()["session"])
        token = hashlib.sha256(b"2cvm flow stream v1\0" + edge + session).hexdigest()
        status, stream = request("GET", f"{sender.url}/v1/outputs/{token}")
        if status == 200:
            kind = "application/vnd.2cvm.sealed"
            if request("POST", receiver.url + "/v1/submissions", stream, kind)[0] in (201, 409):
                self.done.add((flow["data"], sender, receiver))

    def until(self, wanted):
        """Lets the scheduler work until something holds."""
        end = time.monotonic() + PATIENCE
        while not wanted():
            if time.monotonic() > end:
                raise AssertionError(f"not within {PATIENCE} s: {[machine.status() for machine in self.machines]}")
            self.step()
            time.sleep(0.1)

    def pairs(self):
        """What the scheduler notes once it has handed over each flow."""
        for flow in self.flows:
            for sender in (machine for machine in self.machines if machine.session == flow["from"]):
                for receiver in (machine for machine in self.machines if machine.session == flow["to"]):
                    yield (flow["data"], sender, receiver)

    def store(self, who):
        """Keeps a participant's sealed streams, and everybody's deliveries, as a scheduler does that ends machines."""
        for machine in self.machines:
            salt = json.loads((self.plan.parent / f"manifests/{machine.session}.json").read_text())["salt"]
            run = (1).to_bytes(4, "big")
            token = hashlib.sha256(b"2cvm outputs v1\0" + bytes.fromhex(salt) + run + who.encode()).hexdigest()
            stem = self.run / "sessions" / self.bound[machine.session] / str(machine.attempt)
            folder = pathlib.Path(f"{stem}.outputs")
            folder.mkdir()
            (folder / token).write_bytes(request("GET", f"{machine.url}/v1/outputs/{token}")[1])
            pathlib.Path(f"{stem}.deliveries.json").write_bytes(request("GET", machine.url + "/v1/deliveries")[1])

    # What participants type.

    def place(self, who):
        return ("--run", self.run, "--as", who, "--key", f"{who}.key", "--simulated-root", self.root)

    def submission(self, who):
        if who != "statistician":
            return ("submit", "--plan", self.plan, *self.place(who), "--split", "patients=patients.csv")
        shards = [f"site-{site}-{shard}" for site in "ab" for shard in (1, 2)]
        queries = [*(f"{shard}/query=sums.sql" for shard in shards), "pool/query=pool.sql"]
        files = [word for query in queries for word in ("--data", query)]
        return ("submit", "--plan", self.plan, *self.place(who), "--component", f"sql={SQL}", *files)

    def fetching(self, who, *more):
        return ("plan", "fetch", self.plan, *self.place(who), "--output", "results", *more)

    def verifying(self, *folders):
        return ("plan", "verify", self.plan, *folders, "--simulated-root", self.root)


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
