"""What a gate's process costs: `2cvm run` of sixteen small outputs with a format, in turn with the same without one."""

import json
import statistics

from workshop import GUESTS, component, manifest, run, spread

COUNT = 16
REPEATS = 11
MOST = 10
TEXT = {"kind": "text", "maximumCharacters": 4000}


def document(workshop, form):
    prober = GUESTS / "prober.wasm"
    lines = json.loads(run("component", "inspect", prober, "--json"))["imports"]
    imports = sorted({line["name"].split("@")[0] for line in lines})
    more = {"randomness": "real"} if any(name.startswith("wasi:random/") for name in imports) else {}
    names = [f"o{index}" for index in range(COUNT)]
    written = manifest(
        workshop.participant,
        "prober",
        [component("prober", imports, **more)],
        data=[{"name": "attack", "provider": "bench", "commitment": "any", "maximumBytes": 4096}],
        channels=[{"mount": "attack", "component": "prober", "path": "/data/attack"}]
        + [{"release": name, "component": "prober", "path": f"/output/{name}"} for name in names],
    )
    written["channels"][-1]["path"] = "/output/report"
    written["outputs"] += [
        {"name": name, "recipients": ["bench"], "format": form, "maximumBytes": 4096} for name in names
    ]
    written["outputs"][0]["maximumBytes"] = 65536
    return written


def rows(workshop):
    """The figure's row: what all gates add to a run, for each of them."""
    orders = workshop.folder / "orders"
    orders.write_text("\n".join(f"write|/output/o{index}|1" for index in range(COUNT)))
    files = {}
    for name, form in (("free", "any"), ("formed", TEXT)):
        files[name] = workshop.folder / f"{name}.json"
        files[name].write_text(json.dumps(document(workshop, form)))
    each = []
    for index in range(REPEATS):
        costs = {}
        for name, file in files.items():
            said = run(
                *("run", file, "--component", f"prober={GUESTS}/prober.wasm", "--data", f"attack={orders}"),
                *("--output", workshop.folder / f"{name}-{index}", "--json"),
            )
            costs[name] = json.loads(said)["microseconds"]["overhead"] / 1000
        each.append((costs["formed"] - costs["free"]) / COUNT)
    verdict = "kept" if statistics.median(each) <= MOST else "missed"
    yield (
        f"a gate of a small output, one of {COUNT}: its process, its walls, the parent's check",
        spread(each, "{:.1f} ms"),
        f"at most {MOST} ms, {verdict}",
    )
