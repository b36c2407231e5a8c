#include "CKissFFT.h"

#include <cmath>
#include <complex>
#include <new>

#include <kissfft/kissfft.hh>

using Transform = kissfft<double>;

void *kissfft_transform_create(long n, int backward) {
  try {
    return new Transform(static_cast<std::size_t>(n), backward != 0);
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

int kissfft_transform_execute(const void *transform, long in_stride, const double *in,
                              double *out) {
  try {
    // The template keeps scratch memory in itself: every call has a copy of its own.
    const Transform own(*static_cast<const Transform *>(transform));
    own.transform(reinterpret_cast<const std::complex<double> *>(in),
                  reinterpret_cast<std::complex<double> *>(out), 0, 1,
                  static_cast<std::size_t>(in_stride));
    return 1;
  } catch (const std::bad_alloc &) {
    return 0;
  }
}

void kissfft_transform_destroy(void *transform) { delete static_cast<Transform *>(transform); }
