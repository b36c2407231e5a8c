// CFITSIO. Its long names (ffopen is fits_open_file) are macros, which Swift does not import:
// the wrappers that FileFormats needs are inline functions below.
#include <fitsio.h>
