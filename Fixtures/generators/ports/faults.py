"""Wrong conventions, each as replacements of functions in the NumPy backend.

FAULTS: sentence -> (the name of the fault in the kit's manifest, or "", a function that returns
[(object, name of an attribute, value)]). A fault changes one convention and nothing else;
quadrature nodes, which the backend finds with Legendre functions, keep the right ones.
"""

import numpy as np

import kit
import numpy_backend as backend
import numpy_sphere as sphere

LEGENDRE, SLOPE, TRANSFORM = sphere.legendre, sphere.slope, sphere.transform
GAUSS, CLENSHAW, PRODUCT = sphere.gauss_legendre, sphere.clenshaw_curtis, sphere.product_grid
PIXEL, INTERPOLATION = sphere.healpix_pixel_of_direction, sphere.healpix_interpolation
CENTRES, NESTED = sphere.healpix_centres, sphere.healpix_ring_to_nested
TO_RING, SAMPLING = sphere.healpix_nested_to_ring, sphere.sampling_matrix
ROTATION, ROTATION_GRADIENT = sphere.rotation, sphere.rotation_gradient
SPECTRUM, SMOOTHING, LAPLACIAN = sphere.power_spectrum, sphere.smoothing, sphere.laplacian
HARMONICS, COLUMN, COUPLING = sphere.spin_harmonics, sphere.wigner_3j, sphere.mode_coupling
SQUARES, ITERATED = sphere.least_squares, sphere.iterated
DEGREEWISE, ORDERWISE, DENSE = backend.degreewise_mixing, backend.orderwise_mixing, backend.dense
NORMALISATION, INPAINTING, BANDS = (
    backend.batch_normalisation, backend.mean_inpainting, backend.band_powers)
RUN, MATRIX, FIELD = backend.run, backend.matrix, backend.gaussian_field
OPERATIONS = backend.OPERATIONS


def operation(*names, function):
    """Operations of the table of the backend."""
    return [(backend, "OPERATIONS", OPERATIONS | {name: function for name in names})]


def operations(change, *names):
    """`change(operation)` of p and t in place of each of the operations."""
    return [(backend, "OPERATIONS", OPERATIONS | {
        name: change(OPERATIONS[name]) for name in names})]


def with_right_functions(function):
    """The function with the right Legendre functions, whatever replaces them."""

    def call(*arguments, **options):
        wrong, sphere.legendre = sphere.legendre, LEGENDRE
        try:
            return function(*arguments, **options)
        finally:
            sphere.legendre = wrong

    return call


def legendre_fault(change):
    """`change(table, lmax, m, theta, spin)` in place of the Legendre functions and of their
    derivatives, but not for the nodes."""

    def wrong(table):
        return lambda lmax, m, theta, spin=0: change(table, lmax, m, theta, spin)

    return [
        (sphere, "legendre", wrong(LEGENDRE)),
        (sphere, "slope", wrong(with_right_functions(SLOPE))),
        (sphere, "gauss_legendre", with_right_functions(GAUSS))]


def transform_fault(change=None, arguments=lambda grid: grid, single_points=False, **methods):
    """A transform on another grid, with other rows, or with other matrices.

    `change(synthesis, adjoint, l, m, spin, lmax)` returns other rows of both, and of analysis if
    those are others again; `methods` are functions of the right matrices by the operation's name.
    Single points have another grid only if that is said; they have no weights."""

    def wrong(theta, phi0, count, weight, lmax, mmax=None, spin=0, nyquist="evaluated",
              modes=None, table=None):
        grid = theta, phi0, count, weight
        if single_points or weight.dtype == float:
            grid = arguments(grid)
        matrices = TRANSFORM(*grid, lmax, mmax, spin, nyquist, modes, table)
        places = sphere.places(lmax, mmax) if modes is None else np.array(modes)
        l, m = np.tile(np.repeat(places, 2, axis=1), 2 if spin else 1)
        if change:
            rows = matrices["synthesis"], matrices["adjoint_synthesis"].T
            synthesis, adjoint, *other = change(*rows, l[:, None], m[:, None], spin, lmax)
            weights = np.tile(np.repeat(grid[3], count), 2 if spin else 1)
            analysis = weights[:, None] * (other[0] if other else adjoint).T
            matrices = {
                "synthesis": synthesis, "synthesis_gradient": synthesis.T,
                "adjoint_synthesis": adjoint.T, "analysis": analysis,
                "analysis_gradient": analysis.T, "fitted": adjoint * np.where(m > 0, 2, 1)[:, None]}
        return matrices | {name: function(matrices) for name, function in methods.items()}

    # Least squares fits (2 - delta_m0) times the adjoint, whatever synthesis has become.
    return [(sphere, "transform", wrong), (sphere, "least_squares", lambda matrices: SQUARES(
        {"synthesis": matrices.get("fitted", matrices["synthesis"])}))]


def scale_rows(factor):
    """Rows of synthesis and analysis times factor(l, m, spin, lmax)."""
    return lambda synthesis, adjoint, *place: (synthesis * factor(*place), adjoint * factor(*place))


def normalised(factor):
    """Functions times factor(l); analysis, which inverts synthesis, divides by it."""
    transform = transform_fault(lambda synthesis, adjoint, l, m, spin, lmax: (
        synthesis * factor(l), adjoint * factor(l), adjoint / factor(l)))
    name, wrong = transform[0][1:]
    return [
        (sphere, name, with_right_functions(wrong)), transform[1],
        (sphere, "legendre", lambda lmax, m, theta, spin=0: (
            factor(np.arange(lmax + 1)) * LEGENDRE(lmax, m, theta, spin).T).T),
        (sphere, "gauss_legendre", with_right_functions(GAUSS))]


def negative_b(synthesis, adjoint, l, m, spin, lmax):
    sign = np.where((np.arange(len(m)) >= len(m) // 2) & (spin > 0), -1, 1)[:, None]
    return synthesis * sign, adjoint * sign


def orders_of_a_ring():
    """Orders above half of a ring's points are left out."""

    def wrong(theta, phi0, count, weight, lmax, mmax=None, spin=0, nyquist="evaluated",
              modes=None, table=None):
        matrices = TRANSFORM(theta, phi0, count, weight, lmax, mmax, spin, nyquist, modes, table)
        places = sphere.places(lmax, mmax) if modes is None else np.array(modes)
        m = np.tile(np.repeat(places[1], 2), 2 if spin else 1)
        length = np.tile(np.repeat(count, count), 2 if spin else 1)
        kept = (2 * m[:, None] <= length) | (weight.dtype != float)
        return {name: own * (kept if len(own) == len(m) and name in (
            "synthesis", "analysis_gradient") else kept.T) for name, own in matrices.items()}

    return [(sphere, "transform", wrong)]


def other_matrices(names):
    """Matrices of operations in place of others: {wrong one: that of the right name}."""
    return [(backend, "matrix", lambda method, p, t: MATRIX(names.get(method, method), p, t))]


def gradient_once():
    """No factor 2 in gradients of synthesis, of derivatives and of single points."""

    def matrix(method, p, t):
        own = MATRIX(method, p, t)
        if method != "derivatives_gradient":
            return own
        m = np.repeat(sphere.places(p["lmax"], p["mmax"])[1], 2)
        return own / np.where(m > 0, 2, 1)

    return transform_fault(synthesis_gradient=lambda matrices: matrices["adjoint_synthesis"]) + [
        (backend, "matrix", matrix)]


def zero_at_poles(own):
    """Derivatives at the poles are 0."""

    def compute(p, t):
        results = own(p, t)
        theta = t["theta"] if "theta" in t else np.repeat(t["ring_theta"], t["ring_count"])
        names = ("d_theta", "d_phi", "theta_gradient", "phi_gradient")
        return {name: value * (np.sin(theta) > 1e-12) if name in names else value
                for name, value in results.items()}

    return compute


def last_value(p, t):
    """A transpose that stores where it has to add."""
    field = np.zeros((len(t["values_gradient"]), 12 * p["nside"] ** 2))
    field[:, PIXEL(p["nside"], t["theta"], t["phi"])] = t["values_gradient"]
    return {"field_gradient": field}


def nested_sampling(nside, theta, phi, bilinear=False):
    """Maps in NESTED order."""
    right = SAMPLING(nside, theta, phi, bilinear)
    if nside & (nside - 1):
        return right
    return right[:, TO_RING(nside, np.arange(12 * nside**2))]


def nested_pixel(nside, theta, phi):
    pixel = PIXEL(nside, theta, phi)
    return pixel if nside & (nside - 1) or nside > 256 else NESTED(nside, pixel)


def single(x):
    return np.float64(np.float32(x))


def rounded(function):
    """The same nodes and weights in single precision."""
    right = with_right_functions(function)
    return lambda count: tuple(map(single, right(count)))


def half_orders(a, lmax):
    """|a|^2 of m > 0 once: half of what both signs give."""
    return a * np.where(sphere.places(lmax)[1][:, None] > 0, np.sqrt(0.5), 1)


def bands_of_stored_orders(x, weights):
    m = np.repeat(sphere.places(len(weights) - 1)[1], 2)
    factor = np.where(m > 0, np.sqrt(0.5), 1)
    output, pullback = BANDS(x * factor, weights)

    def back(dy):
        dx, dw = pullback(dy)
        return dx * factor, dw

    return output, back


def batch_in_inference(x, gamma, beta, mean, variance, w, training, epsilon, momentum):
    """Inference normalises by the batch, as if its mean and variance were the running ones."""
    if not training:
        share = np.ones(x.shape[-1]) / x.shape[-1] if w is None else w / w.sum()
        mean = np.einsum("bcp,p->c", x, share) / len(x)
        variance = np.einsum("bcp,p->c", (x - mean[:, None]) ** 2, share) / len(x)
    return NORMALISATION(x, gamma, beta, mean, variance, w, training, epsilon, momentum)


def filled_with_zero(x):
    last = np.arange(x.shape[1])[:, None] == x.shape[1] - 1
    observed = (x[:, -1:] > 0) | last if x.shape[1] > 1 else x != 0
    return x * observed, lambda dy: [dy * observed]


def outside_turn(function, failure):
    """A pixel function that does not reduce longitudes."""

    def wrong(nside, theta, phi):
        inside = (phi >= 0) & (phi <= 2 * np.pi)
        results = function(nside, theta, phi)
        if not isinstance(results, tuple):
            return np.where(inside, results, failure)
        return tuple(np.where(inside[:, None], result, failure) for result in results)

    return wrong


def no_twice(synthesis, adjoint, l, m, spin, lmax):
    return synthesis / np.where(m > 0, 2, 1), adjoint


def imaginary_zero(synthesis, adjoint, l, m, spin, lmax):
    """(1 - i) M_l0 in place of M_l0: rows Re M, -Im M become their difference and their sum."""
    real, imaginary = synthesis[::2], synthesis[1::2]
    turned = np.stack([real - imaginary, real + imaginary], axis=1).reshape(synthesis.shape)
    return np.where(m == 0, turned, synthesis), adjoint


def nyquist_twice():
    return [(sphere, "transform", lambda *arguments, nyquist=None, **options: TRANSFORM(
        *arguments, **options))]


def swap_fields(synthesis, adjoint, l, m, spin, lmax):
    """B in place of E, and E in place of B."""
    half = len(synthesis) // 2 if spin else 0
    return np.roll(synthesis, half, axis=0), np.roll(adjoint, half, axis=0)


def flip_u(synthesis, adjoint, l, m, spin, lmax):
    points = synthesis.shape[1]
    sign = np.where(np.arange(points) < points // 2, 1, -1) if spin else 1
    return synthesis * sign, adjoint * sign


def conjugated(name):
    """A matrix of analysis with the other sign of the imaginary parts."""
    return lambda matrices: matrices[name] * np.resize([1, -1], matrices[name].shape[1])


def latitude():
    def turned(function):
        return lambda nside, theta, phi: function(nside, abs(np.pi / 2 - theta), phi)

    grid = transform_fault(
        arguments=lambda grid: (abs(np.pi / 2 - grid[0]), *grid[1:]), single_points=True)
    tables = operations(lambda own: lambda p, t: own(p, t | {
        "theta": abs(np.pi / 2 - t["theta"])}), "legendre", "spin_legendre", "spin_harmonics")
    return grid + tables + [
        (sphere, "healpix_pixel_of_direction", turned(PIXEL)),
        (sphere, "healpix_interpolation", turned(INTERPOLATION))]


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


def rotated(change):
    return [
        (sphere, "rotation", lambda a, lmax, *angles: ROTATION(a, lmax, *change(*angles))),
        (sphere, "rotation_gradient", with_right_rotation(lambda a, lmax, *angles: (
            ROTATION_GRADIENT(a, lmax, *change(*angles)))))]


def with_right_rotation(function):
    """The gradient calls the rotation of the module."""

    def call(*arguments):
        wrong, sphere.rotation = sphere.rotation, ROTATION
        try:
            return function(*arguments)
        finally:
            sphere.rotation = wrong

    return call


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
    "lmax exclusive: the degree lmax is missing": ("lmax-exclusive", lambda: transform_fault(
        scale_rows(lambda l, m, spin, lmax: l < lmax))),
    "no Condon-Shortley phase": ("condon-shortley", lambda: legendre_fault(
        lambda table, lmax, m, theta, spin: (-1.0) ** abs(m) * table(lmax, m, theta, spin))),
    "latitude in place of colatitude": ("latitude", latitude),
    "rings from south to north": ("south-to-north", lambda: transform_fault(
        arguments=lambda grid: (np.pi - grid[0], *grid[1:]))),
    "first longitudes of rings ignored": ("ring-offset", lambda: transform_fault(
        arguments=lambda grid: (grid[0], 0 * grid[1], *grid[2:]))),
    "coefficients l-major": ("degree-major", lambda: [(sphere, "places", degree_major)]),
    "analysis not conjugated": ("not-conjugated", lambda: transform_fault(
        adjoint_synthesis=conjugated("adjoint_synthesis"), analysis=conjugated("analysis"))),
    "synthesis without 2 - delta_m0": ("positive-orders-once", lambda: transform_fault(no_twice)),
    "gradient of synthesis without 2 - delta_m0": ("gradient-orders-once", gradient_once),
    "analysis as the transpose of synthesis, and the reverse": (
        "transposes-exchanged", lambda: transform_fault(
            synthesis_gradient=lambda matrices: matrices["analysis"],
            analysis_gradient=lambda matrices: matrices["synthesis"])),
    "Nyquist order twice": ("nyquist-twice", nyquist_twice),
    "imaginary part of m = 0 enters the field": (
        "imaginary-of-order-zero", lambda: transform_fault(imaginary_zero)),
    "spin of the other sign, d^l_{m,+s}": ("spin-sign", lambda: legendre_fault(
        lambda table, lmax, m, theta, spin: table(lmax, m, theta, -spin))),
    "+(E + iB) in place of -(E + iB)": ("eb-sign", lambda: transform_fault(
        scale_rows(lambda l, m, spin, lmax: -1.0 if spin else 1.0))),
    "E and B exchanged": ("e-b-exchanged", lambda: transform_fault(swap_fields)),
    "U of the IAU": ("u-sign", lambda: transform_fault(flip_u)),
    "pole weights of Clenshaw-Curtis doubled": ("pole-weights-doubled", lambda: [
        (sphere, "clenshaw_curtis", doubled_poles)]),
    "sampling rows up to the south pole": ("", lambda: [
        (sphere, "sampling_matrix", south_pole_sampling)]),
    "point weights without 2 pi / longitudes": ("longitude-weights", lambda: transform_fault(
        arguments=lambda grid: (*grid[:3], grid[3] * grid[2] / (2 * np.pi)))),
    "nearest centre in place of the containing pixel": ("nearest-centre", lambda: [
        (sphere, "healpix_pixel_of_direction", nearest_centre)]),
    "ties of pixels to the other side": ("ties-to-the-west", lambda: [
        (sphere, "healpix_pixel_of_direction", lambda nside, theta, phi: PIXEL(
            nside, theta, phi - 1e-9))]),
    "D_l in place of C_l": ("d-l-for-c-l", lambda: [
        (sphere, "power_spectrum", lambda a, b, lmax: tuple(
            band_factor(np.arange(lmax + 1)) * cl for cl in SPECTRUM(a, b, lmax)))] + scaled_field(
                lambda l, m: np.sqrt(band_factor(l)))),
    "rotation with alpha and gamma exchanged": (
        "rotation-angles-exchanged", lambda: rotated(lambda a, b, c: (c, b, a))),
    "inverse rotation": ("rotation-inverse", lambda: rotated(lambda a, b, c: (-c, -b, -a))),
    "weights (l, input, output) read as (l, output, input)": (
        "weights-transposed", lambda: layer_fault(DEGREEWISE, transposed(DEGREEWISE, 1, 2, 1))),
    "weights (output, input, l, m) read as (input, output, l, m)": (
        "weights-transposed", lambda: layer_fault(ORDERWISE, transposed(ORDERWISE, 0, 1, 2))),
    "dense weights (output, input) read as (input, output)": (
        "weights-transposed", lambda: layer_fault(DENSE, transposed(DENSE, 0, 1, 1))),
    "gradients of complex weights not conjugated": ("complex-weight-gradient", lambda: layer_fault(
        ORDERWISE, unconjugated)),
    "running variance biased": (
        "biased-variance", lambda: [(backend, "batch_normalisation", biased_running)]),
    "variance of the batch unbiased": (
        "unbiased-variance", lambda: [(backend, "batch_normalisation", unbiased_batch)]),
    "points of equal weight in the area-weighted normalisation": ("equal-area-weights", lambda: [
        (backend, "batch_normalisation", equal_weights)]),
    "ReLU after the last block": ("relu-after-last-block", rectified_end),
    "epsilon inside Adam's root": ("adam-epsilon", lambda: adam(epsilon_inside)),
    "Adam without bias correction": ("adam-epsilon", lambda: adam(uncorrected)),
    "m = 0 with half the variance": ("field-variance", lambda: scaled_field(
        lambda l, m: np.where(m > 0, 1, np.sqrt(0.5)))),
    "Re and Im with the whole variance each": ("field-variance", lambda: scaled_field(
        lambda l, m: np.where(m > 0, np.sqrt(2), 1))),
    "functions and nodes in float32": ("float32-tables", lambda: legendre_fault(
        lambda table, lmax, m, theta, spin: single(table(lmax, m, theta, spin))) + [
        (sphere, name, rounded(getattr(sphere, name))) for name in (
            "gauss_legendre", "clenshaw_curtis", "fejer1", "fejer2", "driscoll_healy",
            "mcewen_wiaux")] + operations(lambda own: lambda p, t: {
                "d": single(own(p, t)["d"])}, "wigner_d")),
    "colatitude from its cosine": ("colatitude-from-cosine", lambda: legendre_fault(
        lambda table, lmax, m, theta, spin: table(lmax, m, np.arccos(np.cos(theta)), spin))),
    "pixels from the cosine of the colatitude": ("pixels-from-cosine", lambda: [
        (sphere, "healpix_pixel_of_direction", lambda nside, theta, phi: PIXEL(
            nside, np.arccos(np.cos(theta)), phi))]),
    "pixels opposite each other at a pole exchanged": ("pole-pixels", lambda: [
        (sphere, "healpix_interpolation", opposite_pixels)]),
    "derivative of the ReLU at 0 is 1": ("relu-at-zero", lambda: layer_fault(backend.relu, kink)),
    "observed where the mask is at least one half": (
        "mask-threshold", lambda: layer_fault(INPAINTING, half_observed)),
    "imaginary part of m = 0 dropped before the weights": ("", lambda: layer_fault(
        DEGREEWISE, real_zonal(DEGREEWISE, len, len),
        ORDERWISE, real_zonal(ORDERWISE, lambda w: w.shape[2], lambda w: w.shape[3]))),
    "variance from a mean square in float32": ("variance-from-squares", lambda: [
        (backend, "batch_normalisation", mean_square)]),
    "uniform numbers in place of normal ones": ("", lambda: other_field(uniform)),
    "signs in place of normal numbers": ("", lambda: other_field(np.sign)),
    "amplitudes 1.5 % too large": ("", lambda: scaled_field(lambda l, m: 1.015)),
    "functions whose mean square is 1": (
        "four-pi-normalisation", lambda: normalised(lambda l: np.sqrt(4 * np.pi) + 0 * l)),
    "Schmidt's semi-normalised functions": (
        "schmidt-normalisation", lambda: normalised(lambda l: np.sqrt(4 * np.pi / (2 * l + 1)))),
    "B with the other sign": ("b-sign", lambda: transform_fault(negative_b)),
    "gradients of complex numbers in the other convention": ("complex-gradient", lambda: [
        (kit, "conjugates", lambda p: p.get("complex_gradient") != "re-im")]),
    "points half a step to the east": ("half-pixel-shift", lambda: transform_fault(
        arguments=lambda grid: (grid[0], grid[1] + np.pi / grid[2], *grid[2:]))),
    "all points of weight 4 pi / points": ("equal-weights", lambda: transform_fault(
        arguments=lambda grid: (
            *grid[:3], np.full(len(grid[0]), 4 * np.pi / np.sum(grid[2]))))),
    "orders above half of a ring left out": ("orders-above-half-ring", orders_of_a_ring),
    "quadrature weights in the adjoint of synthesis": ("weighted-adjoint", lambda: transform_fault(
        adjoint_synthesis=lambda matrices: matrices["analysis"])),
    "one iteration more": ("one-iteration-more", lambda: [
        (sphere, "iterated", lambda matrices, n: ITERATED(matrices, n + 1))]),
    "gradient of an iterated analysis without iterations": (
        "gradient-of-one-iteration", lambda: other_matrices(
            {"iterated_analysis_gradient": "analysis_gradient"})),
    "gradients without the mask": ("gradient-without-mask", lambda: operations(
        lambda own: lambda p, t: own(p, {
            name: value for name, value in t.items() if name != "mask"}),
        *[name for name in OPERATIONS if "masked" in name and name.endswith("_gradient")])),
    "quadrature in place of least squares": ("fit-by-quadrature", lambda: other_matrices(
        {"least_squares_analysis": "analysis",
         "least_squares_analysis_gradient": "analysis_gradient"})),
    "derivatives at poles are 0": ("zero-at-poles", lambda: operations(
        zero_at_poles, "scalar_derivatives", "point_synthesis_gradient",
        "spin_point_synthesis_gradient")),
    "d^l_nm in place of d^l_mn": ("wigner-transposed", lambda: operations(
        lambda own: lambda p, t: own(p | {"m": p["n"], "n": p["m"]}, t), "wigner_d")),
    "theta and phi exchanged": ("angles-exchanged", lambda: [
        (sphere, "spin_harmonics", lambda spin, l, m, theta, phi: HARMONICS(
            spin, l, m, phi, theta))]),
    "mode-coupling matrix transposed": ("coupling-transposed", lambda: [
        (sphere, "mode_coupling", lambda *arguments: COUPLING(*arguments).T)]),
    "mode-coupling matrix without 1/4 pi": ("coupling-without-4-pi", lambda: [
        (sphere, "mode_coupling", lambda *arguments: 4 * np.pi * COUPLING(*arguments))]),
    "spectra of m >= 0 alone": ("spectrum-of-stored-orders", lambda: [
        (sphere, "power_spectrum", lambda a, b, lmax: SPECTRUM(
            half_orders(a, lmax), half_orders(b, lmax), lmax))]),
    "full width at half maximum as sigma": ("fwhm-as-sigma", lambda: [
        (sphere, "smoothing", lambda a, lmax, spin, fwhm: SMOOTHING(
            a, lmax, spin, fwhm * np.sqrt(8 * np.log(2))))]),
    "beam of a spin as that of a scalar": ("beam-without-spin", lambda: [
        (sphere, "smoothing", lambda a, lmax, spin, fwhm: SMOOTHING(a, lmax, 0, fwhm))]),
    "+l(l + 1) for the Laplacian": ("laplacian-sign", lambda: [
        (sphere, "laplacian", lambda *arguments: -LAPLACIAN(*arguments))]),
    "NESTED numbers in place of RING numbers": ("nested-for-ring", lambda: operations(
        lambda own: lambda p, t: {"pixel": nested_pixel(p["nside"], t["theta"], t["phi"])},
        "healpix_pixel_of_direction") + [(sphere, "sampling_matrix", nested_sampling)]),
    "a transpose that stores in place of adding": ("overwritten-sums", lambda: operation(
        "resample_containing_pixel_transpose", function=last_value)),
    "batch's mean and variance in inference": ("batch-statistics-in-inference", lambda: [
        (backend, "batch_normalisation", batch_in_inference)]),
    "unobserved points stay 0": ("filled-with-zero", lambda: layer_fault(
        INPAINTING, filled_with_zero)),
    "powers of bands from m >= 0 alone": ("band-power-orders", lambda: layer_fault(
        BANDS, bands_of_stored_orders) + [(backend, "band_powers", bands_of_stored_orders)]),
    "3j symbols with signs (-1)^l1": ("column-sign", lambda: [
        (sphere, "wigner_3j", lambda l2, l3, m2, m3: COLUMN(l2, l3, m2, m3) * (-1.0) ** (
            max(abs(l2 - l3), abs(m2 + m3)) + np.arange(len(COLUMN(l2, l3, m2, m3)))))]),
    "rules exchanged: Fejer's first for his second, and so on": (
        "rule-of-another-grid", lambda: [
            (sphere, "fejer1", sphere.fejer2), (sphere, "fejer2", sphere.fejer1),
            (sphere, "driscoll_healy", sphere.fejer1), (sphere, "mcewen_wiaux", sphere.fejer1),
            (sphere, "clenshaw_curtis", sphere.fejer1)]),
    "pixels counted from 1": ("ring-numbers", lambda: [
        (sphere, "healpix_nested_to_ring", lambda nside, nested: TO_RING(nside, nested - 1) + 1),
        (sphere, "healpix_ring_to_nested", lambda nside, ring: NESTED(nside, ring - 1) + 1),
        (sphere, "healpix_centres", lambda nside: tuple(
            np.roll(values, 1) for values in CENTRES(nside)))]),
    "longitudes outside 0 ... 2 pi not reduced": ("longitude-range", lambda: [
        (sphere, "healpix_pixel_of_direction", outside_turn(PIXEL, -1)),
        (sphere, "healpix_interpolation", outside_turn(INTERPOLATION, 0))]),
}
