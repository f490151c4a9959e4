"""The gate's noise a second time, from its description alone. Prints the known answers of NoiseTests.swift.

The stream of a column: HMAC-SHA256 blocks over a count, under HMAC-SHA256(key, column's name). Numbers below a bound
by rejection. The discrete Laplace distribution by algorithms 1 and 2 of Canonne, Kamath and Steinke (2020), with
fractions.
"""

import hmac
from fractions import Fraction


class Stream:
    def __init__(self, key, column):
        self.key = hmac.digest(key, column.encode(), "sha256")
        self.blocks = 0
        self.numbers = []

    def number(self):
        if not self.numbers:
            block = hmac.digest(self.key, self.blocks.to_bytes(8, "big"), "sha256")
            self.blocks += 1
            self.numbers = [int.from_bytes(block[i : i + 8], "big") for i in range(0, 32, 8)]
        return self.numbers.pop(0)

    def below(self, bound):
        while True:
            number = self.number()
            if number < 2**64 - 2**64 % bound:
                return number % bound

    def exp_minus(self, part, whole):
        """True with probability exp(-part/whole), where part is no more than whole."""
        step = 1
        while self.below(whole * step) < part:
            step += 1
        return step % 2 == 1


def laplace(stream, scale):
    t, s = scale.numerator, scale.denominator
    while True:
        rest = stream.below(t)
        if not stream.exp_minus(rest, t):
            continue
        whole = 0
        while stream.exp_minus(1, 1):
            whole += 1
        magnitude = (rest + whole * t) // s
        negative = stream.number() & 1
        if negative and magnitude == 0:
            continue
        return -magnitude if negative else magnitude


if __name__ == "__main__":
    for text, digits in (("2.5", 0), ("0.1", 0), ("1000", 0), ("0.25", 1), ("123456.789", 2)):
        stream = Stream(bytes(range(32)), "patients")
        scale = Fraction(text) * 10**digits
        print(f'("{text}", {digits}, {[laplace(stream, scale) for _ in range(16)]}),')
