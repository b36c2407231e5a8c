// swift-tools-version: 6.1
import PackageDescription

// MARK: - Compiler flags
//
// The hot loops live in `Kernels`. They need the vector instructions of the CPU they run on:
// without `-march` every fused multiply-add becomes a library call and the same code runs a hundred
// times slower.
//
//   SPHERE_CPU=<name>        the CPU to compile for (default x86-64-v3: AVX2 and FMA)
//   SPHERE_PORTABLE=1        no unsafe flags at all: slow, but other packages may depend on it
//   SPHERE_WITHOUT_FFTW=1    KISS FFT in the place of FFTW, which is under the GPL: slower
//   SPHERE_CHECKED=1         kernels refuse accesses beyond their memory: several times slower
//
// `-march` goes to every Swift target, since a SIMD value passed between modules compiled for
// different CPUs breaks the calling convention. `-Ounchecked` goes to `Kernels` alone, and so does
// `-enable-cmo-everything`: what is declared `package` is inlined in other modules with it only.
// Debug builds are optimised too, so that `swift test` takes minutes and not hours; they keep
// their assertions and their bounds checks.

let isPortable = Context.environment["SPHERE_PORTABLE"] == "1"
let isWithoutFFTW = Context.environment["SPHERE_WITHOUT_FFTW"] == "1"
let isChecked = Context.environment["SPHERE_CHECKED"] == "1"

#if arch(x86_64)
  let cpuFlags = ["-Xcc", "-march=" + (Context.environment["SPHERE_CPU"] ?? "x86-64-v3")]
  let hasFusedMultiplyAdd = true
#elseif arch(arm64)
  let cpuFlags: [String] = []
  let hasFusedMultiplyAdd = true
#else
  let cpuFlags: [String] = []
  let hasFusedMultiplyAdd = false
#endif

let common: [SwiftSetting] =
  isPortable
  ? []
  : [
    .unsafeFlags(cpuFlags),
    .unsafeFlags(["-O", "-wmo", "-num-threads", "2"], .when(configuration: .debug)),
  ] + (isChecked ? [.define("SPHERE_CHECKED")] : [])

let kernels: [SwiftSetting] =
  isPortable
  ? []
  : [
    .unsafeFlags(cpuFlags + [isChecked ? "-O" : "-Ounchecked", "-enable-cmo-everything"]),
    .unsafeFlags(["-wmo", "-num-threads", "2"], .when(configuration: .debug)),
  ]
    + (hasFusedMultiplyAdd ? [.define("SPHERE_FUSED_MULTIPLY_ADD")] : [])
    + (isChecked ? [.define("SPHERE_CHECKED")] : [])

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: common)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name), "Verification"] + dependencies,
    swiftSettings: common)
}

let numerics: Target.Dependency = .product(name: "Numerics", package: "swift-numerics")
let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "SpectralSphere",
  products: [
    .executable(name: "sphere", targets: ["sphere"]),
    .library(
      name: "SpectralSphere",
      targets: [
        "Faults", "Kernels", "MachineMemory", "SpecialFunctions", "FourierTransforms",
        "LinearAlgebra", "RandomNumbers", "FileFormats", "SphereGrids", "HarmonicTransforms",
        "Resampling", "SkyModels", "SkyMaps", "RandomFields", "MapTools", "SpectralNetworks",
        "PixelNetworks", "Training", "ReadoutFits", "Baselines", "Tasks", "Models",
        "TrainingRuns", "Conformance",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    // MARK: - C libraries: each is imported by exactly one Swift module
    .systemLibrary(
      name: "CFFTW3", pkgConfig: "fftw3",
      providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke",
      providers: [.apt(["liblapacke-dev"]), .brew(["lapack"])]),
    .systemLibrary(
      name: "CCFITSIO", pkgConfig: "cfitsio",
      providers: [.apt(["libcfitsio-dev"]), .brew(["cfitsio"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CCairo", pkgConfig: "cairo",
      providers: [.apt(["libcairo2-dev"]), .brew(["cairo"])]),
    .systemLibrary(
      name: "CGSL", pkgConfig: "gsl",
      providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),

    // MARK: - Faults and kernels
    module("Faults"),
    .target(name: "Kernels", swiftSettings: kernels),

    // MARK: - Numerics
    module("MachineMemory"),
    module("SpecialFunctions", ["Faults"]),
    .target(
      name: "FourierTransforms",
      dependencies: [.byName(name: isWithoutFFTW ? "CKissFFT" : "CFFTW3"), "Kernels", numerics],
      swiftSettings: common + (isWithoutFFTW ? [.define("SPHERE_WITHOUT_FFTW")] : [])),
    module("LinearAlgebra", ["CLAPACKE", "Faults", "Kernels"]),
    module("FileFormats", ["CCFITSIO", "CZlib", "Faults", "MachineMemory"]),
    module("Verification", ["Faults", "FileFormats"]),
    module("RandomNumbers", ["Kernels"]),

    // MARK: - Sphere
    module("SphereGrids", ["Faults", "SpecialFunctions"]),
    module(
      "HarmonicTransforms",
      [
        "Faults", "Kernels", "MachineMemory", "SpecialFunctions", "FourierTransforms",
        "LinearAlgebra", "SphereGrids", numerics,
      ]),
    module("Resampling", ["Kernels", "FourierTransforms", "SphereGrids", "HarmonicTransforms"]),

    // MARK: - Sky
    module("SkyModels", ["Faults", "SpecialFunctions", "LinearAlgebra", "FileFormats"]),
    module("SkyMaps", ["Faults", "FileFormats", "SphereGrids"]),
    module(
      "RandomFields",
      [
        "Kernels", "FourierTransforms", "RandomNumbers", "SphereGrids", "HarmonicTransforms",
        "SkyModels",
      ]),
    module(
      "MapTools",
      [
        "Faults", "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra",
        "FileFormats", "SphereGrids", "HarmonicTransforms", "Resampling", "SkyMaps",
      ]),

    // MARK: - Learning
    module(
      "SpectralNetworks",
      [
        "Faults", "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra",
        "RandomNumbers", "FileFormats", "SphereGrids", "HarmonicTransforms", "Resampling",
        numerics,
      ]),
    module(
      "PixelNetworks",
      ["Kernels", "LinearAlgebra", "RandomNumbers", "SphereGrids", "SpectralNetworks"]),
    module("Training", ["Faults", "Kernels", "FileFormats", "SpectralNetworks"]),
    module(
      "ReadoutFits",
      ["Faults", "Kernels", "FourierTransforms", "LinearAlgebra", "SpectralNetworks", "Training"]),

    // MARK: - Benchmark
    module(
      "Baselines",
      [
        "Faults", "Kernels", "SpecialFunctions", "LinearAlgebra", "SphereGrids",
        "HarmonicTransforms", "SkyModels", "SkyMaps", "RandomFields",
      ]),
    module(
      "Tasks",
      [
        "Faults", "Kernels", "SpecialFunctions", "MachineMemory", "FourierTransforms",
        "LinearAlgebra", "FileFormats",
        "SphereGrids", "HarmonicTransforms", "SkyModels", "SkyMaps", "RandomFields",
        "SpectralNetworks", "Training", "Baselines",
      ]),
    module(
      "Models",
      [
        "Faults", "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra",
        "RandomNumbers", "FileFormats", "SphereGrids",
        "HarmonicTransforms", "SkyModels", "SkyMaps", "SpectralNetworks", "PixelNetworks",
        "Training", "Tasks",
      ]),
    module(
      "TrainingRuns",
      [
        "Faults", "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra",
        "FileFormats", "SkyModels",
        "SkyMaps", "RandomFields", "SpectralNetworks", "PixelNetworks", "Training", "ReadoutFits",
        "Baselines", "Tasks", "Models",
      ]),
    module(
      "Benchmark",
      [
        "Faults", "FileFormats", "Verification", "SphereGrids", "HarmonicTransforms", "SkyModels",
        "SkyMaps", "RandomFields", "Training", "Baselines", "Tasks", "Models", "TrainingRuns",
      ]),

    // MARK: - Checks, studies and pages
    module("Expectations", ["Faults", "FileFormats", "SphereGrids"]),
    module(
      "Conformance",
      [
        "Faults", "Kernels", "SpecialFunctions", "FourierTransforms", "FileFormats", "Verification",
        "RandomNumbers", "SphereGrids", "HarmonicTransforms", "Resampling", "SkyModels",
        "RandomFields", "MapTools", "SpectralNetworks", "Training", numerics,
      ]),
    module(
      "Claims",
      [
        "Faults", "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra",
        "FileFormats", "Verification", "SphereGrids", "HarmonicTransforms", "Resampling",
        "SkyModels", "SkyMaps", "RandomFields", "SpectralNetworks", "Training", "Tasks", "Models",
        "Conformance", numerics,
      ]),
    module("Plotting", ["CCairo", "Faults", "FileFormats", "SphereGrids"]),
    module(
      "Studies",
      [
        "Faults", "Kernels", "FourierTransforms", "LinearAlgebra", "FileFormats", "Verification",
        "RandomNumbers", "SphereGrids", "HarmonicTransforms", "SpectralNetworks", "Training",
        "Tasks", "TrainingRuns", "Expectations", "Plotting", numerics,
      ]),
    module(
      "Timings",
      [
        "Faults", "Kernels", "FourierTransforms", "RandomNumbers", "SphereGrids",
        "HarmonicTransforms", "Training", "Tasks", "TrainingRuns", "Plotting", "Studies",
      ]),
    module(
      "BenchmarkPages",
      [
        "Faults", "SpecialFunctions", "FourierTransforms", "FileFormats", "SphereGrids",
        "SkyModels", "SkyMaps", "SpectralNetworks", "Tasks", "Models", "TrainingRuns", "Benchmark",
        "Plotting", "Studies",
      ]),

    // MARK: - Program
    .executableTarget(
      name: "sphere",
      dependencies: [
        "Faults", "Kernels", "MachineMemory", "SpecialFunctions", "FourierTransforms",
        "LinearAlgebra", "FileFormats",
        "SphereGrids", "HarmonicTransforms", "Resampling", "SkyModels", "SkyMaps", "RandomFields",
        "MapTools",
        "SpectralNetworks", "Training", "Baselines", "Tasks", "Models", "TrainingRuns", "Benchmark",
        "Verification", "Conformance", "Claims", "Expectations", "Plotting", "Studies", "Timings",
        "BenchmarkPages",
        argumentParser,
      ],
      swiftSettings: common),

    // MARK: - Tests
    .executableTarget(
      name: "fuzzing",
      dependencies: [
        "FileFormats", "Verification", "SkyMaps", "SpectralNetworks", "PixelNetworks", "Training",
        "Tasks", "Models", "TrainingRuns", "Conformance", "Plotting", "BenchmarkPages",
        argumentParser,
      ],
      path: "Tests/fuzzing", swiftSettings: common),
    .target(
      name: "TestSupport",
      dependencies: [
        "Kernels", "FourierTransforms", "LinearAlgebra", "FileFormats", "Verification",
        "SpectralNetworks", "Training", "Models",
      ],
      path: "Tests/TestSupport", swiftSettings: common),
    tests("Kernels"),
    tests("MachineMemory"),
    tests("SpecialFunctions", ["CGSL", "LinearAlgebra", "FileFormats"]),
    tests("FourierTransforms", ["Kernels", numerics]),
    tests("LinearAlgebra", ["Kernels"]),
    tests("FileFormats"),
    .testTarget(
      name: "VerificationTests", dependencies: ["Verification", "FileFormats"],
      swiftSettings: common),
    tests("RandomNumbers"),
    tests("SphereGrids", ["SpecialFunctions", "FileFormats"]),
    tests(
      "HarmonicTransforms",
      [
        "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra", "FileFormats",
        "SphereGrids", numerics,
      ]),
    tests("Resampling", ["Kernels", "FileFormats", "SphereGrids", "HarmonicTransforms"]),
    tests("SkyModels", ["SpecialFunctions", "LinearAlgebra", "FileFormats"]),
    tests("SkyMaps", ["FileFormats", "SphereGrids"]),
    tests(
      "RandomFields",
      ["Kernels", "RandomNumbers", "SphereGrids", "HarmonicTransforms", "SkyModels"]),
    tests(
      "MapTools",
      [
        "Kernels", "FileFormats", "SphereGrids", "HarmonicTransforms", "Resampling", "SkyMaps",
      ]),
    tests(
      "SpectralNetworks",
      [
        "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra", "FileFormats",
        "SphereGrids", "HarmonicTransforms", numerics,
      ]),
    tests("PixelNetworks", ["Kernels", "FileFormats", "SphereGrids", "SpectralNetworks"]),
    tests("Training", ["Kernels", "FileFormats", "SpectralNetworks", "TestSupport"]),
    tests(
      "ReadoutFits",
      [
        "Kernels", "SpecialFunctions", "LinearAlgebra", "RandomNumbers", "SpectralNetworks",
        "Training", "TestSupport",
      ]),
    tests(
      "Baselines",
      [
        "Kernels", "SpecialFunctions", "LinearAlgebra", "SphereGrids", "HarmonicTransforms",
        "SkyModels", "SkyMaps", "RandomFields",
      ]),
    tests(
      "Tasks",
      [
        "SpecialFunctions", "FileFormats", "SkyModels", "RandomFields", "Baselines", "Training",
        "Models",
      ]),
    tests(
      "Models",
      [
        "SpecialFunctions", "FourierTransforms", "LinearAlgebra", "SkyModels", "FileFormats",
        "SphereGrids", "HarmonicTransforms",
        "SkyMaps", "RandomFields", "SpectralNetworks", "PixelNetworks", "Training", "Tasks",
        "Baselines", "TrainingRuns", "TestSupport",
      ]),
    tests(
      "TrainingRuns",
      [
        "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra", "FileFormats",
        "SphereGrids", "HarmonicTransforms", "SkyModels", "SkyMaps", "RandomFields",
        "SpectralNetworks", "PixelNetworks", "Training", "ReadoutFits", "Baselines", "Tasks",
        "Models", "TestSupport",
      ]),
    tests(
      "Benchmark",
      ["FileFormats", "Training", "Baselines", "Tasks", "TrainingRuns", "TestSupport"]),
    tests(
      "Conformance",
      [
        "SpecialFunctions", "FourierTransforms", "FileFormats", "SphereGrids", "HarmonicTransforms",
      ]),
    tests("Claims", ["SphereGrids", "HarmonicTransforms", "SkyModels", "Baselines"]),
    tests("Expectations", ["SphereGrids", "Studies"]),
    tests("Plotting", ["SphereGrids"]),
    tests(
      "Studies",
      [
        "Kernels", "FileFormats", "SphereGrids", "HarmonicTransforms", "SpectralNetworks",
        "Training", "Tasks", "TrainingRuns", "Expectations", "Plotting",
      ]),
    tests("Timings", ["SphereGrids", "HarmonicTransforms", "Studies"]),
    tests(
      "BenchmarkPages",
      [
        "SpecialFunctions", "SkyModels", "FileFormats", "SphereGrids", "SkyMaps",
        "SpectralNetworks", "Tasks", "Models",
        "TrainingRuns", "Benchmark", "Plotting",
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "SpecialFunctions", "FileFormats", "Verification", "SkyModels", "SkyMaps", "Training",
        "Tasks", "Models", "Benchmark", argumentParser, "sphere",
      ],
      swiftSettings: common),
  ],
  swiftLanguageModes: [.v6]
)

// MARK: - Libraries that stand in for others

// Debian: libkissfft-dev; the header is all that is used.
if isWithoutFFTW { package.targets.append(.target(name: "CKissFFT")) }

// MARK: - Interface for other languages

// `@c` and `@implementation` are in the compiler from 6.3 on; older ones build all the rest.
#if compiler(>=6.3)
  package.products.append(
    .library(name: "spectralsphere", type: .dynamic, targets: ["ForeignInterface"]))
  package.targets += [
    .target(name: "CSpectralSphere"),
    module(
      "ForeignInterface",
      [
        "CSpectralSphere", "Faults", "Kernels", "SpecialFunctions", "FourierTransforms",
        "FileFormats", "SphereGrids", "HarmonicTransforms", "SkyMaps", "SpectralNetworks", "Tasks",
        "Models", "Conformance", "Expectations",
      ]),
    tests(
      "ForeignInterface",
      [
        "CSpectralSphere", "FourierTransforms", "FileFormats", "SphereGrids", "HarmonicTransforms",
        "SkyMaps", "Tasks", "Models", "Conformance", "Expectations",
      ]),
  ]
#endif
