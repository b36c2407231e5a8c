"""Columns of Wigner functions up to degrees of tens of thousands, at chosen degrees.

Ball arithmetic adds the magnitudes of all terms of a recurrence, so that its proof loses up to
1.3 bits per degree although the numbers lose next to none. Columns therefore begin with as many
bits as they will lose, and drop bits on the way. Near the poles the recurrence runs on
differences of R_k = P_k(x)/P_k(1), which change by 1 - x only: the proof then loses some
theta/log(2) bits per degree.
"""

import math

from flint import arb, ctx

from balls import ONE, ZERO, Unproven, proven_double

FINAL_BITS = 192
STEPS_PER_PRECISION = 32


def tall_column(m, n, radians, degrees):
    """sqrt((2l + 1)/(4 pi)) d^l_mn and its envelope, at the given degrees l >= max(|m|, |n|).

    Returns a list of pairs of proven doubles. The envelope E of a value f is a scale for errors
    that does not vanish where f does:

        E^2 = f^2 + f'^2/(l (l + 1) + (m^2 + n^2 - 2 m n cos)/sin^2),

    f' the derivative by the angle. Where f oscillates E is its amplitude, up to a slowly varying
    factor below 1; where it decays, towards the poles, E is between |f| and sqrt(2) |f|.
    """
    # P_k^(a,b)(x) = (-1)^k P_k^(b,a)(-x): the northern half is enough.
    mirrored = radians > math.pi / 2
    a, b, first = abs(m - n), abs(m + n), max(abs(m), abs(n))
    if mirrored:
        a, b = b, a
    last = max(degrees) - first
    plain, differences = bits_lost(a, b, last, math.pi - radians if mirrored else radians)
    lost = min(plain, differences)
    while True:
        try:
            polynomials = jacobi_polynomials(
                a, b, radians, mirrored, last, {l - first for l in degrees},
                FINAL_BITS + int(lost), differences < plain)
            return rows_of(m, n, radians, degrees, polynomials)
        except Unproven:
            lost = 1.5 * lost + 64
            if lost > 1 << 20:
                raise


def bits_lost(a, b, last, angle):
    """Estimates of the bits that the plain and the difference form lose in `last` degrees."""
    x = math.cos(angle)
    plain = last * math.log2(x + math.sqrt(x * x + 1))
    y = 2 * math.sin(angle / 2) ** 2
    growth = last * math.log2(1 + y + math.sqrt(2 * y + y * y))
    if angle <= 0:
        return plain, growth
    # R_k falls from 1 to about this, since d itself stays below 1.
    log = math.lgamma
    fall = (a * math.log(math.sin(angle / 2)) + b * math.log(math.cos(angle / 2))
            + (log(last + 1) + log(last + a + b + 1) - log(last + a + 1) - log(last + b + 1)) / 2
            + log(last + a + 1) - log(a + 1) - log(last + 1)) / math.log(2)
    return plain, growth + max(fall, 0)


def jacobi_polynomials(a, b, radians, mirrored, last, wanted, first_bits, by_differences):
    """P_k^(a,b)(cos) for the wanted k and those before them [DLMF, 18.9.2]; k -> ball.

    mirrored: the angle is pi - radians, and the sign is that of P_k^(b,a)(cos(radians)).
    """
    wanted = wanted | {k - 1 for k in wanted}
    ctx.prec = first_bits
    half = (arb.pi() - arb(radians)) / 2 if mirrored else arb(radians) / 2
    y = 2 * half.sin() ** 2
    x = 1 - y
    below, here, difference = ZERO, ONE, ZERO
    found = {0: ONE}
    for k in range(1, last + 1):
        s = 2 * k + a + b
        if k % STEPS_PER_PRECISION == 2:
            ctx.prec = FINAL_BITS + (first_bits - FINAL_BITS) * (last - k) // last
            x, y = +x, +y
        if by_differences:
            if k == 1:
                difference = -y * s / (2 * (a + 1))
            else:
                kept = difference * (2 * (k - 1) * (k + b - 1) * s)
                change = y * ((s - 1) * s * (s - 2)) * here
                difference = (kept - change) / (2 * (k + a + b) * (s - 2) * (k + a))
            here = here + difference
        elif k == 1:
            below, here = here, (a + 1) - y * s / 2
        else:
            slope = x * ((s - 1) * s * (s - 2))
            if a != b:
                slope += (s - 1) * (a * a - b * b)
            value = slope * here - below * (2 * (k + a - 1) * (k + b - 1) * s)
            below, here = here, value / (2 * k * (k + a + b) * (s - 2))
        if k in wanted:
            found[k] = here
    ctx.prec = FINAL_BITS + 64
    for k in found:
        if by_differences:
            found[k] *= arb.fac_ui(k + a) / (arb.fac_ui(k) * arb.fac_ui(a))
        if mirrored and k % 2:
            found[k] = -found[k]
    return found


def rows_of(m, n, radians, degrees, polynomials):
    """The values and envelopes of `tall_column` from the polynomials."""
    a, b, first = abs(m - n), abs(m + n), max(abs(m), abs(n))
    half_sine, half_cosine = (arb(radians) / 2).sin_cos()
    sine, cosine = arb(radians).sin_cos()
    factor = (half_sine ** a if a else ONE) * (half_cosine ** b if b else ONE)
    if n < m and (m - n) % 2:
        factor = -factor

    def value(l):
        k = l - first
        if k < 0:
            return ZERO
        square = (arb.fac_ui(k) * arb.fac_ui(k + a + b) / (arb.fac_ui(k + a) * arb.fac_ui(k + b))
                  * (2 * l + 1) / (4 * arb.pi()))
        return factor * square.sqrt() * polynomials[k]

    def envelope(l, f):
        if l == 0 or sine.is_zero():
            return abs(f)
        # sin f' = (l cos - m n/l) f_l - sqrt((l^2 - m^2)(l^2 - n^2)(2l + 1)/(2l - 1))/l f_{l-1}
        back = arb((l * l - m * m) * (l * l - n * n) * (2 * l + 1)) / (2 * l - 1)
        slope = (l * cosine - arb(m * n) / l) * f - back.sqrt() / l * value(l - 1)
        size = l * (l + 1) * sine * sine + m * m + n * n - 2 * m * n * cosine
        return (f * f + slope * slope / size).sqrt()

    rows = []
    for l in degrees:
        f = value(l)
        rows.append((proven_double(f, False), proven_double(envelope(l, f), False)))
    return rows
