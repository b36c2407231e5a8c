/* From C: a map of one coefficient, and the coefficient again from the map. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <spectralsphere.h>

static sphere_message message;

static void check(int32_t status) {
  if (status == SPHERE_OK) return;
  fprintf(stderr, "status %d: %s\n", (int)status, message.text);
  exit(1);
}

int main(void) {
  enum { lmax = 8, rings = lmax + 1, longitudes = 20, pairs = (lmax + 1) * (lmax + 2) / 2 };
  static double a[pairs][2], b[pairs][2], f[rings * longitudes];
  const int64_t a_shape[] = {pairs, 2}, f_shape[] = {rings * longitudes};
  sphere_array coefficients = {"a", SPHERE_FLOAT64, 2, a_shape, NULL, a};
  sphere_array field = {"f", SPHERE_FLOAT64, 1, f_shape, NULL, f};
  sphere_array again = {"b", SPHERE_FLOAT64, 2, a_shape, NULL, b};
  sphere_handle grid, transform;
  check(sphere_grid_create("gauss-legendre", rings, longitudes, &grid, &message));
  check(sphere_transform_create(grid, 0, lmax, lmax, SPHERE_FLOAT64, &transform, &message));
  a[1][0] = 1; /* l = 1, m = 0: f = sqrt(3/(4 pi)) cos(theta) */
  check(sphere_transform_apply(transform, SPHERE_SYNTHESIS, 1, 1, &coefficients, &field, &message));
  check(sphere_transform_apply(transform, SPHERE_ANALYSIS, 1, 1, &field, &again, &message));
  printf("f at the first point %.15f, a_10 again %.15f\n", f[0], b[1][0]);
  check(sphere_release(transform, &message));
  check(sphere_release(grid, &message));
  return fabs(b[1][0] - 1) < 1e-14 ? 0 : 1;
}
