#!/bin/bash
# pymaster has no wheels, and its build fetches a source of libchealpix that it links. Here the
# system's shared library takes its place: Debian's libchealpix-dev, with libgsl-dev, libfftw3-dev,
# libcfitsio-dev, automake and libtool.
#     install.sh PYTHON
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" -m pip download --quiet --no-deps --no-binary pymaster --dest "$folder" pymaster==3.0.1
tar xzf "$folder"/pymaster-3.0.1.tar.gz -C "$folder"
cd "$folder"/pymaster-3.0.1
mkdir -p _deps/lib _deps/include
cp /usr/include/chealpix.h _deps/include/
library=$(find /usr/lib -name libchealpix.so -print -quit)
echo "INPUT($library)" > _deps/lib/libchealpix.a
"$1" -m pip install --quiet --no-deps .
