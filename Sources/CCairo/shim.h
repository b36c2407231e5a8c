// Cairo: images in memory, PNG and SVG.
#include <cairo.h>
#include <cairo-svg.h>
