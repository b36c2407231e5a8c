#!/usr/bin/env python3
"""Times the transforms of this package and of ducc0 in turn, and prints one table.

Every round runs both programs on the same sizes; the ratio of a row is that of the shortest times,
and the spread is that of the rounds' own ratios. Nothing else should run on the machine.

Run from the package's folder after `swift build -c release`, with ducc0:
  python Fixtures/generators/benchmarks/transforms.py [--lmax 47 127 ...] [--grid gauss-legendre]
"""

import argparse
import json
import subprocess
import time

import ducc0
import numpy as np


def coefficients(lmax, components, single):
    count = (lmax + 1) * (lmax + 2) // 2
    random = np.random.default_rng(lmax)
    alm = random.normal(size=(components, count)) + 1j * random.normal(size=(components, count))
    alm[:, :lmax + 1] = alm[:, :lmax + 1].real
    return alm.astype(np.complex64 if single else np.complex128)


def shortest(body, repeats):
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        body()
        best = min(best, time.perf_counter() - began)
    return 1e3 * best


def peer(case, threads, repeats, lanes, single):
    """Milliseconds of ducc0: synthesis, analysis; fields one by one."""
    lmax, spin = case["lmax"], case["spin"]
    alm = coefficients(lmax, 1 if spin == 0 else 2, single)
    if case["grid"] == "gauss-legendre":
        longitudes = ducc0.fft.good_size(2 * lmax + 2, True)
        options = dict(spin=spin, lmax=lmax, geometry="GL", nthreads=threads)
        field = ducc0.sht.synthesis_2d(
            alm=alm, ntheta=lmax + 1, nphi=longitudes, **options)

        def synthesis():
            for _ in range(lanes):
                ducc0.sht.synthesis_2d(alm=alm, ntheta=lmax + 1, nphi=longitudes, **options)

        def analysis():
            for _ in range(lanes):
                ducc0.sht.analysis_2d(map=field, **options)
    else:
        base = ducc0.healpix.Healpix_Base(max(1, lmax // 2), "RING")
        options = dict(base.sht_info(), spin=spin, lmax=lmax, nthreads=threads)
        field = ducc0.sht.synthesis(alm=alm, **options)

        def synthesis():
            for _ in range(lanes):
                ducc0.sht.synthesis(alm=alm, **options)

        def analysis():
            for _ in range(lanes):
                ducc0.sht.adjoint_synthesis(map=field, **options)
    return {"synthesis": shortest(synthesis, repeats), "analysis": shortest(analysis, repeats)}


def ours(arguments, lmax, spin):
    words = [
        arguments.program, "bench", "transforms", "--format", "json", "--lmax", str(lmax),
        "--spin", str(spin), "--grid", arguments.grid, "--precision", arguments.precision,
        "--lanes", str(arguments.lanes), "--threads", str(arguments.threads),
        "--repeat", str(arguments.repeat)]
    output = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return {line["name"]: line["milliseconds"] for line in map(json.loads, output.splitlines())}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=".build/release/sphere")
    parser.add_argument("--grid", default="gauss-legendre", choices=["gauss-legendre", "healpix"])
    parser.add_argument("--lmax", type=int, nargs="+", default=[47, 127, 255, 511, 1023, 2047])
    parser.add_argument("--spin", type=int, nargs="+", default=[0, 2])
    parser.add_argument("--precision", default="f64", choices=["f32", "f64"])
    parser.add_argument("--lanes", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print("| grid | spin | lmax | fields | transform | ours, ms | ducc0, ms | ratio | rounds |")
    print("|---|---|---|---|---|---|---|---|---|")
    for spin in arguments.spin:
        for lmax in arguments.lmax:
            case = {"lmax": lmax, "spin": spin, "grid": arguments.grid}
            rounds = []
            for _ in range(arguments.rounds):
                rounds.append((
                    ours(arguments, lmax, spin),
                    peer(
                        case, arguments.threads, arguments.repeat, arguments.lanes,
                        arguments.precision == "f32")))
            for name in ("synthesis", "analysis"):
                mine = min(a[name] for a, _ in rounds)
                theirs = min(b[name] for _, b in rounds)
                ratios = sorted(a[name] / b[name] for a, b in rounds)
                print(
                    f"| {arguments.grid} | {spin} | {lmax} | {arguments.lanes} | {name} "
                    f"| {mine:.3f} | {theirs:.3f} | {mine / theirs:.2f} "
                    f"| {ratios[0]:.2f} to {ratios[-1]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
