// zlib, for reading compressed files. inflateInit2 is a macro, which Swift does not import.
#include <zlib.h>

// Makes a stream ready for gzip files: a window of 2^15 bytes, and 16 for the wrapper of gzip.
static inline int sphere_zlib_begin_gzip(z_stream *stream) {
  return inflateInit2(stream, 15 + 16);
}
