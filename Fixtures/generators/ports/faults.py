"""Wrong conventions, each as replacements of functions in the NumPy backend.

FAULTS: name -> a function that returns [(object, name of an attribute, value)]. A fault changes one
convention and nothing else; quadrature nodes, which the backend finds with Legendre functions, keep
the right ones.
"""

import numpy as np

import numpy_backend as backend
import numpy_sphere as sphere
from kit import complex_of

LEGENDRE, GAUSS, TRANSFORM = sphere.legendre, sphere.gauss_legendre, sphere.Transform
PIXEL, INTERPOLATION, ROTATION = sphere.pixel_of_direction, sphere.interpolation, sphere.rotation
DEGREEWISE, ORDERWISE, DENSE = backend.degreewise_mixing, backend.orderwise_mixing, backend.dense
NORMALISATION, SAMPLING = backend.batch_normalisation, sphere.sampling_matrix
SPECTRUM = sphere.power_spectrum
CLENSHAW, PRODUCT, FIELD = sphere.clenshaw_curtis, sphere.product_grid, backend.gaussian_field


def operation(*names, function):
    """Operations of the table of the backend."""
    return [(backend, "OPERATIONS", backend.OPERATIONS | {name: function for name in names})]


def legendre_fault(change):
    """`change(lmax, m, theta, spin)` in place of the Legendre functions, but not for the nodes."""

    def nodes(n):
        wrong, sphere.legendre = sphere.legendre, LEGENDRE
        try:
            return GAUSS(n)
        finally:
            sphere.legendre = wrong

    return [
        (sphere, "legendre", lambda lmax, m, theta, spin=0: change(lmax, m, theta, spin)),
        (sphere, "gauss_legendre", nodes)]


def transform_fault(change=None, arguments=lambda grid: grid, **methods):
    """A transform whose `change(self, l, m, spin)` follows its making, on another grid, or with
    other methods."""

    class Wrong(TRANSFORM):
        def __init__(self, *grid, spin=0, nyquist="evaluated"):
            theta, phi0, count, weight, lmax, *more = grid
            mmax, spin, nyquist = (more + [None, spin, nyquist][len(more):])[:3]
            super().__init__(
                *arguments((theta, phi0, count, weight)), lmax, mmax, spin, nyquist)
            l, m, _ = sphere.places(lmax, mmax)
            if change:
                change(self, np.tile(l, 2 if spin else 1), np.tile(m, 2 if spin else 1), spin)

    for name, function in methods.items():
        setattr(Wrong, name, function)
    return [(sphere, "Transform", Wrong)]


def scale_rows(factor):
    """Rows of synthesis and analysis times factor(l, m, spin)."""

    def change(self, l, m, spin):
        self.rows = self.rows * factor(l, m, spin)[:, None]
        self.once = self.once * factor(l, m, spin)[:, None]

    return change


def no_twice(self, l, m, spin):
    self.once = self.once / self.twice


def imaginary_zero(self, l, m, spin):
    self.once = np.where(m[:, None] == 0, (1 - 1j) * self.once, self.once)


def nyquist_twice(self, l, m, spin):
    self.once = self.rows


def swap_fields(self, l, m, spin):
    """B in place of E, and E in place of B."""
    if spin:
        half = len(self.rows) // 2
        self.rows, self.once = np.roll(self.rows, half, axis=0), np.roll(self.once, half, axis=0)


def flip_u(self, l, m, spin):
    if spin:
        sign = np.where(np.arange(self.rows.shape[1]) < self.rows.shape[1] // 2, 1, -1)
        self.rows, self.once = self.rows * sign, self.once * sign


def latitude():
    def turned(function):
        return lambda nside, theta, phi: function(nside, np.pi / 2 - theta, phi)

    grid = transform_fault(arguments=lambda grid: (np.pi / 2 - grid[0], *grid[1:]))
    return grid + [
        (sphere, "pixel_of_direction", turned(PIXEL)),
        (sphere, "interpolation", lambda nside, theta, phi: INTERPOLATION(
            nside, np.clip(np.pi / 2 - theta, 0, np.pi), phi))]


def degree_major(lmax, mmax=None):
    mmax = lmax if mmax is None else mmax
    l, m = np.array([(l, m) for l in range(lmax + 1) for m in range(min(l, mmax) + 1)]).T
    return l, m, l[:, None] == np.arange(lmax + 1)


def nearest_centre(nside, theta, phi):
    def vectors(theta, phi):
        return np.array([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)])

    centres = vectors(*sphere.healpix_centres(nside))
    return np.argmax(vectors(np.asarray(theta), np.asarray(phi)).T @ centres, axis=1)


def doubled_poles(n):
    theta, weights = CLENSHAW(n)
    weights[[0, -1]] *= 2
    return theta, weights


def south_pole_sampling(nside, theta, phi, bilinear=False):
    """The transform's nodes in place of the sampling rows theta_j = j pi/latitudes."""
    rows = len(np.unique(theta))
    if not bilinear and np.allclose(np.unique(theta), np.pi * np.arange(rows) / rows):
        theta = np.minimum(theta * rows / (rows - 1), np.pi)
    return SAMPLING(nside, theta, phi, bilinear)


def reread(weights, inner, outer):
    """The same numbers read with two axes of the file in the other order."""
    shape = list(weights.shape)
    shape[inner], shape[outer] = shape[outer], shape[inner]
    return np.swapaxes(weights.reshape(shape), inner, outer)


def returned(gradient, inner, outer):
    """The gradient of what `reread` has read, in the order of the file."""
    return np.swapaxes(gradient, inner, outer).reshape(gradient.shape)


def transposed(layer, inner, outer, weights):
    """A layer whose first `weights` parameters are read transposed."""

    def wrong(x, *parameters):
        read = [reread(w, inner, outer) if k < weights else w for k, w in enumerate(parameters)]
        output, pullback = layer(x, *read)

        def back(dy):
            dx, *gradients = pullback(dy)
            return dx, *[
                returned(g, inner, outer) if k < weights else g for k, g in enumerate(gradients)]

        return output, back

    return wrong


def layer_fault(name, wrong):
    """A layer replaced both in the networks and in its own operation."""
    layers = {
        "degreewise_mixing": lambda: backend.layer(
            wrong, "weights", given=complex_of, gradient=complex_of),
        "orderwise_mixing": lambda: backend.layer(
            wrong, "weight_real", "weight_imag", given=complex_of,
            gradient=complex_of),
    }
    own = operation(name, function=layers[name]()) if name in layers else []
    return [(backend, name, wrong)] + own


def unconjugated(x, real, imaginary):
    output, _ = ORDERWISE(x, real, imaginary)
    return output, ORDERWISE(np.conj(x), real, -imaginary)[1]


def biased_running(x, gamma, beta, mean, variance, weights, training, area, epsilon, momentum):
    """The running variance takes sigma^2 in place of sigma^2 n/(n - 1)."""
    n = len(x) * x.shape[-1]
    *results, updated = NORMALISATION(
        x, gamma, beta, mean, variance, weights, training, area, epsilon, momentum)
    if training and not area:
        kept = (1 - momentum) * variance
        updated = [updated[0], kept + (updated[1] - kept) * (n - 1) / n]
    return *results, updated


def unbiased_batch(x, gamma, beta, mean, variance, weights, training, area, epsilon, momentum):
    """Normalises by k sigma^2, k = n/(n - 1): gamma/sqrt(k) and epsilon/k do the same."""
    n = len(x) * x.shape[-1]
    k = n / (n - 1) if training else 1
    output, pullback, updated = NORMALISATION(
        x, gamma / np.sqrt(k), beta, mean, variance, weights, training, area, epsilon / k, momentum)

    def back(dy):
        dx, dgamma, dbeta = pullback(dy)
        return dx, dgamma / np.sqrt(k), dbeta

    return output, back, updated


def equal_weights(x, gamma, beta, mean, variance, weights, training, area, *constants):
    return NORMALISATION(
        x, gamma, beta, mean, variance, np.ones(x.shape[-1]), training, area, *constants)


def adam(root):
    def compute(p, t):
        value, m, v, rows = t["parameters"].copy(), 0, 0, []
        for step, gradient in enumerate(t["gradients"], start=1):
            m = p["beta1"] * m + (1 - p["beta1"]) * gradient
            v = p["beta2"] * v + (1 - p["beta2"]) * gradient**2
            value = value - root(p, m, v, step)
            if step in p["after_steps"]:
                rows.append(value)
        return {"parameters": np.array(rows)}

    return operation("adam", function=compute)


def epsilon_inside(p, m, v, step):
    root = np.sqrt(v / (1 - p["beta2"] ** step) + p["epsilon"])
    return p["learning_rate"] / (1 - p["beta1"] ** step) * m / root


def uncorrected(p, m, v, step):
    return p["learning_rate"] * m / (np.sqrt(v) + p["epsilon"])


def scaled_field(factor):
    def compute(p, t):
        l, m, _ = sphere.places(p["lmax"])
        return {"coefficients": factor(l, m) * FIELD(p, t)["coefficients"]}

    return operation("gaussian_field", function=compute)


def band_factor(l):
    return l * (l + 1) / (2 * np.pi)


def rectified_end():
    """A ReLU after the last block as well: before the mean over the points."""
    original = backend.Chain.normalise

    def normalise(self, name, point_weights, area):
        original(self, name, point_weights, area)
        following = int(name.split(".")[1]) + 1
        if not area and f"state.blocks.{following}.weight_real" not in self.tensors:
            self.apply(backend.relu)

    return [(backend.Chain, "normalise", normalise)]


FAULTS = {
    "lmax exclusive: the degree lmax is missing": lambda: transform_fault(
        scale_rows(lambda l, m, spin: l < l.max())),
    "no Condon-Shortley phase": lambda: legendre_fault(
        lambda lmax, m, theta, spin: (-1) ** abs(m) * LEGENDRE(lmax, m, theta, spin)),
    "latitude in place of colatitude": latitude,
    "rings from south to north": lambda: transform_fault(
        arguments=lambda grid: (np.pi - grid[0], *grid[1:])),
    "first longitudes of rings ignored": lambda: transform_fault(
        arguments=lambda grid: (grid[0], 0 * grid[1], *grid[2:])),
    "coefficients l-major": lambda: [(sphere, "places", degree_major)],
    "analysis not conjugated": lambda: transform_fault(
        adjoint_synthesis=lambda self, field: field @ (self.rows / self.twice).T),
    "synthesis without 2 - delta_m0": lambda: transform_fault(no_twice),
    "gradient of synthesis without 2 - delta_m0": lambda: transform_fault(
        synthesis_gradient=TRANSFORM.adjoint_synthesis),
    "analysis as the transpose of synthesis, and the reverse": lambda: transform_fault(
        synthesis_gradient=TRANSFORM.analysis, analysis_gradient=TRANSFORM.synthesis),
    "Nyquist order twice": lambda: transform_fault(nyquist_twice),
    "imaginary part of m = 0 enters the field": lambda: transform_fault(imaginary_zero),
    "spin of the other sign, d^l_{m,+s}": lambda: legendre_fault(
        lambda lmax, m, theta, spin: LEGENDRE(lmax, m, theta, -spin)),
    "+(E + iB) in place of -(E + iB)": lambda: transform_fault(
        scale_rows(lambda l, m, spin: np.where(l >= 0, -1.0 if spin else 1.0, 0))),
    "E and B exchanged": lambda: transform_fault(swap_fields),
    "U of the IAU": lambda: transform_fault(flip_u),
    "pole weights of Clenshaw-Curtis doubled": lambda: [
        (sphere, "clenshaw_curtis", doubled_poles)],
    "sampling rows up to the south pole": lambda: [
        (sphere, "sampling_matrix", south_pole_sampling)],
    "point weights without 2 pi / longitudes": lambda: [
        (sphere, "product_grid", lambda theta, weights, n: (
            *PRODUCT(theta, weights, n)[:3], weights))],
    "nearest centre in place of the containing pixel": lambda: [
        (sphere, "pixel_of_direction", nearest_centre)],
    "ties of pixels to the other side": lambda: [
        (sphere, "pixel_of_direction", lambda nside, theta, phi: PIXEL(nside, theta, phi - 1e-9))],
    "D_l in place of C_l": lambda: [
        (sphere, "power_spectrum", lambda a, b, lmax: (
            band_factor(np.arange(lmax + 1)) * SPECTRUM(a, b, lmax)))] + scaled_field(
                lambda l, m: np.sqrt(band_factor(l))),
    "rotation with alpha and gamma exchanged": lambda: [
        (sphere, "rotation", lambda a, lmax, alpha, beta, gamma: ROTATION(
            a, lmax, gamma, beta, alpha))],
    "inverse rotation": lambda: [
        (sphere, "rotation", lambda a, lmax, alpha, beta, gamma: ROTATION(
            a, lmax, -gamma, -beta, -alpha))],
    "weights (l, input, output) read as (l, output, input)": lambda: layer_fault(
        "degreewise_mixing", transposed(DEGREEWISE, 1, 2, 1)),
    "weights (output, input, l, m) read as (input, output, l, m)": lambda: layer_fault(
        "orderwise_mixing", transposed(ORDERWISE, 0, 1, 2)),
    "dense weights (output, input) read as (input, output)": lambda: layer_fault(
        "dense", transposed(DENSE, 0, 1, 1)),
    "gradients of complex weights not conjugated": lambda: layer_fault(
        "orderwise_mixing", unconjugated),
    "running variance biased": lambda: [(backend, "batch_normalisation", biased_running)],
    "variance of the batch unbiased": lambda: [(backend, "batch_normalisation", unbiased_batch)],
    "points of equal weight in the area-weighted normalisation": lambda: [
        (backend, "batch_normalisation", equal_weights)],
    "ReLU after the last block": rectified_end,
    "epsilon inside Adam's root": lambda: adam(epsilon_inside),
    "Adam without bias correction": lambda: adam(uncorrected),
    "m = 0 with half the variance": lambda: scaled_field(
        lambda l, m: np.where(m > 0, 1, np.sqrt(0.5))),
    "Re and Im with the whole variance each": lambda: scaled_field(
        lambda l, m: np.where(m > 0, np.sqrt(2), 1)),
    "Legendre tables in float32": lambda: legendre_fault(
        lambda lmax, m, theta, spin: np.float64(np.float32(LEGENDRE(lmax, m, theta, spin)))),
    "colatitude from its cosine": lambda: legendre_fault(
        lambda lmax, m, theta, spin: LEGENDRE(lmax, m, np.arccos(np.cos(theta)), spin)),
}
