/// A way to compute `y = x * weight + bias`.
protocol ForwardAlgorithm: Sendable {
  var name: String { get }
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
protocol InputGradientAlgorithm: Sendable {
  var name: String { get }
  func scratch(threads: Int) -> Int
  func run(
    dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool)
}

/// A way to compute the gradient of a convolution's kernel.
protocol WeightGradientAlgorithm: Sendable {
  var name: String { get }
  func scratch(threads: Int) -> Int
  func run(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, pool: WorkerPool)
}

/// An algorithm with its estimated time in cycles of one core.
struct Priced<Algorithm> {
  let algorithm: Algorithm
  let cycles: Double
}

extension ConvolutionGeometry {
  /// All algorithms that compute the convolution, cheapest first.
  var forwardAlgorithms: [Priced<any ForwardAlgorithm>] {
    if let depthwise = DepthwiseConvolution(self) { return [Priced(algorithm: depthwise, cycles: 0)] }
    var all: [Priced<any ForwardAlgorithm>] = [
      Priced(algorithm: PatchConvolution(self), cycles: PatchConvolution(self).cycles)
    ]
    if let direct = DirectConvolution(self) { all.append(Priced(algorithm: direct, cycles: direct.cycles)) }
    for shape in winogradShapes {
      let winograd = WinogradConvolution(shape: shape, turned: false)
      all.append(Priced(algorithm: winograd, cycles: winograd.cycles))
    }
    return all.sorted { $0.cycles < $1.cycles }
  }

  /// All algorithms that compute the gradient of the input, cheapest first.
  var inputGradientAlgorithms: [Priced<any InputGradientAlgorithm>] {
    if let depthwise = DepthwiseConvolution(self) {
      return [Priced(algorithm: depthwise, cycles: 0)]
    }
    var all: [Priced<any InputGradientAlgorithm>] = [
      Priced(algorithm: PatchInputGradient(self), cycles: PatchInputGradient(self).cycles)
    ]
    for shape in isUnitStride ? transposed.winogradShapes : [] {
      let winograd = WinogradConvolution(shape: shape, turned: true)
      all.append(Priced(algorithm: winograd, cycles: winograd.cycles))
    }
    return all.sorted { $0.cycles < $1.cycles }
  }

  /// All algorithms that compute the gradient of the kernel, cheapest first.
  var weightGradientAlgorithms: [Priced<any WeightGradientAlgorithm>] {
    if let depthwise = DepthwiseConvolution(self) {
      return [Priced(algorithm: depthwise, cycles: 0)]
    }
    let patches = PatchWeightGradient(self)
    var all: [Priced<any WeightGradientAlgorithm>] = [Priced(algorithm: patches, cycles: patches.cycles)]
    for shape in winogradShapes {
      let winograd = WinogradWeightGradient(shape: shape)
      all.append(Priced(algorithm: winograd, cycles: winograd.cycles))
    }
    return all.sorted { $0.cycles < $1.cycles }
  }

  private var winogradShapes: [WinogradShape] { [4, 2].compactMap { WinogradShape(self, outputs: $0) } }
}
