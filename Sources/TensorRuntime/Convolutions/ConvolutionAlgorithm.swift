import Glibc

/// What all ways to compute a part of a convolution's work have.
protocol ConvolutionAlgorithm: Sendable {
  /// `winograd F(4x4,3x3)`, `im2col`
  var name: String { get }
  /// The estimated time in cycles of one core.
  var cycles: Double { get }
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

/// The algorithms that the environment variable `SERSPEC_CONVOLUTION` asks for, by the start of their name; where none of
/// that name applies, or the variable is not set, the cost model chooses.
private let preferredAlgorithm: String? = getenv("SERSPEC_CONVOLUTION").map { String(cString: $0) }

extension ConvolutionGeometry {
  /// All algorithms that compute the convolution, cheapest first, but for those whose names begin with `preferred`.
  func forwardAlgorithms(preferring preferred: String? = nil) -> [any ForwardAlgorithm] {
    if let depthwise = DepthwiseConvolution(self) { return [depthwise] }
    let winograd = winogradShapes.map { WinogradConvolution(shape: $0, turned: false) }
    let direct = DirectConvolution(self).map { [$0] } ?? []
    return inOrder([PatchConvolution(self) as any ForwardAlgorithm] + direct + winograd, preferred) {
      ($0.name, $0.cycles)
    }
  }

  /// All algorithms that compute the gradient of the input, in the order of `forwardAlgorithms`.
  func inputGradientAlgorithms(preferring preferred: String? = nil) -> [any InputGradientAlgorithm] {
    if let depthwise = DepthwiseConvolution(self) { return [depthwise] }
    let shapes = isUnitStride ? transposed.winogradShapes : []
    let winograd = shapes.map { WinogradConvolution(shape: $0, turned: true) }
    return inOrder([PatchInputGradient(self) as any InputGradientAlgorithm] + winograd, preferred) {
      ($0.name, $0.cycles)
    }
  }

  /// All algorithms that compute the gradient of the kernel, in the order of `forwardAlgorithms`.
  func weightGradientAlgorithms(preferring preferred: String? = nil) -> [any WeightGradientAlgorithm] {
    if let depthwise = DepthwiseConvolution(self) { return [depthwise] }
    let winograd = winogradShapes.map { WinogradWeightGradient(shape: $0) }
    return inOrder([PatchWeightGradient(self) as any WeightGradientAlgorithm] + winograd, preferred) {
      ($0.name, $0.cycles)
    }
  }

  private var winogradShapes: [WinogradShape] { [4, 2].compactMap { WinogradShape(self, outputs: $0) } }

  /// Preferred algorithms first, then by cost.
  private func inOrder<Algorithm>(
    _ all: [Algorithm], _ preferred: String?, _ figures: (Algorithm) -> (name: String, cycles: Double)
  ) -> [Algorithm] {
    let start = preferred ?? preferredAlgorithm
    return all.map { algorithm in
      let (name, cycles) = figures(algorithm)
      return (algorithm: algorithm, rank: start.map { name.hasPrefix($0) ? 0 : 1 } ?? 0, cycles: cycles)
    }.sorted { ($0.rank, $0.cycles) < ($1.rank, $1.cycles) }.map(\.algorithm)
  }
}
