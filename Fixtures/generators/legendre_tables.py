"""Legendre functions and quadrature rules with 40 digits, rounded once to float64.

lambda_lm(theta) = (-1)^m sqrt((2l+1)/(4 pi) (l-m)!/(l+m)!) P_lm(cos theta), orthonormal with the
Condon-Shortley phase: lambda_11 = -sqrt(3/(8 pi)) sin(theta).
"""

import mpmath
import numpy as np

DIGITS = 40


def gauss_legendre_nodes(count):
    """Colatitudes (ascending) and weights in cos(theta) (sum 2) of Gauss-Legendre rings, as mpf."""
    with mpmath.workdps(DIGITS):
        colatitudes, weights = [], []
        for k in range(1, count + 1):
            x = mpmath.cos(mpmath.pi * (k - mpmath.mpf(1) / 4) / (count + mpmath.mpf(1) / 2))
            for _ in range(8):
                value, derivative = legendre_and_derivative(count, x)
                x -= value / derivative
            _, derivative = legendre_and_derivative(count, x)
            colatitudes.append(mpmath.acos(x))
            weights.append(2 / ((1 - x * x) * derivative**2))
        return colatitudes, weights


def legendre_and_derivative(degree, x):
    """P_n(x) and P_n'(x) for n >= 1 and |x| < 1, by the three-term recurrence."""
    previous, value = mpmath.mpf(1), x
    for n in range(2, degree + 1):
        previous, value = value, ((2 * n - 1) * x * value - (n - 1) * previous) / n
    return value, degree * (previous - x * value) / (1 - x * x)


def clenshaw_curtis_nodes(count):
    """Colatitudes pi j/(count - 1), both poles included, and weights (sum 2), as mpf."""
    with mpmath.workdps(DIGITS):
        n = count - 1
        colatitudes = [mpmath.pi * j / n for j in range(count)]
        weights = []
        for theta in colatitudes:
            total = mpmath.mpf(1)
            for k in range(1, n // 2 + 1):
                b = 1 if 2 * k == n else 2
                total -= b * mpmath.cos(2 * k * theta) / (4 * k * k - 1)
            weights.append(2 * total / n)
        weights[0] /= 2
        weights[-1] /= 2
        return colatitudes, weights


def legendre_functions(lmax, mmax, colatitudes):
    """lambda_lm as float64 [mmax + 1, lmax + 1, rings]; zero for l < m."""
    table = np.zeros((mmax + 1, lmax + 1, len(colatitudes)))
    with mpmath.workdps(DIGITS):
        for j, theta in enumerate(colatitudes):
            x, s = mpmath.cos(theta), mpmath.sin(theta)
            diagonal = 1 / mpmath.sqrt(4 * mpmath.pi)
            for m in range(min(mmax, lmax) + 1):
                if m > 0:
                    diagonal *= -s * mpmath.sqrt(mpmath.mpf(2 * m + 1) / (2 * m))
                before, value = mpmath.mpf(0), diagonal
                table[m, m, j] = value
                for l in range(m + 1, lmax + 1):
                    a = mpmath.sqrt(mpmath.mpf(4 * l * l - 1) / (l * l - m * m))
                    b = mpmath.sqrt(
                        mpmath.mpf((2 * l + 1) * ((l - 1) ** 2 - m * m))
                        / ((2 * l - 3) * (l * l - m * m))) if l > m + 1 else mpmath.mpf(0)
                    before, value = value, a * x * value - b * before
                    table[m, l, j] = value
    return table


def rounded(numbers):
    """mpf values as a float64 array."""
    return np.array([float(number) for number in numbers])
