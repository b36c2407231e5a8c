"""What the scripts share that need no strace: options, commands that write, runs with redirections."""

import argparse
import os
import random
import shutil
import subprocess
import time

from common import skip

FIXTURES = os.path.abspath("Fixtures")
MODEL = f"{FIXTURES}/models/t1-physical-isotropic-noise0.safetensors"
LISTED_MODEL = f"{FIXTURES}/models/t1-physical-published-noise0.safetensors"


def options(description, count):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--program", default=".build/release/sphere", help="the program to try")
    parser.add_argument("--count", type=int, default=count, help="trials of every kind")
    parser.add_argument("--seed", type=int, default=1, help="seed of what is drawn")
    parser.add_argument("--maps", type=int, default=2400, help="maps of a training")
    parser.add_argument("--only", default="", help="kinds of trial whose name has this text")
    chosen = parser.parse_args()
    chosen.program = os.path.abspath(chosen.program)
    if not os.access(chosen.program, os.X_OK):
        skip(f"{chosen.program} is not there; build it with swift build -c release")
    chosen.random = random.Random(chosen.seed)
    return chosen


def training(maps, output="m.safetensors", seed=8):
    words = ["train", "--task", "t1", "--maps", str(maps), "--seed", str(seed), "--threads", "1"]
    return words + ["--output", output]


def writers():
    """Name, words of the command, outputs, for every command that writes files."""
    alm, sky = f"{FIXTURES}/formats/tools_alm_teb.fits", f"{FIXTURES}/formats/tools_map_1.fits"
    t1 = f"{FIXTURES}/maps/t1/map0.fits"
    return [
        ("simulate", ["simulate", "--task", "t1", "--count", "2", "--output", "out"]),
        ("synthesize", ["synthesize", alm, "--nside", "16", "--output", "out.fits"]),
        ("analyze", ["analyze", sky, "--lmax", "8", "--output", "out.fits"]),
        ("spectrum", ["spectrum", sky, "--lmax", "8", "--output", "out.fits"]),
        ("spectrum csv", ["spectrum", sky, "--lmax", "8", "--output", "out.csv"]),
        ("resample", ["resample", sky, "--to", "nside8", "--method", "harmonic"]
            + ["--output", "out.fits"]),
        ("rotate", ["rotate", sky, "--euler", "1,2,3", "--output", "out.fits"]),
        ("convert", ["convert", f"{FIXTURES}/networks/tiny_plain.pt", "out.safetensors"]),
        ("plot png", ["plot", t1, "--output", "out.png"]),
        ("plot svg", ["plot", t1, "--output", "out.svg"]),
        ("conformance export", ["conformance", "export", "--output", "out"]),
    ]


def run(program, words, folder, stdout=None, stderr=None, timeout=300, shell=None):
    """Exit code (minus a signal), standard output, messages. `shell` are redirections."""
    if shell:
        quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in [program] + words)
        words, program = ["-c", f"exec {quoted} {shell}"], "/bin/bash"
    done = subprocess.run(
        [program] + words, cwd=folder.path, text=True, errors="replace", timeout=timeout,
        stdin=subprocess.DEVNULL, stdout=stdout or subprocess.PIPE,
        stderr=stderr or subprocess.PIPE)
    return done.returncode, done.stdout, done.stderr


def interrupted(program, words, folder, number, seconds):
    """Starts the program, sends a signal after some seconds; exit code and messages."""
    process = subprocess.Popen(
        [program] + words, cwd=folder.path, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(seconds)
    process.send_signal(number)
    _, messages = process.communicate(timeout=300)
    return process.returncode, messages


def refused(code, messages):
    """What is wrong with a refusal for unusable input."""
    faults = [] if code == 65 else [f"exit code {code}, expected 65"]
    return faults if messages.strip() else faults + ["no message"]


class Mount:
    """A small file system of its own in memory; needs root."""

    def __init__(self, kilobytes):
        self.kilobytes = kilobytes

    def __enter__(self):
        from common import Folder

        self.folder = Folder().__enter__()
        self.path = self.folder.path
        self.snapshot, self.unfinished = self.folder.snapshot, self.folder.unfinished
        self.file = self.folder.file
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={self.kilobytes}k", "tmpfs", self.path],
            capture_output=True, text=True)
        if done.returncode != 0:
            shutil.rmtree(self.path)
            skip(f"no file system can be mounted here: {done.stderr.strip()}")
        return self

    def make_read_only(self):
        subprocess.run(["mount", "-o", "remount,ro", self.path], check=True)

    def __exit__(self, *_):
        subprocess.run(["umount", self.path], check=False)
        self.folder.__exit__()
