"""Faults that scripts/sanitize plants, each of which must be found: a check that cannot fail shows nothing."""

# What a shim does then: the shim, its source, and the change.
SHIMS = {
    "takes more entries than it has room for": ("attenuator", "listings.c", "place == most_entries || ", ""),
    "reads what the heap gave back": (
        "attenuator",
        "listings.c",
        "        if (!entry.failed && entry.present) fits = insert(listing, entry.name, entry.type);\n"
        "        heap_clear();\n",
        "        heap_clear();\n"
        "        if (!entry.failed && entry.present) fits = insert(listing, entry.name, entry.type);\n",
    ),
    "leads above a folder": ("attenuator", "folders.c", "            if (!written) return false;\n", ""),
    "writes where it may not": (
        "attenuator",
        "descriptors.c",
        "    if (!slot_of(self)->writable) return refuse(NOT_PERMITTED);\n    native_set_size",
        "    native_set_size",
    ),
    "keeps a file open": (
        "attenuator",
        "files.c",
        "    native_drop(file.index);\n    return written",
        "    return written",
    ),
    "drops a file twice": (
        "attenuator",
        "files.c",
        "    native_drop(file.index);\n    return read",
        "    native_drop(file.index), native_drop(file.index);\n    return read",
    ),
    "shows a time": ("attenuator", "descriptors.c", "i < 3; i++) answer.attributes", "i < 2; i++) answer.attributes"),
    "counts beyond its table": (
        "determinist",
        "waiting.c",
        "    if (place >= sizeof all / sizeof *all) __builtin_trap();\n    if (first",
        "    if (first",
    ),
    "keeps one of the engine's": (
        "determinist",
        "waiting.c",
        "    if (waiting->native) native_drop(waiting->native);\n",
        "",
    ),
}

# In what talks to Linux: the program, its source, and the change.
LINUX = {
    "writes beside a variable": (
        "2cvm-agent-simulated",
        "CPlatform/Spawn.c",
        "    sigfillset(&all);\n",
        "    memset(&all, 255, sizeof all + 1);\n",
    ),
    "reads beside an array, behind its walls": (
        "2cvm-worker",
        "CPlatform/Walls.c",
        "index < sizeof resources / sizeof *resources",
        "index <= sizeof resources / sizeof *resources",
    ),
}

# Where interrupts go, under ThreadSanitizer.
INTERRUPTS = (
    "changes where interrupts go beside their threads",
    "CPlatform/Spawn.c",
    "static atomic_int interrupt_event = -1;\n",
    "static volatile int interrupt_event = -1;\n"
    "#undef atomic_store\n#undef atomic_load\n"
    "#define atomic_store(place, value) (*(place) = (value))\n#define atomic_load(place) (*(place))\n",
)
