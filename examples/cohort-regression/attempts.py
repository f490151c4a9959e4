"""The cheat's own log as a table: `attempts.py LOG`. Fails unless every attempt is there and failed."""

import collections
import pathlib
import sys

# What a wall says. Anything else, "busy" for instance, might go better at another time.
WALLS = {
    "there is none",
    "no-entry",
    "not-permitted",
    "not-directory",
    "is-directory",
    "invalid",
    "read-only",
    "bad-descriptor",
    "access",
    "access-denied",
    "not-supported",
    "permanent-resolver-failure",
}

# How each line begins, what that means, and how many attempts there must be at least.
KINDS = [
    ("read", "read other rows through twocvm:guest/files", 20),
    ("open", "open other files through WASI", 20),
    ("see", "see another component's directories or environment", 2),
    ("write", "write the rows through twocvm:guest/files", 10),
    ("create", "write the rows through WASI", 10),
    ("change", "change files and directories through WASI", 7),
    ("connect", "connect to another program, or wait for one", 3),
    ("look up", "look up a name on the network", 1),
]


def main():
    lines = pathlib.Path(sys.argv[1]).read_text().splitlines()
    found, problems = collections.defaultdict(collections.Counter), []
    for line in lines:
        verdict, _, attempt = line.partition(": ")
        kind = next((kind for kind, _, _ in KINDS if attempt.startswith(kind + " ")), None)
        reason = attempt.rpartition(": ")[2]
        if verdict == "failed" and kind and reason in WALLS:
            found[kind][reason] += 1
        elif line != "printed the rows":
            problems.append(line)

    for kind, meaning, least in KINDS:
        count = sum(found[kind].values())
        reasons = ", ".join(f"{reason} ({times})" for reason, times in found[kind].most_common())
        print(f"  {meaning}\n    {count} attempt{'s' if count != 1 else ''}, failed: {reasons}")
        if count < least:
            problems.append(f"only {count} attempts to {meaning}")
    if "printed the rows" not in lines:
        problems.append("the rows were not even printed")
    if problems:
        sys.exit("attempts: error: " + "\nattempts: error: ".join(problems))


if __name__ == "__main__":
    main()
