"""Stands for e-mail between the three notebooks: a folder in which each puts files, and waits for the others' files.

None of what travels so needs to be secret: public keys, formats, the manifest and its signatures.
"""

import os
import pathlib
import shutil
import time

BOX = pathlib.Path(os.environ.get("MAILBOX", "mailbox")).absolute()
PATIENCE = 300


def desk(name):
    """A folder of one's own, in which a notebook then works."""
    pathlib.Path(name).mkdir(exist_ok=True)
    os.chdir(name)


def send(path, name=None):
    """Puts a file into everybody's box, whole."""
    BOX.mkdir(parents=True, exist_ok=True)
    name = name or pathlib.Path(path).name
    part = BOX / f".{name}.part"
    shutil.copyfile(path, part)
    part.rename(BOX / name)


def receive(name):
    """Waits for a file, and keeps it here."""
    end = time.monotonic() + PATIENCE
    while not (BOX / name).exists():
        if time.monotonic() > end:
            raise TimeoutError(f"nobody sent {name}")
        time.sleep(0.2)
    shutil.copyfile(BOX / name, name)
    return pathlib.Path(name)
