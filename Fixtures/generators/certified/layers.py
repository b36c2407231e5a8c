"""The layers of the conformance kit and Adam on balls, with their gradients.

All inputs are exact doubles; decisions (the mask, the sign before a ReLU) are made on values that
are proven to be above, below or equal to 0.
"""

from flint import arb

from balls import ZERO, Unproven
from operations import degree_list, exact, operation, orders


def flat(nested):
    """A nested list as one flat list."""
    if isinstance(nested, list):
        return [value for part in nested for value in flat(part)]
    return [nested]


def total(values):
    """The sum of balls, 0 for none."""
    result = ZERO
    for value in values:
        result += value
    return result


def zeros(*shape):
    """A nested list of zeros."""
    return [zeros(*shape[1:]) for _ in range(shape[0])] if shape else ZERO


def is_positive(value):
    """Whether a value is above 0; it has to be proven either way."""
    if value > 0:
        return True
    if value <= 0:
        return False
    raise Unproven()


@operation("mean_inpainting")
def mean_inpainting(case):
    x, gradient = exact(case.inputs["x"]), exact(case.inputs["output_gradient"])
    output, input_gradient = [], []
    for channels, gradients in zip(x, gradient):
        if len(channels) == 1:
            observed = [value != 0 for value in channels[0]]
            masked_channels = channels
        else:
            observed = [value > 0 for value in channels[-1]]
            masked_channels = channels[:-1]
        count = max(sum(observed), 1)
        for values, back in zip(masked_channels, gradients):
            mean = total(v for v, seen in zip(values, observed) if seen) / count
            share = total(g for g, seen in zip(back, observed) if not seen) / count
            output += [v if seen else mean for v, seen in zip(values, observed)]
            input_gradient += [g + share if seen else ZERO for g, seen in zip(back, observed)]
        if len(channels) > 1:
            output += channels[-1]
            input_gradient += gradients[-1]
    return {"output": output, "input_gradient": input_gradient}


@operation("degreewise_mixing")
def degreewise_mixing(case):
    lmax, mmax, _ = orders(case)
    x, weights = exact(case.inputs["x"]), exact(case.inputs["weights"])
    gradient = exact(case.inputs["output_gradient"])
    degrees = [l for l, _ in degree_list(lmax, mmax)]
    inputs, outputs = range(len(weights[0])), range(len(weights[0][0]))
    places = list(enumerate(degrees))

    def mixed(source, from_range, to_range, weight):
        return [total(weight(l, i, o) * source[i][k][part] for i in from_range)
                for o in to_range for k, l in places for part in range(2)]

    output, input_gradient = [], []
    weights_gradient = zeros(lmax + 1, len(inputs), len(outputs))
    for fields, back in zip(x, gradient):
        output += mixed(fields, inputs, outputs, lambda l, i, o: weights[l][i][o])
        input_gradient += mixed(back, outputs, inputs, lambda l, o, i: weights[l][i][o])
        for k, l in places:
            for i in inputs:
                for o in outputs:
                    (a, b), (c, d) = fields[i][k], back[o][k]
                    weights_gradient[l][i][o] += a * c + b * d
    return {"output": output, "input_gradient": input_gradient,
            "weights_gradient": flat(weights_gradient)}


@operation("orderwise_mixing")
def orderwise_mixing(case):
    lmax, mmax, _ = orders(case)
    x, gradient = exact(case.inputs["x"]), exact(case.inputs["output_gradient"])
    real, imaginary = exact(case.inputs["weight_real"]), exact(case.inputs["weight_imag"])
    outputs, inputs = len(real), len(real[0])
    real_gradient = zeros(outputs, inputs, lmax + 1, mmax + 1)
    imaginary_gradient = zeros(outputs, inputs, lmax + 1, mmax + 1)
    places = list(enumerate(degree_list(lmax, mmax)))
    output, input_gradient = [], []
    for fields, back in zip(x, gradient):
        result, result_back = (zeros(n, len(places), 2) for n in (outputs, inputs))
        for k, (l, m) in places:
            for o in range(outputs):
                for i in range(inputs):
                    u, v = real[o][i][l][m], imaginary[o][i][l][m]
                    (a, b), (c, d) = fields[i][k], back[o][k]
                    result[o][k][0] += u * a - v * b
                    result[o][k][1] += u * b + v * a
                    result_back[i][k][0] += u * c + v * d
                    result_back[i][k][1] += u * d - v * c
                    real_gradient[o][i][l][m] += a * c + b * d
                    imaginary_gradient[o][i][l][m] += a * d - b * c
        output += flat(result)
        input_gradient += flat(result_back)
    return {"output": output, "input_gradient": input_gradient,
            "weight_real_gradient": flat(real_gradient),
            "weight_imag_gradient": flat(imaginary_gradient)}


@operation("band_powers")
def band_powers(case):
    lmax, mmax, _ = orders(case)
    x, weights = exact(case.inputs["x"]), exact(case.inputs["weights"])
    gradient = exact(case.inputs["output_gradient"])
    channels, bands = len(weights[0]), len(weights[0][0])
    places = list(enumerate(degree_list(lmax, mmax)))
    output, input_gradient = [], []
    weights_gradient = zeros(lmax + 1, channels, bands)
    for fields, back in zip(x, gradient):
        for c in range(channels):
            power = [ZERO] * (lmax + 1)
            for k, (l, m) in places:
                a, b = fields[c][k]
                power[l] += 2 * (a * a + b * b) if m else a * a
            power = [value / (4 * arb.pi()) for value in power]
            factors = [total(g * w[c][j] * w[c][j] for j, g in enumerate(back[c])) / (2 * arb.pi())
                       for w in weights]
            output += [total(w[c][j] * w[c][j] * power[l] for l, w in enumerate(weights))
                       for j in range(bands)]
            for k, (l, m) in places:
                a, b = fields[c][k]
                scale = factors[l] * (2 if m else 1)
                input_gradient += [scale * a, scale * b if m else ZERO]
            for l, w in enumerate(weights):
                for j in range(bands):
                    weights_gradient[l][c][j] += 2 * back[c][j] * w[c][j] * power[l]
    return {"output": output, "input_gradient": input_gradient,
            "weights_gradient": flat(weights_gradient)}


@operation("batch_normalisation")
def batch_normalisation(case):
    parameters = case.parameters
    training, equal = parameters["mode"] == "training", parameters["weighting"] == "equal"
    epsilon, momentum = (arb(float(parameters[k])) for k in ("epsilon", "momentum"))
    x, gradient = exact(case.inputs["x"]), exact(case.inputs["output_gradient"])
    maps, channels, points = case.inputs["x"].shape
    point_weights = [arb(1)] * points if equal else exact(case.inputs["point_weights"])
    scale = maps * total(point_weights)
    weights = [w / scale for w in point_weights]
    names = ("gamma", "beta", "running_mean", "running_var")
    gamma, beta, means, variances = (exact(case.inputs[name]) for name in names)
    output, back = zeros(maps, channels), zeros(maps, channels)
    gamma_gradient, beta_gradient, new_means, new_variances = [], [], [], []
    for c in range(channels):
        mean, variance = means[c], variances[c]
        if training:
            mean = total(w * v for b in range(maps) for w, v in zip(weights, x[b][c]))
            variance = total(
                w * (v - mean) ** 2 for b in range(maps) for w, v in zip(weights, x[b][c]))
            n = maps * points
            entering = variance * n / (n - 1) if equal else variance
            new_means.append(means[c] + momentum * (mean - means[c]))
            new_variances.append(variances[c] + momentum * (entering - variances[c]))
        inverse = 1 / (variance + epsilon).sqrt()
        normal = [[(v - mean) * inverse for v in x[b][c]] for b in range(maps)]
        one = total(g for b in range(maps) for g in gradient[b][c])
        two = total(g * v for b in range(maps) for g, v in zip(gradient[b][c], normal[b]))
        beta_gradient.append(one)
        gamma_gradient.append(two)
        for b in range(maps):
            output[b][c] = [gamma[c] * v + beta[c] for v in normal[b]]
            if training:
                back[b][c] = [gamma[c] * inverse * (g - w * (one + v * two))
                              for g, v, w in zip(gradient[b][c], normal[b], weights)]
            else:
                back[b][c] = [gamma[c] * inverse * g for g in gradient[b][c]]
    result = {"output": flat(output), "input_gradient": flat(back),
              "gamma_gradient": gamma_gradient, "beta_gradient": beta_gradient}
    if training:
        result["updated_running_mean"] = new_means
        result["updated_running_var"] = new_variances
    return result


@operation("dense_layers")
def dense_layers(case):
    x, gradient = exact(case.inputs["x"]), exact(case.inputs["output_gradient"])
    first, first_bias = exact(case.inputs["fc.0.weight"]), exact(case.inputs["fc.0.bias"])
    second, second_bias = exact(case.inputs["fc.3.weight"]), exact(case.inputs["fc.3.bias"])
    hidden, inputs, outputs = len(first), len(first[0]), len(second)
    first_gradient, second_gradient = zeros(hidden, inputs), zeros(outputs, hidden)
    first_bias_gradient, second_bias_gradient = zeros(hidden), zeros(outputs)
    output, input_gradient = [], []
    for row, back in zip(x, gradient):
        before = [b + total(w * v for w, v in zip(ws, row)) for ws, b in zip(first, first_bias)]
        active = [is_positive(v) for v in before]
        after = [v if on else ZERO for v, on in zip(before, active)]
        output += [b + total(w * v for w, v in zip(ws, after))
                   for ws, b in zip(second, second_bias)]
        inner = [total(second[o][h] * back[o] for o in range(outputs)) if active[h] else ZERO
                 for h in range(hidden)]
        input_gradient += [total(first[h][i] * inner[h] for h in range(hidden))
                           for i in range(inputs)]
        for o in range(outputs):
            second_bias_gradient[o] += back[o]
            for h in range(hidden):
                second_gradient[o][h] += back[o] * after[h]
        for h in range(hidden):
            first_bias_gradient[h] += inner[h]
            for i in range(inputs):
                first_gradient[h][i] += inner[h] * row[i]
    return {"output": output, "input_gradient": input_gradient,
            "gradient.fc.0.weight": flat(first_gradient),
            "gradient.fc.0.bias": first_bias_gradient,
            "gradient.fc.3.weight": flat(second_gradient),
            "gradient.fc.3.bias": second_bias_gradient}


@operation("adam")
def adam(case):
    rate, beta1, beta2, epsilon = (
        arb(float(case.parameters[k])) for k in ("learning_rate", "beta1", "beta2", "epsilon"))
    parameters, rows = exact(case.inputs["parameters"]), {}
    first, second = [ZERO] * len(parameters), [ZERO] * len(parameters)
    after_steps = case.parameters["after_steps"]
    if 0 in after_steps:
        rows[0] = parameters
    for step, gradients in enumerate(exact(case.inputs["gradients"]), 1):
        first = [beta1 * m + (1 - beta1) * g for m, g in zip(first, gradients)]
        second = [beta2 * v + (1 - beta2) * g * g for v, g in zip(second, gradients)]
        factor, root = rate / (1 - beta1 ** step), (1 - beta2 ** step).sqrt()
        parameters = [p - factor * m / (v.sqrt() / root + epsilon)
                      for p, m, v in zip(parameters, first, second)]
        rows[step] = parameters
    return {"parameters": flat([rows[step] for step in after_steps])}
