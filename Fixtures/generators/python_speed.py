"""Times the Python package: the cost of a call, and transforms beside ducc0 and the program.

    python Fixtures/generators/python_speed.py [--program SPHERE] [--lmax 511] [--rounds 9]

Prints Markdown for Docs/Performance.md. In each round every contestant has its turn, and ratios are
those of the shortest times of a round: other programs on the machine slow all of them. The program
is timed by `sphere bench transforms` with one thread. Needs the package and ducc0==0.42.0.
"""

import argparse
import json
import subprocess
import time

import ducc0
import numpy as np

import spectralsphere as sphere
from spectralsphere._library import library


def shortest(function, seconds=0.2):
    """The shortest of the times of a function, over so many seconds."""
    function()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def calls(rounds):
    """The cost of a call: from Python, of the C function by ctypes, of ctypes alone."""
    print("| lmax | from Python, us | C function by ctypes, us | ctypes alone, us |")
    print("|---|---|---|---|")
    for lmax in (0, 2, 8):
        transform = sphere.Transform(sphere.gauss_legendre(lmax + 1, 2 * lmax + 2), lmax)
        alm = np.zeros(transform.nalm, complex)
        out = np.empty(transform.grid.npix)
        arguments = (transform._handle.number, 1, 1, 1, transform._described(alm, 0),
                     transform._described(out, 0), None)
        contestants = [lambda: transform.synthesis(alm),
                       lambda: library.sphere_transform_apply(*arguments),
                       library.sphere_abi_version]

        def many(function):
            return shortest(lambda: [function() for _ in range(500)], 0.1) / 500 * 1e6
        times = np.array([[many(f) for f in contestants] for _ in range(rounds)])
        cells = [f"{np.median(column):.1f} ({column.min():.1f} to {column.max():.1f})"
                 for column in times.T]
        print(f"| {lmax} | {' | '.join(cells)} |")


def program_time(program, lmax, spin):
    """The shortest time of synthesis and of analysis by the program, one thread, in seconds."""
    command = [program, "bench", "transforms", "--lmax", str(lmax), "--spin", str(spin),
               "--threads", "1", "--repeat", "15", "--format", "json"]
    lines = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["name"]: row["milliseconds"] / 1e3 for row in rows}


def transforms(lmax, rounds, program):
    """Synthesis and its adjoint beside ducc0, synthesis beside the program."""
    grid = sphere.gauss_legendre(lmax + 1, 2 * lmax + 2)
    rings = grid.rings
    rng = np.random.default_rng(1)
    print("\n| spin | threads | transform | ms | ducc0, ms | to ducc0 (rounds) "
          "| to the program (rounds) |")
    print("|---|---|---|---|---|---|---|")
    for spin in (0, 2):
        for nthreads in (1, 2):
            transform = sphere.Transform(grid, lmax, spin=spin, nthreads=nthreads)
            alm = rng.standard_normal((2, transform.nalm)) + 0j
            alm[:, [sphere.alm_index(l, m, lmax) for m in range(spin) for l in range(m, spin)]] = 0
            alm = alm[:1 + (spin > 0)]
            own = alm if spin else alm[0]
            field = transform.synthesis(own)
            fields = field if spin else field[None]
            options = dict(theta=rings.theta, phi0=rings.phi0, nphi=rings.nphi.astype(np.uint64),
                           ringstart=(np.cumsum(rings.nphi) - rings.nphi).astype(np.uint64),
                           lmax=lmax, spin=spin, nthreads=nthreads)
            found = ducc0.sht.synthesis(alm=alm, **options)
            assert np.abs(found - fields).max() < 1e-11 * np.abs(fields).max()
            out, back = np.empty_like(field), np.empty_like(own)
            pairs = {
                "synthesis": (lambda: transform.synthesis(own, out=out),
                              lambda: ducc0.sht.synthesis(alm=alm, **options)),
                "adjoint_synthesis": (
                    lambda: transform.adjoint_synthesis(field, out=back),
                    lambda: ducc0.sht.adjoint_synthesis(map=fields, **options))}
            for name, (ours, theirs) in pairs.items():
                with_program = program and nthreads == 1 and name == "synthesis"
                times = []
                for _ in range(rounds):
                    row = [shortest(ours), shortest(theirs)]
                    if with_program:
                        row.append(program_time(program, lmax, spin)[name])
                    times.append(row)
                times = np.array(times)
                cells = [f"{np.median(times[:, 0]) * 1e3:.2f}", f"{np.median(times[:, 1]) * 1e3:.2f}"]
                for column in range(1, times.shape[1]):
                    ratio = times[:, 0] / times[:, column]
                    cells.append(f"{np.median(ratio):.2f} ({ratio.min():.2f} to {ratio.max():.2f})")
                cells += ["-"] * (4 - len(cells))
                print(f"| {spin} | {nthreads} | {name} | {' | '.join(cells)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", help="sphere, for the last column")
    parser.add_argument("--lmax", type=int, default=511)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    calls(options.rounds)
    transforms(options.lmax, options.rounds, options.program)


if __name__ == "__main__":
    main()
