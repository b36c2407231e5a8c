// CFITSIO, for writing. Its long names (ffinit is fits_create_file) are macros, which Swift does not
// import: the wrappers that FileFormats needs are inline functions below. Each returns CFITSIO's status,
// zero or positive, and does nothing if *status is positive already.
#include <fitsio.h>
#include <stdlib.h>

// A file in memory that grows; CFITSIO changes both while the file is open, and the caller frees the bytes.
typedef struct {
  void *bytes;
  size_t size;
} sphere_fits_memory;

static inline int sphere_fits_create(
    fitsfile **file, sphere_fits_memory *memory, size_t growth, int *status) {
  memory->bytes = 0;
  memory->size = 0;
  return fits_create_memfile(file, &memory->bytes, &memory->size, growth, realloc, status);
}

// Writes what is buffered, and returns the number of bytes up to the end of the present table.
static inline LONGLONG sphere_fits_flush(fitsfile *file, int *status) {
  LONGLONG header, data, end = 0;
  fits_flush_file(file, status);
  fits_get_hduaddrll(file, &header, &data, &end, status);
  return end;
}

static inline int sphere_fits_close(fitsfile *file, int *status) {
  return fits_close_file(file, status);
}

static inline int sphere_fits_create_table(fitsfile *file, int *status) {
  return fits_create_tbl(file, BINARY_TBL, 0, 0, 0, 0, 0, 0, status);
}

static inline int sphere_fits_append_column(
    fitsfile *file, int number, const char *name, const char *format, int *status) {
  return fits_insert_col(file, number, (char *)name, (char *)format, status);
}

static inline int sphere_fits_write_text(
    fitsfile *file, const char *name, const char *value, const char *comment, int *status) {
  return fits_write_key_str(file, name, value, comment, status);
}

static inline int sphere_fits_write_integer(
    fitsfile *file, const char *name, LONGLONG value, const char *comment, int *status) {
  return fits_write_key_lng(file, name, value, comment, status);
}

// 17 digits: the number that is read back is the same.
static inline int sphere_fits_write_real(
    fitsfile *file, const char *name, double value, const char *comment, int *status) {
  return fits_write_key_dbl(file, name, value, 16, comment, status);
}

static inline int sphere_fits_write_floats(
    fitsfile *file, int column, LONGLONG count, const float *values, int *status) {
  return fits_write_col_flt(file, column, 1, 1, count, (float *)values, status);
}

static inline int sphere_fits_write_doubles(
    fitsfile *file, int column, LONGLONG count, const double *values, int *status) {
  return fits_write_col_dbl(file, column, 1, 1, count, (double *)values, status);
}

static inline int sphere_fits_write_integers(
    fitsfile *file, int column, LONGLONG count, const LONGLONG *values, int *status) {
  return fits_write_col_lnglng(file, column, 1, 1, count, (LONGLONG *)values, status);
}

static inline int sphere_fits_write_strings(
    fitsfile *file, int column, LONGLONG count, char **values, int *status) {
  return fits_write_col_str(file, column, 1, 1, count, values, status);
}

// `text` takes FLEN_STATUS bytes. Also empties CFITSIO's stack of messages.
static inline void sphere_fits_describe(int status, char *text) {
  fits_get_errstatus(status, text);
  fits_clear_errmsg();
}
