/*
 * SpectralSphere from C: spherical harmonic transforms, functions on the sphere, layers and
 * networks, on plain arrays.
 *
 * Conventions are those of Docs/Conventions.md: orthonormal functions with the Condon-Shortley
 * phase, coefficients a_lm of real fields with m >= 0 in the order m (2 lmax + 1 - m)/2 + l of
 * healpy, Q and U with E and B as healpy has them (COSMO).
 *
 * Every function returns a status and, where it is asked to, a message: what was found, what was
 * expected, what to do. No size, pointer to null, number or handle ends the program; a pointer
 * that points to less memory than its shape says cannot be seen. Every function may be called by
 * any number of threads at once, also with the same handle.
 */
#ifndef SPECTRALSPHERE_H
#define SPECTRALSPHERE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The interface that this header describes; sphere_abi_version() tells that of the library. It
 * changes when a function changes or goes, not when one is added. */
#define SPHERE_ABI_VERSION 1

/* What a function returns: the exit codes of the program `sphere`. */
enum {
  SPHERE_OK = 0,
  /* The computation failed. */
  SPHERE_FAILURE = 1,
  /* The arguments ask for what cannot be: a size, a name, a handle, more memory than there is. */
  SPHERE_USAGE = 64,
  /* An array or a file is unusable: NaN, another shape, another type. */
  SPHERE_BAD_INPUT = 65,
  /* A file that was to be read is not there. */
  SPHERE_MISSING_INPUT = 66,
  /* A file cannot be written. */
  SPHERE_CANNOT_WRITE = 73
};

/* A message in UTF-8, ended by 0 and cut off where it is longer. Empty after SPHERE_OK. Wherever a
 * function takes one, NULL asks for none. */
typedef struct {
  char text[1000];
} sphere_message;

/* A thing that lives in the library: a grid, a transform, the result of an operation. 0 is none,
 * and numbers are not used twice, so that a handle that was released is refused. */
typedef int64_t sphere_handle;

/* The types of numbers. Complex numbers are two numbers, real and imaginary part, in a last axis of
 * length 2. */
enum { SPHERE_FLOAT64 = 1, SPHERE_FLOAT32 = 2, SPHERE_INT64 = 3 };

/* An array: rank axes of shape[k] numbers, strides[k] numbers (not bytes) from one to the next
 * along axis k. strides may be NULL: the last axis is contiguous, as in NumPy's default. A stride
 * may be negative or 0. data may be NULL if the array has no elements. */
typedef struct {
  const char *name;
  int32_t type;
  int32_t rank;
  const int64_t *shape;
  const int64_t *strides;
  void *data;
} sphere_array;

/* SPHERE_ABI_VERSION of the library. */
int32_t sphere_abi_version(void);

/* The version of the library, "1.2.3"; memory that stays. */
const char *sphere_version(void);

/* What this library may be distributed under (SPDX) and which library of Fourier transforms is the
 * reason: "GPL-2.0-or-later (FFTW)" or "MIT AND BSD-3-Clause (KISS FFT)"; memory that stays. */
const char *sphere_licence(void);

/* Releases what a handle stands for; 0 is allowed. Calls under way in other threads end first.
 * SPHERE_USAGE: there is no such handle. */
int32_t sphere_release(sphere_handle handle, sphere_message *message);

/* ---- Grids: rings of equidistant points, from north to south ---- */

/* A grid by its name: "healpix" (size = nside, longitudes ignored); with size rings of as many
 * longitudes each "gauss-legendre", "clenshaw-curtis", "fejer1", "fejer2", "driscoll-healy" (an
 * even size) and "mcewen-wiaux"; "octahedral" (size rings at Gauss-Legendre nodes, 20 points next
 * to the poles and 4 more on every ring towards the equator; longitudes ignored). */
int32_t sphere_grid_create(const char *name, int64_t size, int64_t longitudes, sphere_handle *grid,
                           sphere_message *message);

/* A grid of rings: colatitudes in (0..pi) ascending, first longitudes, numbers of points and
 * quadrature weights per point, count of each. A pole is allowed. */
int32_t sphere_grid_create_rings(int64_t count, const double *theta, const double *phi0,
                                 const int64_t *points, const double *weights, sphere_handle *grid,
                                 sphere_message *message);

/* How many rings and points a grid has; either pointer may be NULL. */
int32_t sphere_grid_sizes(sphere_handle grid, int64_t *rings, int64_t *points,
                          sphere_message *message);

/* The rings of a grid, arrays of as many numbers as sphere_grid_sizes says, as in
 * sphere_grid_create_rings; each pointer may be NULL. count is the length of the arrays. */
int32_t sphere_grid_rings(sphere_handle grid, int64_t count, double *theta, double *phi0,
                          int64_t *points, double *weights, sphere_message *message);

/* ---- Transforms between a grid and coefficients ---- */

/* What sphere_transform_apply computes, for spin 0 from or to one array, else from or to two:
 * f_p = sum_lm a_lm Y_lm(p) (synthesis), a_lm = sum_p w_p f_p Y*_lm(p) (analysis), the same
 * without weights (adjoint synthesis), and the transposes of the first two as real maps of the
 * stored numbers, dL/dRe + i dL/dIm (gradients). */
enum {
  SPHERE_SYNTHESIS = 1,
  SPHERE_ANALYSIS = 2,
  SPHERE_ADJOINT_SYNTHESIS = 3,
  SPHERE_SYNTHESIS_GRADIENT = 4,
  SPHERE_ANALYSIS_GRADIENT = 5
};

/* A transform of degrees up to lmax and orders up to mmax (both inclusive, mmax <= lmax), of spin 0
 * to 8, in SPHERE_FLOAT64 or SPHERE_FLOAT32. The grid may be released before it. */
int32_t sphere_transform_create(sphere_handle grid, int64_t spin, int64_t lmax, int64_t mmax,
                                int32_t type, sphere_handle *transform, sphere_message *message);

/* Applies a transform to a batch.
 *
 * count is 1 for spin 0 (the field, the coefficients), 2 for other spins (Q and U, E and B).
 * Fields have the shape [batch, points] or [points], coefficients [batch, (lm), 2] or [(lm), 2]
 * with (mmax + 1) (2 lmax + 2 - mmax)/2 pairs (lm); types are those of the transform. Analysis
 * does not ask whether the quadrature is exact up to lmax. threads is 1 to 1024; results do not
 * depend on it. Inputs and outputs must not overlap. */
int32_t sphere_transform_apply(sphere_handle transform, int32_t operation, int64_t threads,
                               int64_t count, const sphere_array *inputs,
                               const sphere_array *outputs, sphere_message *message);

/* ---- Operations by name, and results ---- */

/* Runs an operation of Docs/Conformance.md: functions and nodes, HEALPix pixels, transforms, fits
 * and their gradients, rotation, spectra, mode coupling, resampling, layers and networks.
 *
 * parameters is a JSON object, or NULL; inputs are arrays with the names, shapes and types that
 * the page gives. type is SPHERE_FLOAT64 or SPHERE_FLOAT32, in which the operation runs. The
 * outputs are in *result until it is released. */
int32_t sphere_run(const char *operation, const char *parameters, int32_t type, int64_t count,
                   const sphere_array *inputs, sphere_handle *result, sphere_message *message);

/* A result has arrays, a text, or both. */

/* How many arrays a result has. */
int32_t sphere_result_count(sphere_handle result, int64_t *count, sphere_message *message);

/* The array number index of a result, 0...count - 1, in alphabetical order of the names; its memory
 * belongs to the result. */
int32_t sphere_result_array(sphere_handle result, int64_t index, sphere_array *array,
                            sphere_message *message);

/* The text of a result, ended by 0; empty where it has none. Its memory belongs to the result. */
int32_t sphere_result_text(sphere_handle result, const char **text, sphere_message *message);

/* ---- Maps and models ---- */

/* Here and below parameters is a JSON object or NULL; an entry that is not listed is refused. */

/* Reads T, Q and U, those that there are, of a HEALPix map in a FITS file as `sphere` does: arrays
 * of these names in RING order, COSMO's sign of U, NaN where a pixel was not observed. parameters:
 * "hdu" and "columns" (a list), texts as --hdu and --column take them. The text is a JSON object:
 * nside, unit, coordinates, warnings. */
int32_t sphere_map_read(const char *file, const char *parameters, sphere_handle *result,
                        sphere_message *message);

/* Opens a trained model: a .safetensors file, or the state dict of a published network, for which
 * parameters may be "inpaint" (true, false) and "outputs" (a list of names). */
int32_t sphere_model_open(const char *file, const char *parameters, sphere_handle *model,
                          sphere_message *message);

/* What a model is. The text is a JSON object: file, architecture, task, nside, lmax, fields (["T"]
 * or ["Q", "U"]), parameters, prior, noise, sky_fraction, takes_any_mask, notes. The array
 * observed has a 1 for each pixel that the model reads, if that is not the full sky. */
int32_t sphere_model_describe(sphere_handle model, sphere_handle *result, sphere_message *message);

/* The parameters of maps with error bars: maps has the shape [maps, fields, pixels], in RING order
 * and muK, NaN or UNSEEN where a pixel was not observed. parameters: "threads", "force", "mask" (a
 * FITS file), "mask_hdu", "mask_column", as the options of `sphere predict`. The result has the
 * arrays value and error, [maps, parameters], NaN where there is no estimate, and the text a JSON
 * object per map, each on a line, as `sphere predict --format json` prints them. */
int32_t sphere_model_predict(sphere_handle model, const char *parameters, const sphere_array *maps,
                             sphere_handle *result, sphere_message *message);

/* The same for maps in FITS files; parameters may have "hdu" and "columns" too. */
int32_t sphere_model_predict_files(sphere_handle model, const char *parameters, int64_t count,
                                   const char *const *files, sphere_handle *result,
                                   sphere_message *message);

/* ---- Checks of other programs ---- */

/* The error to expect of an analysis, Docs/Exactness.md. parameters: "nside", "lmax", "method"
 * ("iter0" to "iter3", "ring-weights", "pixel-weights", "order-weights", "least-squares"), "spin"
 * (0 or 2), "precision" ("f64" or "f32"). The text is what `sphere expect analysis --format json`
 * prints. */
int32_t sphere_expect_analysis(const char *parameters, sphere_handle *result,
                               sphere_message *message);

/* Writes a conformance kit into a folder, new or empty. parameters: "set" ("core" or "large"),
 * "seed", "cases" (a list of patterns), "certified" (the folder of a kit with certified values). */
int32_t sphere_conformance_export(const char *folder, const char *parameters,
                                  sphere_message *message);

/* Writes a kit with one case into a folder, new or empty: an operation with its parameters and
 * inputs as sphere_run takes them, and what is expected of it. Its id is "case". */
int32_t sphere_conformance_write_case(const char *folder, const char *operation,
                                      const char *parameters, int64_t count,
                                      const sphere_array *inputs, sphere_message *message);

/* Compares the outputs of another program with a kit: a folder with a file <case id>.safetensors
 * per case. parameters: "cases" (a list of patterns), "precision" ("files", "f32-all", "tf32",
 * "f16", "bf16"). The text is what `sphere conformance check --format json` prints: a JSON object
 * per row, and a summary on the last line. SPHERE_OK says that the check was made, not that the
 * outputs pass. */
int32_t sphere_conformance_check(const char *kit, const char *outputs, const char *parameters,
                                 sphere_handle *result, sphere_message *message);

#ifdef __cplusplus
}
#endif
#endif
