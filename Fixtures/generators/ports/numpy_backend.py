"""Every operation of the conformance kit in NumPy: a backend to read beside Docs/Conformance.md.

    python numpy_backend.py KIT --output FOLDER [--cases PATTERN ...]

The functions on the sphere are in numpy_sphere.py; here are the layers, the two networks, Adam
and the table of operations. Complex numbers are complex in here and pairs [re, im] in files.

A layer is a function that returns its output and its pullback, the function that takes the
gradient of the output to the gradients of the input and of the parameters, in their order.
"""

import argparse
import fnmatch
import json
import pathlib

import numpy as np
from safetensors.numpy import load_file, save_file

import numpy_sphere as sphere

GRID = ["ring_theta", "ring_phi0", "ring_count", "ring_weight"]


def complex_of(pairs):
    return pairs[..., 0] + 1j * pairs[..., 1]


# --- Layers ------------------------------------------------------------------------------------


def linear(x, function, transpose):
    return function(x), lambda dy: (transpose(dy),)


def relu(x):
    return np.maximum(x, 0), lambda dy: (dy * (x > 0),)


def dense(x, weight, bias):
    return x @ weight.T + bias, lambda dy: (dy @ weight, dy.T @ x, dy.sum(axis=0))


def mean_inpainting(x):
    """Unobserved points take the mean of the observed ones; of several channels the last is the
    mask, and passes."""
    observed = x != 0
    if x.shape[1] > 1:
        observed = np.repeat(x[:, -1:] > 0, x.shape[1], axis=1)
        observed[:, -1] = True
    number = observed.sum(axis=-1, keepdims=True)
    mean = np.sum(x * observed, axis=-1, keepdims=True) / number
    return np.where(observed, x, mean), lambda dy: (
        observed * (dy + np.sum(dy * ~observed, axis=-1, keepdims=True) / number),)


def degreewise_mixing(x, weights):
    """y_o,lm = sum_i w_l,io x_i,lm."""
    l, _, by_degree = sphere.places(len(weights) - 1)
    return np.einsum("kio,bik->bok", weights[l], x), lambda dy: (
        np.einsum("kio,bok->bik", weights[l], dy),
        np.einsum("kl,bik,bok->lio", by_degree, np.conj(x), dy, optimize=True).real)


def orderwise_mixing(x, real, imaginary):
    """y_o,lm = sum_i W_oi,lm x_i,lm with complex W [out, in, l, m]."""
    l, m, _ = sphere.places(real.shape[2] - 1, real.shape[3] - 1)
    w = (real + 1j * imaginary)[:, :, l, m]

    def pullback(dy):
        dw = np.zeros(real.shape, complex)
        dw[:, :, l, m] = np.einsum("bik,bok->oik", np.conj(x), dy)
        return np.einsum("oik,bok->bik", np.conj(w), dy), dw.real, dw.imag

    return np.einsum("oik,bik->bok", w, x), pullback


def band_powers(x, weights):
    """p_cb = sum_l w_lcb^2 S_cl, S_cl = 1/4 pi sum over all m of |x_lm|^2."""
    l, m, by_degree = sphere.places(len(weights) - 1)
    share = np.where(m > 0, 2, 1) / (4 * np.pi)
    power = (share * abs(x) ** 2) @ by_degree
    return np.einsum("lcb,xcl->xcb", weights**2, power), lambda dy: (
        2 * share * x * np.einsum("xcb,kcb->xck", dy, weights[l] ** 2),
        2 * weights * np.einsum("xcb,xcl->lcb", dy, power))


def batch_normalisation(
        x, gamma, beta, mean, variance, point_weights, training, area, epsilon, momentum):
    """y = gamma (x - mean)/sqrt(variance + epsilon) + beta; also the new running statistics.

    The statistics of training are weighted means over maps and points.
    """
    w = point_weights if area else np.ones(x.shape[-1])
    w, n, updated = w / (len(x) * w.sum()), len(x) * x.shape[-1], ()
    if training:
        running = mean, variance
        mean = np.einsum("bcp,p->c", x, w)
        variance = np.einsum("bcp,p->c", (x - mean[:, None]) ** 2, w)
        batch = mean, variance * (1 if area else n / (n - 1))
        updated = [old + momentum * (new - old) for old, new in zip(running, batch)]
    scale = 1 / np.sqrt(variance + epsilon)[:, None]
    normal = (x - mean[:, None]) * scale

    def pullback(dy):
        dbeta, dgamma = np.sum(dy, axis=(0, 2)), np.sum(dy * normal, axis=(0, 2))
        through = w * (dbeta[:, None] + normal * dgamma[:, None]) if training else 0
        return gamma[:, None] * scale * (dy - through), dgamma, dbeta

    return gamma[:, None] * normal + beta[:, None], pullback, updated


def monomials(t, degree):
    """t_k; from degree 2 on t_j t_k, j <= k; from 3 on t_j t_k^2, k < 3, and t_j t_k^3, k < 2."""
    n = t.shape[1]
    factors = [(k,) for k in range(n)]
    factors += [(j, k) for j in range(n) for k in range(j, n) if degree >= 2]
    factors += [(j,) + (k,) * power for power, most in ((2, 3), (3, 2)) if degree >= 3
                for k in range(min(most, n)) for j in range(n)]
    factors = np.array([(f + (n, n, n))[:4] for f in factors])  # place n holds the number 1
    values = np.concatenate([t, np.ones((len(t), 1))], axis=1)[:, factors]

    def pullback(dy):
        dt = np.zeros((len(t), n + 1))
        for q in range(4):  # the product rule
            others = np.delete(values, q, axis=2).prod(axis=2)
            np.add.at(dt, (slice(None), factors[:, q]), dy * others)
        return (dt[:, :n],)

    return values.prod(axis=2), pullback


# --- Networks ----------------------------------------------------------------------------------


class Chain:
    """Applies layers one after the other, then pulls the gradient of the loss back through them."""

    def __init__(self, x, tensors, training):
        self.value, self.tensors, self.training = x, tensors, training
        self.pullbacks, self.results = [], {}

    def apply(self, layer, *arguments, names=()):
        """`names`: the tensors of the state that follow the input of the layer."""
        state = [self.tensors["state." + name] for name in names]
        self.value, pullback, *updated = layer(self.value, *state, *arguments)
        self.pullbacks.append((pullback, ["gradient." + name for name in names]))
        for new in updated:
            self.results.update(zip(["updated." + name for name in names[2:]], new))

    def normalise(self, name, point_weights, area):
        names = [f"{name}.{part}" for part in ("weight", "bias", "running_mean", "running_var")]
        self.apply(
            batch_normalisation, point_weights, self.training, area, 1e-5, 0.1, names=names)

    def finish(self, input_name):
        """Loss: the mean of (output - target)^2."""
        error = self.value - self.tensors["target"]
        self.results |= {"output": self.value, "loss": np.array([np.mean(error**2)])}
        gradient = 2 * error / error.size
        for pullback, names in reversed(self.pullbacks):
            gradient, *parameters = pullback(gradient)
            self.results.update(zip(names, parameters))
        return self.results | {"gradient." + input_name: gradient}


def published_network(p, t):
    rows, columns = p["latitudes"], p["longitudes"]
    theta, phi = np.pi * np.arange(rows) / rows, 2 * np.pi * np.arange(columns) / columns
    sample = sphere.sampling_matrix(p["nside"], np.repeat(theta, columns), np.tile(phi, rows))
    transform = sphere.Transform(
        *sphere.product_grid(*sphere.clenshaw_curtis(rows), columns), p["lmax"], p["mmax"],
        nyquist="once")
    chain = Chain(t["maps"], t, p["mode"] == "training")
    chain.apply(linear, lambda x: x @ sample.T, lambda dy: dy @ sample)
    if p["inpainting"]:
        chain.apply(mean_inpainting)
    for k in range(p["blocks"]):
        chain.apply(linear, transform.analysis, transform.analysis_gradient)
        chain.apply(
            orderwise_mixing, names=[f"blocks.{k}.weight_real", f"blocks.{k}.weight_imag"])
        chain.apply(linear, transform.synthesis, transform.synthesis_gradient)
        chain.normalise(f"batchnorms.{k}", None, area=False)
        if k + 1 < p["blocks"]:
            chain.apply(relu)
    average = np.full((rows * columns, 1), 1 / (rows * columns))
    chain.apply(linear, lambda x: (x @ average)[..., 0], lambda dy: dy[..., None] * average.T)
    chain.apply(dense, names=["fc.0.weight", "fc.0.bias"])
    chain.apply(relu)
    chain.apply(dense, names=["fc.3.weight", "fc.3.bias"])
    return chain.finish("maps")


def isotropic_network(p, t):
    transform = sphere.Transform(
        *sphere.product_grid(*sphere.gauss_legendre(p["grid_rings"]), p["longitudes"]), p["lmax"])
    chain = Chain(t.get("maps"), t, p["mode"] == "training")
    if p["input"] == "maps":
        healpix = sphere.Transform(*sphere.healpix_grid(p["nside"]), p["lmax"])
        chain.apply(linear, healpix.least_squares_analysis, healpix.least_squares_gradient)
    else:
        chain.value = complex_of(t["coefficients"])
    blocks = len(p["channels"])
    for k in range(blocks):
        chain.apply(degreewise_mixing, names=[f"blocks.{k}.weights"])
        if k + 1 < blocks:
            chain.apply(linear, transform.synthesis, transform.synthesis_gradient)
            chain.normalise(f"batchnorms.{k}", transform.weights, area=True)
            chain.apply(relu)
            chain.apply(linear, transform.analysis, transform.analysis_gradient)
    # The whole power of a channel: one band that holds every degree with weight 1.
    chain.apply(lambda y: band_powers(y, np.ones((p["lmax"] + 1, p["channels"][-1], 1))))
    chain.apply(lambda y: (np.log(y[..., 0]), lambda dy: ((dy / y[..., 0])[..., None],)))
    mean, turn = t["state.readout.mean"], t["state.readout.rotation"]
    chain.apply(linear, lambda z: (z - mean) @ turn.T, lambda dy: dy @ turn)
    chain.apply(monomials, p["readout_degree"])
    chain.apply(dense, names=["readout.weight", "readout.bias"])
    return chain.finish(p["input"])


# --- Operations --------------------------------------------------------------------------------


def adam(p, t):
    value, m, v, rows = t["parameters"].copy(), 0, 0, []
    for step, gradient in enumerate(t["gradients"], start=1):
        m = p["beta1"] * m + (1 - p["beta1"]) * gradient
        v = p["beta2"] * v + (1 - p["beta2"]) * gradient**2
        root = np.sqrt(v) / np.sqrt(1 - p["beta2"] ** step) + p["epsilon"]
        value -= p["learning_rate"] / (1 - p["beta1"] ** step) * m / root
        if step in p["after_steps"]:
            rows.append(value.copy())
    return {"parameters": np.array(rows)}


def gaussian_field(p, t):
    """Re and Im with variance C_l/2 each; at m = 0 Re alone, with C_l."""
    l, m, _ = sphere.places(p["lmax"])
    normal = np.random.default_rng(1).standard_normal((2, p["draws"], len(l)))
    scale = np.sqrt(t["cl"][l] * np.where(m > 0, 0.5, 1))
    return {"coefficients": scale * (normal[0] + 1j * np.where(m > 0, normal[1], 0))}


def tables(p, t):
    """Legendre functions [orders, n, lmax + 1]."""
    columns = [sphere.legendre(p["lmax"], m, t["theta"], p.get("spin", 0)) for m in p["orders"]]
    return {"lambda": np.array(columns).transpose(0, 2, 1)}


def transform(operation, backend):
    """Synthesis, analysis, their transposes and least squares, of spin 0 and 2.

    `backend(method)(p, t, x)` computes, with x [lanes, components, places or points]."""
    method = operation.removeprefix("scalar_").removeprefix("spin2_")

    def compute(p, t):
        suffix = "_gradient" if method.endswith("_gradient") else ""
        sides = (["e", "b"], ["q", "u"]) if p.get("spin") else (["coefficients"], ["field"])
        forward = method in ("synthesis", "analysis_gradient")
        given, wanted = sides if forward else sides[::-1]
        x = np.stack([t[name + suffix] for name in given], axis=1)
        result = backend(method)(p, t, complex_of(x) if forward else x)
        return {name + suffix: result[:, k] for k, name in enumerate(wanted)}

    return compute


def dense_transform(method):
    def compute(p, t, x):
        machine = sphere.Transform(
            *[t[name] for name in GRID], p["lmax"], p.get("mmax"), p.get("spin", 0),
            p.get("nyquist", "evaluated"))
        result = getattr(machine, method)(x.reshape(len(x), -1))  # E before B, Q before U
        return result.reshape(*x.shape[:2], -1)

    return compute


def layer(function, *names, given=lambda x: x, gradient=lambda x: x):
    """A layer by itself; `names` are its parameters, the others convert x and output_gradient."""

    def compute(p, t):
        output, pullback = function(given(t["x"]), *[t[name] for name in names])
        gradients = pullback(gradient(t["output_gradient"]))
        titles = [name + "_gradient" for name in ("input", *names)]
        return {"output": output} | dict(zip(titles, gradients))

    return compute


def normalisation(p, t):
    output, pullback, updated = batch_normalisation(
        *[t[k] for k in ("x", "gamma", "beta", "running_mean", "running_var", "point_weights")],
        p["mode"] == "training", p["weighting"] == "area", p["epsilon"], p["momentum"])
    gradients = zip(["input", "gamma", "beta"], pullback(t["output_gradient"]))
    return {"output": output} | {name + "_gradient": value for name, value in gradients} | dict(
        zip(["updated_running_mean", "updated_running_var"], updated))


def dense_layers(p, t):
    hidden, back0 = dense(t["x"], t["fc.0.weight"], t["fc.0.bias"])
    active, back1 = relu(hidden)
    output, back3 = dense(active, t["fc.3.weight"], t["fc.3.bias"])
    dy, dw3, db3 = back3(t["output_gradient"])
    dx, dw0, db0 = back0(*back1(dy))
    return {
        "output": output, "input_gradient": dx, "gradient.fc.0.weight": dw0,
        "gradient.fc.0.bias": db0, "gradient.fc.3.weight": dw3, "gradient.fc.3.bias": db3}


def resampling(bilinear, transposed):
    def compute(p, t):
        matrix = sphere.sampling_matrix(p["nside"], t["theta"], t["phi"], bilinear)
        if transposed:
            return {"field_gradient": t["values_gradient"] @ matrix}
        return {"values": t["field"] @ matrix.T}

    return compute


def named(names, function):
    """Gives the results of `function(p, t)` their names."""
    return lambda p, t: dict(zip(names, function(p, t)))


def quadrature(theta, weights):
    return {"theta": theta, "cos_theta": np.cos(theta), "weights": weights}


OPERATIONS = {
    "legendre": tables,
    "spin_legendre": tables,
    "gauss_legendre": lambda p, t: quadrature(*sphere.gauss_legendre(p["count"])),
    "clenshaw_curtis": named(
        ["theta", "weights"], lambda p, t: sphere.clenshaw_curtis(p["count"])),
    "healpix_centres": named(
        ["theta", "phi"], lambda p, t: sphere.healpix_centres(p["nside"])),
    "healpix_pixel_of_direction": lambda p, t: {
        "pixel": sphere.pixel_of_direction(p["nside"], t["theta"], t["phi"])},
    "healpix_nested_to_ring": lambda p, t: {
        "ring": sphere.nested_to_ring(p["nside"], t["nested"])},
    "healpix_ring_to_nested": lambda p, t: {
        "nested": sphere.ring_to_nested(p["nside"], t["ring"])},
    "healpix_interpolation": named(
        ["pixels", "weights"],
        lambda p, t: sphere.interpolation(p["nside"], t["theta"], t["phi"])),
    "rotation": lambda p, t: {"rotated": sphere.rotation(
        complex_of(t["coefficients"]), p["lmax"], p["alpha"], p["beta"], p["gamma"])},
    "power_spectrum": lambda p, t: {
        name: sphere.power_spectrum(complex_of(t["a"]), complex_of(t[other]), p["lmax"])
        for name, other in (("auto", "a"), ("cross", "b"))},
    "resample_containing_pixel": resampling(False, False),
    "resample_containing_pixel_transpose": resampling(False, True),
    "resample_bilinear": resampling(True, False),
    "resample_bilinear_transpose": resampling(True, True),
    "mean_inpainting": layer(mean_inpainting),
    "degreewise_mixing": layer(
        degreewise_mixing, "weights", given=complex_of, gradient=complex_of),
    "orderwise_mixing": layer(
        orderwise_mixing, "weight_real", "weight_imag", given=complex_of, gradient=complex_of),
    "band_powers": layer(band_powers, "weights", given=complex_of),
    "batch_normalisation": normalisation,
    "dense_layers": dense_layers,
    "adam": adam,
    "published_network": published_network,
    "isotropic_network": isotropic_network,
    "gaussian_field": gaussian_field,
}
METHODS = ["synthesis", "analysis", "adjoint_synthesis", "synthesis_gradient", "analysis_gradient"]
OPERATIONS |= {
    name: transform(name, dense_transform) for name in [
        f"{kind}_{method}" for kind in ("scalar", "spin2") for method in METHODS]
    + ["least_squares_analysis", "spin2_least_squares_analysis"]}


def run_case(kit, case, operations=OPERATIONS):
    """The outputs that the manifest lists, as float64 or int64 arrays."""
    tensors = load_file(kit / case["file"])
    inputs = {item["name"]: tensors["input." + item["name"]] for item in case["inputs"]}
    results = operations[case["operation"]](case["parameters"], inputs)
    outputs = {}
    for item in case["outputs"]:
        value = results[item["name"]]
        if np.iscomplexobj(value):
            value = np.stack([value.real, value.imag], axis=-1)
        dtype = np.int64 if item["dtype"] == "I64" else np.float64
        outputs[item["name"]] = np.ascontiguousarray(value, dtype)
    return outputs


def read_manifest(kit):
    return json.loads((kit / "manifest.json").read_text(encoding="utf-8"))


def demanded(manifest, patterns):
    return [
        case for case in manifest["cases"]
        if any(fnmatch.fnmatchcase(case["id"], pattern) for pattern in patterns)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kit", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--cases", nargs="+", default=["*"], help="wildcards on the ids of cases")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for case in demanded(read_manifest(arguments.kit), arguments.cases):
        outputs = run_case(arguments.kit, case)
        save_file(outputs, arguments.output / f"{case['id']}.safetensors")
        print(case["id"])


if __name__ == "__main__":
    main()
