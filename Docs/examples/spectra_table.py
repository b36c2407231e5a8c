"""Makes a table of spectra for SpectralSphere with CAMB: C_l as functions of one to three parameters.

    spectra_table.py --parameter tau 0.03 0.08 9 --output tau.fits
    spectra_table.py --parameter r 0 0.01 4 --prior r log-uniform 1e-4 \\
        --parameter tau 0.03 0.08 9 --prior tau gaussian 0.054 0.007 --spectra EE BB --output r-tau.fits

Needs camb, numpy and astropy (tried with camb 2.0.5, numpy 2.4, astropy 8.0).

Parameters are those of camb.set_params: H0, ombh2, omch2, omk, tau, As, ns, r, nt, mnu, nnu, w, ...
All that are not varied have the values of --fixed, else H0 67.4, ombh2 0.0224, omch2 0.120,
tau 0.054, As 2.1e-9, ns 0.965, r 0; logA stands for As = exp(logA) 1e-10. Spectra are lensed; with
r > 0 anywhere they include tensors.

Nodes: LOW HIGH COUNT of --parameter; Chebyshev points between the ends, both ends included, or with
--nodes uniform equal steps. Eight or nine are enough for most parameters; the reader measures the
error and says how many it needs. The prior is uniform between the ends, or log-uniform with an
offset, p(x) ~ 1/(x + offset), or a Gaussian cut at the ends.

The file has two binary tables. PARAMETERS, a row per parameter: NAME, UNIT, PRIOR (uniform,
log-uniform or gaussian), LOWER, UPPER, OFFSET, MEAN, SIGMA. SPECTRA, a row per node: a column per
parameter, then TT, EE, BB, TE as vectors of C_l in uK^2, l = 0...lmax; QUANTITY = 'C_l', LMIN = 0.

One calculation takes about ten seconds on one core; changes of r and nt alone take none, since they
keep the transfer functions. --processes spreads the rest over cores.
"""

import argparse
import itertools
import multiprocessing
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read by CAMB when it is imported

import camb
import numpy as np
from astropy.io import fits

DEFAULTS = {
    "H0": 67.4, "ombh2": 0.0224, "omch2": 0.120, "tau": 0.054, "As": 2.1e-9, "ns": 0.965, "r": 0.0}
UNITS = {"H0": "km/s/Mpc", "mnu": "eV"}
# What the transfer functions do not depend on, non-linear lensing included.
PRIMORDIAL_TENSORS = ["r", "nt"]
PRIMORDIAL = [
    "As", "ns", "nrun", "nrunrun", "r", "nt", "ntrun", "pivot_scalar", "pivot_tensor"]
# Parameters that stand in for others.
ALTERNATIVES = {"logA": "As", "cosmomc_theta": "H0", "thetastar": "H0", "zrei": "tau"}
NAMES = ["TT", "EE", "BB", "TE"]
# CAMB's order of columns.
COLUMNS = {"TT": 0, "EE": 1, "BB": 2, "TE": 3}


def nodes(low, high, count, kind):
    """Both ends and what lies between, ascending."""
    steps = np.arange(count) / (count - 1)
    if kind == "chebyshev":
        steps = (1 - np.cos(np.pi * steps)) / 2
    points = low + (high - low) * steps
    points[0], points[-1] = low, high
    return points


def primordial(values):
    """The parameters of the initial power."""
    chosen = {name: value for name, value in values.items() if name in PRIMORDIAL}
    if "logA" in values:
        chosen["As"] = 1e-10 * np.exp(values["logA"])
    return chosen


def settings(values, lmax, accuracy, has_tensors):
    """CAMB's parameters; accurate for l up to lmax, which needs lensing modes far above it."""
    others = {
        name: value for name, value in values.items() if name not in PRIMORDIAL + ["logA"]}
    parameters = camb.set_params(**others, **primordial(values))
    parameters.WantTensors = has_tensors
    parameters.set_for_lmax(max(4000, lmax + 2000), lens_potential_accuracy=accuracy)
    parameters.set_accuracy(lSampleBoost=2)
    parameters.max_l_tensor = max(600, lmax + 200)
    parameters.max_eta_k_tensor = 3 * parameters.max_l_tensor
    return parameters


def spectra_of_group(task):
    """C_l [node, spectrum, l] of nodes that differ in r and nt only."""
    group, lmax, accuracy, has_tensors, lensed = task
    first = dict(group[0])
    data = camb.get_results(settings(first, lmax, accuracy, has_tensors))
    kind = "total" if lensed else "unlensed_total"
    result = []
    for values in group:
        if values != first:
            initial = camb.InitialPowerLaw()
            initial.set_params(**primordial(values))
            data.power_spectra_from_transfer(initial, silent=True)
        cl = data.get_cmb_power_spectra(CMB_unit="muK", raw_cl=True, spectra=[kind])[kind]
        result.append(np.stack([cl[: lmax + 1, COLUMNS[name]] for name in NAMES]))
    return np.stack(result)


def table_spectra(points, names, fixed, arguments):
    """C_l [node, spectrum, l] of all nodes."""
    every = [dict(fixed, **dict(zip(names, map(float, point)))) for point in points]
    has_tensors = any(values["r"] > 0 for values in every)
    groups = {}
    for index, values in enumerate(every):
        key = tuple((name, values[name]) for name in sorted(values)
                    if name not in PRIMORDIAL_TENSORS)
        groups.setdefault(key, []).append(index)
    tasks = [
        ([every[index] for index in members], arguments.lmax, arguments.lens_accuracy,
         has_tensors, not arguments.unlensed)
        for members in groups.values()]
    result = np.empty((len(every), len(NAMES), arguments.lmax + 1))
    with multiprocessing.Pool(min(arguments.processes, len(tasks))) as pool:
        done = 0
        for members, spectra in zip(groups.values(), pool.imap(spectra_of_group, tasks)):
            result[members] = spectra
            done += len(members)
            print(f"{done} of {len(every)} nodes", flush=True)
    return result


def parameters_table(names, ranges, priors):
    """The table PARAMETERS."""
    rows = []
    for name, (low, high) in zip(names, ranges):
        kind, *numbers = priors.get(name, ["uniform"])
        unused = float("nan")
        offset = numbers[0] if kind == "log-uniform" else unused
        mean, sigma = numbers if kind == "gaussian" else (unused, unused)
        rows.append((name, UNITS.get(name, ""), kind, low, high, offset, mean, sigma))
    columns = list(zip(*rows))
    titles = ["NAME", "UNIT", "PRIOR", "LOWER", "UPPER", "OFFSET", "MEAN", "SIGMA"]
    formats = ["32A", "16A", "16A"] + ["D"] * 5
    table = fits.BinTableHDU.from_columns([
        fits.Column(name=title, format=form, array=np.array(column))
        for title, form, column in zip(titles, formats, columns)])
    table.header["EXTNAME"] = "PARAMETERS"
    return table


def spectra_table(names, points, spectra, chosen, fixed):
    """The table SPECTRA; spectra [node, spectrum, l]."""
    count = spectra.shape[2]
    columns = [
        fits.Column(name=name, format="D", unit=UNITS.get(name), array=points[:, place])
        for place, name in enumerate(names)]
    columns += [
        fits.Column(name=name, format=f"{count}D", unit="uK^2",
                    array=spectra[:, NAMES.index(name)])
        for name in chosen]
    table = fits.BinTableHDU.from_columns(columns)
    table.header["EXTNAME"] = "SPECTRA"
    table.header["QUANTITY"] = ("C_l", "not l(l+1) C_l / 2 pi")
    table.header["LMIN"] = (0, "first degree of the vectors")
    table.header["LMAX"] = (count - 1, "last degree")
    table.header["HISTORY"] = f"CAMB {camb.__version__}: " + ", ".join(
        f"{name} {value:g}" for name, value in fixed.items() if name not in names)
    return table


def arguments_of_user():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="see the beginning of this script")
    parser.add_argument(
        "--parameter", nargs=4, action="append", required=True,
        metavar=("NAME", "LOW", "HIGH", "COUNT"), help="a varied parameter; one to three times")
    parser.add_argument(
        "--prior", nargs="+", action="append", default=[], metavar="NAME uniform|log-uniform|...",
        help="NAME uniform | NAME log-uniform OFFSET | NAME gaussian MEAN SIGMA")
    parser.add_argument(
        "--fixed", nargs="+", default=[], metavar="NAME=VALUE", help="values of other parameters")
    parser.add_argument("--nodes", choices=["chebyshev", "uniform"], default="chebyshev")
    parser.add_argument("--lmax", type=int, default=383)
    parser.add_argument("--spectra", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--unlensed", action="store_true", help="without lensing")
    parser.add_argument(
        "--lens-accuracy", type=float, default=4, help="CAMB's lens_potential_accuracy (4)")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--output", required=True, help="the FITS file; replaced if it exists")
    return parser.parse_args(), parser


def checked(arguments, parser):
    """Names, ranges, counts, priors and fixed values, or a message about what is wrong."""
    names = [entry[0] for entry in arguments.parameter]
    if len(names) > 3 or len(set(names)) != len(names):
        parser.error(f"--parameter: found {', '.join(names)}, expected one to three different ones")
    ranges, counts = [], []
    for name, low, high, count in arguments.parameter:
        try:
            low, high, count = float(low), float(high), int(count)
        except ValueError:
            parser.error(f"--parameter {name}: expected two numbers and a count")
        if not low < high or count < 3:
            parser.error(f"--parameter {name}: expected LOW < HIGH and at least 3 nodes")
        ranges.append((low, high))
        counts.append(count)
    priors = {}
    for name, *prior in arguments.prior:
        sizes = {"uniform": 1, "log-uniform": 2, "gaussian": 3}
        if name not in names or not prior or sizes.get(prior[0]) != len(prior):
            parser.error(
                f"--prior {' '.join([name, *prior])}: expected the name of a --parameter and "
                "uniform, log-uniform OFFSET or gaussian MEAN SIGMA")
        try:
            priors[name] = [prior[0], *map(float, prior[1:])]
        except ValueError:
            parser.error(f"--prior {name} {' '.join(prior)}: expected numbers after {prior[0]}")
    fixed = dict(DEFAULTS)
    given = names + [entry.partition("=")[0] for entry in arguments.fixed]
    for name, alternative in ALTERNATIVES.items():
        if name in given:
            del fixed[alternative]
    for entry in arguments.fixed:
        name, _, value = entry.partition("=")
        if name in names:
            parser.error(f"--fixed {entry}: {name} is varied")
        try:
            fixed[name] = float(value)
        except ValueError:
            parser.error(f"--fixed {entry}: expected NAME=VALUE")
    if arguments.lmax < 2:
        parser.error(f"--lmax {arguments.lmax}: expected at least 2")
    return names, ranges, counts, priors, fixed


def main():
    arguments, parser = arguments_of_user()
    names, ranges, counts, priors, fixed = checked(arguments, parser)
    axes = [nodes(*ends, count, arguments.nodes) for ends, count in zip(ranges, counts)]
    points = np.array(list(itertools.product(*axes)))
    chosen = [name for name in NAMES if name in arguments.spectra]
    spectra = table_spectra(points, names, fixed, arguments)
    fits.HDUList([
        fits.PrimaryHDU(), parameters_table(names, ranges, priors),
        spectra_table(names, points, spectra, chosen, fixed),
    ]).writeto(arguments.output, overwrite=True)
    print(f"{arguments.output}: {len(points)} nodes, l = 0...{arguments.lmax}")


if __name__ == "__main__":
    main()
