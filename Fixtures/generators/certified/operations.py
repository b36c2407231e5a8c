"""The operations of the conformance kit on balls, each from its formula in Docs/Conformance.md.

`OPERATIONS` maps the name of an operation to a function of a case; the function returns name of
output -> flat list of balls, row-major, for the precision in use.
"""

from flint import acb, acb_mat, arb, arb_mat, ctx

import functions
import healpix
from balls import ONE, ZERO, Unproven
from functions import Angle, spin_column, wigner_column
from transforms import (
    Harmonics, Rings, added, doubled_orders, halved_orders, rotated_amplitudes, subtracted)

OPERATIONS = {}
FUNCTIONS = set()


def operation(*names, function=False):
    """Enters a function under the names of operations.

    function: its values are no sums that may cancel, so that each has to be told from 0.
    """
    def enter(compute):
        for name in names:
            OPERATIONS[name] = compute
            if function:
                FUNCTIONS.add(name)
        return compute
    return enter


# Reading and writing tensors

def exact(array):
    """The numbers of an array as exact balls, nested as the array is."""
    if array.ndim == 1:
        return [arb(float(value)) for value in array]
    return [exact(part) for part in array]


def orders(case):
    """lmax, mmax and the spin of a case; spin2 operations of version 1 have mmax = lmax."""
    lmax = case.parameters["lmax"]
    return lmax, case.parameters.get("mmax", lmax), case.parameters.get("spin", 0)


def conjugated(case):
    """Whether complex gradients of the case are conjugated."""
    convention = case.parameters.get("complex_gradient", "re+im")
    if convention not in ("re+im", "re-im"):
        raise ValueError(f"{case.id}: unknown complex_gradient {convention}")
    return convention == "re-im"


def harmonics_of(case, rings=None):
    lmax, mmax, spin = orders(case)
    if rings is None:
        rings = Rings(*(case.inputs["ring_" + name] for name in
                        ("theta", "phi0", "count", "weight")))
    return Harmonics(rings, lmax, mmax, spin)


def points_of(case):
    return Rings.points(case.inputs["theta"], case.inputs["phi"])


def read_coefficients(case, name, gradient=False):
    """[lanes, lm, 2] as one matrix (degrees x 2 lanes) per order."""
    array = case.inputs[name]
    lmax, mmax, _ = orders(case)
    sign = -1.0 if gradient and conjugated(case) else 1.0
    result, place = [], 0
    for m in range(mmax + 1):
        degrees = lmax - m + 1
        flat = []
        for l in range(degrees):
            for lane in range(array.shape[0]):
                real, imaginary = array[lane, place + l]
                flat += [arb(float(real)), arb(sign * float(imaginary))]
        result.append(arb_mat(degrees, 2 * array.shape[0], flat))
        place += degrees
    assert place == array.shape[1], "number of coefficients"
    return result


def write_coefficients(coefficients, case=None):
    """Back to a flat list [lanes, lm, 2]; with a case the parts follow its convention."""
    conjugate = case is not None and conjugated(case)
    tables = [matrix.tolist() for matrix in coefficients]
    result = []
    for lane in range(coefficients[0].ncols() // 2):
        for table in tables:
            for row in table:
                imaginary = row[2 * lane + 1]
                result += [row[2 * lane], -imaginary if conjugate else imaginary]
    return result


def read_field(case, name, rings):
    """[lanes, points] as one matrix (lanes x points) per ring."""
    array = case.inputs[name]
    assert array.shape[1] == rings.point_count, "number of points"
    result, place = [], 0
    for count in rings.count:
        flat = [arb(float(value)) for value in array[:, place:place + count].reshape(-1)]
        result.append(arb_mat(array.shape[0], count, flat))
        place += count
    return result


def write_field(fields):
    """Back to a flat list [lanes, points]."""
    lanes = fields[0].nrows()
    rows = [[] for _ in range(lanes)]
    for field in fields:
        for row, values in zip(rows, field.tolist()):
            row += values
    return [value for row in rows for value in row]


# Functions

@operation("legendre", "spin_legendre", function=True)
def legendre(case):
    lmax, _, spin = orders(case)
    values = []
    for m in case.parameters["orders"]:
        first = max(abs(m), spin)
        for theta in case.inputs["theta"]:
            column = spin_column(spin, m, Angle(theta), lmax)
            values += ([ZERO] * first + column)[:lmax + 1]
    return {"lambda": values}


@operation("wigner_d", function=True)
def wigner_d(case):
    lmax, values = case.parameters["lmax"], []
    for m, n in zip(case.parameters["m"], case.parameters["n"]):
        first = max(abs(m), abs(n))
        for beta in case.inputs["beta"]:
            values += ([ZERO] * first + wigner_column(m, n, Angle(beta), lmax))[:lmax + 1]
    return {"d": values}


@operation("spin_harmonics", function=True)
def spin_harmonics(case):
    spin, values = case.parameters["spin"], []
    for l, m, theta, phi in zip(*(case.inputs[name] for name in ("l", "m", "theta", "phi"))):
        l, m = int(l), int(m)
        if l < max(abs(m), spin):
            values += [ZERO, ZERO]
            continue
        value = spin_column(spin, m, Angle(theta), l)[-1]
        sine, cosine = (arb(float(phi)) * m).sin_cos()
        values += [value * cosine, value * sine]
    return {"y": values}


@operation("wigner_3j", function=True)
def wigner_3j(case):
    return {"w": functions.three_j_row(*(case.parameters[k] for k in ("l2", "l3", "m2", "m3")))}


@operation("gauss_legendre", function=True)
def gauss_legendre(case):
    theta, cosines, weights = functions.gauss_legendre(case.parameters["count"])
    return {"theta": theta, "cos_theta": cosines, "weights": weights}


@operation("clenshaw_curtis", "fejer1", "fejer2", "driscoll_healy", "mcewen_wiaux", function=True)
def equiangular(case):
    theta, weights = functions.equiangular(case.operation, case.parameters["count"])
    return {"theta": theta, "weights": weights}


@operation("healpix_centres", function=True)
def healpix_centres(case):
    theta, phi = healpix.centres(case.parameters["nside"])
    return {"theta": theta, "phi": phi}


@operation("healpix_interpolation")
def healpix_interpolation(case):
    nside, values = case.parameters["nside"], []
    for theta, phi, pixels in zip(
            case.inputs["theta"], case.inputs["phi"], case.expected("pixels")):
        values += healpix.weights_of_pixels(nside, theta, phi, [int(p) for p in pixels])
    return {"weights": values}


# Modes, at every point the one harmonic of its order

@operation("scalar_modes")
def scalar_modes(case):
    amplitudes = exact(case.inputs["amplitude"])
    rings, values = grid_rings(case), []
    for l, m, (real, imaginary) in zip(case.inputs["l"], case.inputs["m"], amplitudes):
        l, m = int(l), int(m)
        for factor, (cosine, sine) in ring_harmonics(rings, 0, l, m):
            scale = factor if m == 0 else 2 * factor
            if m == 0:
                values += [scale * real] * len(cosine)
            else:
                values += [scale * (real * c - imaginary * s) for c, s in zip(cosine, sine)]
    return {"field": values}


@operation("spin_modes")
def spin_modes(case):
    spin, rings = case.parameters["spin"], grid_rings(case)
    q_values, u_values = [], []
    for l, m, e, b in zip(
            case.inputs["l"], case.inputs["m"], exact(case.inputs["e"]), exact(case.inputs["b"])):
        l, m = int(l), int(m)
        if m == 0:
            e, b = (e[0], ZERO), (b[0], ZERO)
        above = ring_harmonics(rings, spin, l, m)
        below = ring_harmonics(rings, spin, l, -m)
        sign = -1 if m % 2 else 1
        # E + iB of the order m, and of -m from the symmetry of E and of B.
        p_real, p_imaginary = e[0] - b[1], e[1] + b[0]
        n_real, n_imaginary = sign * (e[0] + b[1]), sign * (b[0] - e[1])
        for (upper, (cosine, sine)), (lower, _) in zip(above, below):
            for c, s in zip(cosine, sine):
                q = upper * (p_real * c - p_imaginary * s)
                u = upper * (p_real * s + p_imaginary * c)
                if m > 0:
                    q += lower * (n_real * c + n_imaginary * s)
                    u += lower * (n_imaginary * c - n_real * s)
                q_values.append(-q)
                u_values.append(-u)
    return {"q": q_values, "u": u_values}


def grid_rings(case):
    return Rings(*(case.inputs["ring_" + name] for name in ("theta", "phi0", "count", "weight")))


def ring_harmonics(rings, spin, l, m):
    """For every ring lambda_lm and cosines and sines of |m| phi at its points."""
    result = []
    for theta, phi0, count in zip(rings.theta, rings.phi0, rings.count):
        column = spin_column(spin, m, Angle(theta), l) if l >= max(abs(m), spin) else [ZERO]
        order = abs(m)
        cosines, sines = functions.circle(count, ctx.prec)
        places = [order * k % count for k in range(count)]
        cosines, sines = [cosines[p] for p in places], [sines[p] for p in places]
        if phi0 != 0 and order > 0:
            sine, cosine = (arb(phi0) * order).sin_cos()
            cosines, sines = (
                [c * cosine - s * sine for c, s in zip(cosines, sines)],
                [s * cosine + c * sine for c, s in zip(cosines, sines)])
        result.append((column[-1], (cosines, sines)))
    return result


# Scalar transforms

def is_once(case):
    return case.parameters.get("nyquist", "evaluated") == "once"


@operation("scalar_synthesis")
def scalar_synthesis(case):
    h = harmonics_of(case)
    a = read_coefficients(case, "coefficients")
    return {"field": write_field(h.synthesis(a, once=is_once(case)))}


@operation("scalar_analysis")
def scalar_analysis(case):
    h = harmonics_of(case)
    f = h.weighted(read_field(case, "field", h.rings))
    return {"coefficients": write_coefficients(h.adjoint(f))}


@operation("scalar_adjoint_synthesis")
def scalar_adjoint_synthesis(case):
    h = harmonics_of(case)
    return {"coefficients": write_coefficients(h.adjoint(read_field(case, "field", h.rings)))}


@operation("scalar_synthesis_gradient")
def scalar_synthesis_gradient(case):
    h = harmonics_of(case)
    g = h.adjoint(read_field(case, "field_gradient", h.rings), once=is_once(case))
    return {"coefficients_gradient": write_coefficients(doubled_orders(g), case)}


@operation("scalar_analysis_gradient")
def scalar_analysis_gradient(case):
    h = harmonics_of(case)
    z = read_coefficients(case, "coefficients_gradient", gradient=True)
    return {"field_gradient": write_field(h.weighted(h.synthesis(z, doubled=False)))}


@operation("masked_synthesis")
def masked_synthesis(case):
    h = harmonics_of(case)
    f = h.synthesis(read_coefficients(case, "coefficients"))
    return {"field": write_field(h.masked(f, exact(case.inputs["mask"])))}


@operation("masked_synthesis_gradient")
def masked_synthesis_gradient(case):
    h = harmonics_of(case)
    f = h.masked(read_field(case, "field_gradient", h.rings), exact(case.inputs["mask"]))
    return {"coefficients_gradient": write_coefficients(doubled_orders(h.adjoint(f)), case)}


@operation("masked_analysis")
def masked_analysis(case):
    h = harmonics_of(case)
    f = h.masked(read_field(case, "field", h.rings), exact(case.inputs["mask"]))
    return {"coefficients": write_coefficients(h.adjoint(h.weighted(f)))}


@operation("masked_analysis_gradient")
def masked_analysis_gradient(case):
    h = harmonics_of(case)
    z = read_coefficients(case, "coefficients_gradient", gradient=True)
    f = h.weighted(h.synthesis(z, doubled=False))
    return {"field_gradient": write_field(h.masked(f, exact(case.inputs["mask"])))}


@operation("iterated_analysis")
def iterated_analysis(case):
    h = harmonics_of(case)
    f = read_field(case, "field", h.rings)
    a = h.adjoint(h.weighted(f))
    for _ in range(case.parameters["iterations"]):
        a = added(a, h.adjoint(h.weighted(subtracted(f, h.synthesis(a)))))
    return {"coefficients": write_coefficients(a)}


@operation("iterated_analysis_gradient")
def iterated_analysis_gradient(case):
    # a_K = sum_{k <= K} (1 - A S)^k A f; transposed: A^T sum_k (1 - S^T A^T)^k z.
    h = harmonics_of(case)
    z = read_coefficients(case, "coefficients_gradient", gradient=True)

    def transposed_analysis(a):
        return h.weighted(h.synthesis(a, doubled=False))

    total = z
    for _ in range(case.parameters["iterations"]):
        back = doubled_orders(h.adjoint(transposed_analysis(total)))
        total = added(z, subtracted(total, back))
    return {"field_gradient": write_field(transposed_analysis(total))}


# Spin transforms

def spin_orders(spin):
    """Names of a spin operation in both versions of the kit."""
    return ["spin_" + spin, "spin2_" + spin]


@operation(*spin_orders("synthesis"))
def spin_synthesis(case):
    h = harmonics_of(case)
    q, u = h.spin_synthesis(read_coefficients(case, "e"), read_coefficients(case, "b"))
    return {"q": write_field(q), "u": write_field(u)}


def read_spin_field(case, h, suffix=""):
    return (read_field(case, "q" + suffix, h.rings), read_field(case, "u" + suffix, h.rings))


def read_spin_gradients(case):
    return [read_coefficients(case, name, gradient=True) for name in ("e_gradient", "b_gradient")]


def analysed(h, q, u):
    return h.spin_adjoint(h.weighted(q), h.weighted(u))


def transposed_spin_analysis(h, e, b):
    q, u = h.spin_synthesis(halved_orders(e), halved_orders(b))
    return h.weighted(q), h.weighted(u)


def transposed_spin_synthesis(h, q, u):
    e, b = h.spin_adjoint(q, u)
    return doubled_orders(e), doubled_orders(b)


@operation(*spin_orders("analysis"))
def spin_analysis(case):
    h = harmonics_of(case)
    e, b = analysed(h, *read_spin_field(case, h))
    return {"e": write_coefficients(e), "b": write_coefficients(b)}


@operation(*spin_orders("adjoint_synthesis"))
def spin_adjoint_synthesis(case):
    h = harmonics_of(case)
    e, b = h.spin_adjoint(*read_spin_field(case, h))
    return {"e": write_coefficients(e), "b": write_coefficients(b)}


@operation(*spin_orders("synthesis_gradient"))
def spin_synthesis_gradient(case):
    h = harmonics_of(case)
    e, b = transposed_spin_synthesis(h, *read_spin_field(case, h, "_gradient"))
    return {"e_gradient": write_coefficients(e, case), "b_gradient": write_coefficients(b, case)}


@operation(*spin_orders("analysis_gradient"))
def spin_analysis_gradient(case):
    h = harmonics_of(case)
    q, u = transposed_spin_analysis(h, *read_spin_gradients(case))
    return {"q_gradient": write_field(q), "u_gradient": write_field(u)}


@operation("spin_masked_synthesis")
def spin_masked_synthesis(case):
    h, mask = harmonics_of(case), exact(case.inputs["mask"])
    q, u = h.spin_synthesis(read_coefficients(case, "e"), read_coefficients(case, "b"))
    return {"q": write_field(h.masked(q, mask)), "u": write_field(h.masked(u, mask))}


@operation("spin_masked_synthesis_gradient")
def spin_masked_synthesis_gradient(case):
    h, mask = harmonics_of(case), exact(case.inputs["mask"])
    q, u = (h.masked(f, mask) for f in read_spin_field(case, h, "_gradient"))
    e, b = transposed_spin_synthesis(h, q, u)
    return {"e_gradient": write_coefficients(e, case), "b_gradient": write_coefficients(b, case)}


@operation("spin_masked_analysis")
def spin_masked_analysis(case):
    h, mask = harmonics_of(case), exact(case.inputs["mask"])
    e, b = analysed(h, *(h.masked(f, mask) for f in read_spin_field(case, h)))
    return {"e": write_coefficients(e), "b": write_coefficients(b)}


@operation("spin_masked_analysis_gradient")
def spin_masked_analysis_gradient(case):
    h, mask = harmonics_of(case), exact(case.inputs["mask"])
    q, u = transposed_spin_analysis(h, *read_spin_gradients(case))
    return {"q_gradient": write_field(h.masked(q, mask)),
            "u_gradient": write_field(h.masked(u, mask))}


@operation("spin_iterated_analysis")
def spin_iterated_analysis(case):
    h = harmonics_of(case)
    q, u = read_spin_field(case, h)
    e, b = analysed(h, q, u)
    for _ in range(case.parameters["iterations"]):
        again_q, again_u = h.spin_synthesis(e, b)
        more_e, more_b = analysed(h, subtracted(q, again_q), subtracted(u, again_u))
        e, b = added(e, more_e), added(b, more_b)
    return {"e": write_coefficients(e), "b": write_coefficients(b)}


@operation("spin_iterated_analysis_gradient")
def spin_iterated_analysis_gradient(case):
    h = harmonics_of(case)
    e, b = read_spin_gradients(case)
    total_e, total_b = e, b
    for _ in range(case.parameters["iterations"]):
        back_e, back_b = transposed_spin_synthesis(
            h, *transposed_spin_analysis(h, total_e, total_b))
        total_e = added(e, subtracted(total_e, back_e))
        total_b = added(b, subtracted(total_b, back_b))
    q, u = transposed_spin_analysis(h, total_e, total_b)
    return {"q_gradient": write_field(q), "u_gradient": write_field(u)}


# Derivatives: spin 1 of E = sqrt(l (l + 1)) a

def degree_roots(h):
    """sqrt(l (l + 1)) for the degrees of every order."""
    return [[functions.integer_root(l * (l + 1), ctx.prec) for l in range(m, h.lmax + 1)]
            for m in range(h.mmax + 1)]


def scaled_degrees(coefficients, factors):
    """Coefficients times a factor for every degree of every order."""
    result = []
    for matrix, row_factors in zip(coefficients, factors):
        flat = [x * f for row, f in zip(matrix.tolist(), row_factors) for x in row]
        result.append(arb_mat(matrix.nrows(), matrix.ncols(), flat))
    return result


def derivative_harmonics(case):
    lmax, mmax, _ = orders(case)
    return Harmonics(grid_rings(case), lmax, mmax, 1)


@operation("scalar_derivatives")
def scalar_derivatives(case):
    h = derivative_harmonics(case)
    e = scaled_degrees(read_coefficients(case, "coefficients"), degree_roots(h))
    q, u = h.spin_synthesis(e, [matrix * 0 for matrix in e])
    return {"d_theta": write_field(q), "d_phi": write_field(u)}


@operation("scalar_derivatives_gradient")
def scalar_derivatives_gradient(case):
    h = derivative_harmonics(case)
    q, u = (read_field(case, name, h.rings) for name in ("d_theta_gradient", "d_phi_gradient"))
    e, _ = transposed_spin_synthesis(h, q, u)
    return {"coefficients_gradient": write_coefficients(
        scaled_degrees(e, degree_roots(h)), case)}


# Single points

@operation("point_synthesis")
def point_synthesis(case):
    h = harmonics_of(case, points_of(case))
    return {"values": write_field(h.synthesis(read_coefficients(case, "coefficients")))}


@operation("spin_point_synthesis")
def spin_point_synthesis(case):
    h = harmonics_of(case, points_of(case))
    q, u = h.spin_synthesis(read_coefficients(case, "e"), read_coefficients(case, "b"))
    return {"q": write_field(q), "u": write_field(u)}


def lane_sums(*pairs):
    """For every point the sum over lanes and pairs of gradient times derivative."""
    result = []
    for point in range(len(pairs[0][0])):
        total = ZERO
        for gradients, derivatives in pairs:
            for g, d in zip(gradients[point].entries(), derivatives[point].entries()):
                total += g * d
        result.append(total)
    return result


@operation("point_synthesis_gradient")
def point_synthesis_gradient(case):
    h = harmonics_of(case, points_of(case))
    a = read_coefficients(case, "coefficients")
    g = read_field(case, "values_gradient", h.rings)
    by_theta = h.field(h.amplitudes(a, derivative=True))
    by_phi = h.field(rotated_amplitudes(h.amplitudes(a)))
    return {
        "coefficients_gradient": write_coefficients(doubled_orders(h.adjoint(g)), case),
        "theta_gradient": lane_sums((g, by_theta)),
        "phi_gradient": lane_sums((g, by_phi)),
    }


@operation("spin_point_synthesis_gradient")
def spin_point_synthesis_gradient(case):
    h = harmonics_of(case, points_of(case))
    e, b = read_coefficients(case, "e"), read_coefficients(case, "b")
    q, u = read_spin_field(case, h, "_gradient")
    q_theta, u_theta = (h.field(x) for x in h.spin_amplitudes(e, b, derivative=True))
    q_phi, u_phi = (h.field(rotated_amplitudes(x)) for x in h.spin_amplitudes(e, b))
    e_gradient, b_gradient = transposed_spin_synthesis(h, q, u)
    return {
        "e_gradient": write_coefficients(e_gradient, case),
        "b_gradient": write_coefficients(b_gradient, case),
        "theta_gradient": lane_sums((q, q_theta), (u, u_theta)),
        "phi_gradient": lane_sums((q, q_phi), (u, u_phi)),
    }


# Least squares

def unknown_places(lmax, first):
    """(m, row of the order's matrix, part) of every real unknown; degrees from `first` on."""
    return [(m, l - m, part) for m in range(lmax + 1) for l in range(max(m, first), lmax + 1)
            for part in range(2 if m else 1)]


def unit_coefficients(lmax, places, start, lanes):
    """Coefficients with the real unknown number i alone in lane start + i."""
    flats = [[ZERO] * ((lmax - m + 1) * 2 * lanes) for m in range(lmax + 1)]
    for i, (m, row, part) in enumerate(places):
        flats[m][(row * lanes + start + i) * 2 + part] = ONE
    return [arb_mat(lmax - m + 1, 2 * lanes, flat) for m, flat in enumerate(flats)]


def joined(fields):
    """Rings side by side: a matrix lanes x points."""
    rows = [[] for _ in range(fields[0].nrows())]
    for field in fields:
        for row, values in zip(rows, field.tolist()):
            row += values
    return arb_mat(rows)


def design(case):
    """Places of the unknowns and the transposed synthesis matrix, unknowns x values."""
    h = harmonics_of(case)
    places = unknown_places(h.lmax, h.spin)
    count = len(places)
    if h.spin == 0:
        return h, places, joined(h.synthesis(unit_coefficients(h.lmax, places, 0, count)))
    e = unit_coefficients(h.lmax, places, 0, 2 * count)
    b = unit_coefficients(h.lmax, places, count, 2 * count)
    return h, places, side_by_side(*(joined(f) for f in h.spin_synthesis(e, b)))


def solved(matrix, right):
    """The solution of the normal equations, proven to be regular."""
    try:
        return (matrix * matrix.transpose()).solve(right)
    except ZeroDivisionError as error:
        raise Unproven("normal equations that may be singular") from error


def side_by_side(first, second):
    return arb_mat([x + y for x, y in zip(first.tolist(), second.tolist())])


def coefficients_of_unknowns(solution, places, lmax, lanes, start):
    """Flat [lanes, lm, 2] from the rows start... of a matrix unknowns x lanes."""
    table = {place: start + i for i, place in enumerate(places)}
    result = []
    for lane in range(lanes):
        for m in range(lmax + 1):
            for l in range(lmax - m + 1):
                for part in range(2):
                    row = table.get((m, l, part))
                    result.append(ZERO if row is None else solution[row, lane])
    return result


def unknowns_of(coefficients, places):
    """The inverse: rows of numbers, [unknown][lane], from one matrix per order."""
    tables = [matrix.tolist() for matrix in coefficients]
    return [tables[m][row][part::2] for m, row, part in places]


@operation("least_squares_analysis", "spin_least_squares_analysis",
           "spin2_least_squares_analysis")
def least_squares_analysis(case):
    h, places, matrix = design(case)
    if h.spin == 0:
        field = joined(read_field(case, "field", h.rings))
    else:
        field = side_by_side(*(joined(f) for f in read_spin_field(case, h)))
    lanes = field.nrows()
    solution = solved(matrix, matrix * field.transpose())

    def part(start):
        return coefficients_of_unknowns(solution, places, h.lmax, lanes, start)

    if h.spin == 0:
        return {"coefficients": part(0)}
    return {"e": part(0), "b": part(len(places))}


@operation("least_squares_analysis_gradient", "spin_least_squares_analysis_gradient",
           "spin2_least_squares_analysis_gradient")
def least_squares_analysis_gradient(case):
    h, places, matrix = design(case)
    names = ["coefficients_gradient"] if h.spin == 0 else ["e_gradient", "b_gradient"]
    rows = []
    for name in names:
        rows += unknowns_of(read_coefficients(case, name, gradient=True), places)
    solution = solved(matrix, arb_mat(rows))
    values = (solution.transpose() * matrix).tolist()
    if h.spin == 0:
        return {"field_gradient": [x for row in values for x in row]}
    points = h.rings.point_count
    return {"q_gradient": [x for row in values for x in row[:points]],
            "u_gradient": [x for row in values for x in row[points:]]}


# Rotation

def rotation_matrices(case):
    """D^l_mm' for m = 0...l and m' = -l...l, one acb_mat per degree."""
    lmax = case.parameters["lmax"]
    beta = Angle(case.parameters["beta"])
    columns = {(m, n): wigner_column(m, n, beta, lmax)
               for m in range(lmax + 1) for n in range(-lmax, lmax + 1)}

    def phases(angle):
        result = []
        for m in range(lmax + 1):
            sine, cosine = (arb(float(angle)) * m).sin_cos()
            result.append(acb(cosine, -sine))
        return result

    alpha, gamma = phases(case.parameters["alpha"]), phases(case.parameters["gamma"])
    matrices = []
    for l in range(lmax + 1):
        flat = []
        for m in range(l + 1):
            for n in range(-l, l + 1):
                phase = gamma[n] if n >= 0 else gamma[-n].conjugate()
                value = columns[m, n][l - max(m, abs(n))]
                flat.append(alpha[m] * phase * value)
        matrices.append(acb_mat(l + 1, 2 * l + 1, flat))
    return matrices


def complex_lanes(array, conjugate):
    """[lanes, lm, 2] as a list of balls per lane."""
    return [[acb(arb(float(re)), arb(-float(im) if conjugate else float(im))) for re, im in lane]
            for lane in array]


def flat_parts(lanes, conjugate):
    result = []
    for lane in lanes:
        for value in lane:
            result += [value.real, -value.imag if conjugate else value.imag]
    return result


def place(lmax, l, m):
    return m * (2 * lmax + 1 - m) // 2 + l


@operation("rotation")
def rotation(case):
    lmax = case.parameters["lmax"]
    lanes = complex_lanes(case.inputs["coefficients"], False)
    results = [[None] * len(lane) for lane in lanes]
    for l, matrix in enumerate(rotation_matrices(case)):
        rows = []
        for n in range(-l, l + 1):
            row = [lane[place(lmax, l, abs(n))] for lane in lanes]
            if n == 0:
                row = [acb(value.real) for value in row]
            elif n < 0:
                row = [value.conjugate() * (-1 if n % 2 else 1) for value in row]
            rows += row
        rotated = matrix * acb_mat(2 * l + 1, len(lanes), rows)
        for m in range(l + 1):
            for lane, result in enumerate(results):
                value = rotated[m, lane]
                # The order 0 of a real field is real.
                result[place(lmax, l, m)] = value if m else acb(value.real)
    return {"rotated": flat_parts(results, False)}


@operation("rotation_gradient")
def rotation_gradient(case):
    lmax, conjugate = case.parameters["lmax"], conjugated(case)
    lanes = complex_lanes(case.inputs["rotated_gradient"], conjugate)
    results = [[None] * len(lane) for lane in lanes]
    for l, matrix in enumerate(rotation_matrices(case)):
        rows = []
        for m in range(l + 1):
            row = [lane[place(lmax, l, m)] for lane in lanes]
            rows += row if m else [acb(value.real) for value in row]
        gradient = acb_mat(l + 1, len(lanes), rows)
        # Re(conj(g) D a) by a_n is conj(D) g; a_{-n} = (-1)^n conj(a_n) adds its conjugate.
        back = conjugate_transpose(matrix) * gradient
        for lane, result in enumerate(results):
            result[place(lmax, l, 0)] = acb(back[l, lane].real)
            for n in range(1, l + 1):
                mirrored = back[l - n, lane].conjugate()
                value = back[l + n, lane] + (-mirrored if n % 2 else mirrored)
                result[place(lmax, l, n)] = value
    return {"coefficients_gradient": flat_parts(results, conjugate)}


def conjugate_transpose(matrix):
    rows = matrix.tolist()
    return acb_mat([[row[i].conjugate() for row in rows] for i in range(matrix.ncols())])


# Spectra and factors by degree

def degree_list(lmax, mmax):
    return [(l, m) for m in range(mmax + 1) for l in range(m, lmax + 1)]


@operation("power_spectrum")
def power_spectrum(case):
    lmax = case.parameters["lmax"]
    auto, cross = [], []
    for a, b in zip(exact(case.inputs["a"]), exact(case.inputs["b"])):
        own, both = [ZERO] * (lmax + 1), [ZERO] * (lmax + 1)
        for (l, m), x, y in zip(degree_list(lmax, lmax), a, b):
            factor = 2 if m else 1
            own[l] += factor * (x[0] * x[0] + x[1] * x[1])
            both[l] += factor * (x[0] * y[0] + x[1] * y[1])
        auto += [value / (2 * l + 1) for l, value in enumerate(own)]
        cross += [value / (2 * l + 1) for l, value in enumerate(both)]
    return {"auto": auto, "cross": cross}


@operation("smoothing")
def smoothing(case):
    lmax, spin = case.parameters["lmax"], case.parameters.get("spin", 0)
    width = arb(float(case.parameters["fwhm"]))
    half_variance = width * width / (16 * arb(2).log())
    factors = [(-half_variance * (l * (l + 1) - spin * spin)).exp() for l in range(lmax + 1)]
    return {"smoothed": by_degree(case.inputs["coefficients"], lmax, factors)}


@operation("laplacian")
def laplacian(case):
    lmax = case.parameters["lmax"]
    factors = [arb(-l * (l + 1)) for l in range(lmax + 1)]
    return {"laplacian": by_degree(case.inputs["coefficients"], lmax, factors)}


def by_degree(array, lmax, factors):
    return [factors[l] * arb(float(value)) for lane in array
            for (l, _), pair in zip(degree_list(lmax, lmax), lane) for value in pair]


@operation("mode_coupling")
def mode_coupling(case):
    lmax = case.parameters["lmax"]
    spectrum = exact(case.inputs["mask_spectrum"])
    values = []
    for l1 in range(lmax + 1):
        for l2 in range(lmax + 1):
            total = ZERO
            for l3 in range(abs(l1 - l2), min(l1 + l2, len(spectrum) - 1) + 1, 2):
                total += spectrum[l3] * (
                    functions.three_j_square(l1, l2, l3) * (2 * l3 + 1))
            values.append(total * (2 * l2 + 1) / (4 * arb.pi()))
    return {"matrix": values}


# Resampling

@operation("resample_bilinear")
def resample_bilinear(case):
    rows = [healpix.interpolation(case.parameters["nside"], theta, phi)
            for theta, phi in zip(case.inputs["theta"], case.inputs["phi"])]
    values = []
    for lane in exact(case.inputs["field"]):
        for pixels, weights in rows:
            total = ZERO
            for pixel, weight in zip(pixels, weights):
                total += lane[pixel] * weight
            values.append(total)
    return {"values": values}


@operation("resample_bilinear_transpose")
def resample_bilinear_transpose(case):
    nside = case.parameters["nside"]
    rows = [healpix.interpolation(nside, theta, phi)
            for theta, phi in zip(case.inputs["theta"], case.inputs["phi"])]
    values = []
    for lane in exact(case.inputs["values_gradient"]):
        field = [ZERO] * (12 * nside * nside)
        for gradient, (pixels, weights) in zip(lane, rows):
            for pixel, weight in zip(pixels, weights):
                field[pixel] += gradient * weight
        values += field
    return {"field_gradient": values}


@operation("resample_containing_pixel")
def resample_containing_pixel(case):
    pixels = [healpix.containing_pixel(case.parameters["nside"], theta, phi)
              for theta, phi in zip(case.inputs["theta"], case.inputs["phi"])]
    return {"values": [lane[p] for lane in exact(case.inputs["field"]) for p in pixels]}


@operation("resample_containing_pixel_transpose")
def resample_containing_pixel_transpose(case):
    nside = case.parameters["nside"]
    pixels = [healpix.containing_pixel(nside, theta, phi)
              for theta, phi in zip(case.inputs["theta"], case.inputs["phi"])]
    values = []
    for lane in exact(case.inputs["values_gradient"]):
        field = [ZERO] * (12 * nside * nside)
        for gradient, pixel in zip(lane, pixels):
            field[pixel] += gradient
        values += field
    return {"field_gradient": values}
