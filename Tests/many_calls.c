/* Ten thousand calls of the interface in C, right and wrong ones: for Tests/interface.sh, which looks
 * for memory that was not given back. */
#include <spectralsphere.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
  enum { lmax = 5, rings = 6, longitudes = 12, pairs = 21 };
  static double a[pairs][2], f[rings * longitudes], theta[3] = {0.1, 1, 2};
  const int64_t a_shape[] = {pairs, 2}, f_shape[] = {rings * longitudes}, theta_shape[] = {3};
  sphere_array coefficients = {"a", SPHERE_FLOAT64, 2, a_shape, NULL, a};
  sphere_array field = {"f", SPHERE_FLOAT64, 1, f_shape, NULL, f};
  sphere_array angles = {"theta", SPHERE_FLOAT64, 1, theta_shape, NULL, theta};
  const int calls = count > 1 ? atoi(arguments[1]) : 10000;
  sphere_message message;
  int wrong = 0;
  for (int k = 0; k < calls; k += 10) {
    sphere_handle grid, transform, result;
    sphere_array array;
    wrong += sphere_grid_create("gauss-legendre", rings, longitudes, &grid, &message) != 0;
    wrong += sphere_transform_create(grid, 0, lmax, lmax, SPHERE_FLOAT64, &transform, &message) != 0;
    wrong += sphere_release(grid, &message) != 0;
    wrong += sphere_transform_apply(transform, SPHERE_SYNTHESIS, 1, 1, &coefficients, &field,
                                    &message) != 0;
    wrong += sphere_transform_apply(transform, SPHERE_ANALYSIS, 1, 1, &field, &field, &message)
             != SPHERE_BAD_INPUT;
    wrong += sphere_run("legendre", "{\"lmax\": 4, \"orders\": [0, 2]}", SPHERE_FLOAT64, 1, &angles,
                        &result, &message) != 0;
    wrong += sphere_result_array(result, 0, &array, &message) != 0;
    wrong += sphere_release(result, &message) != 0;
    wrong += sphere_run("legendre", "{}", SPHERE_FLOAT64, 1, &angles, &result, &message)
             != SPHERE_BAD_INPUT;
    wrong += sphere_release(transform, &message) != 0;
  }
  printf("%d calls, %d of them not as expected\n", calls, wrong);
  return wrong != 0;
}
