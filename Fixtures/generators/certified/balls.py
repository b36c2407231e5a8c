"""Balls: numbers with proven error bounds, and the doubles that they determine.

A ball is a midpoint and a radius (`flint.arb`, Arb [Johansson2017]); arithmetic with balls gives
balls that contain the result of the exact arithmetic. A value counts as proven when its radius is
at most 2^-70 of it and both ends of the ball are nearest to the same double: that double is then
the correctly rounded value, whatever the order of operations was.
"""

import math

from flint import arb, ctx

RELATIVE_BITS = 70
"""A proven value's radius is at most 2^-RELATIVE_BITS of its magnitude."""

ZERO_BITS = 400
"""A sum whose ball contains 0 and has a radius below 2^-ZERO_BITS is taken to be 0."""

HIGHEST_PRECISION = 1 << 17


class Unproven(Exception):
    """Some value is not determined by the precision in use."""


class Undecided(Exception):
    """The inputs lie on a border where the definition leaves the answer to rounding."""


TINY = arb(2) ** -1075
ALMOST_ZERO = arb(2) ** -ZERO_BITS
ZERO = arb(0)
ONE = arb(1)


def double_of(exact):
    """The double nearest to a ball of radius 0, ties to even, subnormal numbers included."""
    mantissa, exponent = exact.man_exp()
    mantissa, exponent = int(mantissa), int(exponent)
    length = mantissa.bit_length()
    if length == 0:
        return 0.0
    if -1022 < length + exponent < 1000:
        if length > 64:
            shift = length - 64
            kept = mantissa >> shift
            # A bit that stands for all that is cut off: the rounding below needs no more.
            if kept << shift != mantissa:
                kept |= 1
            return math.ldexp(kept, exponent + shift)
        return math.ldexp(mantissa, exponent)
    if length + exponent < -1080:
        return 0.0
    return mantissa / (1 << -exponent) if exponent < 0 else float(mantissa << exponent)


def proven_double(ball, sums):
    """The correctly rounded double of a value.

    sums: whether the value is a sum of terms that may cancel exactly. Such a value is 0 if its
    ball contains 0 and is smaller than 2^-400; any other has to be told from 0, or has to be
    below half of the smallest double.
    """
    if ball.is_exact():
        return double_of(ball)
    if ball.rel_accuracy_bits() >= RELATIVE_BITS:
        low, high = double_of(ball.lower()), double_of(ball.upper())
        if low == high:
            return low
    elif abs(ball) < TINY:
        return 0.0
    elif sums and ball.contains(0) and ball.rad() < ALMOST_ZERO:
        return 0.0
    raise Unproven()


def prove(compute, precision, sums):
    """The proven doubles of `compute()`, a dictionary name -> list of balls.

    The precision starts at the given number of bits and is doubled until every value is proven.
    Returns name -> list of doubles and the precision that was enough.
    """
    while precision <= HIGHEST_PRECISION:
        ctx.prec = precision
        try:
            balls = compute()
            return {
                name: [proven_double(ball, sums) for ball in values]
                for name, values in balls.items()
            }, precision
        except Unproven:
            precision *= 2
    raise Unproven(f"not proven with {HIGHEST_PRECISION} bits")
