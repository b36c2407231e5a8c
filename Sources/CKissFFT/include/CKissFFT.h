/* KISS FFT's C++ template in double precision, as C: what stands in for FFTW with
 * SPHERE_WITHOUT_FFTW=1. */
#ifndef SPHERE_KISSFFT_H
#define SPHERE_KISSFFT_H

#ifdef __cplusplus
extern "C" {
#endif

/* A transform of n complex numbers, e^{-2 pi i mk/n} or, backward, e^{+2 pi i mk/n}; NULL without
 * memory. */
void *kissfft_transform_create(long n, int backward);

/* n complex numbers, in_stride complex numbers apart, to n adjacent ones elsewhere. Any number of
 * threads may use one transform. Returns 0 without memory. */
int kissfft_transform_execute(const void *transform, long in_stride, const double *in, double *out);

void kissfft_transform_destroy(void *transform);

#ifdef __cplusplus
}
#endif
#endif
