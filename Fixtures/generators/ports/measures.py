"""The measures of Docs/Conformance.md, and the worst of an output against its tolerance."""

import numpy as np


def relative_l2(x, expected, scale=0):
    norm = max(np.linalg.norm(expected), scale)
    return np.linalg.norm(x - expected) / (norm if norm > 0 else 1)


def row_l2(x, expected):
    norms = np.maximum(np.linalg.norm(expected, axis=-1), 1e-30)
    return np.max(np.linalg.norm(x - expected, axis=-1) / norms, initial=0)


def absolute(x, expected):
    return np.max(abs(x - expected), initial=0)


def equal(x, expected):
    return float(np.sum(x != expected))


def distribution(pairs, cl):
    """The largest score, in standard errors, of draws [N, lm, 2] that should have spectrum cl."""
    lmax = len(cl) - 1
    l, m = np.array([(l, m) for m in range(lmax + 1) for l in range(m, lmax + 1)]).T
    if np.any(pairs[:, m == 0, 1]):
        return np.inf
    real, imaginary = pairs[..., 0], pairs[:, m > 0, 1]
    x = np.concatenate([
        real / np.sqrt(cl[l] * np.where(m > 0, 0.5, 1)),
        imaginary / np.sqrt(cl[l[m > 0]] / 2)], axis=1)
    draws, freedom = x.shape
    order = np.concatenate([m, m[m > 0]])
    degree = np.concatenate([l, l[m > 0]])
    is_imaginary = np.arange(x.shape[1]) >= len(m)
    large = [degree >= 0, order == 0, (order > 0) & ~is_imaginary, is_imaginary]
    large = [group for group in large if np.any(group)]
    pooled = np.array([
        (np.mean(x[:, group] ** 2) - 1) * np.sqrt(x[:, group].size / 2)
        for group in large + [degree == one for one in range(lmax + 1)]])
    fourth = np.array([
        (np.mean(x[:, group] ** 4) - 3) * np.sqrt(x[:, group].size / 96) for group in large])
    if len(np.unique(x, axis=0)) < draws:
        return np.inf
    first = x[:256]
    between, within = x.T @ x / np.sqrt(draws), first @ first.T / np.sqrt(freedom)
    scores = [
        np.mean(x, axis=0) * np.sqrt(draws), (np.mean(x**2, axis=0) - 1) / np.sqrt(2 / draws),
        pooled, fourth,
        between[np.triu_indices(freedom, 1)], within[np.triu_indices(len(first), 1)]]
    return max(np.max(abs(score)) for score in scores)


def error(output, value, tensors):
    """The error of an output by its measure; infinite for another shape or a number that is not."""
    if list(value.shape) != output["shape"] or not np.all(np.isfinite(value)):
        return np.inf
    if output["measure"] == "distribution":
        return distribution(value, tensors["input.cl"])
    expected = tensors["expected." + output["name"]]
    if output["measure"] == "relative_l2":
        return relative_l2(value, expected, output.get("scale", 0))
    return {"row_l2": row_l2, "absolute": absolute, "equal": equal}[output["measure"]](
        value, expected)


def share(output, value, precision="F64"):
    """error / tolerance; with tolerance 0, infinite unless the error is 0."""
    tolerance = output["tolerance"]["I64" if output["dtype"] == "I64" else precision]
    if tolerance == 0:
        return np.inf if value > 0 else 0.0
    return value / tolerance
