"""The second form of the wheel: the same package with the programs in it, which TWOCVM_WHEEL_PROGRAMS names.

`scripts/wheel` sets both variables. Without them the wheel is pure, and finds an installed `2cvm`.
"""

import copy
import os
import pathlib
import zipfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LAUNCHED = ("2cvm", "2cvm-agent-simulated")


class Programs(BuildHookInterface[Any]):
    """Puts the programs beside the package's own files, and one-line launchers where commands are looked for."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Names what goes in."""
        folder = os.environ.get("TWOCVM_WHEEL_PROGRAMS")
        if not folder:
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{os.environ['TWOCVM_WHEEL_PLATFORM']}"
        build_data["force_include"][folder] = "twocvm/programs"
        launchers = pathlib.Path(self.root, "launchers")
        for name in LAUNCHED:
            build_data["shared_scripts"][str(launchers / name)] = name

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Packs the programs more tightly than zlib does, which saves a twenty-fifth of the wheel."""
        if not os.environ.get("TWOCVM_WHEEL_PROGRAMS"):
            return
        loose = pathlib.Path(artifact_path)
        tight = loose.with_suffix(".part")
        with zipfile.ZipFile(loose) as before, zipfile.ZipFile(tight, "w") as after:
            for entry in before.infolist():
                with after.open(copy.copy(entry), "w") as file:
                    file._compressor = Tightest()
                    file.write(before.read(entry))
        tight.replace(loose)


class Tightest:
    """In the place of zlib's compressor: the same format, and all of a file at once."""

    def __init__(self) -> None:
        self.content = bytearray()

    def compress(self, piece: bytes) -> bytes:
        """Waits for the rest."""
        self.content += piece
        return b""

    def flush(self) -> bytes:
        """The whole, compressed."""
        # scripts/wheel has it; the pure form is built without.
        import deflate

        return bytes(deflate.deflate_compress(bytes(self.content), 12))
