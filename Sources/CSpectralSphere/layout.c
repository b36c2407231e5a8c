#include "spectralsphere.h"

/* What callers in other languages rely on: they write these structures by hand. */
_Static_assert(sizeof(sphere_message) == 1000, "a message has 1000 bytes");
_Static_assert(sizeof(sphere_array) == 40, "an array is described by 40 bytes");
_Static_assert(sizeof(sphere_handle) == 8, "a handle has 64 bits");
