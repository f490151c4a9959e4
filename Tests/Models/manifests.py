"""Valid manifests, drawn at random and as large as they can be. Nothing of this project makes them."""

import base64
import collections
import hashlib

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
INTERFACES = ["twocvm:guest/files", "wasi:cli/stdout", "wasi:random/random", "wasi:sockets/tcp", "wasi:io/streams"]


def signing_key(random):
    number = int.from_bytes(b"\xed\x01" + random.randbytes(32), "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "did:key:z" + digits


def sealing_key(random):
    packed = b""
    for _ in range(384):  # Two coefficients of 12 bits in three bytes, each below ML-KEM's 3329.
        first, second = random.randrange(3329), random.randrange(3329)
        packed += (first | second << 12).to_bytes(3, "little")
    point = bytearray(random.randbytes(32))
    point[31] &= 0x7F
    raw = packed + random.randbytes(32) + bytes(point)
    return "xwing:" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def participant(name, random):
    return {"name": name, "signingKey": signing_key(random), "sealingKey": sealing_key(random)}


def digest(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def component(name, provider, imports=(), **more):
    return {
        "name": name,
        "provider": provider,
        "digest": digest(name),
        "maximumBytes": 1024,
        "imports": list(imports),
        "memoryMiB": 1,
        **more,
    }


def manifest(participants, components, data, outputs, channels, run):
    return {
        "version": 1,
        "name": "drawn",
        "purpose": "Drawn for a test.",
        "salt": "5a" * 32,
        "participants": participants,
        "components": components,
        "data": data,
        "outputs": outputs,
        "channels": channels,
        "run": {"component": run, "export": "wasi:cli/run"},
        "limits": {"compileSeconds": 1, "wallTimeSeconds": 1, "admissionSeconds": 1, "retentionSeconds": 1, "runs": 1},
        "platform": {"kind": "simulated", "binding": "lock", "measurements": ["00" * 48]},
    }


def draw(random, people):
    """A manifest of a few entries. `people` are participants to choose from: keys are slow to make."""
    people = random.sample(people, random.randint(1, 5))
    names = [person["name"] for person in people]
    count = random.randint(1, 9)
    components = []
    for index in range(count):
        imports = random.sample(INTERFACES, random.randint(0, 3))
        more = {"randomness": random.choice(["real", "repeatable"])} if "wasi:random/random" in imports else {}
        if random.random() < 0.2:
            more["clock"] = random.choice(["real", "virtual"])
        components.append(component(f"c{index}", random.choice(names), imports, **more))
    channels = []
    # Importers before exporters, so that there is no cycle; each but the first has one importer at least.
    for exporter in range(1, count):
        for importer in random.sample(range(exporter), min(exporter, random.choice([1, 1, 1, 2, 3]))):
            channels.append(
                {"link": f"to-{exporter}", "importer": f"c{importer}", "exporter": f"c{exporter}", "export": "a:b/c"}
            )
    data = []
    for index in range(random.randint(0, 6)):
        name = f"d{index}"
        commitment = random.choice(["any", digest(name)])
        data.append({"name": name, "provider": random.choice(names), "commitment": commitment, "maximumBytes": 9})
        for place in random.sample(range(count), random.randint(1, min(count, 3))):
            channels.append({"mount": name, "component": f"c{place}", "path": f"/data/{name}"})
    outputs, logs = [], set()
    for index in range(random.randint(0, 6)):
        name, place = f"o{index}", random.randrange(count)
        recipients = random.sample(names, random.randint(1, len(names)))
        outputs.append(
            {"name": name, "recipients": recipients, "format": "any", "maximumBytes": random.randint(1, 1 << 30)}
        )
        stream = random.choice(["stdout", "stderr"])
        if random.random() < 0.3 and (place, stream) not in logs:
            logs.add((place, stream))
            channels.append({"log": name, "component": f"c{place}", "stream": stream})
        else:
            channels.append({"release": name, "component": f"c{place}", "path": f"/output/{name}"})
    random.shuffle(channels)
    return manifest(people, components, data, outputs, channels, "c0")


def largest(random, shape):
    """64 participants, 256 components, 256 data, 256 outputs and 1,024 channels.

    `chain`: long names, ways of 256 steps, long paths. `crowd`: every output goes to all, and every way is short.
    """

    def long(kind, index):
        name = f"{kind}{index:03}"
        return name + "-" + "x" * (39 - len(name)) if shape == "chain" else name

    names = [long("p", index) for index in range(64)]
    components = [component(long("c", index), names[index % 64]) for index in range(256)]
    data = [
        {"name": long("d", index), "provider": names[index % 64], "commitment": "any", "maximumBytes": 1}
        for index in range(256)
    ]
    outputs = [
        {
            "name": long("o", index),
            "recipients": [names[index % 64]] if shape == "chain" else names,
            "format": "any",
            "maximumBytes": 1 << 40,
        }
        for index in range(256)
    ]
    place = [entry["name"] for entry in components]
    channels = [
        {
            "link": f"to-{index}",
            "importer": place[index - 1 if shape == "chain" else 0],
            "exporter": place[index],
            "export": "a:b/c",
        }
        for index in range(1, 256)
    ]
    channels += [{"mount": entry["name"], "component": place[0], "path": "/d/" + entry["name"]} for entry in data]
    channels += [
        {"release": entry["name"], "component": place[-1], "path": "/output/" + entry["name"]} for entry in outputs
    ]
    deep = "".join("/" + "y" * 60 for _ in range(5)) if shape == "chain" else ""
    more = 1024 - len(channels)
    channels += [
        {"mount": data[index % 256]["name"], "component": place[1 + index // 256], "path": f"/e{deep}/{index}"}
        for index in range(more)
    ]
    people = [participant(name, random) for name in names]
    return manifest(people, components, data, outputs, channels, place[0])


def learners(manifest):
    """Who can learn from each source: facts that spread until nothing new is known."""
    knows = collections.defaultdict(set)
    for entry in manifest["components"]:
        knows[entry["name"]].add(entry["name"])
    pairs, leaves = [], []
    for channel in manifest["channels"]:
        if "mount" in channel:
            knows[channel["component"]].add(channel["mount"])
        elif "link" in channel:
            pairs += [(channel["importer"], channel["exporter"]), (channel["exporter"], channel["importer"])]
        else:
            leaves.append((channel["component"], channel.get("release") or channel["log"]))
    changed = True
    while changed:
        changed = False
        for one, other in pairs:
            if not knows[one] <= knows[other]:
                knows[other] |= knows[one]
                changed = True
    recipients = {output["name"]: readers(output) | set(output["recipients"]) for output in manifest["outputs"]}
    result = {entry["name"]: set() for entry in manifest["data"] + manifest["components"]}
    for component, output in leaves:
        for source in knows[component]:
            result[source] |= recipients[output]
    for entry in manifest["data"]:
        result[entry["name"]] |= readers(entry)
    return result


def readers(entry):
    """Those who decide on it, and so read it."""
    return set(entry["approval"]["by"]) if "approval" in entry else set()
