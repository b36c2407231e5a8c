#!/usr/bin/env python3
"""Times the transforms of this package and of other libraries in turn, and prints one table.

Every round runs this program and every peer on the same sizes, threads and precision. A row has the
shortest times of all rounds, and the median and range of the rounds' own ratios to the fastest peer
and to ducc0: the clock of a shared machine changes from round to round, and a ratio of shortest
times would compare different minutes. Fields of a batch go one by one to a library without batches.
Results are written to memory that is there where a library can do that, as this program does.
Nothing else should run.

Peers are those of --peers that are installed and know the case:
  ducc0            every case
  healpy           HEALPix, double precision
  torch-harmonics  Gauss-Legendre, spin 0
  shtns            Gauss-Legendre, spin 0, double precision
  jaxht            HEALPix, compiled before it is timed

Run from the package's folder after `swift build -c release`:
  python Fixtures/generators/benchmarks/transforms.py [--lmax 47 127 ...] [--grid gauss-legendre]
"""

import argparse
import json
import os
import statistics
import subprocess
import time


def coefficients(case):
    import numpy as np

    lmax = case["lmax"]
    components = 1 if case["spin"] == 0 else 2
    count = (lmax + 1) * (lmax + 2) // 2
    random = np.random.default_rng(lmax)
    alm = random.normal(size=(components, count)) + 1j * random.normal(size=(components, count))
    alm[:, : lmax + 1] = alm[:, : lmax + 1].real
    # Degrees below the spin have no coefficients.
    for m in range(case["spin"]):
        first = m * (2 * lmax + 1 - m) // 2
        alm[:, first + m : first + case["spin"]] = 0
    return alm.astype(np.complex64 if case["precision"] == "f32" else np.complex128)


def shortest(body, repeats):
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        body()
        best = min(best, time.perf_counter() - began)
    return 1e3 * best


def longitudes(lmax):
    import ducc0

    return ducc0.fft.good_size(2 * lmax + 2, True)


# Every peer returns two functions, a synthesis and an analysis of all fields, or None where it does
# not know the case.


def ducc(case):
    import ducc0
    import numpy as np

    lmax, spin, threads = case["lmax"], case["spin"], case["threads"]
    alm = coefficients(case)
    real = np.float32 if case["precision"] == "f32" else np.float64
    if case["grid"] == "gauss-legendre":
        if case["iter"]:
            return None
        options = dict(spin=spin, lmax=lmax, geometry="GL", nthreads=threads)
        field = np.empty((len(alm), lmax + 1, longitudes(lmax)), real)

        def synthesis():
            for _ in range(case["lanes"]):
                ducc0.sht.synthesis_2d(alm=alm, map=field, **options)

        found = np.empty_like(alm)

        def analysis():
            for _ in range(case["lanes"]):
                ducc0.sht.analysis_2d(map=field, alm=found, **options)

        return synthesis, analysis
    nside = max(1, lmax // 2)
    base = ducc0.healpix.Healpix_Base(nside, "RING")
    options = dict(base.sht_info(), spin=spin, lmax=lmax, nthreads=threads)
    field, residual = (np.empty((len(alm), 12 * nside**2), real) for _ in range(2))
    found, step = np.empty_like(alm), np.empty_like(alm)
    weight = np.pi / (3 * nside**2)

    def synthesis():
        for _ in range(case["lanes"]):
            ducc0.sht.synthesis(alm=alm, map=field, **options)

    def analysis():
        for _ in range(case["lanes"]):
            ducc0.sht.adjoint_synthesis(map=field, alm=found, **options)
            found[...] *= weight
            for _ in range(case["iter"]):
                ducc0.sht.synthesis(alm=found, map=residual, **options)
                np.subtract(field, residual, out=residual)
                ducc0.sht.adjoint_synthesis(map=residual, alm=step, **options)
                found[...] += weight * step

    return synthesis, analysis


def healpy(case):
    import healpy

    if case["grid"] != "healpix" or case["lanes"] > 1 and case["precision"] == "f64":
        return None
    lmax, spin = case["lmax"], case["spin"]
    if spin not in (0, 2) or spin == 2 and case["iter"]:
        return None
    nside = max(1, lmax // 2)
    # healpy has double precision alone.
    alm = coefficients(dict(case, precision="f64"))
    if spin == 0:
        field = healpy.alm2map(alm[0], nside, lmax=lmax, pol=False)

        def synthesis():
            for _ in range(case["lanes"]):
                healpy.alm2map(alm[0], nside, lmax=lmax, pol=False)

        def analysis():
            for _ in range(case["lanes"]):
                healpy.map2alm(field, lmax=lmax, iter=case["iter"], pol=False)

        return synthesis, analysis
    fields = healpy.alm2map_spin(list(alm), nside, 2, lmax)

    def synthesis():
        for _ in range(case["lanes"]):
            healpy.alm2map_spin(list(alm), nside, 2, lmax)

    def analysis():
        for _ in range(case["lanes"]):
            healpy.map2alm_spin(fields, 2, lmax=lmax)

    return synthesis, analysis


def torch_harmonics(case):
    import torch
    import torch_harmonics

    if case["grid"] != "gauss-legendre" or case["spin"] != 0 or case["lmax"] > 511:
        return None
    torch.set_num_threads(case["threads"])
    lmax = case["lmax"]
    real = torch.float32 if case["precision"] == "f32" else torch.float64
    sizes = dict(
        nlat=lmax + 1, nlon=longitudes(lmax), lmax=lmax + 1, mmax=lmax + 1,
        grid="legendre-gauss")
    forward = torch_harmonics.RealSHT(**sizes).to(real)
    inverse = torch_harmonics.InverseRealSHT(**sizes).to(real)
    with torch.no_grad():
        field = torch.randn(case["lanes"], sizes["nlat"], sizes["nlon"], dtype=real)
        alm = forward(field)

    def synthesis():
        with torch.no_grad():
            inverse(alm)

    def analysis():
        with torch.no_grad():
            forward(field)

    return synthesis, analysis


def shtns(case):
    import numpy as np
    import shtns as library

    if (
        case["grid"] != "gauss-legendre" or case["spin"] != 0 or case["precision"] == "f32"
        or case["threads"] != 1
    ):
        return None
    lmax = case["lmax"]
    transform = library.sht(lmax, lmax)
    transform.set_grid(lmax + 1, longitudes(lmax), library.sht_quick_init)
    alm = transform.spec_array()
    alm[:] = coefficients(case)[0]
    field = np.array(transform.synth(alm))

    def synthesis():
        for _ in range(case["lanes"]):
            transform.synth(alm)

    def analysis():
        for _ in range(case["lanes"]):
            transform.analys(field)

    return synthesis, analysis


def jaxht(case):
    import jax

    jax.config.update("jax_enable_x64", True)
    import jht
    import numpy as np

    if case["grid"] != "healpix" or case["spin"] not in (0, 2) or case["lmax"] > 512:
        return None
    nside, lmax, spin = max(1, case["lmax"] // 2), case["lmax"], case["spin"]
    alm = coefficients(case)
    alm = jax.numpy.asarray(alm[0] if spin == 0 else alm)
    make = jax.jit(lambda a: jht.synthesis(a, nside, lmax, spin=spin))
    take = jax.jit(lambda f: jht.analysis(f, nside, lmax, spin=spin, niter=case["iter"]))
    field = make(alm).block_until_ready()
    take(field).block_until_ready()

    def synthesis():
        for _ in range(case["lanes"]):
            make(alm).block_until_ready()

    def analysis():
        for _ in range(case["lanes"]):
            take(field).block_until_ready()

    return synthesis, analysis


PEERS = {
    "ducc0": ducc, "healpy": healpy, "torch-harmonics": torch_harmonics, "shtns": shtns,
    "jaxht": jaxht}


def ours(arguments, case):
    words = [
        arguments.program, "bench", "transforms", "--format", "json", "--lmax", case["lmax"],
        "--spin", case["spin"], "--grid", case["grid"], "--precision", case["precision"],
        "--lanes", case["lanes"], "--threads", case["threads"], "--iter", case["iter"],
        "--repeat", arguments.repeat]
    output = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=True).stdout
    return {line["name"]: line["milliseconds"] for line in map(json.loads, output.splitlines())}


def installed(names, case):
    """The peers that know a case, with what they time."""
    found = {}
    for name in names:
        try:
            functions = PEERS[name](case)
        except ImportError:
            continue
        if functions:
            found[name] = functions
    return found


def compare(arguments, case):
    peers = installed(arguments.peers, case)
    rounds = []
    for _ in range(arguments.rounds):
        row = {"ours": ours(arguments, case)}
        for name, (synthesis, analysis) in peers.items():
            row[name] = {
                "synthesis": shortest(synthesis, arguments.repeat),
                "analysis": shortest(analysis, arguments.repeat)}
        rounds.append(row)
    for stage in ("synthesis", "analysis"):
        if stage == "synthesis" and case["iter"] > 0:
            continue
        times = {name: min(row[name][stage] for row in rounds) for name in rounds[0]}
        mine = times.pop("ours")
        best = min(times, key=times.get)
        others = ", ".join(f"{name} {times[name]:.3f}" for name in times if name != best)
        name = stage if case["iter"] == 0 else f"{stage}, iter {case['iter']}"
        print(
            f"| {case['grid']} | {case['spin']} | {case['lmax']} | {case['precision']} "
            f"| {case['lanes']} | {case['threads']} | {name} | {mine:.3f} | {times[best]:.3f} "
            f"{best} | {ratios(rounds, stage, best)} | {ratios(rounds, stage, 'ducc0')} "
            f"| {others} |", flush=True)


def ratios(rounds, stage, peer):
    """Median and range of the rounds' ratios."""
    if peer not in rounds[0]:
        return ""
    found = sorted(row["ours"][stage] / row[peer][stage] for row in rounds)
    return f"{statistics.median(found):.2f} ({found[0]:.2f} to {found[-1]:.2f})"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/sphere")
    parser.add_argument("--grid", default="gauss-legendre", choices=["gauss-legendre", "healpix"])
    parser.add_argument("--lmax", type=int, nargs="+", default=[47, 127, 255, 511, 1023, 2047])
    parser.add_argument("--spin", type=int, nargs="+", default=[0, 2])
    parser.add_argument("--precision", default="f64", choices=["f32", "f64"])
    parser.add_argument("--lanes", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--iter", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="+", default=list(PEERS), choices=list(PEERS))
    arguments = parser.parse_args()
    # healpy and SHTns take their threads from OpenMP, JAX from its own flags.
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    if arguments.threads == 1:
        os.environ["XLA_FLAGS"] = (
            "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    print(
        "| grid | spin | lmax | precision | fields | threads | transform | ours, ms | best peer, ms "
        "| ratio (rounds) | to ducc0 (rounds) | other peers, ms |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for spin in arguments.spin:
        for lmax in arguments.lmax:
            compare(
                arguments,
                {
                    "grid": arguments.grid, "spin": spin, "lmax": lmax,
                    "precision": arguments.precision, "lanes": arguments.lanes,
                    "threads": arguments.threads, "iter": arguments.iter})


if __name__ == "__main__":
    main()
