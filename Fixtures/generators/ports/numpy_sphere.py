"""Functions on the sphere, transforms and HEALPix in NumPy, by the formulas of Docs/Conformance.md.

Coefficients stand as real numbers Re a, Im a in turn, m-major: [..., 2 lm]. Every transform is
then one real matrix [in, out], and its transpose is the gradient.
"""

import itertools
import math

import numpy as np

def wigner(lmax, m, s, theta):
    """d^l_{ms}(theta), [l, ...] for m, s and theta that broadcast to [...].

    |d| = K_n sin^a(theta/2) cos^b(theta/2) p_n, n = l - max(|m|, |s|), p_n = P_n^{(a,b)} / P_n(1):
    p_{n+1} - p_n = keep (p_n - p_{n-1}) - turn (1 - cos theta) p_n loses nothing near the pole. In
    the south (-1)^{l+m} d^l_{m,-s}(pi - theta). Values are kept as value 2^power, so that nothing
    underflows on the way.
    """
    m, s, theta = np.broadcast_arrays(m, s, theta)
    first, south = np.maximum(abs(m), abs(s)), np.sin(theta / 2) > np.cos(theta / 2)
    sine, cosine = np.sort([np.sin(theta / 2), np.cos(theta / 2)], axis=0)  # from the nearer pole
    s = np.where(south, -s, s)
    a, b = abs(m - s), abs(m + s)
    value, power = np.where((m > s) & (a % 2 > 0), -1.0, 1.0), np.zeros(theta.shape, int)
    for k in range(1, 2 * first.max(initial=0) + 1):  # K_0^2: the binomial coefficient a + b over a
        factor = np.where(k <= a, np.sqrt((b + k) / k) * sine, cosine)
        value, shift = np.frexp(value * np.where(k <= 2 * first, factor, 1))
        power += shift
    result, step = np.zeros((lmax + 1, *theta.shape)), np.zeros(theta.shape)
    for degree in range(lmax + 1):
        begun, l = degree >= first, np.maximum(degree, first)
        sign = np.where(south & ((l + m) % 2 > 0), -1, 1)
        result[degree] = np.where(begun, sign * np.ldexp(value, power), 0)
        n, top = l - first, (l + first + 1) * (l - first + a + 1)
        keep, turn = n * (n + b) * (l + 1) / (top * np.maximum(l, 1)), (2 * l + 1) * (l + 1) / top
        growth = np.sqrt(top / ((n + b + 1) * (n + 1)))  # K_{n+1} / K_n
        step = np.where(begun, growth * (keep * step - turn * 2 * sine**2 * value), 0)
        value = np.where(begun, growth * value + step, value)
        shift = np.frexp(np.maximum(abs(value), abs(step)))[1]
        value, step, power = np.ldexp(value, -shift), np.ldexp(step, -shift), power + shift
    return result

def legendre(lmax, m, theta, spin=0):
    """lambda of {}_sY_lm = lambda e^{i m phi}: (-1)^s sqrt((2l+1)/4 pi) d^l_{m,-s}, [l, ...]."""
    norm = (-1) ** spin * np.sqrt((2 * np.arange(lmax + 1) + 1) / (4 * np.pi))
    return (norm * wigner(lmax, m, -spin, theta).T).T
def slope(lmax, m, theta, spin=0):
    """d lambda / d theta, of functions of the neighbouring spins; right at the poles too."""
    l = np.arange(lmax + 1)
    up, down = (np.sqrt(np.maximum((l - s) * (l + s + 1), 0)) for s in (spin, -spin))
    return (down * legendre(lmax, m, theta, spin - 1).T - up * legendre(
        lmax, m, theta, spin + 1).T).T / 2

def spin_harmonics(spin, l, m, theta, phi):
    """{}_sY_lm(theta, phi) of as many degrees, orders and angles."""
    table = legendre(np.max(l, initial=0), m, theta, spin)
    return table[l, np.arange(len(l))] * np.exp(1j * m * phi)

def gauss_legendre(count):
    """Zeros of P_n as theta, by Newton's method on lambda_n0, and their weights in cos(theta)."""
    theta = np.pi * (np.arange(count) + 0.75) / (count + 0.5)
    for _ in range(5):
        slope = np.sqrt(count * (count + 1)) * legendre(count, 1, theta)[count]  # of lambda_n0
        theta = theta - legendre(count, 0, theta)[count] / slope
    return theta, (2 * count + 1) / (2 * np.pi * slope**2), np.cos(theta)

def rule(theta, circle):
    """Weights of nodes that are, with their mirror images, `circle` even steps round a circle."""
    k = np.arange(0, circle // 2 + 1, 2)  # the integral of cos(k theta) sin(theta) is 2/(1 - k^2)
    series = np.where((k == 0) | (2 * k == circle), 1, 2) * 2 / (1 - k**2)
    waves = np.cos(np.outer(theta, k)) @ series
    return theta, np.where(np.sin(theta) < 1e-9, 1, 2) / circle * waves
clenshaw_curtis = lambda count: rule(np.pi * np.arange(count) / (count - 1), 2 * count - 2)
fejer1 = lambda count: rule(np.pi * (np.arange(count) + 0.5) / count, 2 * count)
mcewen_wiaux = lambda count: rule(np.pi * (np.arange(count) + 0.5) / (count - 0.5), 2 * count - 1)
def fejer2(count):
    theta, k = np.pi * (np.arange(count) + 1) / (count + 1), np.arange(1, count + 1, 2)
    return theta, 4 * np.sin(theta) / (count + 1) * (np.sin(np.outer(theta, k)) @ (1 / k))
def driscoll_healy(count):  # the north pole, with weight 0, before Fejer's second rule
    return tuple(np.append(0, values) for values in fejer2(count - 1))

def wigner_3j(l2, l3, m2, m3):
    """(l1 l2 l3; -m2-m3 m2 m3) for all l1: Racah's sum, of integers up to the last root."""
    def binomials(n):
        return list(itertools.accumulate(range(n), lambda b, k: b * (n - k) // (k + 1), initial=1))
    m1, column = -m2 - m3, []
    for l1 in range(max(abs(l2 - l3), abs(m1)), l2 + l3 + 1):
        sides, i, j = (l1 + l2 - l3, l1 - l2 + l3, l2 + l3 - l1), l1 - m1, l2 + m2
        a, b, c = map(binomials, sides)
        total = sum((-1) ** k * a[k] * b[i - k] * c[j - k] for k in range(
            max(0, i - sides[1], j - sides[2]), min(sides[0], i, j) + 1))
        over, under = (math.prod(map(math.factorial, numbers)) for numbers in (
            (i, l1 + m1, j, l2 - m2, l3 + m3, l3 - m3), (l1 + l2 + l3 + 1, *sides)))
        column.append((-1) ** (l1 - l2 - m3 + (total < 0)) * math.sqrt(total**2 * over / under))
    return np.array(column)

def mode_coupling(mask_spectrum, lmax):
    """Row l1: sum_l3 (2 l2 + 1)(2 l3 + 1)/4 pi W_l3 (l1 l2 l3; 0 0 0)^2."""
    w = np.append(mask_spectrum, np.zeros(2 * lmax))
    w *= (2 * np.arange(len(w)) + 1) / (4 * np.pi)
    return np.array([[(2 * k + 1) * w[abs(i - k):i + k + 1] @ wigner_3j(i, k, 0, 0) ** 2
                      for k in range(lmax + 1)] for i in range(lmax + 1)])

def places(lmax, mmax=None):
    """l and m of every place of a coefficient array, m-major."""
    mmax = lmax if mmax is None else mmax
    return np.array([(l, m) for m in range(mmax + 1) for l in range(m, lmax + 1)]).T

def degree_sums(lmax):
    """[2 lm, l]: times products of Re and Im, sums of Re(a conj(b)) over all m of a degree."""
    l, m = np.repeat(places(lmax), 2, axis=1)[:, :, None]
    return np.where(m > 0, 2, 1) * (l == np.arange(lmax + 1))

def points(theta, phi0, count):
    """Ring, theta and phi of every point, ring by ring."""
    ring = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(ring)) - (np.cumsum(count) - count)[ring]
    return ring, theta[ring], phi0[ring] + 2 * np.pi * place / count[ring]

def product_grid(theta, weights, longitudes):
    """Rings of equal length from phi = 0, the point weights 2 pi w_j / longitudes."""
    return theta, 0 * theta, np.full(len(theta), longitudes), 2 * np.pi * weights / longitudes

def transform(theta, phi0, count, weight, lmax, mmax=None, spin=0, nyquist="evaluated",
              modes=None, table=None):
    """Matrices by operation: f = a @ synthesis, with rows Re and -Im of (2 - delta_m0) M_lm.

    Spin 0: M = Y. Spin s: a = (E, B), f = (Q, U), M as in Q = -Re sum (E plus + iB minus),
    U = -Re sum (-iE minus + B plus), plus, minus = ({}_sY_lm +- (-1)^m conj({}_sY_{l,-m})) / 2.
    `modes`: l and m, if not all places. `table`: `slope` for the derivative by theta.
    """
    l, m = places(lmax, mmax) if modes is None else modes
    ring, _, phi = points(theta, phi0, count)
    orders, order = np.unique(m, return_inverse=True)
    def functions(sign):
        values = (table or legendre)(lmax, sign * orders[:, None], theta, spin)
        return values[l, order][:, ring] * np.exp(1j * sign * np.outer(m, phi))
    one, other = functions(1), (-1.0) ** m[:, None] * np.conj(functions(-1))
    plus, minus = (one + other) / 2, (one - other) / 2
    rows = -np.block([[plus, -1j * minus], [1j * minus, plus]]) if spin else plus
    order, length = np.resize(m, len(rows))[:, None], np.resize(count[ring], rows.shape[1])
    twice = np.where(order > 0, 2, 1) * rows
    if nyquist == "once":  # an order of count/2 counts once, as Re(a) lambda cos(m phi)
        twice = np.where(2 * order == length, rows.real, twice)
    synthesis, rows = (np.stack([z.real, -z.imag], axis=1).reshape(2 * len(order), len(length))
                       for z in (twice, rows))
    analysis = np.resize(weight[ring], len(length))[:, None] * rows.T
    return {"synthesis": synthesis, "synthesis_gradient": synthesis.T, "adjoint_synthesis": rows.T,
            "analysis": analysis, "analysis_gradient": analysis.T}

def least_squares(matrices):
    """argmin |f - a @ synthesis|; places that do not enter the field get 0."""
    return np.linalg.pinv(matrices["synthesis"], rcond=1e-12)

def iterated(matrices, iterations):
    """a = A f, then a += A (f - S a), as often as `iterations` says."""
    result = analysis = matrices["analysis"]
    for _ in range(iterations):
        result = result + analysis - result @ matrices["synthesis"] @ analysis
    return result

def rotation(coefficients, lmax, alpha, beta, gamma):
    """a'_lm = sum_n e^{-i m alpha} d^l_mn(beta) e^{-i n gamma} a_ln, n = -l ... l, a of pairs."""
    (l, m), n, a = places(lmax), np.arange(-lmax, lmax + 1), coefficients.view(complex)[..., 0]
    d = wigner(lmax, n[:, None], n, beta)
    whole = np.zeros((len(a), lmax + 1, 2 * lmax + 1), complex)
    whole[:, l, lmax - m] = (-1.0) ** m * np.conj(a)
    whole[:, l, lmax + m] = np.where(m > 0, a, a.real)  # Im a_l0 does not enter
    turned = np.einsum("lmn,xln->xlm", d, whole * np.exp(-1j * n * gamma)) * np.exp(-1j * n * alpha)
    return turned[:, l, lmax + m]
def rotation_gradient(rotated_gradient, lmax, alpha, beta, gamma):
    """The transpose: the inverse rotation, with 2 - delta_m0 taken off before and put back."""
    m = places(lmax)[1]
    y = rotated_gradient / np.where(m > 0, 2, 1)[:, None]
    return np.where(m > 0, 2, 1) * rotation(y, lmax, -gamma, -beta, -alpha)

def smoothing(coefficients, lmax, spin, fwhm):
    l = places(lmax)[0][:, None]
    return coefficients * np.exp(-(l * (l + 1) - spin**2) * fwhm**2 / (16 * np.log(2)))
def laplacian(coefficients, lmax):
    l = places(lmax)[0][:, None]
    return -l * (l + 1) * coefficients

def power_spectrum(a, b, lmax):
    """sum over all m of |a_lm|^2 / (2l + 1), and of Re(a_lm conj(b_lm)) / (2l + 1)."""
    sums = degree_sums(lmax) / (2 * np.arange(lmax + 1) + 1)
    return tuple(product.reshape(len(a), len(sums)) @ sums for product in (a * a, a * b))

def healpix_rings(nside):
    """theta, first phi, count and first pixel of every ring [Gorski2005, eqs. 4-9]."""
    ring = np.arange(1, 4 * nside)
    i = np.minimum(np.minimum(ring, 4 * nside - ring), nside)  # count / 4
    # In the caps 1 - cos(theta) = i^2 / (3 nside^2): by the half angle, which loses no digits.
    cap = 2 * np.arcsin(i / (nside * np.sqrt(6)))
    belt = np.arccos(np.clip(4 / 3 - 2 * ring / (3 * nside), -1, 1))
    theta = np.where(i == nside, belt, np.where(ring < nside, cap, np.pi - cap))
    phi0 = np.pi / 4 * np.where(i < nside, 1, (ring - nside + 1) % 2) / i
    return theta, phi0, 4 * i, np.cumsum(4 * i) - 4 * i

def healpix_grid(nside):
    return *healpix_rings(nside)[:3], np.full(4 * nside - 1, np.pi / (3 * nside**2))
def healpix_centres(nside):
    """theta, phi of every pixel in RING order."""
    return points(*healpix_rings(nside)[:3])[1:]

def healpix_pixel_of_direction(nside, theta, phi):
    """RING number of the containing pixel: position between the two families of borders."""
    z, t = np.cos(theta), np.mod(np.mod(phi, 2 * np.pi) * (2 / np.pi), 4)  # t: quarter turns
    # Belt, abs(z) <= 2/3: borders ascend and descend along nside (1/2 + t) -+ 3/4 nside z.
    a = np.floor(nside * (0.5 + t) - nside * z * 0.75).astype(int)
    d = np.floor(nside * (0.5 + t) + nside * z * 0.75).astype(int)
    r = nside + 1 + a - d
    k = (a + d - nside + 2 - r % 2 + 8 * nside) // 2 % (4 * nside)
    belt = 2 * nside * (nside - 1) + 4 * nside * (r - 1) + k
    # Caps: ring r from the nearer pole.
    near_pole = np.sin(theta) / np.sqrt((1 + abs(z)) / 3)
    h = nside * np.where(abs(z) < 0.99, np.sqrt(3 * (1 - abs(z))), near_pole)
    r = np.floor(t % 1 * h).astype(int) + np.floor((1 - t % 1) * h).astype(int) + 1
    first = np.where(z > 0, 2 * r * (r - 1), 12 * nside**2 - 2 * r * (r + 1))
    return np.where(abs(z) <= 2 / 3, belt, first + np.floor(t * r).astype(int))

def healpix_nested_to_ring(nside, nested):
    """[Gorski2005, section 4.1]: the bits of the number in a base pixel are ... y1 x1 y0 x0."""
    face, inside = np.divmod(nested, nside**2)
    x, y = (sum((inside >> 2 * k + odd & 1) << k for k in range(30)) for odd in (0, 1))
    ring = (face // 4 + 2) * nside - x - y - 2  # x to the north-east, y to the north-west
    _, phi0, count, start = (column[ring] for column in healpix_rings(nside))
    middle = 2 * (face % 4) + (face // 4 != 1)  # longitude of the base pixel in units of pi/4
    return start + (middle * (count // 4) + x - y - (phi0 > 0)) // 2 % count
def healpix_ring_to_nested(nside, ring):
    return np.argsort(healpix_nested_to_ring(nside, np.arange(12 * nside**2)))[ring]

def healpix_interpolation(nside, theta, phi):
    """Four pixels and weights [n, 4]: west, east above, west, east below; poles are ring means."""
    ring_theta, ring_phi, count, start = healpix_rings(nside)
    below = np.searchsorted(ring_theta, theta, side="right")  # rings at or north of the direction
    bounds = np.concatenate([[0], ring_theta, [np.pi]])
    f = (theta - bounds[below]) / (bounds[below + 1] - bounds[below])
    ring, side = below[:, None] + [-1, -1, 0, 0], np.array([0, 1, 0, 1])
    pole = (ring < 0) | (ring == len(count))
    ring = np.clip(ring, 0, len(count) - 1)
    position = (phi[:, None] - ring_phi[ring]) * count[ring] / (2 * np.pi)
    west = np.floor(position)
    share = np.stack([1 - f, 1 - f, f, f], axis=1)
    weights = np.where(pole, 0, share * abs(1 - side - (position - west)))
    weights += np.max(share * pole, axis=1, keepdims=True) / 4
    return start[ring] + (west.astype(int) + side + 2 * pole) % count[ring], weights

def sampling_matrix(nside, theta, phi, bilinear=False):
    """[directions, npix] of the containing pixel or of interpolation."""
    pixels, weights = healpix_interpolation(nside, theta, phi) if bilinear else (
        healpix_pixel_of_direction(nside, theta, phi)[:, None], 1)
    matrix = np.zeros((len(theta), 12 * nside**2))
    np.add.at(matrix, (np.arange(len(theta))[:, None], pixels), weights)
    return matrix
