#!/usr/bin/env python3
"""Runs every command that writes on a file system that is full, or becomes full while it writes.

On a file system in memory with 0 to 256 kilobytes left, beside files that are there already. Right is,
for each: exit code 0 and the bytes of an undisturbed run; or exit code 73, the system's words, the old
files as they were, and no unfinished file. Standard output on a full disk gives 73, too.

Run as root from the package's folder: Tests/reliability/full_disk.py [--program sphere]
"""

import shutil
import subprocess

from common import Folder, Tally
from trials import FIXTURES, MODEL, Mount, options, run, training, writers

SPACES = [0, 1, 2, 3, 5, 8, 16, 64, 256]


def trial(chosen, tally, name, words, kilobytes):
    output = words[-1]
    with Folder() as good:
        code, _, messages = run(chosen.program, words, good)
        assert code == 0, messages
        expected = good.snapshot()
    with Mount(1024) as disk:
        if "." in output:
            shutil.copy(MODEL, disk.file(output))
        free = 1024 * 1024 if kilobytes is None else kilobytes * 1024
        used = shutil.disk_usage(disk.path).free - free
        with open(disk.file("filling"), "wb") as file:
            file.write(bytes(max(0, used)))
        before = disk.snapshot()
        code, _, messages = run(chosen.program, words, disk)
        after = disk.snapshot()
        faults = []
        if code == 0:
            if any(after.get(key) != value for key, value in expected.items() if value != "folder"):
                faults.append("exit code 0 and other bytes")
        else:
            if code != 73:
                faults.append(f"exit code {code}: {messages.strip()[-300:]}")
            reasons = ["No space left on device", "of disk, "]
            if not any(reason in messages for reason in reasons):
                faults.append(f"the reason is not said: {messages.strip()[-300:]}")
            changed = {key for key in before if after.get(key) != before[key]}
            added = set(after) - set(before) - {"m.checkpoints"}
            added = {key for key in added if "checkpoint.safetensors" not in key}
            if changed or added:
                faults.append(f"changed {sorted(changed)}, left {sorted(added)}")
        tally.add("full disk", faults, f"{name}, {kilobytes} kB left")


def main():
    chosen = options(__doc__, count=0)
    tally = Tally()
    for name, words in writers() + [("train", training(chosen.maps))]:
        spaces = SPACES if name != "train" else SPACES[::3]
        for kilobytes in spaces:
            trial(chosen, tally, name, words, kilobytes)
    printing = [
        ("predict", ["predict", "--model", MODEL, f"{FIXTURES}/maps/t1/map0.fits"]),
        ("models", ["models", "--models", f"{FIXTURES}/models"]),
        ("inspect", ["inspect", f"{FIXTURES}/maps/t1/map0.fits"]),
        ("verify", ["verify", "--suite", "grids"]),
        ("evaluate", ["evaluate", "--model", MODEL, "--count", "8"]),
    ]
    with Folder() as folder:
        for name, words in printing:
            with open("/dev/full", "w") as full:
                code, _, messages = run(
                    chosen.program, words, folder, stdout=full, stderr=subprocess.PIPE)
            faults = [] if code == 73 else [f"exit code {code}: {messages.strip()[-300:]}"]
            tally.add("standard output on a full disk", faults, name)
    tally.finish()


if __name__ == "__main__":
    main()
