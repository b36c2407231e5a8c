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
//
// `-march` goes to every Swift target, since a SIMD value passed between modules compiled for
// different CPUs breaks the calling convention. `-Ounchecked` goes to `Kernels` alone, and so does
// `-enable-cmo-everything`: what is declared `package` is inlined in other modules with it only.
// Debug builds are optimised too, so that `swift test` takes minutes and not hours; they keep
// their assertions and their bounds checks.

let isPortable = Context.environment["SPHERE_PORTABLE"] == "1"

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
  ]

let kernels: [SwiftSetting] =
  isPortable
  ? []
  : [
    .unsafeFlags(cpuFlags + ["-Ounchecked", "-enable-cmo-everything"]),
    .unsafeFlags(["-wmo", "-num-threads", "2"], .when(configuration: .debug)),
  ]
    + (hasFusedMultiplyAdd ? [.define("SPHERE_FUSED_MULTIPLY_ADD")] : [])

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
        "SpecialFunctions", "FourierTransforms", "FileFormats", "SphereGrids",
        "HarmonicTransforms", "Resampling", "SkyModels", "SkyMaps", "RandomFields", "MapTools",
        "SpectralNetworks", "PixelNetworks",
        "Training", "Baselines", "BenchmarkTasks", "Conformance",
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

    // MARK: - Kernels
    .target(name: "Kernels", swiftSettings: kernels),

    // MARK: - Numerics
    module("MachineMemory"),
    module("SpecialFunctions"),
    module("FourierTransforms", ["CFFTW3", "Kernels", numerics]),
    module("LinearAlgebra", ["CLAPACKE", "Kernels"]),
    module("FileFormats", ["CCFITSIO", "CZlib", "MachineMemory"]),
    module("Verification", ["FileFormats"]),
    module("RandomNumbers", ["Kernels"]),

    // MARK: - Sphere
    module("SphereGrids", ["SpecialFunctions"]),
    module(
      "HarmonicTransforms",
      [
        "Kernels", "MachineMemory", "SpecialFunctions", "FourierTransforms", "LinearAlgebra",
        "SphereGrids", numerics,
      ]),
    module("Resampling", ["Kernels", "FourierTransforms", "SphereGrids", "HarmonicTransforms"]),

    // MARK: - Sky
    module("SkyModels", ["FileFormats", "LinearAlgebra"]),
    module("SkyMaps", ["FileFormats", "SphereGrids"]),
    module(
      "RandomFields",
      [
        "RandomNumbers", "Kernels", "FourierTransforms", "SkyModels", "SphereGrids",
        "HarmonicTransforms", numerics,
      ]),

    module(
      "MapTools",
      [
        "Kernels", "SpecialFunctions", "LinearAlgebra", "FourierTransforms", "FileFormats",
        "SphereGrids", "HarmonicTransforms", "Resampling", "SkyMaps",
      ]),

    // MARK: - Learning
    module(
      "SpectralNetworks",
      [
        "Kernels", "SpecialFunctions", "RandomNumbers", "FourierTransforms", "LinearAlgebra",
        "SphereGrids", "HarmonicTransforms", "Resampling", numerics,
      ]),
    module(
      "PixelNetworks",
      ["Kernels", "LinearAlgebra", "RandomNumbers", "SphereGrids", "SpectralNetworks"]),
    module(
      "Training",
      ["Kernels", "FourierTransforms", "LinearAlgebra", "FileFormats", "SpectralNetworks"]),
    module(
      "Baselines",
      [
        "Kernels", "SpecialFunctions", "SkyModels", "SkyMaps", "RandomFields", "LinearAlgebra",
        "SphereGrids", "HarmonicTransforms",
      ]),

    // MARK: - Study
    module(
      "Timings",
      [
        "Kernels", "FourierTransforms", "SphereGrids", "HarmonicTransforms", "RandomNumbers",
        "Training", "BenchmarkTasks", "Reporting", "AccuracyStudies",
      ]),
    module(
      "BenchmarkTasks",
      [
        "Kernels", "MachineMemory", "FileFormats", "FourierTransforms", "LinearAlgebra",
        "SphereGrids", "HarmonicTransforms", "SkyModels", "SkyMaps", "RandomFields",
        "SpectralNetworks", "PixelNetworks", "Training", "Baselines",
      ]),

    module(
      "Claims",
      [
        "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra", "FileFormats",
        "Verification", "SphereGrids", "HarmonicTransforms", "Resampling", "SkyModels",
        "SkyMaps", "RandomFields", "SpectralNetworks", "Training", "MapTools", "Conformance",
        "BenchmarkTasks", numerics,
      ]),
    module(
      "Conformance",
      [
        "Kernels", "FileFormats", "Verification", "RandomNumbers", "SpecialFunctions",
        "FourierTransforms", "LinearAlgebra", "SphereGrids", "HarmonicTransforms", "Resampling",
        "SkyModels", "RandomFields", "SpectralNetworks", "Training", numerics,
      ]),
    module(
      "Reproduction",
      [
        "FileFormats", "SphereGrids", "HarmonicTransforms", "SkyModels", "SkyMaps", "RandomFields",
        "Training", "Baselines", "BenchmarkTasks",
      ]),
    module("Reporting", ["CCairo", "FileFormats", "SphereGrids"]),
    module(
      "AccuracyStudies",
      [
        "Reporting", "Verification", "FileFormats", "RandomNumbers", "LinearAlgebra", "Kernels",
        "FourierTransforms", "SphereGrids", "HarmonicTransforms", "SpectralNetworks", numerics,
      ]),
    module(
      "AblationStudies",
      ["AccuracyStudies", "Reporting", "Training", "BenchmarkTasks"]),
    module(
      "Reports",
      [
        "FileFormats", "FourierTransforms", "SphereGrids", "SkyMaps", "SpectralNetworks",
        "Training", "BenchmarkTasks", "Reporting", "AccuracyStudies", "Reproduction",
      ]),

    // MARK: - Program
    .executableTarget(
      name: "sphere",
      dependencies: [
        "Claims", "Conformance", "BenchmarkTasks", "Training", "SpectralNetworks", "Baselines",
        "RandomFields", "SkyModels", "SkyMaps", "LinearAlgebra", "Kernels", "MachineMemory",
        "MapTools", "Resampling", "SphereGrids", "HarmonicTransforms", "FourierTransforms",
        "FileFormats",
        "AccuracyStudies", "AblationStudies", "Reporting", "Reproduction", "Reports", "Timings",
        argumentParser,
      ],
      swiftSettings: common),

    // MARK: - Tests
    .executableTarget(
      name: "fuzzing",
      dependencies: [
        "BenchmarkTasks", "Conformance", "FileFormats", "PixelNetworks", "Reporting", "Reports",
        "SkyMaps", "SpectralNetworks", "Training", "Verification", argumentParser,
      ],
      path: "Tests/fuzzing", swiftSettings: common),
    tests("Kernels"),
    tests("MachineMemory"),
    tests("SpecialFunctions", ["CGSL", "FileFormats", "LinearAlgebra"]),
    tests("FourierTransforms", ["Kernels", numerics]),
    tests("LinearAlgebra", ["Kernels"]),
    tests("FileFormats"),
    .testTarget(name: "VerificationTests", dependencies: ["Verification"], swiftSettings: common),
    tests("RandomNumbers", ["Kernels"]),
    tests("SphereGrids", ["FileFormats", "SpecialFunctions"]),
    tests(
      "HarmonicTransforms",
      [
        "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra", "SphereGrids",
        "FileFormats", numerics,
      ]),
    tests("Resampling", ["Kernels", "SphereGrids", "HarmonicTransforms", "FileFormats"]),
    tests("SkyModels", ["FileFormats", "LinearAlgebra"]),
    tests("SkyMaps", ["FileFormats", "SphereGrids"]),
    tests(
      "RandomFields",
      ["RandomNumbers", "Kernels", "SphereGrids", "HarmonicTransforms", "SkyModels"]),
    tests(
      "MapTools",
      [
        "Kernels", "FourierTransforms", "FileFormats", "SphereGrids", "HarmonicTransforms",
        "Resampling", "SkyMaps",
      ]),
    tests(
      "SpectralNetworks",
      [
        "Kernels", "SpecialFunctions", "FourierTransforms", "LinearAlgebra", "SphereGrids",
        "HarmonicTransforms", "FileFormats",
        numerics,
      ]),
    tests(
      "PixelNetworks",
      ["Kernels", "SphereGrids", "SpectralNetworks", "FileFormats"]),
    tests("Training", ["Kernels", "SpectralNetworks", "FileFormats", "LinearAlgebra"]),
    tests(
      "Baselines",
      [
        "Kernels", "SpecialFunctions", "LinearAlgebra", "SphereGrids", "HarmonicTransforms",
        "SkyModels", "SkyMaps", "RandomFields",
      ]),
    tests(
      "BenchmarkTasks",
      [
        "Kernels", "FileFormats", "FourierTransforms", "SphereGrids", "SkyModels", "SkyMaps",
        "RandomFields", "Training", "SpectralNetworks", "PixelNetworks", "Baselines",
        "HarmonicTransforms", "LinearAlgebra",
      ]),
    tests(
      "Claims",
      ["Baselines", "BenchmarkTasks", "HarmonicTransforms", "SphereGrids", "SkyModels"]),
    tests(
      "Conformance", ["FileFormats", "FourierTransforms", "SphereGrids", "HarmonicTransforms"]),
    tests("Reproduction", ["FileFormats", "Training", "Baselines", "BenchmarkTasks"]),
    tests("Reporting", ["FileFormats", "SphereGrids"]),
    tests("Timings", ["AccuracyStudies", "HarmonicTransforms", "SphereGrids"]),
    tests(
      "AccuracyStudies",
      ["Reporting", "FileFormats", "SphereGrids", "HarmonicTransforms", "SpectralNetworks"]),
    tests(
      "AblationStudies",
      ["Kernels", "FileFormats", "Training", "BenchmarkTasks", "SpectralNetworks"]),
    tests(
      "Reports",
      [
        "FileFormats", "SphereGrids", "SkyMaps", "SpectralNetworks", "Training",
        "BenchmarkTasks", "Reporting", "Reproduction",
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "BenchmarkTasks", "FileFormats", "Reproduction", "SkyMaps", "Verification", "sphere",
        "fuzzing", argumentParser,
      ],
      swiftSettings: common),
  ],
  swiftLanguageModes: [.v6]
)
