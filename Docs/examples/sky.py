"""Draws a map, its spectrum, and what a model says of it.

    sky.py [MAP.fits [MODEL.safetensors]]

writes sky.png. Without arguments it takes a map and a model of Fixtures. Needs matplotlib.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np

import spectralsphere as sphere
import spectralsphere.healpy as hp

MAP, MODEL, *_ = sys.argv[1:] + [
    "Fixtures/maps/t1/map0.fits",
    "Fixtures/models/t1-physical-isotropic-noise0.safetensors"][len(sys.argv) - 1:]

# %% Read a map, and ask the model.
sky = sphere.read_map(MAP)
for warning in sky.warnings:
    print("warning:", warning)
model = sphere.Model(MODEL)
answer = model.predict(sky.t)
name, value, error = model.parameters[0], answer.value[0, 0], answer.error[0, 0]
title = answer.reason[0] or f"{name} = {value:.2f} ± {error:.2f}"

# %% The map on a grid of pictures: the pixel that contains each point, in Mollweide's projection.
x, y = np.meshgrid(np.linspace(-2, 2, 800), np.linspace(-1, 1, 400))
inside = x ** 2 / 4 + y ** 2 <= 1
auxiliary = np.arcsin(np.where(inside, y, 0))
theta = np.arccos((2 * auxiliary + np.sin(2 * auxiliary)) / np.pi)
phi = -np.pi * x / (2 * np.cos(auxiliary))
pixels = hp.ang2pix(sky.nside, theta, np.where(inside, phi, 0) % (2 * np.pi))
image = np.where(inside, sky.t[pixels], np.nan)

# %% Its spectrum.
lmax = 2 * sky.nside
cl = hp.anafast(sky.t, lmax=lmax)

# %% The picture.
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.6), width_ratios=(1.6, 1))
drawn = left.imshow(image, origin="lower", extent=(-2, 2, -1, 1), cmap="RdBu_r", aspect="equal")
left.set_axis_off()
left.set_title(title)
figure.colorbar(drawn, ax=left, label="T [µK]", shrink=0.8)
right.plot(np.arange(lmax + 1), cl, color="black", linewidth=1)
if answer.reason[0] is None:
    right.axvspan(value - error, value + error, color="tab:red", alpha=0.4, label="model")
    right.legend(frameon=False)
right.set(xlabel="degree $l$", ylabel="$C_l$ [µK²]", xlim=(0, lmax))
figure.tight_layout()
figure.savefig("sky.png", dpi=110)
print(title)
