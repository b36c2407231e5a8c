"""Records Fixtures/formats: small files as healpy, astropy, safetensors and PyTorch write them.

The values are formulas that the tests repeat, so no second file holds them.

Maps (value(p) for pixel p in the file's own numbering):
    t_nside16.fits           float32, RING, rows of 1024, uK: p/4 - 100; 5 and 6 UNSEEN, 7 NaN
    t_nside16.fits.gz        the same file compressed
    tqu_nside4_nested.fits   float64, NESTED, K_CMB, galactic, POLCCONV COSMO: T = (p - 50) 1e-6,
                             Q = (p + 0.5) 1e-6, U = -p 1e-6; Q at 9 UNSEEN, U at 10 NaN
    tq_nside8_partial.fits   float32, RING, partial sky: pixels 3k observed, 2p and -p, no unit
    columns_nside2.fits      third part of the file, no ORDERING, one value per row: int16 with TSCAL
                             0.5 and TZERO 10 in mK, uint8, int64, bool, int32 with TNULL, and text
    image.fits               an image and no table

Tensors:
    all_types.safetensors    every element type, a scalar, an empty tensor, names beyond ASCII
    plain.pt                 a dict: element types, views, shared storages, a scalar, a parameter
    ordered.pt               model.state_dict(): an OrderedDict with _metadata
    protocol4.pt, nested.pt, cuda.pt, expanded.pt      other pickle, wrapper, device, stride 0
    refused_*.pt             files that must be refused, see REFUSED
"""

import gzip
import io
import os
import tempfile
import zipfile

import healpy
import numpy as np
import safetensors.torch
import torch
from astropy.io import fits

from recording import Recorder

CONVENTIONS = "values are formulas of the index, see formats.py"


def healpy_map(maps, extra=None, **options):
    """The bytes that healpy.write_map writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "map.fits")
        healpy.write_map(path, maps, **options, extra_header=extra or [])
        with open(path, "rb") as file:
            return file.read()


def temperature_map():
    values = (np.arange(3072) / 4 - 100).astype(np.float32)
    values[5:7] = healpy.UNSEEN
    values[7] = np.nan
    return healpy_map(values, dtype=np.float32, column_units="uK")


def nested_map():
    pixel = np.arange(192, dtype=np.float64)
    temperature, q, u = (pixel - 50) * 1e-6, (pixel + 0.5) * 1e-6, -pixel * 1e-6
    q[9], u[10] = healpy.UNSEEN, np.nan
    return healpy_map(
        [temperature, q, u], nest=True, coord="G", dtype=np.float64, column_units="K_CMB",
        extra=[("POLCCONV", "COSMO")])


def partial_map():
    pixel = np.arange(768, dtype=np.float32)
    maps = [2 * pixel, -pixel]
    for values in maps:
        values[np.arange(768) % 3 != 0] = healpy.UNSEEN
    return healpy_map(
        maps, partial=True, dtype=np.float32, column_names=["Q_POLARISATION", "U_POLARISATION"])


def column_types():
    pixel = np.arange(48)
    nulls = pixel.astype(np.int32)
    nulls[4] = -999
    columns = [
        fits.Column("SCALED", "I", unit="mK", array=pixel.astype(np.int16)),
        fits.Column("BYTE", "B", array=pixel.astype(np.uint8)),
        fits.Column("LONG", "K", unit="counts", array=pixel.astype(np.int64) - 2**40),
        fits.Column("MASK", "L", array=pixel % 2 == 0),
        fits.Column("NULLS", "J", null=-999, array=nulls),
        fits.Column("LABEL", "4A", array=np.array([f"p{k}" for k in pixel])),
    ]
    table = fits.BinTableHDU.from_columns(columns)
    table.header["PIXTYPE"], table.header["NSIDE"] = "HEALPIX", 2
    table.header["INDXSCHM"] = "IMPLICIT"
    table.header["TSCAL1"], table.header["TZERO1"] = 0.5, 10.0
    image = fits.ImageHDU(np.zeros((4, 4), dtype=np.float32), name="PICTURE")
    return fits_bytes([fits.PrimaryHDU(), image, table])


def fits_bytes(parts):
    buffer = io.BytesIO()
    fits.HDUList(parts).writeto(buffer)
    return buffer.getvalue()


def all_types():
    ramp = torch.arange(-3, 9).reshape(3, 4)
    tensors = {str(dtype)[6:]: (ramp / 2).to(dtype) for dtype in FLOATING}
    tensors |= {str(dtype)[6:]: ramp.to(dtype) for dtype in INTEGER}
    tensors |= {
        "uint8": (ramp + 3).to(torch.uint8),
        "bool": ramp > 0,
        "scalar": torch.tensor(2**60 + 1),
        "empty": torch.zeros(0, 5),
        "µ \"quoted\"\n": torch.tensor([1.5]),
    }
    return safetensors.torch.save(tensors, metadata={"kéy": "välue \\ \"x\"\t"})


FLOATING = [torch.float64, torch.float32, torch.float16, torch.bfloat16]
INTEGER = [torch.int64, torch.int32, torch.int16, torch.int8]


def torch_bytes(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def plain_dict():
    ramp = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    tensors = {str(dtype)[6:]: (torch.arange(6) / 4).to(dtype) for dtype in FLOATING}
    tensors |= {str(dtype)[6:]: (torch.arange(6) - 3).to(dtype) for dtype in INTEGER}
    tensors |= {
        "uint8": torch.arange(6).to(torch.uint8),
        "bool": torch.arange(6) % 2 == 1,
        "whole": ramp,
        "permuted": ramp.permute(2, 0, 1),
        "slice": ramp[1, :, 1:3],
        "step": ramp.flatten()[1::5],
        "scalar": torch.tensor(2**60 + 1),
        "empty": torch.zeros(0, 5),
        "parameter": torch.nn.Parameter(ramp[0]),
        "tail": torch.arange(400, dtype=torch.float32)[390:],
    }
    return tensors


def ordered_dict():
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    with torch.no_grad():
        for index, parameter in enumerate(model.parameters()):
            values = torch.arange(parameter.numel(), dtype=torch.float32) + 10 * index
            parameter.copy_(values.reshape(parameter.shape))
    return model.state_dict(keep_vars=True)


def rewritten(data, replace=(b"", b""), method=zipfile.ZIP_STORED):
    """The same archive written by Python's zipfile, with a replacement in the pickle."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name in source.namelist():
            contents = source.read(name)
            if name.endswith("data.pkl"):
                contents = contents.replace(*replace)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, contents, compress_type=method)
    return target.getvalue()


class Malicious:
    """Unpickling it would print to the terminal; reading it in Swift must not."""

    def __reduce__(self):
        return print, ("executed",)


PAIR = {"a": torch.arange(4.0), "b": torch.arange(3)}

REFUSED = {
    "code": torch_bytes({"a": Malicious()}),
    "legacy": torch_bytes({"a": 1}, _use_new_zipfile_serialization=False),
    "compressed": rewritten(torch_bytes(PAIR), method=zipfile.ZIP_DEFLATED),
    "complex": torch_bytes({"a": torch.zeros(2, dtype=torch.complex64)}),
    "model": torch_bytes(torch.nn.ReLU()),
    "list": torch_bytes([torch.zeros(1)]),
}


def main():
    recorder = Recorder(
        "formats", __file__, ["healpy", "astropy", "numpy", "safetensors", "torch"],
        ["HealpixMapFixtureTests"], __doc__)

    def save(name, data, used_by):
        recorder.save_bytes(
            name, data, seed="none", conventions=CONVENTIONS, tolerance="exact", used_by=[used_by])

    maps = "HealpixMapFixtureTests"
    save("t_nside16.fits", temperature_map(), maps)
    save("t_nside16.fits.gz", gzip.compress(temperature_map(), mtime=0), maps)
    save("tqu_nside4_nested.fits", nested_map(), maps)
    save("tq_nside8_partial.fits", partial_map(), maps)
    save("columns_nside2.fits", column_types(), maps)
    save("image.fits", fits_bytes([fits.PrimaryHDU(np.zeros((2, 2)))]), "HealpixMapErrorTests")
    save("all_types.safetensors", all_types(), "SafetensorsFixtureTests")

    states = "PyTorchFixtureTests"
    save("plain.pt", torch_bytes(plain_dict()), states)
    save("ordered.pt", torch_bytes(ordered_dict()), states)
    save("protocol4.pt", torch_bytes(PAIR, pickle_protocol=4), states)
    save("nested.pt", torch_bytes({"state_dict": PAIR}), states)
    cuda = (b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
    save("cuda.pt", rewritten(torch_bytes(PAIR), cuda), states)
    save("expanded.pt", torch_bytes({"a": torch.tensor([2.5]).expand(3, 4)}), states)
    for name, data in REFUSED.items():
        save(f"refused_{name}.pt", data, "PyTorchErrorTests")


if __name__ == "__main__":
    main()
