"""The second form of the wheel: the same package with the programs in it, which TWOCVM_WHEEL_PROGRAMS names.

`scripts/wheel` sets both variables. Without them the wheel is pure, and finds an installed `2cvm`.
"""

import os
import pathlib
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
