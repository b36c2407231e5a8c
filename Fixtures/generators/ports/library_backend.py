"""The cases of the conformance kit run through ducc0, healpy, torch-harmonics and PyTorch.

    python library_backend.py KIT --output FOLDER [--cases PATTERN ...] [--library NAME ...]

Each library writes FOLDER/<library>/<case id>.safetensors for the cases that it offers, so that
`sphere conformance check KIT --outputs FOLDER/ducc0 --cases ...` judges it alone. The program ends
with the cases that no library offers. Gradients are a library's own transposes or PyTorch's
autograd. The conversions of conventions are in library_transforms.py and library_networks.py, in
comments that start with "Border:".
"""

import argparse
import pathlib

import healpy
import numpy as np
import torch
from torch_harmonics import quadrature

import kit
import library_networks as networks
import library_transforms as transforms
from kit import METHODS, complex_of
from library_transforms import NotOffered

torch.set_num_threads(1)
BOTH = ["scalar", "spin"]
LIBRARIES = {
    "ducc0": kit.transforms(BOTH, METHODS, transforms.ducc_transform) | kit.least_squares(
        transforms.ducc_transform
    ) | {
        "legendre": transforms.ducc_legendre,
        "spin_legendre": transforms.ducc_legendre,
        "gauss_legendre": transforms.ducc_quadrature("GL"),
        "clenshaw_curtis": transforms.ducc_quadrature("CC"),
        "healpix_centres": transforms.ducc_centres,
        "healpix_pixel_of_direction": transforms.ducc_pixels,
        "healpix_nested_to_ring": lambda p, t: {
            "ring": transforms.ducc_base(p).nest2ring(t["nested"])},
        "healpix_ring_to_nested": lambda p, t: {
            "nested": transforms.ducc_base(p).ring2nest(t["ring"])},
        "rotation": transforms.ducc_rotation,
    },
    "healpy": kit.transforms(BOTH, METHODS, transforms.healpy_transform) | kit.least_squares(
        transforms.healpy_transform
    ) | {
        "healpix_centres": lambda p, t: dict(zip(
            ["theta", "phi"], healpy.pix2ang(p["nside"], np.arange(12 * p["nside"] ** 2)))),
        "healpix_pixel_of_direction": lambda p, t: {
            "pixel": healpy.ang2pix(p["nside"], t["theta"], t["phi"])},
        "healpix_nested_to_ring": lambda p, t: {
            "ring": healpy.nest2ring(p["nside"], t["nested"])},
        "healpix_ring_to_nested": lambda p, t: {
            "nested": healpy.ring2nest(p["nside"], t["ring"])},
        "healpix_interpolation": transforms.healpy_interpolation,
        "rotation": transforms.healpy_rotation,
        "power_spectrum": lambda p, t: {
            name: np.array([healpy.alm2cl(a, b) for a, b in zip(
                complex_of(t["a"]), complex_of(t[other]))])
            for name, other in (("auto", "a"), ("cross", "b"))},
        "resample_containing_pixel": lambda p, t: {
            "values": t["field"][:, healpy.ang2pix(p["nside"], t["theta"], t["phi"])]},
        "resample_bilinear": lambda p, t: {
            "values": healpy.get_interp_val(t["field"], t["theta"], t["phi"])},
        "gaussian_field": transforms.healpy_field,
    },
    "torch-harmonics": kit.transforms(
        ["scalar"], [method for method in METHODS if method != "adjoint_synthesis"],
        transforms.torch_transform,
    ) | {
        "legendre": transforms.torch_legendre,
        "gauss_legendre": transforms.torch_quadrature(quadrature.legendre_gauss_weights),
        "clenshaw_curtis": transforms.torch_quadrature(quadrature.clenshaw_curtiss_weights),
        "published_network": networks.published,
        "isotropic_network": networks.isotropic,
    },
    "PyTorch": {
        "resample_containing_pixel_transpose": networks.resampling_transpose(bilinear=False),
        "resample_bilinear_transpose": networks.resampling_transpose(bilinear=True),
        "mean_inpainting": networks.layer(networks.inpainting),
        "degreewise_mixing": networks.layer(
            networks.degreewise, "weights", pairs=True, gradient_pairs=True),
        "orderwise_mixing": networks.layer(
            networks.orderwise, "weight_real", "weight_imag", pairs=True, gradient_pairs=True),
        "band_powers": networks.layer(networks.band_powers, "weights", pairs=True),
        "batch_normalisation": networks.batch_normalisation,
        "dense_layers": networks.dense_layers,
        "adam": networks.adam,
    },
}


def outputs_of(library, folder, case):
    """The outputs of a case by a library; None if it does not offer the case."""
    operations = LIBRARIES[library]
    if not kit.offers(operations, case["operation"]):
        return None
    try:
        return kit.run_case(folder, case, operations)
    except NotOffered:
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kit", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--cases", nargs="+", default=["*"], help="wildcards on the ids of cases")
    parser.add_argument("--library", nargs="+", default=list(LIBRARIES), choices=list(LIBRARIES))
    arguments = parser.parse_args()
    cases = kit.demanded(kit.read_manifest(arguments.kit), arguments.cases)
    offered = {case["id"]: [] for case in cases}
    for library in arguments.library:
        for case in cases:
            outputs = outputs_of(library, arguments.kit, case)
            if outputs is not None:
                kit.write_outputs(arguments.output / library, case, outputs)
                offered[case["id"]].append(library)
    for identifier, libraries in offered.items():
        print(f"{identifier}: {', '.join(libraries) or 'offered by no library'}")
    print(f"{sum(not found for found in offered.values())} of {len(cases)} cases: no library")


if __name__ == "__main__":
    main()
