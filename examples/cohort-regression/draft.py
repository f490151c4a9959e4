"""A draft manifest from the template: `draft.py --keys FOLDER --component NAME=FILE ... > draft.json`.

Fills in what differs from one agreement to the next: the participants' public keys (FOLDER/NAME.pub),
each component's digest, a random salt, and the machine that is asked for.
"""

import argparse
import hashlib
import json
import pathlib
import secrets

HERE = pathlib.Path(__file__).resolve().parent
TEMPLATE = HERE / "manifest.template.json"
# What all three hospitals' patients.csv must be.
PATIENTS = HERE / "patients.format.json"

# What the cheating component imports beyond `twocvm:guest/files`.
CHEAT_IMPORTS = [
    "wasi:cli/environment",
    "wasi:cli/stdout",
    "wasi:filesystem/preopens",
    "wasi:filesystem/types",
    "wasi:io/error",
    "wasi:io/streams",
    "wasi:sockets/instance-network",
    "wasi:sockets/ip-name-lookup",
    "wasi:sockets/network",
    "wasi:sockets/tcp",
    "wasi:sockets/tcp-create-socket",
]


def pair(text):
    name, _, path = text.partition("=")
    return name, pathlib.Path(path)


def grant_the_cheat_what_it_asks_for(manifest, name):
    """Lists every import of the cheat, and gives its log to the hospital whose rows it reads."""
    component = next(entry for entry in manifest["components"] if entry["name"] == name)
    component["imports"] += CHEAT_IMPORTS
    log = f"{name}-log"
    manifest["outputs"].append({"name": log, "recipients": ["hospital-a"], "format": "any", "maximumBytes": 65536})
    manifest["channels"].append({"log": log, "component": name, "stream": "stderr"})


def main():
    parser = argparse.ArgumentParser(description="Fills in the template of the manifest.")
    parser.add_argument("--keys", type=pathlib.Path, required=True, help="the folder of the NAME.pub files")
    parser.add_argument("--component", type=pair, action="append", default=[], help="NAME=FILE, once for each")
    parser.add_argument("--binding", choices=["launch", "lock"], help="when the machine learns of the manifest")
    parser.add_argument("--measurement", help="the launch measurement to require: 96 hexadecimal digits")
    parser.add_argument("--cheat", help="the component that is given all that the cheat asks for")
    arguments = parser.parse_args()

    manifest = json.loads(TEMPLATE.read_text())
    manifest["salt"] = secrets.token_hex(32)
    manifest["participants"] = [
        json.loads((arguments.keys / f"{name}.pub").read_text()) for name in manifest["participants"]
    ]
    for entry in manifest["data"]:
        entry["format"] = json.loads(PATIENTS.read_text())
    files = dict(arguments.component)
    for component in manifest["components"]:
        component["digest"] = "sha256:" + hashlib.sha256(files[component["name"]].read_bytes()).hexdigest()
    if arguments.binding:
        manifest["platform"]["binding"] = arguments.binding
    if arguments.measurement:
        manifest["platform"]["measurements"] = [arguments.measurement]
    if arguments.cheat:
        grant_the_cheat_what_it_asks_for(manifest, arguments.cheat)
    print(json.dumps(manifest, indent=2))


if __name__ == "__main__":
    main()
