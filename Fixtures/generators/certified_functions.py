"""Records Fixtures/certified: values of special functions that are proven and correctly rounded.

All tables come from ball arithmetic (Arb, by python-flint; `certified/balls.py`): every number is
the double nearest to the exact value at the exact value of the double that is its angle.

legendre: rows (m, theta, l); lambda_lm(theta), l to 32,768, and its envelope.

wigner: rows (m, n, beta, l); sqrt((2l+1)/4pi) d^l_mn(beta), l to 8,192, and its envelope.

spin: rows (s, m, theta, l); lambda of {}_sY_lm, s = 1, 2, 3, l to 4,096, and its envelope.

three-j: rows (l1, l2, l3, m2, m3); Wigner's 3j symbols with m1 = -m2 - m3; the envelope is the
root of the sum of the squares of the symbol and of its larger neighbour in l1.

nodes: for every rule rows (count, index): theta and the weight, for Gauss-Legendre cos(theta) too.

The envelope (tensor `envelope`) is what an error is compared with where the function itself is
near a zero; `certified/tall_columns.py` defines it. Rows whose envelope is below 1e-290 are left
out. Angles: both poles as doubles and beside them, the doubles nearest to multiples of pi/4 and
their neighbours, rings of HEALPix at nside 1, 2, 4, 32, 1024 and 8192, the angles at which
recurrences change their form, and random ones.
"""

import math
import pathlib
import sys

import numpy as np
from flint import ctx

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "certified"))

import functions
import healpix
from balls import prove
from recording import Recorder
from tall_columns import tall_column

SMALLEST_ENVELOPE = 1e-290


def special_angles():
    """Poles, multiples of pi/4, borders of methods and rings of HEALPix, as doubles."""
    angles = [0.0, math.pi, 1e-12, 1e-8, 1e-5, 1e-3, 0.01, 0.05]
    angles += [math.pi - x for x in (1e-12, 1e-8, 1e-5, 1e-3, 0.01)]
    for k in (1, 2, 3):
        angle = k * math.pi / 4
        angles += [angle, math.nextafter(angle, 0), math.nextafter(angle, 4)]
    border = math.acos(0.7)
    angles += [border - 1e-9, border + 1e-9, math.pi - border + 1e-9]
    ctx.prec = 200
    for nside, rings in [
        (1, (1, 2, 3)), (2, range(1, 8)), (4, range(1, 16)), (32, range(1, 128, 7)),
        (1024, (1, 2, 3, 100, 1023, 1024, 1025, 2047, 3072, 3500, 4094, 4095)),
        (8192, (1, 2, 8191, 8192, 16383, 16384, 24577, 32767)),
    ]:
        angles += [float(healpix.ring_theta(nside, i, ctx.prec).mid()) for i in rings]
    return list(dict.fromkeys(angles))


def degrees_of(first, lmax, count, random):
    """Degrees from `first` to lmax: both ends, and between them more of the lower ones."""
    fractions = np.concatenate([[0, 1], random.uniform(0, 1, count) ** 2])
    return sorted({int(round(first + (lmax - first) * f)) for f in fractions})


def column_rows(m, n, angle, degrees, prefix, sign=1.0):
    """Rows of one column above the smallest envelope."""
    rows = []
    for l, (value, envelope) in zip(degrees, tall_column(m, n, angle, degrees)):
        if envelope > SMALLEST_ENVELOPE or (envelope == 0 and angle == 0):
            rows.append((*prefix, angle, l, sign * value + 0.0, envelope))
    return rows


def legendre_rows():
    random = np.random.default_rng(1)
    special, rows = special_angles(), []
    uniform = sorted(random.uniform(0, math.pi, 120))
    for lmax, angles, choices, each, count in [
        (64, special + uniform, [0, 1, 2, 3, 5, 11, 30, 63, 64], 3, 4),
        (1024, special + uniform, [0, 1, 2, 7, 50, 300, 700, 1000], 3, 5),
        (4096, special + uniform[::2], [0, 1, 3, 30, 500, 1500, 4000], 2, 6),
        (32768, special[::3] + uniform[::6], [0, 1, 2, 100, 5000, 20000, 32000], 3, 8),
    ]:
        for i, angle in enumerate(angles):
            chosen = [choices[(i * each + j) % len(choices)] for j in range(each)]
            for m in sorted({0, *chosen} if lmax > 4096 and i % 3 == 0 else set(chosen)):
                rows += column_rows(m, 0, angle, degrees_of(m, lmax, count, random), (m,))
    return rows


def wigner_rows():
    random = np.random.default_rng(2)
    special, rows = special_angles(), []
    uniform = sorted(random.uniform(0, math.pi, 60))
    small = [(0, 0), (1, 0), (1, 1), (1, -1), (2, -2), (5, 3), (-7, 4), (20, 20), (20, -19),
             (0, 33)]
    large = [(0, 2), (3, -2), (64, 60), (-333, 200), (700, 5), (500, -500)]
    tallest = [(0, 0), (2, 2), (1, -3), (40, -1000), (2500, 2400), (5000, -300), (8000, 10)]
    for lmax, angles, pairs, each, count in [
        (64, special + uniform, small, 2, 4),
        (1024, special + uniform, large, 2, 5),
        (8192, special[::2] + uniform[::3], tallest, 3, 6),
    ]:
        for i, angle in enumerate(angles):
            for j in range(each):
                m, n = pairs[(i * each + j) % len(pairs)]
                degrees = degrees_of(max(abs(m), abs(n)), lmax, count, random)
                rows += column_rows(m, n, angle, degrees, (m, n))
    return rows


def spin_rows():
    random = np.random.default_rng(3)
    special, rows = special_angles(), []
    for lmax, angles, orders in [
        (64, special, [-3, -2, -1, 0, 1, 2, 3, 10, -40]),
        (4096, special[::2], [0, 1, -2, 30, -600, 2500]),
    ]:
        for i, angle in enumerate(angles):
            for s in (1, 2, 3):
                m = orders[(i + s * i // 9 + s) % len(orders)]
                degrees = degrees_of(max(abs(m), s), lmax, 4, random)
                rows += column_rows(m, -s, angle, degrees, (s, m), -1.0 if s % 2 else 1.0)
    return rows


def three_j_rows():
    random = np.random.default_rng(4)
    columns = [
        (0, 0, 0, 0), (1, 1, 0, 0), (2, 2, 1, -1), (3, 5, -2, 4), (10, 10, 0, 0), (20, 13, 5, -5),
        (50, 50, 50, -50), (60, 40, -33, 20), (100, 100, 0, 0), (100, 80, 1, -2), (150, 2, 0, 0),
        (200, 3, -100, 2), (200, 200, 150, -149), (256, 255, 0, 1), (300, 250, 10, 200),
        (300, 300, 0, 0), (400, 300, -399, 1), (400, 400, 2, -2),
    ]
    rows = []
    for l2, l3, m2, m3 in columns:
        first = max(abs(l2 - l3), abs(m2 + m3))
        chosen = {first, first + 1, l2 + l3} | {
            int(l) for l in random.integers(first, l2 + l3 + 1, 14)}
        for l1 in sorted(l for l in chosen if l <= l2 + l3):

            def compute():
                near = [functions.three_j(l, l2, l3, m2, m3) for l in (l1 - 1, l1, l1 + 1)]
                larger = max(abs(near[0]), abs(near[2]), key=lambda ball: float(ball.mid()))
                return {"rows": [near[1], (near[1] ** 2 + larger ** 2).sqrt()]}

            value, envelope = prove(compute, 192, sums=False)[0]["rows"]
            if envelope > SMALLEST_ENVELOPE:
                rows.append((l1, l2, l3, m2, m3, value, envelope))
    return rows


def node_tensors():
    """count, index, theta, weight (and cos_theta) of chosen nodes of every rule."""
    tensors = {}
    counts = [1, 2, 3, 4, 8, 16, 33, 48, 128, 500, 1000, 2048, 4097]
    rules = ["gauss_legendre", "clenshaw_curtis", "fejer1", "fejer2", "driscoll_healy",
             "mcewen_wiaux"]
    for rule in rules:
        rows = []
        for count in counts:
            if rule == "driscoll_healy":
                count += count % 2
            if rule == "clenshaw_curtis" and count == 1:
                continue
            chosen = range(count) if count < 17 else sorted({
                0, 1, 2, 5, count // 7, count // 3, count // 2 - 1, count // 2, count // 2 + 1,
                2 * count // 3, count - 3, count - 2, count - 1})

            def compute():
                if rule == "gauss_legendre":
                    theta, cosines, weights = functions.gauss_legendre(count, chosen)
                    return {"theta": theta, "cos_theta": cosines, "weight": weights}
                theta, weights = functions.equiangular(rule, count, chosen)
                return {"theta": theta, "weight": weights}

            values = prove(compute, 192, sums=False)[0]
            for i, j in enumerate(chosen):
                rows.append((count, j, *(values[name][i] for name in values)))
        names = ["count", "index", *values]
        for place, name in enumerate(names):
            kind = np.int64 if place < 2 else np.float64
            tensors[f"{rule}.{name}"] = np.array([row[place] for row in rows], kind)
    return tensors


def table(rows, names):
    """Tensors of rows: whole numbers where the name is not that of an angle or a value."""
    floating = {"theta", "beta", "value", "envelope"}
    return {
        name: np.array([row[i] for row in rows], np.float64 if name in floating else np.int64)
        for i, name in enumerate(names)
    }


def main():
    recorder = Recorder(
        "certified", __file__, ["python-flint", "numpy"], ["CertifiedFunctionTests"], __doc__)
    rounded = "correctly rounded; errors are in units in the last place of the envelope"
    spherical = "theta colatitude, radians; orthonormal, Condon-Shortley phase"
    recorder.save(
        "legendre", table(legendre_rows(), ["m", "theta", "l", "value", "envelope"]), {}, seed=1,
        conventions=spherical, tolerance=rounded)
    recorder.save(
        "wigner", table(wigner_rows(), ["m", "n", "beta", "l", "value", "envelope"]), {}, seed=2,
        conventions="d^l_mn = <lm| exp(-i beta J_y) |ln>, times sqrt((2l+1)/4pi); radians",
        tolerance=rounded)
    recorder.save(
        "spin", table(spin_rows(), ["s", "m", "theta", "l", "value", "envelope"]), {}, seed=3,
        conventions="(-1)^s sqrt((2l+1)/4pi) d^l_{m,-s}(theta); radians", tolerance=rounded)
    recorder.save(
        "three-j", table(three_j_rows(), ["l1", "l2", "l3", "m2", "m3", "value", "envelope"]), {},
        seed=4, conventions="m1 = -m2 - m3; Condon-Shortley phase", tolerance=rounded)
    recorder.save(
        "nodes", node_tensors(), {}, seed=1,
        conventions="nodes from north to south; weights sum to 2", tolerance="correctly rounded")


if __name__ == "__main__":
    main()
