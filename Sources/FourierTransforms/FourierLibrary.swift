/// The library of Fourier transforms that this build is linked with.
package enum FourierLibrary {
  #if SPHERE_WITHOUT_FFTW
    /// As its authors call it.
    package static let name = "KISS FFT"
    /// What a binary that contains it may be distributed under (SPDX).
    package static let licenceOfBinaries = "MIT AND BSD-3-Clause"
  #else
    /// As its authors call it.
    package static let name = "FFTW"
    /// What a binary that contains it may be distributed under (SPDX).
    package static let licenceOfBinaries = "GPL-2.0-or-later"
  #endif
}
