import Glibc

/// What all ways to compute a part of a convolution's work have.
protocol ConvolutionAlgorithm: Sendable {
  /// `winograd F(4x4,3x3)`, `im2col`
  var name: String { get }
}

/// A way to compute `y = x * weight + bias`.
protocol ForwardAlgorithm: ConvolutionAlgorithm {
  func scratch(threads: Int) -> Int
  /// - Parameter finish: called on each part of the output once it is computed; nil does nothing.
  func run(
    x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, finish: Finish?, scratch: UnsafeMutablePointer<Float>, pool: WorkerPool)
}

/// What is done to values of an output right after they are computed, while they are in cache.
struct Finish {
  let epilogue: Epilogue
  /// A tensor of the output's shape and layout.
  let addend: UnsafePointer<Float>?
  let y: UnsafeMutablePointer<Float>

  /// Finishes `rows` runs of `width` values, `stride` apart, the first of them value `offset` of the output.
  func callAsFunction(at offset: Int, rows: Int, width: Int, stride: Int) {
    if width == stride { return run(offset, rows * width) }
    for row in 0..<rows { run(offset + row * stride, width) }
  }

  private func run(_ offset: Int, _ count: Int) {
    epilogue.finish(count, addend: addend.map { $0 + offset }, y + offset)
  }
}

/// A way to compute the gradient of a convolution's input, written or added.
protocol InputGradientAlgorithm: ConvolutionAlgorithm {
  func scratch(threads: Int) -> Int
  func run(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool)
}

/// A way to compute the gradient of a convolution's kernel.
protocol WeightGradientAlgorithm: ConvolutionAlgorithm {
  func scratch(threads: Int) -> Int
  func run(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool)
}

/// An algorithm with its estimated time in cycles of one core.
struct Priced<Algorithm> {
  let name: String
  let algorithm: Algorithm
  let cycles: Double
}

/// The algorithms that the environment variable `SERSPEC_CONVOLUTION` asks for, by the start of their name; where none of
/// that name applies, or the variable is not set, the cost model chooses.
private let preferredAlgorithm: String? = getenv("SERSPEC_CONVOLUTION").map { String(cString: $0) }

extension Array {
  /// Preferred algorithms first, then by cost.
  fileprivate func inOrder<Algorithm>(preferring name: String?) -> [Priced<Algorithm>]
  where Element == Priced<Algorithm> {
    func rank(_ priced: Priced<Algorithm>) -> Int {
      (name ?? preferredAlgorithm).map { priced.name.hasPrefix($0) ? 0 : 1 } ?? 0
    }
    return sorted { (rank($0), $0.cycles) < (rank($1), $1.cycles) }
  }
}

extension ConvolutionGeometry {
  /// All algorithms that compute the convolution, cheapest first, but for those whose names begin with `preferred`.
  func forwardAlgorithms(preferring preferred: String? = nil) -> [Priced<any ForwardAlgorithm>] {
    if let depthwise = DepthwiseConvolution(self) {
      return [Priced(name: depthwise.name, algorithm: depthwise, cycles: depthwise.cycles)]
    }
    let patches = PatchConvolution(self)
    var all: [Priced<any ForwardAlgorithm>] = [
      Priced(name: patches.name, algorithm: patches, cycles: patches.cycles)
    ]
    if let direct = DirectConvolution(self) {
      all.append(Priced(name: direct.name, algorithm: direct, cycles: direct.cycles))
    }
    for shape in winogradShapes {
      let winograd = WinogradConvolution(shape: shape, turned: false)
      all.append(Priced(name: winograd.name, algorithm: winograd, cycles: winograd.cycles))
    }
    return all.inOrder(preferring: preferred)
  }

  /// All algorithms that compute the gradient of the input, in the order of `forwardAlgorithms`.
  func inputGradientAlgorithms(preferring preferred: String? = nil) -> [Priced<any InputGradientAlgorithm>] {
    if let depthwise = DepthwiseConvolution(self) {
      return [Priced(name: depthwise.name, algorithm: depthwise, cycles: depthwise.cycles)]
    }
    let patches = PatchInputGradient(self)
    var all: [Priced<any InputGradientAlgorithm>] = [
      Priced(name: patches.name, algorithm: patches, cycles: patches.cycles)
    ]
    for shape in isUnitStride ? transposed.winogradShapes : [] {
      let winograd = WinogradConvolution(shape: shape, turned: true)
      all.append(Priced(name: winograd.name, algorithm: winograd, cycles: winograd.cycles))
    }
    return all.inOrder(preferring: preferred)
  }

  /// All algorithms that compute the gradient of the kernel, in the order of `forwardAlgorithms`.
  func weightGradientAlgorithms(preferring preferred: String? = nil) -> [Priced<any WeightGradientAlgorithm>] {
    if let depthwise = DepthwiseConvolution(self) {
      return [Priced(name: depthwise.name, algorithm: depthwise, cycles: depthwise.cycles)]
    }
    let patches = PatchWeightGradient(self)
    var all: [Priced<any WeightGradientAlgorithm>] = [
      Priced(name: patches.name, algorithm: patches, cycles: patches.cycles)
    ]
    for shape in winogradShapes {
      let winograd = WinogradWeightGradient(shape: shape)
      all.append(Priced(name: winograd.name, algorithm: winograd, cycles: winograd.cycles))
    }
    return all.inOrder(preferring: preferred)
  }

  private var winogradShapes: [WinogradShape] { [4, 2].compactMap { WinogradShape(self, outputs: $0) } }
}
