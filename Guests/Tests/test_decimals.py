"""Numbers from text: Numbers.c, built for this machine, against Python's float(), which is exact."""

import pathlib
import random
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
from decimal import Decimal, getcontext
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
INFINITY = 0x7FF << 52

EDGES = """
0 -0 .5 5. -.5e1x 1e 1e+ 1e5 1E-5 0e99999999999999 1e99999999999999999999 1e-99999999999999999999 1.5.5
4.9e-324 2.4703282292062327e-324 2.4703282292062328e-324 2.2250738585072011e-308 2.2250738585072012e-308
1.7976931348623157e308 1.7976931348623158e308 1.7976931348623159e308 9007199254740993 123456789012345678901234567890
""".split()
NO_NUMBERS = ["", ".", "-", "+", "e5", ".e5", "--1", "+-1", " 1", "inf", "-inf", "nan", "infinity", "x", "٣"]


def double(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def expected(text):
    found = NUMBER.match(text)
    if not found:
        return "none"
    return f"{struct.unpack('<Q', struct.pack('<d', float(found[0])))[0]:016x} {len(found[0])}"


def halfway(bits):
    """The decimal exactly between a double and the next one up."""
    above = Fraction(2) ** 1024 if bits + 1 == INFINITY else Fraction(double(bits + 1))
    middle = (Fraction(double(bits)) + above) / 2
    text = str(Decimal(middle.numerator) / Decimal(middle.denominator))
    digits, _, exponent = text.partition("E")
    return digits + ("" if "." in digits else "."), "e" + exponent if exponent else ""


def texts(source, count):
    for _ in range(count):
        yield repr(double(source.randrange(INFINITY)))
        yield f"{source.uniform(-1000, 1000):.{source.randrange(20)}f}"
        yield f"{source.getrandbits(130)}e{source.randrange(-380, 360)}"
        zeros = "0" * source.randrange(9), "0" * source.randrange(400)
        yield f"{zeros[0]}.{zeros[1]}{source.getrandbits(80)}e{source.randrange(400)}"
        yield f"{source.randrange(1, 10**6)}{'0' * source.randrange(1200)}e-{source.randrange(1300)}"
        yield f"{source.getrandbits(4000)}e{source.randrange(-1300, 100)}"
        bits = source.choice([source.randrange(INFINITY), source.getrandbits(52), INFINITY - 1 - source.randrange(3)])
        digits, exponent = halfway(bits)
        yield digits + exponent
        yield digits + "0" * source.randrange(900) + "1" + exponent
        yield digits[:-1] + "." * digits.endswith(".") + "0" + exponent


class Decimals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        getcontext().prec = 1200
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.program = f"{folder.name}/decimals"
        # Numbers.c also stands in for two functions that this machine's own libraries have.
        subprocess.run(
            [shutil.which("clang") or "cc", "-O1", "-fno-builtin", "-D__multi3=own_multi3", "-Dround=own_round"]
            + [str(HERE.parent / "Swift" / "Numbers.c"), str(HERE / "decimals.c"), "-lm", "-o", cls.program],
            check=True,
        )

    def answers(self, lines):
        text = "\n".join(lines) + "\n"
        done = subprocess.run([self.program], input=text, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    def verify(self, lines):
        for line, answer in zip(lines, self.answers(lines), strict=True):
            self.assertEqual(answer, expected(line), line[:100])

    def test_reads_the_nearest_double(self):
        self.verify(list(texts(random.Random(1), 1500)))

    def test_reads_edges(self):
        self.verify(EDGES)

    def test_refuses_what_is_no_number(self):
        self.assertEqual(self.answers(NO_NUMBERS), ["none"] * len(NO_NUMBERS))

    def test_stops_before_hexadecimal(self):
        self.assertEqual(self.answers(["0x10"]), ["0000000000000000 1"])


if __name__ == "__main__":
    unittest.main()
