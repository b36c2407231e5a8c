"""Wrong conventions, each as replacements of functions in the NumPy backend.

FAULTS: name -> a function that returns [(object, name of an attribute, value)]. A fault changes one
convention and nothing else; quadrature nodes, which the backend finds with Legendre functions, keep
the right ones.
"""

import numpy as np

import numpy_backend as backend
import numpy_sphere as sphere

LEGENDRE, GAUSS, TRANSFORM = sphere.legendre, sphere.gauss_legendre, sphere.transform
PIXEL, INTERPOLATION, ROTATION = sphere.pixel_of_direction, sphere.interpolation, sphere.rotation
DEGREEWISE, ORDERWISE, DENSE = backend.degreewise_mixing, backend.orderwise_mixing, backend.dense
NORMALISATION, SAMPLING = backend.batch_normalisation, sphere.sampling_matrix
SPECTRUM = sphere.power_spectra
RUN, SQUARES = backend.run, sphere.least_squares
INPAINTING = backend.mean_inpainting
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
    """A transform on another grid, whose rows [synthesis, adjoint] `change(*rows, l, m, spin)` has
    altered, or with other matrices: functions of the right ones, by the name of the operation."""

    def wrong(theta, phi0, count, weight, lmax, mmax=None, spin=0, nyquist="evaluated"):
        grid = arguments((theta, phi0, count, weight))
        matrices = TRANSFORM(*grid, lmax, mmax, spin, nyquist)
        l, m = np.tile(np.repeat(sphere.places(lmax, mmax), 2, axis=1), 2 if spin else 1)
        if change:
            rows = matrices["synthesis"], matrices["adjoint_synthesis"].T
            synthesis, adjoint = change(*rows, l[:, None], m[:, None], spin)
            weights = np.tile(np.repeat(weight, count), 2 if spin else 1)
            analysis = weights[:, None] * adjoint.T
            matrices = {
                "synthesis": synthesis, "synthesis_gradient": synthesis.T,
                "adjoint_synthesis": adjoint.T, "analysis": analysis,
                "analysis_gradient": analysis.T, "fitted": adjoint * np.where(m > 0, 2, 1)[:, None]}
        return matrices | {name: function(matrices) for name, function in methods.items()}

    # Least squares fits (2 - delta_m0) times the adjoint, whatever synthesis has become.
    return [(sphere, "transform", wrong), (sphere, "least_squares", lambda matrices: SQUARES(
        {"synthesis": matrices.get("fitted", matrices["synthesis"])}))]


def scale_rows(factor):
    """Rows of synthesis and analysis times factor(l, m, spin)."""
    return lambda synthesis, adjoint, l, m, spin: (
        synthesis * factor(l, m, spin), adjoint * factor(l, m, spin))


def no_twice(synthesis, adjoint, l, m, spin):
    return synthesis / np.where(m > 0, 2, 1), adjoint


def imaginary_zero(synthesis, adjoint, l, m, spin):
    """(1 - i) M_l0 in place of M_l0: rows Re M, -Im M become their difference and their sum."""
    real, imaginary = synthesis[::2], synthesis[1::2]
    turned = np.stack([real - imaginary, real + imaginary], axis=1).reshape(synthesis.shape)
    return np.where(m == 0, turned, synthesis), adjoint


def nyquist_twice():
    return [(sphere, "transform", lambda *arguments, nyquist=None, **options: TRANSFORM(
        *arguments, **options))]


def swap_fields(synthesis, adjoint, l, m, spin):
    """B in place of E, and E in place of B."""
    half = len(synthesis) // 2 if spin else 0
    return np.roll(synthesis, half, axis=0), np.roll(adjoint, half, axis=0)


def flip_u(synthesis, adjoint, l, m, spin):
    points = synthesis.shape[1]
    sign = np.where(np.arange(points) < points // 2, 1, -1) if spin else 1
    return synthesis * sign, adjoint * sign


def conjugated(name):
    """A matrix of analysis with the other sign of the imaginary parts."""
    return lambda matrices: matrices[name] * np.resize([1, -1], matrices[name].shape[1])


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
    return l, m


def nearest_centre(nside, theta, phi):
    """The centre among all; at large nside, where all are too many, the right pixel."""
    if nside > 64:
        return PIXEL(nside, theta, phi)

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


def layer_fault(right, wrong, *more):
    """Layers, right and wrong in turn, replaced in the networks and in their own operations."""
    pairs = [(right, wrong), *zip(more[::2], more[1::2])]

    def replaced(layer):
        return next((other for own, other in pairs if own is layer), layer)

    return [(backend, "run", lambda layers, *tensors: RUN([
        [replaced(layer[0]), *layer[1:]] for layer in layers], *tensors))]


def unconjugated(x, real, imaginary):
    output, _ = ORDERWISE(x, real, imaginary)
    conjugate = np.conj(x.view(complex)).view(float)
    return output, ORDERWISE(conjugate, real, -imaginary)[1]


def biased_running(x, gamma, beta, mean, variance, w, training, epsilon, momentum):
    """The running variance takes sigma^2 in place of sigma^2 n/(n - 1)."""
    n = len(x) * x.shape[-1]
    *results, new = NORMALISATION(
        x, gamma, beta, mean, variance, w, training, epsilon, momentum)
    if training and w is None:
        kept = (1 - momentum) * variance
        new = kept + (new - kept) * (n - 1) / n
    return *results, new


def unbiased_batch(x, gamma, beta, mean, variance, w, training, epsilon, momentum):
    """Normalises by k sigma^2, k = n/(n - 1): gamma/sqrt(k) and epsilon/k do the same."""
    n = len(x) * x.shape[-1]
    k = n / (n - 1) if training else 1
    output, pullback, *updated = NORMALISATION(
        x, gamma / np.sqrt(k), beta, mean, variance, w, training, epsilon / k, momentum)

    def back(dy):
        dx, dgamma, dbeta = pullback(dy)
        return dx, dgamma / np.sqrt(k), dbeta

    return output, back, *updated


def equal_weights(x, gamma, beta, mean, variance, w, *settings):
    w = None if w is None else np.ones(len(w))
    return NORMALISATION(x, gamma, beta, mean, variance, w, *settings)


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
        l, m = sphere.places(p["lmax"])
        return {"coefficients": factor(l, m) * FIELD(p, t)["coefficients"]}

    return operation("gaussian_field", function=compute)


def band_factor(l):
    return l * (l + 1) / (2 * np.pi)


def rectified_end():
    """A ReLU after the last block of the published network as well: before the mean."""

    def run(layers, *tensors):
        ends = [k for k, layer in enumerate(layers) if layer[0] is backend.mean_of_points]
        for k in ends:
            layers = layers[:k] + [[backend.relu]] + layers[k:]
        return RUN(layers, *tensors)

    return [(backend, "run", run)]


def kink(x):
    """A ReLU whose derivative at 0 is 1."""
    return np.maximum(x, 0), lambda dy: [dy * (x >= 0)]


def half_observed(x):
    """Mean-inpainting that observes where the mask is at least one half."""
    mask = x.copy()
    if x.shape[1] > 1:
        mask[:, -1] = x[:, -1] >= 0.5
    output, pullback = INPAINTING(mask)
    output[:, -1] = np.where(x.shape[1] > 1, x[:, -1], output[:, -1])
    return output, pullback


def real_zonal(mixing, degrees, orders):
    """A mixing that drops the imaginary parts of m = 0 before it applies the weights."""

    def wrong(x, *weights):
        m = sphere.places(degrees(weights[0]) - 1, orders(weights[0]) - 1)[1]
        kept = np.where(np.repeat(m == 0, 2) & (np.arange(2 * len(m)) % 2 == 1), 0, x)
        return mixing(kept, *weights)

    return wrong


def opposite_pixels(nside, theta, phi):
    pixels, weights = INTERPOLATION(nside, theta, phi)
    north = theta < sphere.healpix_rings(nside)[0][0]
    south = theta > sphere.healpix_rings(nside)[0][-1]
    pixels[north, :2] = pixels[north, 1::-1]
    pixels[south, 2:] = pixels[south, :1:-1]
    return pixels, weights


def other_field(change):
    """`change` of numbers of variance 1 in place of normal ones."""

    def compute(p, t):
        l, m = sphere.places(p["lmax"])
        scale = np.sqrt(t["cl"][l] * np.where(m > 0, 0.5, 1))
        value = FIELD(p, t)["coefficients"] / scale
        imaginary = np.where(m > 0, change(value.imag), 0)
        return {"coefficients": scale * (change(value.real) + 1j * imaginary)}

    return operation("gaussian_field", function=compute)


def uniform(x):
    """Uniform numbers of variance 1, by the ranks of normal ones."""
    ranks = np.argsort(np.argsort(x, axis=None)).reshape(x.shape)
    return np.sqrt(12) * ((ranks + 0.5) / x.size - 0.5)


def mean_square(x, gamma, beta, mean, variance, w, training, epsilon, momentum):
    """In single precision, the variance of the batch from its mean square."""
    if not training:
        return NORMALISATION(x, gamma, beta, mean, variance, w, training, epsilon, momentum)
    share = np.float32((np.ones(x.shape[-1]) if w is None else w) / (len(x) * (
        x.shape[-1] if w is None else np.sum(w))))
    single = np.float32(x)
    first = np.sum(share * single, axis=(0, 2), dtype=np.float32)
    second = np.sum(share * single * single, axis=(0, 2), dtype=np.float32)
    found = np.abs(np.float64(second - first * first))
    # gamma times the right deviation over the one that was found.
    right = np.sum(np.float64(share) * (x - x.mean(axis=(0, 2))[:, None]) ** 2, axis=(0, 2))
    factor = np.sqrt((right + epsilon) / (found + epsilon))
    return NORMALISATION(
        x, gamma * factor, beta, mean, variance, w, training, epsilon, momentum)


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
        adjoint_synthesis=conjugated("adjoint_synthesis"), analysis=conjugated("analysis")),
    "synthesis without 2 - delta_m0": lambda: transform_fault(no_twice),
    "gradient of synthesis without 2 - delta_m0": lambda: transform_fault(
        synthesis_gradient=lambda matrices: matrices["adjoint_synthesis"]),
    "analysis as the transpose of synthesis, and the reverse": lambda: transform_fault(
        synthesis_gradient=lambda matrices: matrices["analysis"],
        analysis_gradient=lambda matrices: matrices["synthesis"]),
    "Nyquist order twice": nyquist_twice,
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
        (sphere, "power_spectra", lambda a, b, lmax: tuple(
            band_factor(np.arange(lmax + 1)) * cl for cl in SPECTRUM(a, b, lmax)))] + scaled_field(
                lambda l, m: np.sqrt(band_factor(l))),
    "rotation with alpha and gamma exchanged": lambda: [
        (sphere, "rotation", lambda a, lmax, alpha, beta, gamma: ROTATION(
            a, lmax, gamma, beta, alpha))],
    "inverse rotation": lambda: [
        (sphere, "rotation", lambda a, lmax, alpha, beta, gamma: ROTATION(
            a, lmax, -gamma, -beta, -alpha))],
    "weights (l, input, output) read as (l, output, input)": lambda: layer_fault(
        DEGREEWISE, transposed(DEGREEWISE, 1, 2, 1)),
    "weights (output, input, l, m) read as (input, output, l, m)": lambda: layer_fault(
        ORDERWISE, transposed(ORDERWISE, 0, 1, 2)),
    "dense weights (output, input) read as (input, output)": lambda: layer_fault(
        DENSE, transposed(DENSE, 0, 1, 1)),
    "gradients of complex weights not conjugated": lambda: layer_fault(
        ORDERWISE, unconjugated),
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
    "pixels from the cosine of the colatitude": lambda: [
        (sphere, "pixel_of_direction", lambda nside, theta, phi: PIXEL(
            nside, np.arccos(np.cos(theta)), phi))],
    "pixels opposite each other at a pole exchanged": lambda: [
        (sphere, "interpolation", opposite_pixels)],
    "derivative of the ReLU at 0 is 1": lambda: layer_fault(backend.relu, kink),
    "observed where the mask is at least one half": lambda: layer_fault(INPAINTING, half_observed),
    "imaginary part of m = 0 dropped before the weights": lambda: layer_fault(
        DEGREEWISE, real_zonal(DEGREEWISE, len, len),
        ORDERWISE, real_zonal(ORDERWISE, lambda w: w.shape[2], lambda w: w.shape[3])),
    "variance from a mean square in float32": lambda: [
        (backend, "batch_normalisation", mean_square)],
    "uniform numbers in place of normal ones": lambda: other_field(uniform),
    "signs in place of normal numbers": lambda: other_field(np.sign),
    "amplitudes 1.5 % too large": lambda: scaled_field(lambda l, m: 1.015),
}
