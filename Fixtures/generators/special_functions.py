"""Records Fixtures/special-functions: Legendre and Wigner functions, Gauss-Legendre rules.

legendre: rows (m, theta, l); lambda_lm(theta) and lambda_{l+1,m}(theta), orthonormal, with the
Condon-Shortley phase, from the three-term recurrence with 60 digits; theta is the exact value of a
float64. Values below 1e-300 are left out.

legendre-dense: the same rows at the angles where the recurrence changes its form, every second degree
between 20 and 70 degrees and beside both poles, to l = 5000; degrees and orders drawn at random too.

three-j: rows (l1, l2, l3, m2, m3); Wigner's 3j symbols with m1 = -m2 - m3 and their neighbours of degree
l1 + 1, from Racah's sum in whole numbers, rounded once.

wigner: rows (m, n, beta, l); sqrt((2l+1)/4pi) d^l_mn(beta) and its neighbour of degree l + 1, from
Jacobi polynomials (mpmath sums their hypergeometric series, no recurrence) with 60 digits; beta is
the exact value of a float64. Pairs of values below 1e-300 are left out.

gauss-legendre: for each count n northern zeros theta_j of P_n(cos theta), with cos theta, sin theta
and the weights 2 / (dP_n/dtheta)^2, from Newton's iteration with 40 digits.
"""

import math

import mpmath as mp
import numpy as np

from recording import Recorder


def legendre_column(m, theta, lmax):
    x, s = mp.cos(mp.mpf(theta)), mp.sin(mp.mpf(theta))
    product = mp.mpf(1)
    for k in range(1, m + 1):
        product *= mp.mpf(2 * k + 1) / (2 * k)
    here = (-1) ** m * mp.sqrt(product / (4 * mp.pi)) * s**m
    below, epsilon, column = mp.mpf(0), mp.mpf(0), []
    for l in range(m, lmax + 1):
        column.append(here)
        above = mp.sqrt(mp.mpf((l + 1) ** 2 - m**2) / (4 * (l + 1) ** 2 - 1))
        below, here = here, (x * here - epsilon * below) / above
        epsilon = above
    return column


def legendre_rows():
    lmax = 4096
    orders = [0, 1, 2, 3, 10, 64, 333, 1000, 2048, 4000]
    thetas = [1e-8, 1e-4, 7e-4, 0.01, 0.1, 0.3, 0.7, 0.8, 1.2, math.pi / 2, 1.6, 2.5, 3.0, 3.1412]
    rows = []
    for m in orders:
        degrees = sorted({int(m + (lmax - 1 - m) * f**2) for f in np.linspace(0, 1, 14)})
        for theta in thetas:
            column = legendre_column(m, theta, lmax)
            for l in degrees:
                pair = column[l - m], column[l + 1 - m]
                if max(abs(v) for v in pair) > mp.mpf("1e-300"):
                    rows.append((m, theta, l, float(pair[0]), float(pair[1])))
    return rows


def dense_legendre_rows():
    lmax = 5000
    orders = [0, 1, 2, 5, 17, 60, 200, 555, 1200, 2300, 3600, 4900]
    border = math.acos(0.7)
    thetas = [math.radians(degrees) for degrees in range(20, 71, 2)]
    thetas += [border + d for d in (-0.02, -1e-3, -1e-9, 1e-9, 1e-3, 0.02)]
    thetas += [math.pi - border + d for d in (-1e-3, 1e-9, 0.05)]
    thetas += [1e-8, 1e-5, 1e-3, 0.03, math.pi - 1e-3, math.pi - 1e-8]
    random = np.random.default_rng(1)
    rows = []
    for theta in thetas:
        for m in orders:
            m = m if m < 60 else int(m + random.integers(-20, 21))
            column = legendre_column(m, theta, lmax)
            fractions = np.concatenate([[0, 1], random.uniform(0, 1, 12) ** 2])
            for l in sorted({int(m + (lmax - 1 - m) * f) for f in fractions}):
                pair = column[l - m], column[l + 1 - m]
                if max(abs(v) for v in pair) > mp.mpf("1e-300"):
                    rows.append((m, theta, l, float(pair[0]), float(pair[1])))
    return rows


def three_j(l1, l2, l3, m2, m3):
    """(l1 l2 l3; -m2-m3 m2 m3) from Racah's sum [DLMF, 34.2.4] with binomial coefficients."""
    m1 = -m2 - m3
    if l1 < max(abs(l2 - l3), abs(m1)) or l1 > l2 + l3:
        return mp.mpf(0)
    a, b, c = l1 + l2 - l3, l1 - l2 + l3, -l1 + l2 + l3
    total = 0
    for k in range(max(0, l1 - m1 - b, l2 + m2 - c), min(a, l1 - m1, l2 + m2) + 1):
        term = math.comb(a, k) * math.comb(b, l1 - m1 - k) * math.comb(c, l2 + m2 - k)
        total += -term if k % 2 else term
    f = math.factorial
    upper = 1
    for l, m in [(l1, m1), (l2, m2), (l3, m3)]:
        upper *= f(l + m) * f(l - m)
    lower = f(l1 + l2 + l3 + 1) * f(a) * f(b) * f(c)
    sign = -1 if (l1 - l2 - m3) % 2 else 1
    return sign * total * mp.sqrt(mp.mpf(upper) / mp.mpf(lower))


def three_j_rows():
    columns = [
        (0, 0, 0, 0), (1, 1, 0, 0), (1, 1, 1, -1), (2, 3, -1, 2), (10, 12, 3, -7), (10, 12, 0, 0),
        (40, 40, 2, -2), (40, 40, 40, -40), (40, 40, 40, 40), (60, 35, -20, 30), (100, 100, 0, 0),
        (100, 100, 2, -2), (100, 100, -99, 98), (200, 150, 17, 120), (200, 3, 150, -2),
        (333, 332, 0, 0), (333, 332, -300, 10), (500, 500, 250, -250), (500, 500, 499, -1),
        (500, 500, 500, 500), (700, 20, -600, 13), (1000, 1000, 0, 0), (1000, 1000, 2, -2),
        (1000, 900, 800, 700), (1000, 900, 800, -750), (1500, 1500, -3, 2),
    ]
    rows = []
    for l2, l3, m2, m3 in columns:
        first, last = max(abs(l2 - l3), abs(m2 + m3)), l2 + l3
        fractions = np.concatenate([np.linspace(0, 1, 9), [0.01, 0.03, 0.45, 0.97, 0.99]])
        for l1 in sorted({int(first + (last - first) * f) for f in fractions}):
            pair = three_j(l1, l2, l3, m2, m3), three_j(l1 + 1, l2, l3, m2, m3)
            if max(abs(v) for v in pair) > mp.mpf("1e-300"):
                rows.append((l1, l2, l3, m2, m3, float(pair[0]), float(pair[1])))
    return rows


def check_three_j():
    """Sum over l1 of (2 l1 + 1) w^2 is 1, and a closed form: (l l 0; m -m 0) up to its place."""
    for l2, l3, m2, m3 in [(3, 5, 1, -4), (40, 30, -7, 20)]:
        total = sum((2 * l1 + 1) * three_j(l1, l2, l3, m2, m3) ** 2 for l1 in range(l2 + l3 + 1))
        assert abs(total - 1) < mp.mpf("1e-50")
    assert abs(three_j(0, 7, 7, 3, -3) - 1 / mp.sqrt(15)) < mp.mpf("1e-50")


def wigner(l, m, n, beta):
    """sqrt((2l+1)/4pi) d^l_mn(beta) from Jacobi polynomials; d^1_10 = -sin(beta)/sqrt(2)."""
    mu, nu = abs(m - n), abs(m + n)
    k = l - max(abs(m), abs(n))
    beta = mp.mpf(beta)
    factorials = mp.factorial(k) * mp.factorial(k + mu + nu)
    factorials /= mp.factorial(k + mu) * mp.factorial(k + nu)
    sign = -1 if m > n and (m - n) % 2 == 1 else 1
    norm = sign * mp.sqrt((2 * l + 1) / (4 * mp.pi) * factorials)
    x = mp.cos(beta)
    # The series is about x = 1; from x = -1 it loses as many digits as mpmath then adds, slowly.
    polynomial = mp.jacobi(k, mu, nu, x) if x >= 0 else (-1) ** k * mp.jacobi(k, nu, mu, -x)
    return norm * mp.sin(beta / 2) ** mu * mp.cos(beta / 2) ** nu * polynomial


def wigner_rows():
    orders = [
        (0, 0), (0, 1), (1, 0), (1, 1), (1, -1), (2, 2), (2, -2), (-2, 2), (0, 2), (0, -2), (2, 0),
        (1, 2), (3, -2), (7, 2), (-7, 2), (64, 2), (64, -2), (500, 2), (-500, 2), (1500, -2),
        (8, 8), (8, -8), (3, 8), (40, -8), (700, 8), (2, 60), (-2, 333), (33, 100), (100, -33),
        (333, 332), (333, -332), (500, 700), (500, -700), (1000, 1000), (1000, -1000),
        (-1000, -999), (1800, 5), (5, 1800), (1800, 1200), (1800, -1200),
    ]
    angles = [
        1e-6, 1e-4, 0.003, 0.1, 0.44, 0.46, 0.79, 0.8, 1.0, math.pi / 2, 1.9, 2.34, 2.35, 2.69,
        3.0, 3.14, math.pi - 1e-6,
    ]
    rows = []
    for m, n in orders:
        first = max(abs(m), abs(n))
        lmax = 4096 if (m, n) in [(0, 2), (3, -2), (500, -700)] else 2048
        degrees = {int(first + (lmax - 1 - first) * f) for f in [0, 0.001, 0.03, 0.2, 0.5, 1]}
        for beta in angles:
            for l in sorted(degrees):
                pair = wigner(l, m, n, beta), wigner(l + 1, m, n, beta)
                if max(abs(v) for v in pair) > mp.mpf("1e-300"):
                    rows.append((m, n, beta, l, float(pair[0]), float(pair[1])))
    # The worst that a search over some 10^5 pairs, angles and degrees has found.
    for m, n, beta, l in [
        (0, 0, 3.0, 16), (14, 8, 2.36, 35), (8, -5, 0.8, 27), (7, -6, 3.0, 27), (4, 4, 0.1, 23),
        (10, 1, 0.1485197716678978, 316), (34, -20, 0.813582335743062, 83),
        (2, 0, 3.0887552558251183, 96), (11, 0, 2.7815168862739754, 54),
        (5, -1, 2.6094282110254716, 20), (8, -7, 0.9562468724815196, 20),
    ]:
        rows.append((m, n, beta, l, *(float(wigner(k, m, n, beta)) for k in (l, l + 1))))
    # The first degree of large orders is a high power: at many angles, since its error depends on
    # how the base happens to be rounded.
    random = np.random.default_rng(0)
    for m, n in [(1000, 1000), (1000, -1000), (2000, 1999), (-1200, 700)]:
        l = max(abs(m), abs(n))
        for beta in random.uniform(0.05, math.pi - 0.05, 60):
            value = wigner(l, m, n, beta)
            if abs(value) > mp.mpf("1e-300"):
                above = wigner(l + 1, m, n, beta)
                rows.append((m, n, float(beta), l, float(value), float(above)))
    return rows


def check_wigner():
    """The symmetry that `wigner` uses for x < 0 against the series itself."""
    for l, m, n in [(3, 1, 2), (4, -3, 2), (60, 7, -5), (90, 33, 20)]:
        k = l - max(abs(m), abs(n))
        for x in [mp.mpf(-0.3), mp.mpf(-0.95)]:
            one, other = mp.jacobi(k, abs(m - n), abs(m + n), x), mp.jacobi(
                k, abs(m + n), abs(m - n), -x)
            assert abs(one - (-1) ** k * other) < mp.mpf("1e-40") * abs(one)


def value_and_slope(n, theta):
    x, s = mp.cos(theta), mp.sin(theta)
    below, here = mp.mpf(1), x
    for k in range(1, n):
        below, here = here, ((2 * k + 1) * x * here - k * below) / (k + 1)
    return here, -n * (below - x * here) / s


def gauss_rows():
    rows = []
    for n, indices in [
        (1, [0]), (2, [0]), (3, [0, 1]), (5, range(3)), (16, range(8)), (33, range(17)),
        (48, range(24)), (129, range(0, 65, 4)), (512, range(0, 256, 15)),
        (2048, [0, 1, 2, 10, 300, 700, 1022, 1023]), (4097, [0, 1, 5, 100, 1000, 2000, 2047]),
    ]:
        for j in indices:
            guess = (j + 0.75) * math.pi / (n + 0.5)
            theta = mp.mpf(guess + 1 / (8 * (n + 0.5) ** 2 * math.tan(guess)))
            for _ in range(6):
                value, slope = value_and_slope(n, theta)
                theta -= value / slope
            slope = value_and_slope(n, theta)[1]
            rows.append((n, j, theta, mp.cos(theta), mp.sin(theta), 2 / slope**2))
    return rows


def main():
    recorder = Recorder(
        "special-functions", __file__, ["mpmath", "numpy"], ["LegendreFixtureTests"], __doc__)
    conventions = "theta colatitude, radians; orthonormal, Condon-Shortley phase"
    mp.mp.dps = 60
    for name, rows in [("legendre", legendre_rows()), ("legendre-dense", dense_legendre_rows())]:
        recorder.save(
            name,
            {
                "m": np.array([r[0] for r in rows], np.int64),
                "theta": np.array([r[1] for r in rows]),
                "l": np.array([r[2] for r in rows], np.int64),
                "value": np.array([r[3] for r in rows]),
                "value_above": np.array([r[4] for r in rows]),
            },
            {}, seed=0 if name == "legendre" else 1, conventions=conventions,
            tolerance="4 (l + 1) u sqrt(lambda_l^2 + lambda_{l+1}^2)")
    check_three_j()
    rows = three_j_rows()
    names = ["l1", "l2", "l3", "m2", "m3"]
    tensors = {k: np.array([r[i] for r in rows], np.int64) for i, k in enumerate(names)}
    tensors["value"] = np.array([r[5] for r in rows])
    tensors["value_above"] = np.array([r[6] for r in rows])
    recorder.save(
        "three-j", tensors, {}, seed=0, conventions="m1 = -m2 - m3; Condon-Shortley phase",
        tolerance="(l2 + l3 + 10) u sqrt(w_l^2 + w_{l+1}^2)", used_by=["WignerThreeJFixtureTests"])
    check_wigner()
    rows = wigner_rows()
    recorder.save(
        "wigner",
        {
            "m": np.array([r[0] for r in rows], np.int64),
            "n": np.array([r[1] for r in rows], np.int64),
            "beta": np.array([r[2] for r in rows]),
            "l": np.array([r[3] for r in rows], np.int64),
            "value": np.array([r[4] for r in rows]),
            "value_above": np.array([r[5] for r in rows]),
        },
        {}, seed=0,
        conventions="d^l_mn = <lm| exp(-i beta J_y) |ln>, times sqrt((2l+1)/4pi); radians",
        tolerance="3 (l + 5) u sqrt(delta_l^2 + delta_{l+1}^2)", used_by=["WignerFixtureTests"])
    mp.mp.dps = 40
    rows = gauss_rows()
    names = ["theta", "cos_theta", "sin_theta", "weight"]
    tensors = {k: np.array([float(r[i + 2]) for r in rows]) for i, k in enumerate(names)}
    tensors["count"] = np.array([r[0] for r in rows], np.int64)
    tensors["index"] = np.array([r[1] for r in rows], np.int64)
    recorder.save(
        "gauss-legendre", tensors, {}, seed=0,
        conventions="nodes from north to south; weights sum to 2",
        tolerance="angles (4 + sqrt(n)/4) u, weights 8 sqrt(n) u",
        used_by=["QuadratureOracleTests"])


if __name__ == "__main__":
    main()
