#!/usr/bin/env python3
"""Takes standard error, or the terminal, away from commands that have something to say.

Standard error closed, on a full disk, and a pipe whose reader is gone. Right is, for each: exit code,
standard output and files are those of a run that is heard.

Run from the package's folder: Tests/reliability/lost_messages.py [--program sphere]
"""

import json

from common import Folder, Tally
from trials import FIXTURES, MODEL, options, run, training

LOSSES = {
    "closed": "2>&-",
    "full disk": "2>/dev/full",
    "pipe without reader": "2> >(exec <&-; exec sleep 0)",
    "read-only": "2</dev/null",
    "all closed but output": "0<&- 2>&-",
}


def commands(maps):
    sky = f"{FIXTURES}/formats/tools_map_1.fits"
    yield "train", training(maps)
    yield "simulate", ["simulate", "--task", "t1", "--count", "3", "--output", "out"]
    yield "predict", ["predict", "--model", MODEL, f"{FIXTURES}/maps/t1/map0.fits"]
    yield "evaluate", ["evaluate", "--model", MODEL, "--count", "40"]
    yield "limits", ["limits", "--task", "t1", "--noise", "5", "--count", "20"]
    yield "baseline", ["baseline", "--task", "t1", "--noise", "5", "--count", "20"]
    yield "analyze", ["analyze", sky, "--lmax", "8", "--tolerance", "1e-8", "--output", "out.fits"]
    yield "rotate", ["rotate", sky, "--euler", "1,2,3", "--output", "out.fits"]
    yield "refusal of input", ["inspect", f"{FIXTURES}/formats/refused_code.pt"]
    yield "refusal of options", ["predict", "--nonsense"]
    yield "missing input", ["inspect", "nowhere.fits"]


def files(folder):
    found = folder.snapshot()
    for name in found:
        if name == "m.json":
            with open(folder.file(name)) as file:
                found[name] = json.load(file)["lossCurve"]
    return found


def main():
    chosen = options(__doc__, count=1)
    tally = Tally()
    for name, words in commands(chosen.maps):
        with Folder() as folder:
            expected = run(chosen.program, words, folder)
            result = files(folder)
        for loss, redirection in LOSSES.items():
            for _ in range(chosen.count):
                with Folder() as folder:
                    code, output, _ = run(chosen.program, words, folder, shell=redirection)
                    faults = []
                    if code != expected[0]:
                        faults.append(f"exit code {code}, expected {expected[0]}")
                    if output != expected[1]:
                        faults.append("other output")
                    if files(folder) != result:
                        faults.append("other files")
                    tally.add(f"standard error lost: {loss}", faults, name)
    tally.finish()


if __name__ == "__main__":
    main()
