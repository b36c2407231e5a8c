"""Special functions on balls, from their formulas: Wigner d, Legendre and spin harmonics, 3j.

d^l_mn(beta) = <l m| exp(-i beta J_y) |l n> is a Jacobi polynomial,

    d^l_mn = xi sqrt(k! (k + a + b)! / ((k + a)! (k + b)!))
             sin(beta/2)^a cos(beta/2)^b P_k^(a,b)(cos beta),

a = |m - n|, b = |m + n|, k = l - max(|m|, |n|), xi = 1 for n >= m and (-1)^(m - n) otherwise
[Varshalovich, Moskalev and Khersonskii, 4.3.4]; the polynomials follow from their three-term
recurrence in k [DLMF, 18.9.2]. Everything else here is this function times simple factors.
"""

import functools

from flint import arb, ctx, fmpq, fmpz

from balls import ONE, ZERO

INFINITE_DEGREE = 1 << 60


class Angle:
    """The exact value of a double as an angle: cosine, and sine and cosine of its half."""

    def __init__(self, radians):
        half = arb(float(radians)) / 2
        self.radians = float(radians)
        self.half_sine, self.half_cosine = half.sin_cos()
        self.sine, self.cosine = arb(float(radians)).sin_cos()


@functools.lru_cache(maxsize=None)
def first_factor(m, n, harmonic, precision):
    """xi times the root of (a + b)!/(a! b!), and of (2l + 1)/(4 pi) if asked for."""
    a, b, l = abs(m - n), abs(m + n), max(abs(m), abs(n))
    square = arb(fmpz.bin_uiui(a + b, a))
    if harmonic:
        square = square * (2 * l + 1) / (4 * arb.pi())
    return square.sqrt() if n >= m or (m - n) % 2 == 0 else -square.sqrt()


@functools.lru_cache(maxsize=None)
def recurrence_factors(a, b, count, harmonic, precision):
    """Lists A, B, C with f_k = (A_k cos + B_k) f_{k-1} - C_k f_{k-2}, f the normalised d.

    B is None where a b = 0 makes it vanish, that is if m n = 0.
    """
    degree = (a + b) // 2

    def ratio(k):
        """Square of the norm of degree k over that of degree k - 1."""
        square = fmpq(k * (k + a + b), (k + a) * (k + b))
        l = degree + k
        return square * fmpq(2 * l + 1, 2 * l - 1) if harmonic else square

    slopes, offsets, backward = [ZERO], [ZERO], [ZERO]
    for k in range(1, count):
        norm = arb(ratio(k)).sqrt()
        if k == 1:
            # P_1 = (a + 1) + (a + b + 2)(x - 1)/2
            slopes.append(norm * (a + b + 2) / 2)
            offsets.append(norm * (a - b) / 2)
            backward.append(ZERO)
            continue
        s = 2 * k + a + b
        below = 2 * k * (k + a + b) * (s - 2)
        slopes.append(norm * fmpq((s - 1) * s * (s - 2), below))
        offsets.append(norm * fmpq((s - 1) * (a * a - b * b), below))
        two = arb(ratio(k) * ratio(k - 1)).sqrt()
        backward.append(two * fmpq(2 * (k + a - 1) * (k + b - 1) * s, below))
    return slopes, offsets if a != b else None, backward


def wigner_column(m, n, angle, lmax, harmonic=False):
    """d^l_mn for l = max(|m|, |n|)...lmax, times sqrt((2l + 1)/(4 pi)) if `harmonic`."""
    a, b, first = abs(m - n), abs(m + n), max(abs(m), abs(n))
    count = lmax - first + 1
    if count <= 0:
        return []
    column = [power(angle.half_sine, a) * power(angle.half_cosine, b)
              * first_factor(m, n, harmonic, ctx.prec)]
    slopes, offsets, backward = recurrence_factors(a, b, count, harmonic, ctx.prec)
    x = angle.cosine
    for k in range(1, count):
        slope = slopes[k] * x
        if offsets is not None:
            slope += offsets[k]
        value = slope * column[-1]
        if k > 1:
            value -= backward[k] * column[-2]
        column.append(value)
    return column


def wigner_derivative_column(m, n, angle, lmax, harmonic=False):
    """The derivative by the angle of `wigner_column`, for the same degrees.

    The derivative is -i J_y from the right: half of sqrt((l + n)(l - n + 1)) d_{m,n-1} minus
    sqrt((l - n)(l + n + 1)) d_{m,n+1}. Valid at the poles too.
    """
    first = max(abs(m), abs(n))
    lower = wigner_column(m, n - 1, angle, lmax, harmonic)
    upper = wigner_column(m, n + 1, angle, lmax, harmonic)
    lower_first, upper_first = max(abs(m), abs(n - 1)), max(abs(m), abs(n + 1))
    column = []
    for l in range(first, lmax + 1):
        value = ZERO
        if l >= lower_first:
            value += integer_root((l + n) * (l - n + 1), ctx.prec) * lower[l - lower_first]
        if l >= upper_first:
            value -= integer_root((l - n) * (l + n + 1), ctx.prec) * upper[l - upper_first]
        column.append(value / 2)
    return column


def spin_column(spin, m, angle, lmax, derivative=False):
    """lambda of {}_sY_lm for l = max(|m|, s)...lmax; spin 0 gives lambda_lm."""
    make = wigner_derivative_column if derivative else wigner_column
    column = make(m, -spin, angle, lmax, True)
    return [-value for value in column] if spin % 2 else column


@functools.lru_cache(maxsize=None)
def integer_root(square, precision):
    """The square root of a whole number."""
    return arb(square).sqrt()


def power(base, exponent):
    """base^exponent for a whole exponent; 1 for exponent 0."""
    return ONE if exponent == 0 else base ** exponent


def turn(numerator, denominator):
    """Sine and cosine of pi numerator/denominator, exact where they are rational."""
    return arb.sin_cos_pi_fmpq(fmpq(numerator, denominator))


@functools.lru_cache(maxsize=None)
def circle(count, precision):
    """Cosines and sines of 2 pi j/count, j = 0...count - 1."""
    pairs = [turn(2 * j, count) for j in range(count)]
    return [cosine for _, cosine in pairs], [sine for sine, _ in pairs]


# 3j symbols

@functools.lru_cache(maxsize=None)
def factorial(n):
    """n! as a whole number."""
    return fmpz.fac_ui(n)


def three_j(l1, l2, l3, m2, m3):
    """(l1 l2 l3; -m2-m3 m2 m3) from Racah's sum over whole numbers [DLMF, 34.2.4]."""
    m1 = -m2 - m3
    if abs(m1) > l1 or abs(m2) > l2 or abs(m3) > l3 or not abs(l2 - l3) <= l1 <= l2 + l3:
        return ZERO
    alpha, beta, gamma = l1 + l2 - l3, l1 - l2 + l3, -l1 + l2 + l3
    total = fmpz(0)
    for t in range(max(0, l1 - m1 - beta, l2 + m2 - gamma), min(alpha, l1 - m1, l2 + m2) + 1):
        term = (fmpz.bin_uiui(alpha, t) * fmpz.bin_uiui(beta, l1 - m1 - t)
                * fmpz.bin_uiui(gamma, l2 + m2 - t))
        total += -term if t % 2 else term
    if total == 0:
        return ZERO
    above = fmpz(1)
    for l, m in [(l1, m1), (l2, m2), (l3, m3)]:
        above *= factorial(l + m) * factorial(l - m)
    below = factorial(alpha) * factorial(beta) * factorial(gamma) * factorial(l1 + l2 + l3 + 1)
    value = (arb(above) / arb(below)).sqrt() * arb(total)
    return -value if (l1 - l2 - m3) % 2 else value


def three_j_row(l2, l3, m2, m3):
    """The symbols for l1 = max(|l2 - l3|, |m2 + m3|)...l2 + l3."""
    first = max(abs(l2 - l3), abs(m2 + m3))
    return [three_j(l1, l2, l3, m2, m3) for l1 in range(first, l2 + l3 + 1)]


def three_j_square(l1, l2, l3):
    """(l1 l2 l3; 0 0 0)^2, a rational number [DLMF, 34.3.5]."""
    total = l1 + l2 + l3
    if total % 2 or not abs(l1 - l2) <= l3 <= l1 + l2:
        return fmpq(0)
    half = total // 2
    root = fmpq(factorial(half),
                factorial(half - l1) * factorial(half - l2) * factorial(half - l3))
    numerator = factorial(total - 2 * l1) * factorial(total - 2 * l2) * factorial(total - 2 * l3)
    return fmpq(numerator, factorial(total + 1)) * root * root


# Nodes and weights

def gauss_legendre(count, chosen=None):
    """theta, cos(theta) and weights, from north to south; chosen: numbers of nodes, or all."""
    theta, cosines, weights = [], [], []
    for j in range(count) if chosen is None else chosen:
        root, weight = arb.legendre_p_root(count, j, weight=True)
        if 2 * j + 1 == count:
            root = ZERO
        theta.append(root.acos())
        cosines.append(root)
        weights.append(weight)
    return theta, cosines, weights


def angle_fraction(rule, count, j):
    """theta_j/pi of an equiangular rule, as numerator and denominator."""
    return {
        "clenshaw_curtis": (j, max(count - 1, 1)),
        "fejer1": (2 * j + 1, 2 * count),
        "fejer2": (j + 1, count + 1),
        "driscoll_healy": (j, count),
        "mcewen_wiaux": (2 * j + 1, 2 * count - 1),
    }[rule]


def equiangular_weight(rule, count, j):
    """The weight of node j: cosines up to the number of nodes are integrated exactly.

    With f = sum_k c_k cos(k theta), the integral is sum_k c_k I_k, I_k = 2/(1 - k^2) for even k
    and 0 for odd; c_k are sums over the nodes by the orthogonality of cosines (sines for the
    rules without poles whose nodes are j pi/n).
    """
    numerator, denominator = angle_fraction(rule, count, j)

    def cosine(k):
        return arb.cos_pi_fmpq(fmpq(k * numerator, denominator))

    def cosine_sum(points, highest, last_half):
        """1 + sum over even k of 2 cos(k theta)/(1 - k^2), times 2/points."""
        total = ONE
        for k in range(2, highest + 1, 2):
            term = cosine(k) * fmpq(2, 1 - k * k)
            total += term / 2 if last_half and k == highest else term
        return total * 2 / points

    if rule == "clenshaw_curtis":
        if count == 1:
            return arb(2)
        n = count - 1
        weight = cosine_sum(n, n, True)
        return weight / 2 if j in (0, n) else weight
    if rule == "fejer1":
        return cosine_sum(count, count - 1, False)
    if rule == "mcewen_wiaux":
        # The nodes and their mirror images: 2 count - 1 points of a circle, the pole alone.
        weight = cosine_sum(2 * count - 1, count - 1, False) * 2
        return weight / 2 if j == count - 1 else weight
    if rule == "driscoll_healy":
        if j == 0:
            return ZERO
        n = count
    else:
        n = count + 1
    # f sin(theta) is a sum of sines of 1...n - 1; the integral of sin(k theta) is 2/k for odd k.
    total = ZERO
    for k in range(1, n, 2):
        total += arb.sin_pi_fmpq(fmpq(k * numerator, denominator)) / k
    return total * 4 * arb.sin_pi_fmpq(fmpq(numerator, denominator)) / n


def equiangular(rule, count, chosen=None):
    """theta and weights of an equiangular rule; chosen: numbers of nodes, or all."""
    nodes = range(count) if chosen is None else chosen
    theta = []
    for j in nodes:
        numerator, denominator = angle_fraction(rule, count, j)
        theta.append(arb.pi() * numerator / denominator)
    return theta, [equiangular_weight(rule, count, j) for j in nodes]
