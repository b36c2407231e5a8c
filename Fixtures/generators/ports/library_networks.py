"""What PyTorch computes of the layers and networks, for library_backend.py.

Layers are PyTorch's where it has them (BatchNorm2d, Linear, Adam); the others are their formula,
and what PyTorch contributes is the gradient. Networks take their transforms from torch-harmonics
and their pixels from healpy; the published one is published_network.py of the fixtures.
"""

import pathlib
import sys

import healpy
import numpy as np
import torch

from library_transforms import NotOffered, from_dense, to_dense, torch_modules

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))

import published_network  # noqa: E402  (of the fixtures' generators, one folder up)


def tensor_of(value, pairs=False):
    value = torch.from_numpy(value)
    return torch.view_as_complex(value) if pairs else value.clone()


def pulled(output, output_gradient, leaves):
    """Output and the gradients of the leaves, {name: array}.

    Border: the gradient that PyTorch stores for a complex leaf is dL/dRe + i dL/dIm, as the kit's.
    """
    output.backward(output_gradient)
    gradients = {name: leaf.grad.numpy() for name, leaf in leaves.items()}
    return {"output": output.detach().numpy()} | gradients


def leaf(value):
    return value.clone().requires_grad_()


def layer(function, *names, pairs=False, gradient_pairs=False):
    """A layer given by its formula: `function(x, *parameters)`."""

    def compute(p, t):
        leaves = {"input_gradient": leaf(tensor_of(t["x"], pairs))}
        leaves |= {name + "_gradient": leaf(tensor_of(t[name])) for name in names}
        dy = tensor_of(t["output_gradient"], gradient_pairs)
        return pulled(function(*leaves.values()), dy, leaves)

    return compute


def lm_of(lmax, mmax):
    return healpy.Alm.getlm(lmax, np.arange(healpy.Alm.getsize(lmax, mmax)))


def degreewise(x, weights):
    l, _ = lm_of(len(weights) - 1, len(weights) - 1)
    return torch.einsum("kio,bik->bok", weights[l].to(x.dtype), x)


def orderwise(x, real, imaginary):
    l, m = lm_of(real.shape[2] - 1, real.shape[3] - 1)
    return torch.einsum("oik,bik->bok", torch.complex(real, imaginary)[:, :, l, m], x)


def degree_powers(x, lmax):
    """1/4 pi sum over all m of |x_lm|^2, the imaginary part of m = 0 left out: [..., lmax + 1]."""
    l, m = lm_of(lmax, lmax)
    power = torch.where(torch.from_numpy(m == 0), x.real**2, 2 * (x.real**2 + x.imag**2))
    result = torch.zeros((*x.shape[:-1], lmax + 1), dtype=torch.float64)
    return result.index_add(-1, torch.from_numpy(l), power / (4 * np.pi))


def band_powers(x, weights):
    return torch.einsum("lcb,xcl->xcb", weights**2, degree_powers(x, len(weights) - 1))


def inpainting(x):
    return published_network.fill_with_mean(x[..., None, :])[..., 0, :]


def batch_normalisation(p, t):
    if p["weighting"] == "area":
        return area_normalisation(p, t)
    layer_norm = torch.nn.BatchNorm1d(
        t["x"].shape[1], eps=p["epsilon"], momentum=p["momentum"], dtype=torch.float64)
    names = {"gamma": "weight", "beta": "bias", "running_mean": "running_mean",
             "running_var": "running_var"}
    layer_norm.load_state_dict(
        {names[name]: tensor_of(t[name]) for name in names}, strict=False)
    layer_norm.train(p["mode"] == "training")
    leaves = {"input_gradient": leaf(tensor_of(t["x"])), "gamma_gradient": layer_norm.weight,
              "beta_gradient": layer_norm.bias}
    result = pulled(
        layer_norm(leaves["input_gradient"]), tensor_of(t["output_gradient"]), leaves)
    return result | {
        "updated_running_mean": layer_norm.running_mean.numpy(),
        "updated_running_var": layer_norm.running_var.numpy()}


def weighted_normalisation(x, w, gamma, beta, mean, variance, training, epsilon, momentum):
    """No library weights the points of a batch normalisation: the formula, for autograd."""
    updated = None
    if training:
        w = w / (len(x) * w.sum())
        batch_mean = (w * x).sum(dim=(0, 2))
        batch_variance = (w * (x - batch_mean[:, None]) ** 2).sum(dim=(0, 2))
        updated = [(old + momentum * (new - old)).detach().numpy() for old, new in (
            (mean, batch_mean), (variance, batch_variance))]
        mean, variance = batch_mean, batch_variance
    scale = gamma / torch.sqrt(variance + epsilon)
    return scale[:, None] * (x - mean[:, None]) + beta[:, None], updated


def area_normalisation(p, t):
    leaves = {name + "_gradient": leaf(tensor_of(t[key])) for name, key in (
        ("input", "x"), ("gamma", "gamma"), ("beta", "beta"))}
    x, gamma, beta = leaves.values()
    output, updated = weighted_normalisation(
        x, tensor_of(t["point_weights"]), gamma, beta, tensor_of(t["running_mean"]),
        tensor_of(t["running_var"]), p["mode"] == "training", p["epsilon"], p["momentum"])
    result = pulled(output, tensor_of(t["output_gradient"]), leaves)
    names = ["updated_running_mean", "updated_running_var"]
    return result | (dict(zip(names, updated)) if updated else {})


def dense_layers(p, t):
    names = ["fc.0.weight", "fc.0.bias", "fc.3.weight", "fc.3.bias"]
    first = torch.nn.Linear(*t["fc.0.weight"].shape[::-1], dtype=torch.float64)
    last = torch.nn.Linear(*t["fc.3.weight"].shape[::-1], dtype=torch.float64)
    parameters = [first.weight, first.bias, last.weight, last.bias]
    with torch.no_grad():
        for name, parameter in zip(names, parameters):
            parameter.copy_(tensor_of(t[name]))
    leaves = {"input_gradient": leaf(tensor_of(t["x"]))}
    leaves |= {"gradient." + name: value for name, value in zip(names, parameters)}
    output = last(torch.relu(first(leaves["input_gradient"])))
    return pulled(output, tensor_of(t["output_gradient"]), leaves)


def adam(p, t):
    value = leaf(tensor_of(t["parameters"]))
    optimiser = torch.optim.Adam(
        [value], lr=p["learning_rate"], betas=(p["beta1"], p["beta2"]), eps=p["epsilon"],
        foreach=False, fused=False)
    rows = []
    for step, gradient in enumerate(t["gradients"], start=1):
        value.grad = tensor_of(gradient)
        optimiser.step()
        if step in p["after_steps"]:
            rows.append(value.detach().numpy().copy())
    return {"parameters": np.array(rows)}


def resampling_transpose(bilinear):
    """Autograd of indexing by healpy's pixels."""

    def compute(p, t):
        if bilinear:
            pixels, weights = healpy.get_interp_weights(p["nside"], t["theta"], t["phi"])
        else:
            pixels, weights = healpy.ang2pix(p["nside"], t["theta"], t["phi"])[None], np.ones(1)
        dy = tensor_of(t["values_gradient"])
        maps = torch.zeros((len(dy), 12 * p["nside"] ** 2), dtype=torch.float64, requires_grad=True)
        weights = torch.from_numpy(np.broadcast_to(weights.T, pixels.T.shape).copy())
        values = (maps[:, torch.from_numpy(pixels.T.astype(np.int64))] * weights).sum(dim=-1)
        return {"field_gradient": pulled(values, dy, {"field": maps})["field"]}

    return compute


def loss_gradients(output, target, leaves):
    loss = torch.mean((output - tensor_of(target)) ** 2)
    loss.backward()
    return {"output": output.detach().numpy(), "loss": loss.detach().reshape(1).numpy()} | {
        "gradient." + name: value.grad.numpy() for name, value in leaves.items()}


def published(p, t):
    # Border: sizes are counts; the batch normalisation counts batches, the kit does not.
    network = published_network.PublishedNetwork(
        nside=p["nside"], nlat=p["latitudes"], nlon=p["longitudes"], degrees=p["lmax"] + 1,
        orders=p["mmax"] + 1, in_channels=p["input_channels"], hidden=p["hidden_channels"],
        blocks=p["blocks"], outputs=p["output_count"], inpainting=bool(p["inpainting"]), dropout=0,
        dtype=torch.float64)
    network.fc[0] = torch.nn.Linear(p["hidden_channels"], p["dense_width"], dtype=torch.float64)
    network.fc[3] = torch.nn.Linear(p["dense_width"], p["output_count"], dtype=torch.float64)
    state = {name.removeprefix("state."): tensor_of(value) for name, value in t.items()
             if name.startswith("state.")}
    unknown = network.load_state_dict(state, strict=False)
    assert not unknown.unexpected_keys, unknown
    network.train(p["mode"] == "training")
    maps = leaf(tensor_of(t["maps"]))
    leaves = {"maps": maps} | dict(network.named_parameters())
    results = loss_gradients(network(maps), t["target"], leaves)
    return results | {
        f"updated.{name}": value.numpy() for name, value in network.state_dict().items()
        if "running_" in name}


def monomials(t, degree):
    n = t.shape[1]
    features = [t[:, k] for k in range(n)]
    if degree >= 2:
        features += [t[:, j] * t[:, k] for j in range(n) for k in range(j, n)]
    if degree >= 3:
        features += [t[:, j] * t[:, k] ** 2 for k in range(min(3, n)) for j in range(n)]
        features += [t[:, j] * t[:, k] ** 3 for k in range(min(2, n)) for j in range(n)]
    return torch.stack(features, dim=1)


def map_coefficients(p, maps):
    """healpy's least squares, as the matrix of its answers to single pixels: [..., npix] -> lm."""
    pixels = np.eye(12 * p["nside"] ** 2)
    answers = np.array([
        healpy.map2alm_lsq(pixel, p["lmax"], p["lmax"], pol=False, tol=1e-15, maxiter=200)[0]
        for pixel in pixels])
    return maps.to(torch.complex128) @ torch.from_numpy(answers)


def isotropic(p, t):
    """The layers above; the transforms are torch-harmonics', on Gauss-Legendre nodes."""
    if 2 * p["lmax"] >= p["longitudes"]:
        raise NotOffered("orders beyond the longitudes")
    analysis, synthesis = torch_modules(
        p["grid_rings"], p["longitudes"], p["lmax"], p["lmax"], "legendre-gauss")
    fixed = ("running", "readout.mean", "readout.rotation")
    state = {name.removeprefix("state."): tensor_of(value) for name, value in t.items()
             if name.startswith("state.")}
    leaves = {name: leaf(value) for name, value in state.items()
              if not any(part in name for part in fixed)}
    state, updated = state | leaves, {}
    leaves[p["input"]] = leaf(tensor_of(t[p["input"]], pairs=p["input"] == "coefficients"))
    a = leaves[p["input"]]
    if p["input"] == "maps":
        a = map_coefficients(p, a)
    # sum_m lambda_00 w_j: the point weights, from the analysis of single rings.
    weights = analysis.weights[0, 0] * np.sqrt(4 * np.pi)
    weights = weights.repeat_interleave(p["longitudes"])
    for k in range(len(p["channels"])):
        a = degreewise(a, state[f"blocks.{k}.weights"])
        if k + 1 < len(p["channels"]):
            field = synthesis(to_dense(a, p["lmax"], p["lmax"]))
            parts = ("weight", "bias", "running_mean", "running_var")
            names = [f"batchnorms.{k}.{part}" for part in parts]
            y, new = weighted_normalisation(
                field.flatten(-2), weights, *[state[name] for name in names],
                p["mode"] == "training", 1e-5, 0.1)
            updated |= dict(zip(["updated." + name for name in names[2:]], new or []))
            a = from_dense(analysis(torch.relu(y).reshape(field.shape)))
    z = torch.log(degree_powers(a, p["lmax"]).sum(dim=-1))
    components = (z - state["readout.mean"]) @ state["readout.rotation"].T
    features = monomials(components, p["readout_degree"])
    output = features @ state["readout.weight"].T + state["readout.bias"]
    return loss_gradients(output, t["target"], leaves) | updated
