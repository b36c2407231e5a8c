#!/usr/bin/env python3
"""Sends signals to a training at times all over its stages.

SIGINT, SIGTERM and SIGHUP. Right is, for each: exit code 128 plus the signal's number and, with
--resume if there is a checkpoint, then the bytes of a training that went through; or the training had
ended before.

Run from the package's folder: Tests/reliability/signals.py [--program sphere] [--count N]
"""

import os
import signal
import time

from common import Folder, Tally
from trials import interrupted, options, run, training

SIGNALS = {"SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM, "SIGHUP": signal.SIGHUP}


def main():
    chosen = options(__doc__, count=5)
    tally = Tally()
    words = training(chosen.maps)
    with Folder() as folder:
        began = time.monotonic()
        code, _, messages = run(chosen.program, words, folder)
        seconds = time.monotonic() - began
        assert code == 0, messages
        model = folder.snapshot()["m.safetensors"]
    for name, number in SIGNALS.items():
        for k in range(chosen.count):
            with Folder() as folder:
                # Not before the program has taken the signals over.
                delay = 0.1 + (k + 0.5) / chosen.count * max(0.2, seconds - 0.3)
                code, messages = interrupted(chosen.program, words, folder, number, delay)
                faults = []
                if code == 0 and folder.snapshot().get("m.safetensors") == model:
                    tally.add(f"{name} in a training", [], "ended before")
                    continue
                if code != 128 + number:
                    faults.append(f"exit code {code}: {messages.strip()[-300:]}")
                has_checkpoint = os.path.exists(
                    folder.file("m.checkpoints/checkpoint.safetensors"))
                again, _, messages = run(
                    chosen.program, words + (["--resume"] if has_checkpoint else []), folder)
                if again != 0 or folder.snapshot().get("m.safetensors") != model:
                    faults.append(f"not resumed to the same bytes, exit code {again}: {messages}")
                if folder.unfinished():
                    faults.append(f"left {folder.unfinished()}")
                tally.add(f"{name} in a training", faults, f"after {delay:.2f} s")
    tally.finish()


if __name__ == "__main__":
    main()
