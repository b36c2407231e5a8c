// The real routines of LAPACK that this project calls. LAPACKE's complex types do not import into Swift,
// so its header is reduced to the prototypes with real arguments by naming the complex types opaquely.
#define lapack_complex_float struct sphere_lapack_complex_float
#define lapack_complex_double struct sphere_lapack_complex_double
struct sphere_lapack_complex_float { float real, imag; };
struct sphere_lapack_complex_double { double real, imag; };
#define LAPACK_COMPLEX_CUSTOM
#include <lapacke.h>
