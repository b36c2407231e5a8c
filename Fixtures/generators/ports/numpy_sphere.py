"""Functions on the sphere, transforms and HEALPix in NumPy, by the formulas of Docs/Conformance.md.

Coefficients stand as real numbers Re a, Im a in turn, m-major: [..., 2 lm]. Every transform is
then one real matrix [in, out], and its transpose is the gradient.
"""

import numpy as np

def wigner(lmax, m, s, theta):
    """d^l_{ms}(theta), as [l, theta]; in the south (-1)^{l+m} d^l_{m,-s}(pi - theta).

    |d| = K_n sin^a(theta/2) cos^b(theta/2) p_n, n = l - max(|m|, |s|), p_n = P_n^{(a,b)} / P_n(1):
    p_{n+1} - p_n = keep (p_n - p_{n-1}) - turn (1 - cos theta) p_n loses nothing near the pole.
    Values are kept as value 2^power, so that nothing underflows on the way.
    """
    first, south = max(abs(m), abs(s)), np.sin(theta / 2) > np.cos(theta / 2)
    sine, cosine = np.sort([np.sin(theta / 2), np.cos(theta / 2)], axis=0)  # from the nearer pole
    s = np.where(south, -s, s)
    a, b = abs(m - s), abs(m + s)
    value, power = np.where((m > s) & (a % 2 > 0), -1.0, 1.0), np.zeros(len(theta), int)
    for k in range(1, 2 * first + 1):  # K_0^2 is the binomial coefficient of a + b over a
        value, shift = np.frexp(value * np.where(k <= a, np.sqrt((b + k) / k) * sine, cosine))
        power += shift
    result, step = np.zeros((lmax + 1, len(theta))), np.zeros(len(theta))
    for l in range(first, lmax + 1):
        result[l] = np.ldexp(value, power) * np.where(south, (-1) ** (l + m), 1)
        n, top = l - first, (l + first + 1) * (l - first + a + 1)
        keep, turn = n * (n + b) * (l + 1) / (top * max(l, 1)), (2 * l + 1) * (l + 1) / top
        growth = np.sqrt(top / ((n + b + 1) * (n + 1)))  # K_{n+1} / K_n
        step = growth * (keep * step - turn * 2 * sine**2 * value)
        value = growth * value + step
        shift = np.frexp(np.maximum(abs(value), abs(step)))[1]
        value, step, power = np.ldexp(value, -shift), np.ldexp(step, -shift), power + shift
    return result

def legendre(lmax, m, theta, spin=0):
    """lambda of {}_sY_lm = lambda e^{i m phi}: (-1)^s sqrt((2l+1)/4 pi) d^l_{m,-s}, [l, theta]."""
    norm = (-1) ** spin * np.sqrt((2 * np.arange(lmax + 1) + 1) / (4 * np.pi))
    return norm[:, None] * wigner(lmax, m, -spin, theta)

def gauss_legendre(n):
    """Zeros of P_n as theta, by Newton's method on lambda_n0, and their weights in cos(theta)."""
    theta = np.pi * (np.arange(n) + 0.75) / (n + 0.5)
    for _ in range(5):
        slope = np.sqrt(n * (n + 1)) * legendre(n, 1, theta)[n]  # d lambda_n0 / d theta
        theta = theta - legendre(n, 0, theta)[n] / slope
    return theta, (2 * n + 1) / (2 * np.pi * slope**2), np.cos(theta)

def clenshaw_curtis(n):
    """theta_j = j pi/(n - 1), and weights in cos(theta), exact to degree n - 1."""
    last, j, k = n - 1, np.arange(n), np.arange(1, (n - 1) // 2 + 1)
    b, c = np.where(2 * k == last, 1, 2), np.where(j % last == 0, 1, 2)
    waves = np.cos(2 * np.pi * (np.outer(j, k) % last) / last)
    return np.pi * j / last, c / last * (1 - waves @ (b / (4 * k**2 - 1)))

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

def transform(theta, phi0, count, weight, lmax, mmax=None, spin=0, nyquist="evaluated"):
    """Matrices by operation: f = a @ synthesis, with rows Re and -Im of (2 - delta_m0) M_lm.

    Spin 0: M = Y. Spin 2: a = (E, B), f = (Q, U), M as in Q = -Re sum (E plus + iB minus),
    U = -Re sum (-iE minus + B plus), plus, minus = ({}_2Y_lm +- (-1)^m conj({}_2Y_{l,-m})) / 2.
    """
    l, m = places(lmax, mmax)
    ring, _, phi = points(theta, phi0, count)
    def harmonics(sign):
        tables = [legendre(lmax, sign * k, theta, spin) for k in range(m.max() + 1)]
        return np.array(tables)[m, l][:, ring] * np.exp(1j * sign * np.outer(m, phi))
    one, other = harmonics(1), (-1.0) ** m[:, None] * np.conj(harmonics(-1))
    plus, minus = (one + other) / 2, (one - other) / 2
    rows = -np.block([[plus, -1j * minus], [1j * minus, plus]]) if spin else plus
    order, length = np.resize(m, len(rows))[:, None], np.resize(count[ring], rows.shape[1])
    twice = np.where(order > 0, 2, 1) * rows
    if nyquist == "once":  # an order of count/2 counts once, as Re(a) lambda cos(m phi)
        twice = np.where(2 * order == length, rows.real, twice)
    synthesis, rows = (
        np.stack([z.real, -z.imag], axis=1).reshape(-1, len(length)) for z in (twice, rows))
    analysis = np.resize(weight[ring], len(length))[:, None] * rows.T
    return {"synthesis": synthesis, "synthesis_gradient": synthesis.T, "adjoint_synthesis": rows.T,
            "analysis": analysis, "analysis_gradient": analysis.T}

def least_squares(matrices):
    """argmin |f - a @ synthesis|; places that do not enter the field get 0."""
    return np.linalg.pinv(matrices["synthesis"], rcond=1e-12)

def rotation(a, lmax, alpha, beta, gamma):
    """a'_lm = sum_n e^{-i m alpha} d^l_mn(beta) e^{-i n gamma} a_ln, n = -l ... l, a of pairs."""
    (l, m), n, a = places(lmax), np.arange(-lmax, lmax + 1), a.view(complex)[..., 0]
    d = np.array([[wigner(lmax, i, k, np.array([beta]))[:, 0] for k in n] for i in n])
    whole = np.zeros((len(a), lmax + 1, 2 * lmax + 1), complex)
    whole[:, l, lmax - m] = (-1.0) ** m * np.conj(a)
    whole[:, l, lmax + m] = a
    turned = np.einsum("mnl,xln->xlm", d, whole * np.exp(-1j * n * gamma)) * np.exp(-1j * n * alpha)
    return turned[:, l, lmax + m]

def power_spectra(a, b, lmax):
    """sum over all m of |a_lm|^2 / (2l + 1), and of Re(a_lm conj(b_lm)) / (2l + 1)."""
    sums = degree_sums(lmax) / (2 * np.arange(lmax + 1) + 1)
    return (a * a).reshape(len(a), -1) @ sums, (a * b).reshape(len(a), -1) @ sums

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

def pixel_of_direction(nside, theta, phi):
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

def nested_to_ring(nside, nested):
    """[Gorski2005, section 4.1]: the bits of the number in a base pixel are ... y1 x1 y0 x0."""
    face, inside = np.divmod(nested, nside**2)
    x, y = (sum((inside >> 2 * k + odd & 1) << k for k in range(30)) for odd in (0, 1))
    ring = (face // 4 + 2) * nside - x - y - 2  # x to the north-east, y to the north-west
    _, phi0, count, start = (column[ring] for column in healpix_rings(nside))
    middle = 2 * (face % 4) + (face // 4 != 1)  # longitude of the base pixel in units of pi/4
    return start + (middle * (count // 4) + x - y - (phi0 > 0)) // 2 % count

def ring_to_nested(nside, ring):
    return np.argsort(nested_to_ring(nside, np.arange(12 * nside**2)))[ring]

def interpolation(nside, theta, phi):
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
    """Dense [directions, npix] of the containing pixel or of interpolation."""
    pixels, weights = interpolation(nside, theta, phi) if bilinear else (
        pixel_of_direction(nside, theta, phi)[:, None], 1)
    matrix = np.zeros((len(theta), 12 * nside**2))
    np.add.at(matrix, (np.arange(len(theta))[:, None], pixels), weights)
    return matrix
