"""Functions on the sphere, transforms and HEALPix in NumPy, for numpy_backend.py.

Written for reading, from the formulas of Docs/Conformance.md and not from another program: a
transform is one dense matrix, a spin-weighted one too. Coefficients of real fields are complex
[..., lm], m-major. The gradient of a complex z is dL/dRe z + i dL/dIm z: with
f = Re(sum_k z_k M_k) it is the sum over points of f_gradient conj(M_k).
"""

import numpy as np

# --- Functions on the sphere -------------------------------------------------------------------


def wigner_column(lmax, m, s, sine, cosine):
    """d^l_{ms}(theta) for l = 0 ... lmax from sine and cosine of theta/2, as [l, theta].

    |d| = K_n sine^a cosine^b p_n with a = |m - s|, b = |m + s|, n = l - max(|m|, |s|), and p_n the
    Jacobi polynomial P_n^{(a,b)}(cos theta) divided by its value at the pole. Its recurrence is
    written for the differences p_n - p_{n-1}, which lose nothing near the pole:

        p_{n+1} - p_n = keep (p_n - p_{n-1}) - turn (1 - cos theta) p_n.

    Values are kept as value 2^power, so that nothing underflows on the way.
    """
    a, b, first = abs(m - s), abs(m + s), max(abs(m), abs(s))
    value, power = np.full(sine.shape, -1.0 if m > s and a % 2 else 1.0), np.zeros(sine.shape, int)
    for k in range(1, a + b + 1):  # K_0^2 is the binomial coefficient of a + b over a
        value, shift = np.frexp(value * (np.sqrt((b + k) / k) * sine if k <= a else cosine))
        power += shift
    result, step = np.zeros((lmax + 1, len(sine))), np.zeros_like(value)
    for n in range(lmax + 1 - first):
        result[first + n] = np.ldexp(value, power)
        top, twice = (n + a + b + 1) * (n + a + 1), 2 * n + a + b
        keep = n * (n + b) * (twice + 2) / (top * max(twice, 1))
        turn = (twice + 1) * (twice + 2) / (2 * top)
        growth = np.sqrt(top / ((n + b + 1) * (n + 1)))  # K_{n+1} / K_n
        step = growth * (keep * step - turn * 2 * sine**2 * value)
        value = growth * value + step
        shift = np.frexp(np.maximum(abs(value), abs(step)))[1]
        value, step, power = np.ldexp(value, -shift), np.ldexp(step, -shift), power + shift
    return result


def legendre(lmax, m, theta, spin=0):
    """lambda of {}_sY_lm = lambda e^{i m phi}, (-1)^s sqrt((2l+1)/4 pi) d^l_{m,-s}: [l, theta].

    South of the equator d^l_{m,-s}(theta) = (-1)^{l+m} d^l_{ms}(pi - theta).
    """
    sine, cosine, l = np.sin(theta / 2), np.cos(theta / 2), np.arange(lmax + 1)[:, None]
    north = wigner_column(lmax, m, -spin, sine, cosine)
    south = wigner_column(lmax, m, spin, cosine, sine) * (-1.0) ** (l + m)
    return (-1) ** spin * np.sqrt((2 * l + 1) / (4 * np.pi)) * np.where(sine < cosine, north, south)


def wigner_matrix(l, beta):
    """d^l_{mm'}(beta) = <m| exp(-i beta J_y) |m'>, as [m + l, m' + l].

    J_x is tridiagonal, J_x V = V diag(k), k = -l ... l, and a quarter turn makes J_y of it:
    d_{mm'} = Re i^{m'-m} sum_k V_mk e^{-i beta k} V_m'k.
    """
    m = np.arange(-l, l + 1)
    ladder = np.sqrt(l * (l + 1) - m[:-1] * m[1:]) / 2
    vectors = np.linalg.eigh(np.diag(ladder, 1) + np.diag(ladder, -1))[1]
    quarter = 1j ** ((m[None, :] - m[:, None]) % 4)
    return np.real(quarter * ((vectors * np.exp(-1j * beta * m)) @ vectors.T))


def gauss_legendre(n):
    """Zeros of P_n as theta, and weights in cos(theta): Newton's method on lambda_n0(theta).

    d lambda_n0 / d theta = sqrt(n (n + 1)) lambda_n1.
    """
    theta = np.pi * (np.arange(n) + 0.75) / (n + 0.5)
    for _ in range(4):
        slope = np.sqrt(n * (n + 1)) * legendre(n, 1, theta)[n]
        theta = theta - legendre(n, 0, theta)[n] / slope
    slope = np.sqrt(n * (n + 1)) * legendre(n, 1, theta)[n]
    return theta, (2 * n + 1) / (2 * np.pi * slope**2)


def clenshaw_curtis(n):
    """theta_j = j pi/(n - 1), and weights in cos(theta), exact to degree n - 1."""
    last = n - 1
    j, k = np.arange(n), np.arange(1, last // 2 + 1)
    b, c = np.where(2 * k == last, 1, 2), np.where(j % last == 0, 1, 2)
    waves = np.cos(2 * np.pi * (np.outer(j, k) % last) / last)
    return np.pi * j / last, c / last * (1 - waves @ (b / (4 * k**2 - 1)))


# --- Transforms --------------------------------------------------------------------------------


def places(lmax, mmax=None):
    """l and m of every place of a coefficient array, m-major, and [places, l]: is its degree l."""
    mmax = lmax if mmax is None else mmax
    l, m = np.array([(l, m) for m in range(mmax + 1) for l in range(m, lmax + 1)]).T
    return l, m, l[:, None] == np.arange(lmax + 1)


class Transform:
    """Rows M_k of f = Re(sum_k a_k M_k), for the coefficients of a real field or of E and B.

    Spin 0: M_lm = (2 - delta_m0) Y_lm. Spin 2: a = (E, B), f = (Q, U), and the sum of
    -(E + iB) {}_2Y over all m is, with c = 1 - delta_m0/2, plus and minus = {}_2Y_lm +- (-1)^m
    conj({}_2Y_{l,-m}),

        Q = -Re sum c (E plus + iB minus),    U = -Re sum c (-iE minus + B plus).
    """

    def __init__(
            self, theta, phi0, count, weight, lmax, mmax=None, spin=0, nyquist="evaluated"):
        l, m, _ = places(lmax, mmax)
        orders, ring = np.arange(m.max() + 1), np.repeat(np.arange(len(count)), count)
        point = np.arange(len(ring)) - (np.cumsum(count) - count)[ring]  # from 0 in its ring
        phi = phi0[ring] + 2 * np.pi * point / count[ring]

        def harmonics(sign):
            tables = np.array([legendre(lmax, sign * k, theta, spin) for k in orders])
            return tables[m, l][:, ring] * np.exp(1j * sign * np.outer(orders, phi))[m]

        self.weights, self.twice = weight[ring], np.where(m > 0, 2, 1)[:, None]
        if spin == 0:
            self.rows = self.twice * harmonics(1)
        else:
            one, other = harmonics(1), (-1.0) ** m[:, None] * np.conj(harmonics(-1))
            plus, minus = -self.twice / 2 * (one + other), -self.twice / 2 * (one - other)
            self.rows = np.block([[plus, -1j * minus], [1j * minus, plus]])
            self.weights, self.twice = np.tile(self.weights, 2), np.tile(self.twice, (2, 1))
        self.once = self.rows
        if nyquist == "once":  # an order of count/2 counts once, as Re(a) lambda cos(m phi)
            self.once = np.where(2 * m[:, None] == count[ring], self.rows.real / 2, self.rows)

    def synthesis(self, a):
        return np.real(a @ self.once)

    def synthesis_gradient(self, field_gradient):
        return field_gradient @ np.conj(self.once).T

    def adjoint_synthesis(self, field):
        return field @ np.conj(self.rows / self.twice).T

    def analysis(self, field):
        return self.adjoint_synthesis(self.weights * field)

    def analysis_gradient(self, a_gradient):
        return self.weights * np.real(a_gradient @ (self.rows / self.twice))

    def least_squares_analysis(self, field):
        """argmin |field - synthesis(a)|; places that do not enter the field are 0."""
        real, imaginary = np.split(field @ self.pseudo_inverse(), 2, axis=-1)
        return real + 1j * imaginary

    def least_squares_gradient(self, a_gradient):
        pairs = np.concatenate([a_gradient.real, a_gradient.imag], axis=-1)
        return pairs @ self.pseudo_inverse().T

    def pseudo_inverse(self):
        """[points, (Re a, Im a)]; rows of places that do not enter are 0 up to rounding."""
        rows = np.concatenate([self.rows.real, -self.rows.imag])
        return np.linalg.pinv(rows, rcond=1e-12)


def product_grid(theta, weights, longitudes):
    """Rings of equal length from phi = 0, the point weights 2 pi w_j / longitudes."""
    count = np.full(len(theta), longitudes)
    return theta, np.zeros(len(theta)), count, 2 * np.pi * weights / longitudes


def healpix_grid(nside):
    count = ring_counts(nside)
    theta, phi = healpix_centres(nside)[:, ring_starts(nside)]
    return theta, phi, count, np.full(len(count), np.pi / (3 * nside**2))


def rotation(a, lmax, alpha, beta, gamma):
    """a'_lm = sum_m' e^{-i m alpha} d^l_mm'(beta) e^{-i m' gamma} a_lm', m' = -l ... l."""
    _, _, by_degree = places(lmax)
    result = np.empty_like(a)
    for degree in range(lmax + 1):
        here, orders = by_degree[:, degree], np.arange(-degree, degree + 1)
        above = a[:, here]
        below = (-1.0) ** orders[:degree] * np.conj(above[:, :0:-1])  # a_{l,-m}
        turned = np.concatenate([below, above], axis=1) * np.exp(-1j * orders * gamma)
        turned = turned @ wigner_matrix(degree, beta)[degree:].T
        result[:, here] = turned * np.exp(-1j * orders[degree:] * alpha)
    return result


def power_spectrum(a, b, lmax):
    """sum over all m of Re(a_lm conj(b_lm)) / (2l + 1)."""
    l, m, by_degree = places(lmax)
    return (np.where(m > 0, 2, 1) * np.real(a * np.conj(b)) / (2 * l + 1)) @ by_degree


# --- HEALPix and resampling --------------------------------------------------------------------


def ring_counts(nside):
    """Number of pixels of every ring: 4 i in the caps, 4 nside between them."""
    ring = np.arange(1, 4 * nside)
    return 4 * np.minimum(np.minimum(ring, 4 * nside - ring), nside)


def ring_starts(nside):
    """First pixel of every ring."""
    return np.cumsum(ring_counts(nside)) - ring_counts(nside)


def healpix_centres(nside):
    """theta, phi of every pixel in RING order [Gorski2005, eqs. 4-9]."""
    ring = np.repeat(np.arange(1, 4 * nside), ring_counts(nside))
    place = np.arange(12 * nside**2) - ring_starts(nside)[ring - 1]
    i = np.minimum(ring, 4 * nside - ring)  # counted from the nearer pole
    # In the caps 1 - cos(theta) = i^2 / (3 nside^2): by the half angle, which loses no digits.
    theta = np.where(i < nside, 2 * np.arcsin(np.minimum(i / (nside * np.sqrt(6)), 1)),
                     np.arccos(np.clip(4 / 3 - 2 * i / (3 * nside), -1, 1)))
    shift = np.where(i < nside, 1, (ring - nside + 1) % 2) / 2
    phi = np.pi / 2 * (place + shift) / np.minimum(i, nside)
    return np.stack([np.where(ring > 2 * nside, np.pi - theta, theta), phi])


def pixel_of_direction(nside, theta, phi):
    """RING number of the containing pixel: position between the two families of borders."""
    z, sine = np.cos(theta), np.sin(theta)
    t = np.mod(np.mod(phi, 2 * np.pi) * (2 / np.pi), 4)  # quarter turns
    # Belt, abs(z) <= 2/3: borders ascend and descend along nside (1/2 + t) -+ 3/4 nside z.
    a = np.floor(nside * (0.5 + t) - nside * z * 0.75).astype(int)
    d = np.floor(nside * (0.5 + t) + nside * z * 0.75).astype(int)
    r = nside + 1 + a - d
    k = (a + d - nside + 2 - r % 2 + 8 * nside) // 2 % (4 * nside)
    belt = 2 * nside * (nside - 1) + 4 * nside * (r - 1) + k
    # Caps: ring r from the nearer pole.
    h = nside * np.where(abs(z) < 0.99, np.sqrt(3 * (1 - abs(z))), sine / np.sqrt((1 + abs(z)) / 3))
    inside = t - np.floor(t)
    r = np.floor(inside * h).astype(int) + np.floor((1 - inside) * h).astype(int) + 1
    k = np.floor(t * r).astype(int)
    cap = np.where(z > 0, 2 * r * (r - 1) + k, 12 * nside**2 - 2 * r * (r + 1) + k)
    return np.where(abs(z) <= 2 / 3, belt, cap)


def face_position(nside, face, x, y):
    """RING number of the pixel x (to the north-east), y (to the north-west) of a base pixel."""
    ring = (face // 4 + 2) * nside - x - y - 1
    i = np.minimum(np.minimum(ring, 4 * nside - ring), nside)
    middle = 2 * (face % 4) + (face // 4 != 1)  # longitude of the base pixel in units of pi/4
    shift = np.where((i == nside) & ((ring - nside) % 2 == 1), 0, 1)
    return ring_starts(nside)[ring - 1] + (middle * i + x - y - shift) // 2 % (4 * i)


def nested_to_ring(nside, nested):
    """[Gorski2005, section 4.1]: the bits of the number in a base pixel are ... y1 x1 y0 x0."""
    bits = np.arange(30)
    face, inside = np.divmod(nested, nside**2)
    x, y = (((inside[:, None] >> 2 * bits + odd & 1) << bits).sum(axis=1) for odd in (0, 1))
    return face_position(nside, face, x, y)


def ring_to_nested(nside, ring):
    """The pixel number of the same table, found by its place."""
    table = nested_to_ring(nside, np.arange(12 * nside**2))
    return np.argsort(table)[ring]


def interpolation(nside, theta, phi):
    """Four pixels and weights [n, 4]: west, east on the ring above, west, east on that below."""
    count, start = ring_counts(nside), ring_starts(nside)
    ring_theta, ring_phi = healpix_centres(nside)[:, start]
    below = np.searchsorted(ring_theta, theta, side="right")  # rings at or north of the direction
    pixels, weights = np.empty((len(theta), 4), int), np.empty((len(theta), 4))
    for column, ring in ((0, below - 1), (2, below)):
        ring = np.clip(ring, 0, len(count) - 1)  # beyond the first and last ring: rewritten below
        position = (phi - ring_phi[ring]) * count[ring] / (2 * np.pi)
        west = np.floor(position)
        for side in (0, 1):
            pixels[:, column + side] = start[ring] + (west.astype(int) + side) % count[ring]
            weights[:, column + side] = abs(1 - side - (position - west))
    bounds = np.concatenate([[0], ring_theta, [np.pi]])
    f = (theta - bounds[below]) / (bounds[below + 1] - bounds[below])
    weights *= np.stack([1 - f, 1 - f, f, f], axis=1)
    for pole, ring, own, beyond in ((0, 0, [2, 3], [0, 1]), (4 * nside - 1, -1, [0, 1], [2, 3])):
        near = np.flatnonzero(below == pole)[:, None]
        share = (1 - f if pole == 0 else f)[near] / 4  # of the pole, which is the ring's mean
        pixels[near, beyond] = start[ring] + (pixels[near, own] - start[ring] + 2) % 4
        weights[near, own] += share
        weights[near, beyond] = share
    return pixels, weights


def sampling_matrix(nside, theta, phi, bilinear=False):
    """Dense [directions, npix]; its transpose is the transpose of the resampling."""
    if bilinear:
        pixels, weights = interpolation(nside, theta, phi)
    else:
        pixels, weights = pixel_of_direction(nside, theta, phi)[:, None], 1
    matrix = np.zeros((len(theta), 12 * nside**2))
    np.add.at(matrix, (np.arange(len(theta))[:, None], pixels), weights)
    return matrix
