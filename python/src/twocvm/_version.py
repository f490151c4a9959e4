"""What this release is: the version of the programs that it calls, which are refused in any other."""

__version__ = "0.1.0"
