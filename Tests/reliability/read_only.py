#!/usr/bin/env python3
"""Runs every command that writes in a folder that takes nothing.

On a read-only file system, and below a file that is no folder. Right is, for each: exit code 73, a
message that names the place, and everything as it was.

Run as root from the package's folder: Tests/reliability/read_only.py [--program sphere]
"""

import shutil

from common import Tally
from trials import MODEL, Mount, options, run, training, writers


def faults_of(code, messages, reasons, before, after):
    faults = []
    if code != 73:
        faults.append(f"exit code {code}: {messages.strip()[-300:]}")
    if not any(reason in messages for reason in reasons):
        faults.append(f"the reason is not said: {messages.strip()[-300:]}")
    if before != after:
        faults.append("the folder is not as it was")
    return faults


def main():
    chosen = options(__doc__, count=0)
    tally = Tally()
    for name, words in writers() + [("train", training(chosen.maps))]:
        with Mount(4096) as disk:
            if "." in words[-1]:
                shutil.copy(MODEL, disk.file(words[-1]))
            before = disk.snapshot()
            disk.make_read_only()
            code, _, messages = run(chosen.program, words, disk)
            tally.add(
                "read-only file system",
                faults_of(code, messages, ["Read-only file system"], before, disk.snapshot()), name)
        with Mount(4096) as disk:
            shutil.copy(MODEL, disk.file("file"))
            before = disk.snapshot()
            below = words[:-1] + ["file/" + words[-1]]
            code, _, messages = run(chosen.program, below, disk)
            tally.add(
                "below a file",
                faults_of(
                    code, messages, ["Not a directory", "not a folder", "is no folder", "a file"],
                    before, disk.snapshot()), name)
    tally.finish()


if __name__ == "__main__":
    main()
