"""Formats drawn at random, and what a gate lets through of what a component wrote: rules of docs/FORMATS.md, apart."""

import json

CHARACTERS = {
    "digits": "0123456789",
    "identifier": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.",
    "ascii": "".join(map(chr, range(0x20, 0x7F))),
}


class Refused(Exception):
    """What was written is not of its format, so nothing of the run leaves."""


def draw(random):
    """A format as an output has it in a manifest, with rules where it has some. Most of what is written fits it."""
    kind = random.choice(["any", "any", "text", "csv", "json"])
    if kind == "any":
        return {"format": "any"}
    characters = random.choice(["identifier"] * 6 + ["ascii"] * 5 + ["digits"])
    if kind == "text":
        return {"format": draw_text(random, characters, [400, 400, 400, 400, 180])}
    length = random.choice([8] * 6 + [9] * 3 + [200] * 2 + [7])
    if kind == "json":
        items = {"type": "string", "maxLength": length, "characters": characters}
        return {"format": {"kind": "json", "schema": {"type": "array", "items": items, "maxItems": bound(random)}}}
    more, least, most = {}, 0, 7
    rule = random.choice(["none", "none", "group", "round", "range"])
    if rule == "group":
        more["minimumGroup"] = {"column": "count", "atLeast": random.randint(1, 6)}
    elif rule == "round":
        more["round"] = [{"column": "count", "to": random.choice([2, 3, 4])}]
        most = 12
    elif rule == "range":
        least, most = random.choice([(0, 6), (0, 7), (0, 9), (1, 7)])
    columns = [
        {"name": "word", "type": "text", "maximumCharacters": length, "characters": characters},
        {"name": "count", "type": "integer", "minimum": least, "maximum": most},
    ]
    order = random.choice(["sorted", "kept"])
    table = {"kind": "csv", "maximumRows": bound(random), "columns": columns, "order": order}
    return {"format": table, **more}


def draw_log(random):
    """A log's format: more of them cut, since a log that does not fit fails no run."""
    if random.random() < 0.5:
        return {"format": "any"}
    return {"format": draw_text(random, random.choice(list(CHARACTERS)), [5, 12, 30, 400])}


def draw_text(random, characters, sizes):
    found = {"kind": "text", "maximumCharacters": random.choice(sizes), "characters": characters}
    line = random.choice([None, None, None, 8, 8, 8, 80, 80, 80, 7])
    return found if line is None else {**found, "maximumLineCharacters": min(line, found["maximumCharacters"])}


def bound(random):
    return random.choice([40, 40, 40, 60, 60, 30])


def layout(entry):
    """What a component writes around its words: before them, between two, and behind them; and if counts follow."""
    form = entry["format"]
    kind = form if form == "any" else form["kind"]
    return {
        "text": ("", "\n", "\n", False),
        "csv": ("word,count\n", "\n", "\n", True),
        "json": ('[ "', '",\n"', '" ]', False),
    }[kind]


def pass_through(entry, content):
    """What leaves of an output's content. Raises `Refused`."""
    form = entry["format"]
    if len(content) > entry["maximumBytes"]:
        raise Refused
    if form == "any":
        return content
    return {"text": text, "csv": table, "json": words}[form["kind"]](entry, form, content.decode())


def text(_, form, content):
    demand(len(content) <= form["maximumCharacters"])
    for line in content.split("\n"):
        demand(set(line) <= set(CHARACTERS[form["characters"]]))
        demand(len(line) <= form.get("maximumLineCharacters", len(line)))
    return content.encode()


def table(entry, form, content):
    head, *lines = content.removesuffix("\n").split("\n")
    rows = [(word, int(count)) for word, count in (line.split(",") for line in lines)]
    word_column, count_column = form["columns"]
    demand(head == "word,count" and len(rows) <= form["maximumRows"])
    for word, count in rows:
        fits(word_column["maximumCharacters"], word_column["characters"], word)
        demand(count_column["minimum"] <= count <= count_column["maximum"])
    if "minimumGroup" in entry:
        rows = [row for row in rows if row[1] >= entry["minimumGroup"]["atLeast"]]
    for rule in entry.get("round", []):
        # Python rounds half to even, and these quotients are exact where it matters.
        rows = [(word, rule["to"] * round(count / rule["to"])) for word, count in rows]
    if form["order"] == "sorted":
        rows.sort()
    return "".join([head + "\n", *(f"{word},{count}\n" for word, count in rows)]).encode()


def words(_, form, content):
    found = json.loads(content)
    schema = form["schema"]
    demand(len(found) <= schema["maxItems"])
    for word in found:
        fits(schema["items"]["maxLength"], schema["items"]["characters"], word)
    return json.dumps(found, separators=(",", ":")).encode()


def fits(length, characters, word):
    demand(len(word) <= length and set(word) <= set(CHARACTERS[characters]))


def demand(holds):
    if not holds:
        raise Refused


def cut(entry, content):
    """What leaves of a log: other characters are question marks, and what is too much is cut. Content is ASCII."""
    form = entry["format"]
    if form == "any":
        return content[: entry["maximumBytes"]]
    left, column = "", 0
    for character in content.decode():
        if len(left) == min(form["maximumCharacters"], entry["maximumBytes"]):
            break
        if character == "\n":
            left, column = left + character, 0
        elif column < form.get("maximumLineCharacters", column + 1):
            left += character if character in CHARACTERS[form["characters"]] else "?"
            column += 1
    return left.encode()
