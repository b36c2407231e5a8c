"""Records Fixtures/special-functions: Legendre functions and Gauss-Legendre rules to many digits.

legendre: rows (m, theta, l); lambda_lm(theta) and lambda_{l+1,m}(theta), orthonormal, with the
Condon-Shortley phase, from the three-term recurrence with 60 digits; theta is the exact value of a
float64. Values below 1e-300 are left out.

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
    rows = legendre_rows()
    recorder.save(
        "legendre",
        {
            "m": np.array([r[0] for r in rows], np.int64),
            "theta": np.array([r[1] for r in rows]),
            "l": np.array([r[2] for r in rows], np.int64),
            "value": np.array([r[3] for r in rows]),
            "value_above": np.array([r[4] for r in rows]),
        },
        {}, seed=0, conventions=conventions,
        tolerance="4 (l + 1) u sqrt(lambda_l^2 + lambda_{l+1}^2)")
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
