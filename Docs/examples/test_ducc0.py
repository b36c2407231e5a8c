"""ducc0 0.42.0 against the conformance kit, as its own tests would have it:

    pip install spectralsphere[testing] ducc0==0.42.0
    pytest test_ducc0.py
"""

import ducc0
import numpy as np

from spectralsphere.testing import Absent, assert_conforms, each_case

POLES = "at the poles themselves spin functions lose a digit"


@each_case("synthesis", known={"spin[12]-synthesis-poles": POLES})
def test_synthesis(case):
    assert_conforms(case, synthesis(case))


@each_case("adjoint_synthesis", known={"spin[12]-adjoint-synthesis-poles": POLES})
def test_adjoint_synthesis(case):
    assert_conforms(case, adjoint_synthesis(case))


def arguments(case):
    rings = case.grid.rings
    return dict(theta=rings.theta, phi0=rings.phi0, nphi=rings.nphi.astype(np.uint64),
                ringstart=case.grid.ringstart.astype(np.uint64), lmax=case.parameters["lmax"],
                mmax=case.parameters["mmax"], spin=case.parameter("spin"), nthreads=1)


def lanes(case, spin_names, scalar_name):
    """[lanes, components, numbers]; ducc0 transforms a lane at a time."""
    found = [case.inputs[name] for name in (spin_names if case.parameter("spin")
                                            else [scalar_name])]
    if not len(found[0]):
        raise Absent("no lanes: ducc0 is called lane by lane")
    return np.stack(found, axis=1)


def synthesis(case):
    if case.parameter("nyquist") == "once":
        raise Absent("the order of half a ring's points always counts twice")
    result = np.array([ducc0.sht.synthesis(alm=alm, **arguments(case))
                       for alm in lanes(case, "eb", "coefficients")])
    return dict(zip("qu" if case.parameter("spin") else ["field"], result.swapaxes(0, 1)))


def adjoint_synthesis(case):
    result = np.array([ducc0.sht.adjoint_synthesis(map=field, **arguments(case))
                       for field in lanes(case, "qu", "field")])
    return dict(zip("eb" if case.parameter("spin") else ["coefficients"], result.swapaxes(0, 1)))
