#!/usr/bin/env python3
"""Starts two processes that write different results to the same place at the same time.

Right is, for each: what stands there in the end are the bytes of one of them, a process that did not
write them was refused (73) or was overtaken, and no unfinished file is left. Trainings share their
checkpoint, too: model and record are of the same run.

Run from the package's folder: Tests/reliability/two_writers.py [--program sphere] [--count N]
"""

import json
import subprocess
import time

from common import Folder, Tally
from trials import FIXTURES, options, run, training


def both(program, first, second, folder, delay):
    def start(words):
        return subprocess.Popen(
            [program] + words, cwd=folder.path, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    one = start(first)
    time.sleep(delay)
    other = start(second)
    messages = [process.communicate(timeout=300)[1] for process in (one, other)]
    return [one.returncode, other.returncode], messages


def pairs(maps):
    alm = f"{FIXTURES}/formats/tools_alm_teb.fits"
    sky = [f"{FIXTURES}/maps/t1/map{k}.fits" for k in range(2)]
    for nside in [16, 64]:
        yield f"synthesize, nside {nside}", *[
            ["synthesize", source, "--nside", str(nside), "--output", "out.fits"]
            for source in (alm, f"{FIXTURES}/formats/tools_alm_t.fits")]
    yield "plot", *[["plot", map_, "--output", "out.png"] for map_ in sky]
    yield "spectrum", *[["spectrum", map_, "--output", "out.csv"] for map_ in sky]
    yield "simulate", *[
        ["simulate", "--task", "t1", "--count", "4", "--seed", seed, "--output", "out"]
        for seed in "12"]
    yield "conformance export", *[
        ["conformance", "export", "--seed", seed, "--output", "out"] for seed in "12"]
    yield "train", *[training(maps, seed=seed) for seed in (8, 9)]


def comparable(snapshot, folder):
    """Files with their digests; of records, which have times, the seed."""
    result = {}
    for name, digest in snapshot.items():
        if name.endswith(".json") and name == "m.json":
            with open(folder.file(name)) as file:
                digest = json.load(file)["configuration"]["seed"]
        if digest != "folder":
            result[name] = digest
    return result


def main():
    chosen = options(__doc__, count=6)
    tally = Tally()
    for name, first, second in pairs(chosen.maps):
        results = []
        for words in (first, second):
            with Folder() as folder:
                code, _, messages = run(chosen.program, words, folder)
                assert code == 0, messages
                results.append(comparable(folder.snapshot(), folder))
        for k in range(chosen.count if name != "train" else max(1, chosen.count // 3)):
            with Folder() as folder:
                codes, messages = both(
                    chosen.program, first, second, folder, delay=0.002 * k * k)
                found = comparable(folder.snapshot(), folder)
                faults = []
                if found not in results:
                    faults.append(f"what is there is of neither: {sorted(found)}")
                if any(code not in (0, 73) for code in codes) or codes == [73, 73]:
                    faults.append(f"exit codes {codes}: {messages}")
                if folder.unfinished():
                    faults.append(f"left {folder.unfinished()}")
                tally.add("two writers", faults, f"{name}, trial {k}")
    tally.finish()


if __name__ == "__main__":
    main()
