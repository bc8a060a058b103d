// swift-tools-version: 6.0
import PackageDescription

// The order of the targets is the order of the phases in docs/architecture.md: a target may import
// only what its `dependencies` name, so the compiler keeps the phases apart.

/// Debian's C libraries, as module maps; scripts/install-libraries.sh installs them.
let libraries: [Target] = [
  .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
  .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
  .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
  // Declarations only: the library itself is loaded at run time, after its kernel has been chosen.
  .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
]

/// C inner loops that are chosen by CPU at run time.
let kernels: Target = .target(
  name: "CKernels",
  cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast"])])

let modules: [Target] = [
  .target(name: "Diagnostics"),
  .target(name: "Syntax", dependencies: ["CYAML", "Diagnostics"]),
  .target(name: "Spec", dependencies: ["Syntax", "Diagnostics", .product(name: "Crypto", package: "swift-crypto")]),
  .target(name: "TensorRuntime", dependencies: ["CKernels", "COpenBLAS"]),
  .target(name: "Layers", dependencies: ["Spec", "Syntax", "TensorRuntime"]),
  .target(name: "Planning", dependencies: ["Layers"]),
  .target(name: "Audio", dependencies: ["CFFTW", "CSndfile", "CKernels", "Diagnostics"]),
  .target(
    name: "Corpus", dependencies: ["Spec", "Audio", "CKernels", .product(name: "Crypto", package: "swift-crypto")]),
  .target(name: "Training", dependencies: ["Planning", "Corpus", .product(name: "Crypto", package: "swift-crypto")]),
  .target(name: "Reporting", dependencies: ["Training"]),
]

let tool: Target = .executableTarget(
  name: "serspec",
  dependencies: [
    "Reporting", "Training", "Corpus", "Audio", "Planning", "Layers", "TensorRuntime", "Spec", "Syntax",
    "Diagnostics",
    .product(name: "ArgumentParser", package: "swift-argument-parser"),
  ])

/// Tests mirror Sources: one test target a module. They are not optimised themselves, which would take most of a build.
func tests(of module: String, also: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(module)Tests", dependencies: [.target(name: module), "TestSupport"] + also, exclude: exclude,
    swiftSettings: [.unsafeFlags(["-Onone"])])
}

/// Built by `make fuzz` alone, since libFuzzer brings its own `main`.
let fuzzers: [Target] =
  Context.environment["SERSPEC_FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "fuzz-spec", dependencies: ["Training", "Spec", "Diagnostics"], path: "Fuzz",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ]

let package = Package(
  name: "serspec",
  products: [.executable(name: "serspec", targets: ["serspec"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: libraries + [kernels] + modules + [tool] + fuzzers + [
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    // Counts what the test program asks of the heap.
    .target(name: "CountingHeap", path: "Tests/CountingHeap"),
    tests(of: "Diagnostics"),
    tests(of: "Syntax"),
    tests(of: "Spec"),
    tests(of: "TensorRuntime", also: ["CKernels", "Layers"], exclude: ["Fixtures"]),
    tests(of: "Layers", exclude: ["Fixtures"]),
    tests(of: "Planning"),
    tests(of: "Audio", exclude: ["Fixtures"]),
    tests(of: "Corpus", also: [.product(name: "Crypto", package: "swift-crypto")], exclude: ["Fixtures"]),
    tests(of: "Training", also: ["CountingHeap"], exclude: ["Fixtures"]),
    tests(of: "Reporting"),
    // Runs the built program as a user would.
    .testTarget(name: "CommandLineTests", dependencies: ["serspec", "TestSupport", "Training"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
