"""Records tables of spectra made by Docs/examples/spectra_table.py, and text files of CAMB.

    Fixtures/spectra/r-tau.fits       TT, EE, BB, TE, l = 0...383, r and tau: the sky of the published
                                      repository's fourth test
    Fixtures/spectra/tau.fits         the same in tau alone, l = 0...95
    Fixtures/spectra/tables_check.safetensors
                                      CAMB off the nodes of both, and the spectra of the text files as
                                      CAMB's Python interface gives them
    Fixtures/spectra/camb_<kind>.dat  what CAMB's command line writes: scalCls, tensCls, totCls,
                                      lensedCls, lensedtotCls; D_l in uK^2
    Fixtures/spectra/class_cl_lensed.dat
                                      the numbers of camb_lensedtotCls.dat in the form of CLASS:
                                      header, order of columns, dimensionless D_l

Three minutes on one core.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

os.environ["OMP_NUM_THREADS"] = "1"  # read by CAMB when it is imported

import camb
import numpy as np

from recording import FIXTURES, Recorder

EXAMPLE = FIXTURES.parent / "Docs" / "examples" / "spectra_table.py"
sys.path.insert(0, str(EXAMPLE.parent))

import spectra_table

TABLES = {
    "r-tau": (
        383, ["--parameter", "r", "0", "0.01", "4", "--prior", "r", "log-uniform", "1e-4",
              "--parameter", "tau", "0.03", "0.08", "12"]),
    "tau": (95, ["--parameter", "tau", "0.03", "0.08", "12"]),
}
# Off the nodes: near the corners, where the reionisation bump moves fastest, at the fiducial point
# of the published limits, and in between.
CHECK = {
    "r-tau": [(0.0002, 0.0303), (0.003, 0.054), (0.0098, 0.0345), (0.0011, 0.0792),
              (0.0063, 0.0617)],
    "tau": [(0.0302,), (0.0411,), (0.0583,), (0.0787,)],
}
TEMPERATURE = 2.7255

INI = """\
output_root = {root}
get_scalar_cls = T
get_vector_cls = F
get_tensor_cls = T
get_transfer = F
do_lensing = T
do_nonlinear = 0
l_max_scalar = 300
l_max_tensor = 150
k_eta_max_tensor = 500
ombh2 = 0.0224
omch2 = 0.120
omnuh2 = 0
omk = 0
hubble = 67.4
w = -1
temp_cmb = 2.7255
helium_fraction = 0.24
massless_neutrinos = 3.046
massive_neutrinos = 0
nu_mass_eigenstates = 0
initial_power_num = 1
pivot_scalar = 0.05
pivot_tensor = 0.05
scalar_amp(1) = 2.1e-9
scalar_spectral_index(1) = 0.965
scalar_nrun(1) = 0
tensor_spectral_index(1) = 0
initial_ratio(1) = 0.1
reionization = T
re_use_optical_depth = T
re_optical_depth = 0.054
re_delta_redshift = 0.5
re_ionization_frac = -1
recombination_model = Recfast
RECFAST_fudge = 1.14
initial_condition = 1
scalar_output_file = scalCls.dat
tensor_output_file = tensCls.dat
total_output_file = totCls.dat
lensed_output_file = lensedCls.dat
lensed_total_output_file = lensedtotCls.dat
lens_potential_output_file = lenspotentialCls.dat
output_file_headers = {headers}
CMB_outputscale = 7.42835025e12
accurate_polarization = T
accurate_reionization = T
accuracy_boost = 1
l_accuracy_boost = 1
l_sample_boost = 1
"""
KINDS = {
    "scalCls": "unlensed_scalar", "tensCls": "tensor", "totCls": "unlensed_total",
    "lensedCls": "lensed_scalar", "lensedtotCls": "total"}

CLASS_HEADER = """\
# dimensionless total lensed [l(l+1)/2pi] C_l's
# for l=2 to {lmax}, i.e. number of multipoles equal to {count}
#
# -> if you prefer output in CAMB/HealPix/LensPix units/order, set 'format' to 'camb' in input file
# -> if you don't want to see such a header, set 'headers' to 'no' in input file
#
# 1:l 2:TT 3:EE 4:TE 5:BB
"""


def save_table(recorder, name, folder):
    lmax, arguments = TABLES[name]
    path = folder / f"{name}.fits"
    subprocess.run(
        [sys.executable, EXAMPLE, *arguments, "--lmax", str(lmax), "--processes", "1",
         "--output", path], check=True)
    recorder.save_bytes(
        f"{name}.fits", path.read_bytes(), seed="none", conventions="C_l in uK^2, l = 0...lmax",
        tolerance="a node that is left out: 2e-3 nats")


def check(name):
    """C_l [point, spectrum, l] off the nodes."""
    names = ["r", "tau"] if name == "r-tau" else ["tau"]
    lmax = TABLES[name][0]
    return np.concatenate([
        spectra_table.spectra_of_group((
            [dict(spectra_table.DEFAULTS, **dict(zip(names, point)))], lmax, 4,
            name == "r-tau", True))
        for point in CHECK[name]])


def text_files(recorder, folder, arrays):
    """What CAMB's command line writes, and the same spectra from its Python interface."""
    for headers in ["F", "T"]:
        path = folder / f"{headers}.ini"
        path.write_text(INI.format(root=folder / headers, headers=headers), encoding="utf-8")
        camb.run_ini(str(path))
    parameters = camb.read_ini(str(folder / "F.ini"))
    data = camb.get_results(parameters)
    for kind, python_kind in KINDS.items():
        # One file with a header shows that its names are read; the others have none.
        headers = "T" if kind == "lensedtotCls" else "F"
        text = (folder / f"{headers}_{kind}.dat").read_text(encoding="utf-8")
        recorder.save_bytes(
            f"camb_{kind}.dat", text.encode("utf-8"), seed="none",
            conventions="D_l in uK^2, l = 2...", tolerance="the digits of the file")
        lmax = int(text.split("\n")[-2].split()[0])
        dl = data.get_cmb_power_spectra(CMB_unit="muK", spectra=[python_kind])[python_kind]
        arrays[f"camb.{kind}"] = np.ascontiguousarray(dl[: lmax + 1].T)
        if kind == "lensedtotCls":
            rows = [
                line.split() for line in text.splitlines() if not line.lstrip().startswith("#")]
            lines = [
                f"{int(row[0]):12d} " + " ".join(
                    f"{float(row[column]) / (TEMPERATURE * 1e6) ** 2:22.12e}"
                    for column in [1, 2, 4, 3])
                for row in rows]
            text = CLASS_HEADER.format(lmax=lmax, count=lmax - 1) + "\n".join(lines) + "\n"
            recorder.save_bytes(
                "class_cl_lensed.dat", text.encode("utf-8"), seed="none",
                conventions="dimensionless D_l, l = 2...; T_cmb 2.7255 K",
                tolerance="the digits of the file")


def main():
    recorder = Recorder(
        "spectra", __file__, ["camb", "astropy", "numpy"],
        ["TabulatedModelOracleTests", "SpectraTableFileTests"], __doc__.splitlines()[0])
    arrays = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in TABLES:
            save_table(recorder, name, folder)
            arrays[f"{name}.points"] = np.array(CHECK[name])
            arrays[f"{name}.cl"] = check(name)
        recorder.used_by = ["BoltzmannSpectraTests"]
        text_files(recorder, folder, arrays)
    recorder.save(
        "tables_check", arrays, {}, seed="none",
        conventions="<table>.cl: C_l in uK^2 [point, spectrum, l], spectra TT, EE, BB, TE; "
        "camb.<kind>: D_l in uK^2 [spectrum, l]",
        tolerance="1e-3 nats between nodes; text files to their digits",
        used_by=["TabulatedModelOracleTests", "BoltzmannSpectraTests"])


if __name__ == "__main__":
    main()
