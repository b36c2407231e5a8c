// CFITSIO. Its long names (ffopen is fits_open_file) are macros, which Swift does not import:
// the wrappers that FileFormats needs are inline functions below. Each returns CFITSIO's status,
// zero or positive, and does nothing if *status is positive already.
#include <fitsio.h>

// "diskfile": the path is taken as it is, without CFITSIO's syntax of brackets, '!' and '+'.
static inline int sphere_fits_open(fitsfile **file, const char *path, int *status) {
  return fits_open_diskfile(file, path, READONLY, status);
}

static inline int sphere_fits_create(fitsfile **file, const char *path, int *status) {
  return fits_create_diskfile(file, path, status);
}

static inline int sphere_fits_close(fitsfile *file, int *status) {
  return fits_close_file(file, status);
}

static inline int sphere_fits_count_hdus(fitsfile *file, int *count, int *status) {
  return fits_get_num_hdus(file, count, status);
}

// Numbers start at 1; *type is IMAGE_HDU, ASCII_TBL or BINARY_TBL.
static inline int sphere_fits_move_to_hdu(fitsfile *file, int number, int *type, int *status) {
  return fits_movabs_hdu(file, number, type, status);
}

// First byte after the data of the current HDU, and the number of bytes in the (decompressed) file.
static inline int sphere_fits_extent(
    fitsfile *file, LONGLONG *data_end, LONGLONG *file_size, int *status) {
  LONGLONG header_start = 0, data_start = 0, padded_end = 0;
  LONGLONG row_bytes = 0, row_count = 0, heap_bytes = 0;
  int hidden = 0;
  fits_get_hduaddrll(file, &header_start, &data_start, &padded_end, status);
  fits_read_key(file, TLONGLONG, "NAXIS1", &row_bytes, 0, status);
  fits_read_key(file, TLONGLONG, "NAXIS2", &row_count, 0, status);
  fits_read_key(file, TLONGLONG, "PCOUNT", &heap_bytes, 0, &hidden);
  // Negative when the product does not fit: no file is that long.
  LONGLONG total = 0;
  if (__builtin_mul_overflow(row_bytes, row_count, &total) ||
      __builtin_add_overflow(total, heap_bytes, &total) ||
      __builtin_add_overflow(total, data_start, &total)) {
    total = -1;
  }
  *data_end = total;
  *file_size = file->Fptr->filesize;
  return *status;
}

// Bytes of the (decompressed) file after the current HDU with its padding; 0 if there are none.
static inline int sphere_fits_bytes_after(fitsfile *file, LONGLONG *count, int *status) {
  LONGLONG header_start = 0, data_start = 0, padded_end = 0;
  fits_get_hduaddrll(file, &header_start, &data_start, &padded_end, status);
  *count = file->Fptr->filesize > padded_end ? file->Fptr->filesize - padded_end : 0;
  return *status;
}

static inline int sphere_fits_count_keywords(fitsfile *file, int *count, int *status) {
  return fits_get_hdrspace(file, count, 0, status);
}

// Buffers take FLEN_KEYWORD, FLEN_VALUE and FLEN_COMMENT bytes; numbers start at 1.
static inline int sphere_fits_read_keyword(
    fitsfile *file, int number, char *name, char *value, char *comment, int *status) {
  return fits_read_keyn(file, number, name, value, comment, status);
}

static inline int sphere_fits_count_columns(fitsfile *file, int *count, int *status) {
  return fits_get_num_cols(file, count, status);
}

static inline int sphere_fits_count_rows(fitsfile *file, LONGLONG *count, int *status) {
  return fits_get_num_rowsll(file, count, status);
}

// *type is the type after TSCALn and TZEROn, *stored_type the one in the file.
static inline int sphere_fits_column_type(
    fitsfile *file, int column, int *stored_type, int *type, LONGLONG *repeat, int *status) {
  LONGLONG width = 0;
  fits_get_coltypell(file, column, stored_type, repeat, &width, status);
  return fits_get_eqcoltypell(file, column, type, repeat, &width, status);
}

// Reads elements 1...count of a column, all rows in sequence; nulls become `null_value`.
static inline int sphere_fits_read_doubles(
    fitsfile *file, int column, LONGLONG count, double null_value, double *values, int *status) {
  int any_null = 0;
  return fits_read_col_dbl(file, column, 1, 1, count, null_value, values, &any_null, status);
}

static inline int sphere_fits_read_logicals(
    fitsfile *file, int column, LONGLONG count, char *values, int *status) {
  return fits_read_col(file, TLOGICAL, column, 1, 1, count, 0, values, 0, status);
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

// `text` takes FLEN_STATUS bytes. Also empties CFITSIO's stack of messages.
static inline void sphere_fits_describe(int status, char *text) {
  fits_get_errstatus(status, text);
  fits_clear_errmsg();
}
