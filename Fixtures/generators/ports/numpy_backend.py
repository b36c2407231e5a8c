"""Every operation of the conformance kit in NumPy: a backend to read beside Docs/Conformance.md.

    python numpy_backend.py KIT --output FOLDER [--cases PATTERN ...]

The functions on the sphere are in numpy_sphere.py, files in kit.py; here are the layers, the two
networks, Adam and the table of operations.

A layer is a function that returns its output and its pullback, the function that takes the
gradient of the output to the gradients of the input and of the parameters, in their order.
"""

import argparse
import pathlib

import numpy as np

import kit
import numpy_sphere as sphere
from kit import complex_of

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


def dense_transform(method):
    def compute(p, t, x):
        machine = sphere.Transform(
            *[t[name] for name in kit.GRID], p["lmax"], p.get("mmax"), p.get("spin", 0),
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


def on_sphere(function, arguments, *outputs):
    """A function of numpy_sphere.py whose arguments are parameters or tensors of these names."""

    def compute(p, t):
        results = getattr(sphere, function)(*[(p | t)[name] for name in arguments.split()])
        return dict(zip(outputs, results if len(outputs) > 1 else [results]))

    return compute


def quadrature(p, t):
    theta, weights = sphere.gauss_legendre(p["count"])
    return {"theta": theta, "cos_theta": np.cos(theta), "weights": weights}


def rotation(p, t):
    a, angles = complex_of(t["coefficients"]), [p[name] for name in ("alpha", "beta", "gamma")]
    return {"rotated": sphere.rotation(a, p["lmax"], *angles)}


def power_spectrum(p, t):
    a, b = complex_of(t["a"]), complex_of(t["b"])
    pairs = {"auto": (a, a), "cross": (a, b)}
    return {name: sphere.power_spectrum(*pair, p["lmax"]) for name, pair in pairs.items()}


OPERATIONS = {
    "legendre": tables,
    "spin_legendre": tables,
    "gauss_legendre": quadrature,
    "clenshaw_curtis": on_sphere("clenshaw_curtis", "count", "theta", "weights"),
    "healpix_centres": on_sphere("healpix_centres", "nside", "theta", "phi"),
    "healpix_pixel_of_direction": on_sphere("pixel_of_direction", "nside theta phi", "pixel"),
    "healpix_nested_to_ring": on_sphere("nested_to_ring", "nside nested", "ring"),
    "healpix_ring_to_nested": on_sphere("ring_to_nested", "nside ring", "nested"),
    "healpix_interpolation": on_sphere("interpolation", "nside theta phi", "pixels", "weights"),
    "rotation": rotation,
    "power_spectrum": power_spectrum,
    "resample_containing_pixel": resampling(bilinear=False, transposed=False),
    "resample_containing_pixel_transpose": resampling(bilinear=False, transposed=True),
    "resample_bilinear": resampling(bilinear=True, transposed=False),
    "resample_bilinear_transpose": resampling(bilinear=True, transposed=True),
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
} | kit.transforms(["scalar", "spin2"], kit.METHODS, dense_transform) | kit.least_squares(
    dense_transform)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kit", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--cases", nargs="+", default=["*"], help="wildcards on the ids of cases")
    arguments = parser.parse_args()
    for case in kit.demanded(kit.read_manifest(arguments.kit), arguments.cases):
        kit.write_outputs(arguments.output, case, kit.run_case(arguments.kit, case, OPERATIONS))
        print(case["id"])


if __name__ == "__main__":
    main()
