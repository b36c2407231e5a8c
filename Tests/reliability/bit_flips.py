#!/usr/bin/env python3
"""Flips single bits in files that carry a digest or a sum.

In the checkpoint of a training, in a trained model, in a shipped model, and in the data of a FITS map
with DATASUM. Right is, for each: exit code 65 with a message, or the very result of the undamaged
file (a bit that no number depends on).

Run from the package's folder: Tests/reliability/bit_flips.py [--program sphere] [--count N]
"""

import os
import shutil
import signal

from common import Folder, Tally
from trials import FIXTURES, LISTED_MODEL, MODEL, interrupted, options, refused, run, training


def flip(path, bit):
    with open(path, "r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ (1 << bit % 8)]))


def bits(chosen, path, first=0):
    """Places all over the file, a fifth of them in its first kilobyte."""
    size = os.path.getsize(path)
    for k in range(chosen.count):
        last = min(size, first + 1024) if k % 5 == 0 else size
        yield 8 * first + chosen.random.randrange(8 * (last - first))


def checkpoints(chosen, tally, kind):
    with Folder() as start, Folder() as folder:
        words = training(chosen.maps)
        code, _, messages = run(chosen.program, words, start)
        assert code == 0, messages
        with open(start.file("m.safetensors"), "rb") as file:
            model = file.read()
        # Later and later, until there is a checkpoint.
        path = folder.file("m.checkpoints/checkpoint.safetensors")
        for tenths in range(2, 60):
            code, _ = interrupted(chosen.program, words, folder, signal.SIGINT, tenths / 10)
            if code == 130 and os.path.exists(path):
                break
            shutil.rmtree(folder.path)
            os.mkdir(folder.path)
        assert os.path.exists(path), "no checkpoint was left"
        for bit in bits(chosen, path):
            with Folder() as copy:
                shutil.copytree(folder.path, copy.path, dirs_exist_ok=True)
                flip(copy.file("m.checkpoints/checkpoint.safetensors"), bit)
                code, _, messages = run(chosen.program, words + ["--resume"], copy)
                if code == 0:
                    with open(copy.file("m.safetensors"), "rb") as file:
                        same = file.read() == model
                    faults = [] if same else ["another model, exit code 0"]
                else:
                    faults = refused(code, messages)
                tally.add(kind, faults, f"bit {bit}")


def models(chosen, tally, kind, source):
    maps = [f"{FIXTURES}/maps/t1/map{k}.fits" for k in range(4)]
    name = os.path.basename(source)
    words = ["predict", "--model", name, "--format", "json"] + maps
    with Folder() as folder:
        shutil.copy(source, folder.file(name))
        # A model of version 1 has its digest in a list beside it.
        if source == LISTED_MODEL:
            shutil.copy(f"{os.path.dirname(LISTED_MODEL)}/SHA256SUMS", folder.file("SHA256SUMS"))
        code, output, messages = run(chosen.program, words, folder)
        assert code == 0, messages
        for bit in bits(chosen, folder.file(name)):
            flip(folder.file(name), bit)
            code, found, messages = run(chosen.program, words, folder)
            if code == 0:
                faults = [] if found == output else ["other predictions, exit code 0"]
            else:
                faults = refused(code, messages)
            tally.add(kind, faults, f"bit {bit}")
            flip(folder.file(name), bit)


def with_sum(path, result):
    """Writes DATASUM into the header of the first extension; returns where its data begin."""
    with open(path, "rb") as file:
        bytes_ = bytearray(file.read())
    header = bytes_.index(b"XTENSION")
    end = header
    while not bytes_[end:end + 80].startswith(b"END "):
        end += 80
    data = (end // 2880 + 1) * 2880
    if (end + 80) % 2880 == 0:
        raise ValueError("no room for a card")
    total = 0
    for k in range(data, len(bytes_), 4):
        total += int.from_bytes(bytes_[k:k + 4], "big")
        total = (total & 0xFFFFFFFF) + (total >> 32)
    bytes_[end:end + 80] = f"DATASUM = '{total}'".ljust(80).encode()
    bytes_[end + 80:end + 160] = b"END".ljust(80)
    with open(result, "wb") as file:
        file.write(bytes_)
    return data


def sums(chosen, tally, kind):
    words = ["spectrum", "m.fits", "--lmax", "16", "--output", "cl.csv"]
    with Folder() as folder:
        first = with_sum(f"{FIXTURES}/maps/t1/map0.fits", folder.file("m.fits"))
        code, _, messages = run(chosen.program, words, folder)
        assert code == 0, messages
        with open(folder.file("cl.csv")) as file:
            spectrum = file.read()
        for bit in bits(chosen, folder.file("m.fits"), first):
            flip(folder.file("m.fits"), bit)
            os.remove(folder.file("cl.csv")) if os.path.exists(folder.file("cl.csv")) else None
            code, _, messages = run(chosen.program, words, folder)
            if code == 0:
                with open(folder.file("cl.csv")) as file:
                    faults = [] if file.read() == spectrum else ["another spectrum, exit code 0"]
            else:
                faults = refused(code, messages)
            tally.add(kind, faults, f"bit {bit}")
            flip(folder.file("m.fits"), bit)


def trained(chosen, tally, kind):
    with Folder() as folder:
        code, _, messages = run(chosen.program, training(chosen.maps), folder)
        assert code == 0, messages
        models(chosen, tally, kind, folder.file("m.safetensors"))


def main():
    chosen = options(__doc__, count=20)
    tally = Tally()
    kinds = {
        "bits of a trained model": lambda kind: trained(chosen, tally, kind),
        "bits of a shipped model": lambda kind: models(chosen, tally, kind, MODEL),
        "bits of a listed model": lambda kind: models(chosen, tally, kind, LISTED_MODEL),
        "bits of FITS data with DATASUM": lambda kind: sums(chosen, tally, kind),
        "bits of a checkpoint": lambda kind: checkpoints(chosen, tally, kind),
    }
    for kind, trial in kinds.items():
        if chosen.only in kind:
            trial(kind)
    tally.finish()


if __name__ == "__main__":
    main()
