"""Manifests of these tests: the examples', filled in, and a large one."""

import json
import os
import pathlib
import random
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = pathlib.Path(os.environ.get("TWOCVM_PROGRAMS", ROOT / ".build/release")) / "2cvm"
sys.path.insert(0, str(ROOT / "Tests/Models"))

import manifests  # noqa: E402


def command(*words, status=0, **more):
    """What `2cvm` prints, and complains of when it ends otherwise."""
    run = subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, check=False, **more)
    if run.returncode != status:
        raise AssertionError(f"{words}: {run.returncode}: {run.stderr}")
    return run.stdout


def example(name, template="manifest.template.json"):
    """The template of an example with what a session would fill in."""
    drawing = random.Random(name)
    manifest = json.loads((ROOT / "examples" / name / template).read_text())
    manifest["salt"] = "5a" * 32
    manifest["participants"] = [manifests.participant(person, drawing) for person in manifest["participants"]]
    for component in manifest["components"]:
        component["digest"] = manifests.digest(component["name"])
        # What a runtime imports, its installation says.
        component.setdefault("imports", ["wasi:random/random"])
    for entry in manifest["data"]:
        entry.setdefault("commitment", manifests.digest(entry["name"]))
    return manifest


def large():
    """20 participants, 40 components and 120 channels."""
    drawing = random.Random(17)
    names = [f"hospital-{index:02}" for index in range(19)] + ["coordinator"]
    components = [manifests.component("regression-model", "coordinator")]
    channels = []
    for index in range(1, 40):
        name = f"statistics-{index:02}"
        components.append(manifests.component(name, names[index % 20]))
    place = [component["name"] for component in components]

    def link(importer, exporter):
        channels.append(
            {
                "link": f"to-{exporter}",
                "importer": place[importer],
                "exporter": place[exporter],
                "export": "cohort:statistics/moments",
            }
        )

    for exporter in range(1, 40):
        link((exporter - 1) // 3, exporter)
    more = [(importer, exporter) for importer in range(13) for exporter in range(importer + 1, 40)]
    known = {((exporter - 1) // 3, exporter) for exporter in range(1, 40)}
    for importer, exporter in drawing.sample([pair for pair in more if pair not in known], 26):
        link(importer, exporter)
    data, outputs = [], []
    for index in range(35):
        name = f"patients-{index:02}"
        data.append({"name": name, "provider": names[index % 19], "commitment": "any", "maximumBytes": 1 << 20})
        where = place[drawing.randrange(13, 40)]
        channels.append({"mount": name, "component": where, "path": f"/data/{name}.csv"})
    shape = {"kind": "text", "maximumCharacters": 100, "characters": "ascii"}
    for index in range(20):
        name = f"summary-{index:02}"
        people = drawing.sample(names, 3)
        outputs.append({"name": name, "recipients": people, "format": shape, "maximumBytes": 4096})
        where = place[drawing.randrange(13)]
        channels.append({"release": name, "component": where, "path": f"/output/{name}.txt"})
    people = [manifests.participant(name, drawing) for name in names]
    manifest = manifests.manifest(people, components, data, outputs, channels, place[0])
    assert len(channels) == 120
    return manifest


def write(folder, name, manifest):
    file = pathlib.Path(folder) / name
    file.write_text(json.dumps(manifest))
    return file


def simulated_root(scenario):
    """Under which root's key the recorded evidence of a scenario was made."""
    text = (ROOT / f"Tests/CommandTests/Scenarios/{scenario}.txt").read_text()
    return re.search(r"--simulated-root ([0-9a-f]{64})", text).group(1)
