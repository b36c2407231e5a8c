"""The functions of spectralsphere.h by ctypes, which lets other threads run during a call."""

import ctypes
import json
import os
import pathlib
import sys
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_void_p

import numpy as np

from .errors import error_of

ABI_VERSION = 1
TYPES = {np.dtype(np.float64): 1, np.dtype(np.float32): 2, np.dtype(np.int64): 3}
DTYPES = {number: dtype for dtype, number in TYPES.items()}


class Message(ctypes.Structure):
    _fields_ = [("text", ctypes.c_char * 1000)]


class Array(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("type", c_int32), ("rank", c_int32),
                ("shape", POINTER(c_int64)), ("strides", POINTER(c_int64)), ("data", c_void_p)]


def _path():
    """The library: the file that SPECTRALSPHERE_LIBRARY names, or the one beside this module."""
    named = os.environ.get("SPECTRALSPHERE_LIBRARY")
    if named:
        return named
    suffix = "dylib" if sys.platform == "darwin" else "so"
    return str(pathlib.Path(__file__).with_name(f"libspectralsphere.{suffix}"))


def _load():
    path = _path()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(
            f"{path}: the library cannot be loaded ({error}); build it with 'swift build -c "
            "release --product spectralsphere' and name it in SPECTRALSPHERE_LIBRARY") from error
    found = library.sphere_abi_version()
    if found != ABI_VERSION:
        raise ImportError(f"{path}: has version {found} of the interface, expected {ABI_VERSION}; "
                          "build library and package from the same sources")
    message = POINTER(Message)
    signatures = {
        "sphere_release": [c_int64, message],
        "sphere_grid_create": [c_char_p, c_int64, c_int64, POINTER(c_int64), message],
        "sphere_grid_create_rings": [c_int64, c_void_p, c_void_p, c_void_p, c_void_p,
                                     POINTER(c_int64), message],
        "sphere_grid_sizes": [c_int64, POINTER(c_int64), POINTER(c_int64), message],
        "sphere_grid_rings": [c_int64, c_int64, c_void_p, c_void_p, c_void_p, c_void_p, message],
        "sphere_transform_create": [c_int64, c_int64, c_int64, c_int64, c_int32, POINTER(c_int64),
                                    message],
        "sphere_transform_apply": [c_int64, c_int32, c_int64, c_int64, POINTER(Array),
                                   POINTER(Array), message],
        "sphere_run": [c_char_p, c_char_p, c_int32, c_int64, POINTER(Array), POINTER(c_int64),
                       message],
        "sphere_result_count": [c_int64, POINTER(c_int64), message],
        "sphere_result_array": [c_int64, c_int64, POINTER(Array), message],
        "sphere_result_text": [c_int64, POINTER(c_char_p), message],
        "sphere_map_read": [c_char_p, c_char_p, POINTER(c_int64), message],
        "sphere_model_open": [c_char_p, c_char_p, POINTER(c_int64), message],
        "sphere_model_describe": [c_int64, POINTER(c_int64), message],
        "sphere_model_predict": [c_int64, c_char_p, POINTER(Array), POINTER(c_int64), message],
        "sphere_model_predict_files": [c_int64, c_char_p, c_int64, POINTER(c_char_p),
                                       POINTER(c_int64), message],
        "sphere_expect_analysis": [c_char_p, POINTER(c_int64), message],
        "sphere_conformance_export": [c_char_p, c_char_p, message],
        "sphere_conformance_write_case": [c_char_p, c_char_p, c_char_p, c_int64, POINTER(Array),
                                          message],
        "sphere_conformance_check": [c_char_p, c_char_p, c_char_p, POINTER(c_int64), message],
    }
    for name, types in signatures.items():
        function = getattr(library, name)
        function.argtypes = types
        function.restype = c_int32
    library.sphere_version.restype = c_char_p
    return library


library = _load()


def call(function, *arguments):
    """Calls a function with a message behind its arguments.

    Raises: `SphereError` with that message.
    """
    message = Message()
    status = function(*arguments, byref(message))
    if status:
        raise error_of(status, message.text.decode())


def described(array, name=None):
    """The description of a NumPy array, which must outlive it. Nothing is copied."""
    rank = array.ndim
    numbers = c_int64 * max(rank, 1)
    size = array.itemsize
    description = Array(
        name, TYPES[array.dtype], rank, numbers(*array.shape),
        None if array.flags.c_contiguous else numbers(*(step // size for step in array.strides)),
        array.ctypes.data)
    return description


class Handle:
    """A handle that is released with this object."""

    __slots__ = ("number", "__weakref__")

    def __init__(self, function, *arguments):
        number = c_int64()
        call(function, *arguments, byref(number))
        self.number = number.value

    def __del__(self):
        number = getattr(self, "number", 0)
        if number and library is not None:
            library.sphere_release(number, None)


def encoded(options):
    """JSON of the options that are given: None stands for one that is not."""
    return json.dumps({name: value for name, value in options.items()
                       if value is not None}).encode()


def encoded_path(path):
    """A path as the library takes it."""
    return os.fsencode(os.fspath(path))


def described_inputs(inputs):
    """Arrays by name as the library takes them: their descriptions, and what must outlive these.

    Floating numbers become float64 unless they are float32, integers int64.

    Raises: TypeError for complex numbers and texts.
    """
    arrays = {}
    for name, values in (inputs or {}).items():
        values = np.asarray(values)
        if values.dtype.kind in "iub":
            values = values.astype(np.int64, copy=False)
        elif values.dtype != np.float32:
            if values.dtype.kind not in "f":
                raise TypeError(f"{name} has the type {values.dtype}, expected real numbers")
            values = values.astype(np.float64, copy=False)
        arrays[name] = values
    descriptions = (Array * max(len(arrays), 1))(
        *(described(array, name.encode()) for name, array in arrays.items()))
    return descriptions, arrays


class Result(Handle):
    """Arrays and a text that a function of the library returns."""

    __slots__ = ()

    @property
    def arrays(self):
        """Copies of the arrays by name."""
        count = c_int64()
        call(library.sphere_result_count, self.number, byref(count))
        arrays = {}
        for index in range(count.value):
            array = Array()
            call(library.sphere_result_array, self.number, index, byref(array))
            values = np.empty(tuple(array.shape[axis] for axis in range(array.rank)),
                              DTYPES[array.type])
            ctypes.memmove(values.ctypes.data, array.data, values.nbytes)
            arrays[array.name.decode()] = values
        return arrays

    @property
    def lines(self):
        """The text: a JSON object per line."""
        text = c_char_p()
        call(library.sphere_result_text, self.number, byref(text))
        return [json.loads(line) for line in text.value.decode().splitlines()]
