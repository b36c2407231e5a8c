"""Every operation of the conformance kit in NumPy: a backend to read beside Docs/Conformance.md.

    python numpy_backend.py KIT --output FOLDER [--cases PATTERN ...]

A layer is a function of its input and parameters that returns the output and its pullback: from
the gradient of the output to a list of those of the input and of the parameters, in their order.
"""

import numpy as np

import kit
import numpy_sphere as sphere

def linear(matrix, transpose):
    return [lambda x: (x @ matrix, lambda dy: [dy @ transpose])]
def relu(x):
    return np.maximum(x, 0), lambda dy: [dy * (x > 0)]
def dense(x, weight, bias):
    return x @ weight.T + bias, lambda dy: [dy @ weight, dy.T @ x, dy.sum(axis=0)]
def mean_of_points(x):
    return x.mean(axis=-1), lambda dy: [np.repeat(dy[..., None], x.shape[-1], -1) / x.shape[-1]]

def mean_inpainting(x):
    """Unobserved points take the mean of the observed; the last of several channels is the mask."""
    last = np.arange(x.shape[1])[:, None] == x.shape[1] - 1
    observed = (x[:, -1:] > 0) | last if x.shape[1] > 1 else x != 0
    mean = np.mean(x, axis=-1, keepdims=True, where=observed)
    return np.where(observed, x, mean), lambda dy: [observed * (
        dy + np.sum(dy * ~observed, -1, keepdims=True) / observed.sum(-1, keepdims=True))]

def degreewise_mixing(x, weights):
    """y_o,lm = sum_i w_l,io x_i,lm."""
    degree = sphere.degree_sums(len(weights) - 1) > 0  # [2 lm, l]: is the degree l
    w = weights[np.argmax(degree, axis=1)]
    return np.einsum("kio,bik->bok", w, x), lambda dy: [
        np.einsum("kio,bok->bik", w, dy),
        np.einsum("kl,bik,bok->lio", degree, x, dy, optimize=True)]

def orderwise_mixing(x, real, imaginary):
    """y_o,lm = sum_i W_oi,lm x_i,lm with complex W [out, in, l, m]."""
    l, m = sphere.places(real.shape[2] - 1, real.shape[3] - 1)
    w, x = (real + 1j * imaginary)[:, :, l, m], x.view(complex)
    def pullback(dy):
        dy, dw = dy.view(complex), np.zeros(real.shape, complex)
        dw[:, :, l, m] = np.einsum("bik,bok->oik", np.conj(x), dy)
        dx = np.einsum("oik,bok->bik", np.conj(w), dy, order="C")
        return dx.view(float), dw.real, dw.imag
    return np.einsum("oik,bik->bok", w, x, order="C").view(float), pullback

def band_powers(x, weights):
    """p_cb = sum_l w_lcb^2 S_cl, S_cl = 1/4 pi sum over all m of |x_lm|^2."""
    sums = sphere.degree_sums(len(weights) - 1) / (4 * np.pi)
    power = x**2 @ sums
    return np.einsum("lcb,xcl->xcb", weights**2, power), lambda dy: [
        2 * x * (np.einsum("xcb,lcb->xcl", dy, weights**2) @ sums.T),
        2 * weights * np.einsum("xcb,xcl->lcb", dy, power)]

def batch_normalisation(x, gamma, beta, mean, variance, w, training, epsilon, momentum):
    """gamma (x - mean)/sqrt(variance + epsilon) + beta, updated mean and variance; w: weights."""
    n, old = len(x) * x.shape[-1], np.array([mean, variance])
    share = np.full(x.shape[-1], 1 / n) if w is None else w / (len(x) * w.sum())
    if training:
        mean = np.einsum("bcp,p->c", x, share)
        variance = np.einsum("bcp,p->c", (x - mean[:, None]) ** 2, share)
    new = np.array([mean, variance * (n / (n - 1) if w is None else 1)])
    scale = 1 / np.sqrt(variance + epsilon)[:, None]
    normal = (x - mean[:, None]) * scale
    def pullback(dy):
        dbeta, dgamma = np.sum(dy, axis=(0, 2)), np.sum(dy * normal, axis=(0, 2))
        through = share * (dbeta[:, None] + normal * dgamma[:, None]) if training else 0
        return gamma[:, None] * scale * (dy - through), dgamma, dbeta
    return gamma[:, None] * normal + beta[:, None], pullback, *(old + momentum * (new - old))

def monomials(t, degree):
    """t_k; from degree 2 on t_j t_k, j <= k; from 3 on t_j t_k^2, k < 3, and t_j t_k^3, k < 2."""
    n, unit = t.shape[1], np.eye(t.shape[1], dtype=int)
    powers = np.array(list(unit) + [
        unit[j] + unit[k] for j in range(n) for k in range(j, n) if degree >= 2] + [
        unit[j] + power * unit[k] for power, most in ((2, 3), (3, 2)) if degree >= 3
        for k in range(min(most, n)) for j in range(n)])
    product = lambda exponents: np.prod(t[:, None] ** exponents, axis=2)
    return product(powers), lambda dy: [np.stack([
        np.sum(dy * powers[:, k] * product(np.maximum(powers - unit[k], 0)), axis=1)
        for k in range(n)], axis=1)]

def run(layers, given, t):
    """Layers [function, *names of parameters] in turn; loss: the mean of (output - target)^2."""
    t = {name.removeprefix("state."): value for name, value in t.items()}
    x = given.reshape(*given.shape[:2], -1) if given.ndim > 2 else given  # Re, Im in turn
    pullbacks, results = [], {}
    for function, *names in layers:
        x, pullback, *updated = function(x, *[t[name] for name in names])
        pullbacks.append((pullback, names))
        results |= kit.named("updated", names[2:], updated)
    error = x - t.get("target", x)
    gradient = t.get("output_gradient", 2 * error / error.size)
    results |= {"loss": np.array([np.mean(error**2)]), "output": x.reshape(gradient.shape)}
    gradient = gradient.reshape(x.shape)
    for pullback, names in reversed(pullbacks):
        gradient, *others = pullback(gradient)
        results |= kit.named("gradient", names, others)
    return results | kit.named(
        "gradient", ["input", "maps", "coefficients"], [gradient.reshape(given.shape)] * 3)

DENSE_LAYERS = [
    [dense, "fc.0.weight", "fc.0.bias"], [relu], [dense, "fc.3.weight", "fc.3.bias"]]
STATE = ["weight", "bias", "running_mean", "running_var"]
def normalisation(p, w, *names):
    settings = p["mode"] == "training", p.get("epsilon", 1e-5), p.get("momentum", 0.1)
    return [lambda *x: batch_normalisation(*x, w, *settings), *names]

def published_network(p, t):
    rows, columns = p["latitudes"], p["longitudes"]
    grid = sphere.product_grid(np.pi * np.arange(rows) / rows, np.ones(rows), columns)
    sample = sphere.sampling_matrix(p["nside"], *sphere.points(*grid[:3])[1:])
    grid = sphere.product_grid(*sphere.clenshaw_curtis(rows), columns)
    matrices = sphere.transform(*grid, p["lmax"], p["mmax"], nyquist="once")
    layers = [linear(sample.T, sample)] + [[mean_inpainting]] * p["inpainting"]
    for k in range(p["blocks"]):
        layers += [
            linear(matrices["analysis"], matrices["analysis_gradient"]),
            [orderwise_mixing, f"blocks.{k}.weight_real", f"blocks.{k}.weight_imag"],
            linear(matrices["synthesis"], matrices["synthesis_gradient"]),
            normalisation(p, None, *[f"batchnorms.{k}.{name}" for name in STATE]), [relu]]
    return run(layers[:-1] + [[mean_of_points]] + DENSE_LAYERS, t["maps"], t)

def isotropic_network(p, t):
    grid = sphere.product_grid(*sphere.gauss_legendre(p["grid_rings"])[:2], p["longitudes"])
    matrices, layers, weights = sphere.transform(*grid, p["lmax"]), [], np.repeat(grid[3], grid[2])
    if p["input"] == "maps":
        healpix = sphere.transform(*sphere.healpix_grid(p["nside"]), p["lmax"])
        inverse = sphere.least_squares(healpix)
        layers = [linear(inverse, inverse.T)]
    for k in range(len(p["channels"])):
        layers += [
            [degreewise_mixing, f"blocks.{k}.weights"],
            linear(matrices["synthesis"], matrices["synthesis_gradient"]),
            normalisation(p, weights, *[f"batchnorms.{k}.{name}" for name in STATE]), [relu],
            linear(matrices["analysis"], matrices["analysis_gradient"])]
    whole = np.ones((p["lmax"] + 1, p["channels"][-1], 1))  # one band of all degrees
    mean, turn = t["state.readout.mean"], t["state.readout.rotation"]
    return run(layers[:-4] + [
        [lambda x: band_powers(x, whole)],
        [lambda y: (np.log(y[..., 0]), lambda dy: [dy[..., None] / y])],
        [lambda z: (z - mean, lambda dy: [dy])], linear(turn.T, turn),
        [lambda z: monomials(z, p["readout_degree"])],
        [dense, "readout.weight", "readout.bias"]], t[p["input"]], t)

def adam(p, t):
    value, m, v, rows = t["parameters"], 0, 0, []
    for step, gradient in enumerate(t["gradients"], start=1):
        m = p["beta1"] * m + (1 - p["beta1"]) * gradient
        v = p["beta2"] * v + (1 - p["beta2"]) * gradient**2
        root = np.sqrt(v) / np.sqrt(1 - p["beta2"] ** step) + p["epsilon"]
        value = value - p["learning_rate"] / (1 - p["beta1"] ** step) * m / root
        rows += [value] * (step in p["after_steps"])
    return {"parameters": np.array(rows)}

def gaussian_field(p, t):
    """Re and Im with variance C_l/2 each; at m = 0 Re alone, with C_l."""
    l, m = sphere.places(p["lmax"])
    real, imaginary = np.random.default_rng(1).standard_normal((2, p["draws"], len(l)))
    scale = np.sqrt(t["cl"][l] * np.where(m > 0, 0.5, 1))
    return {"coefficients": scale * (real + 1j * np.where(m > 0, imaginary, 0))}

def matrix(method, p, t):
    """[in, out] of a transform, or of what is made of one."""
    own = method.removesuffix("_gradient")
    options = {name: p[name] for name in ("mmax", "spin", "nyquist") if name in p}
    options |= {"derivatives": {"spin": 1}, "slope": {"table": sphere.slope}}.get(own, {})
    matrices = sphere.transform(*kit.grid_of(t), p["lmax"], **options)
    if method in matrices:
        return matrices[method]
    made = matrices["synthesis"]
    if own == "derivatives":  # E = sqrt(l(l + 1)) a
        l = np.repeat(sphere.places(p["lmax"], p["mmax"])[0], 2)
        made = np.sqrt(l * (l + 1))[:, None] * made[:len(l)]
    elif own != "slope":
        made = sphere.iterated(matrices, p["iterations"]) if "iterations" in p else (
            sphere.least_squares(matrices))
    return made.T if method.endswith("_gradient") else made

def by_matrix(method):
    """A transform of rows of real numbers, E before B and Q before U; a mask multiplies fields."""
    own = method.removeprefix("masked_").removeprefix("point_")
    def compute(p, t, x):
        mask, to_field = t.get("mask", 1), np.iscomplexobj(x)
        row = kit.row_of(x if to_field else x * mask) @ matrix(own, p, t)
        result = kit.parts_of(row, 2 if p.get("spin") or method == "derivatives" else 1, to_field)
        return result * mask if to_field else result
    return compute

def point_gradient(p, t):
    """Of coefficients by the transpose, of angles by the derivatives of the fields."""
    given, wanted = kit.names(p, "coefficients", "values")
    gradients = np.stack([t[name + "_gradient"] for name in wanted], axis=1)
    a = kit.complex_of(np.stack([t[name] for name in given], axis=1))
    turned = a * 1j * sphere.places(p["lmax"], p["mmax"])[1]
    by_theta, by_phi = by_matrix("slope")(p, t, a), by_matrix("synthesis")(p, t, turned)
    return kit.transform("point_synthesis_gradient", by_matrix)(p, t) | {
        "theta_gradient": np.sum(gradients * by_theta, axis=(0, 1)),
        "phi_gradient": np.sum(gradients * by_phi, axis=(0, 1))}

def single_modes(p, t):
    """Fields of single coefficients: each its own rows of synthesis."""
    given, wanted = kit.names(p, "amplitude", "field")
    options = {"spin": p.get("spin", 0), "modes": (t["l"], t["m"])}
    rows = sphere.transform(*kit.grid_of(t), p["lmax"], **options)["synthesis"]
    rows = rows.reshape(len(given), len(t["l"]), 2, len(wanted), -1)
    return dict(zip(wanted, np.einsum("ckr,ckrfp->fkp", [t[name] for name in given], rows)))

def resampling(p, t, bilinear=False):
    matrix = sphere.sampling_matrix(p["nside"], t["theta"], t["phi"], bilinear)
    return {"values": t["field"] @ matrix.T} if "field" in t else {
        "field_gradient": t["values_gradient"] @ matrix}

def table(p, t):
    m = np.array(p["orders"])[:, None]
    return {"lambda": np.moveaxis(
        sphere.legendre(p["lmax"], m, t["theta"], p.get("spin", 0)), 0, 2)}
def wigner_table(p, t):
    m, n = (np.array(p[name])[:, None] for name in "mn")
    return {"d": np.moveaxis(sphere.wigner(p["lmax"], m, n, t["beta"]), 0, 2)}

alone = lambda *layer: lambda p, t: run([layer], t["x"], t)
bilinear = lambda p, t: resampling(p, t, bilinear=True)
OPERATIONS = kit.functions(sphere) | {
    "legendre": table, "spin_legendre": table, "wigner_d": wigner_table,
    "scalar_modes": single_modes, "spin_modes": single_modes,
    "mean_inpainting": alone(mean_inpainting), "band_powers": alone(band_powers, "weights"),
    "degreewise_mixing": alone(degreewise_mixing, "weights"),
    "orderwise_mixing": alone(orderwise_mixing, "weight_real", "weight_imag"),
    "batch_normalisation": lambda p, t: run([normalisation(
        p, t["point_weights"] if p["weighting"] == "area" else None,
        "gamma", "beta", "running_mean", "running_var")], t["x"], t),
    "dense_layers": lambda p, t: run(DENSE_LAYERS, t["x"], t), "gaussian_field": gaussian_field,
    "published_network": published_network, "isotropic_network": isotropic_network, "adam": adam,
    "resample_containing_pixel": resampling, "resample_containing_pixel_transpose": resampling,
    "resample_bilinear": bilinear, "resample_bilinear_transpose": bilinear,
} | kit.every_transform(by_matrix, point_synthesis_gradient=point_gradient)

if __name__ == "__main__":
    kit.main(__doc__, OPERATIONS)
