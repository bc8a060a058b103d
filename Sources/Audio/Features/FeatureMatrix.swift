import CKernels

/// Values over time: `rows` of `frames` values, row after row.
public struct FeatureMatrix: Sendable {
  public let rows: Int
  public let frames: Int
  /// Row-major: the value of row r at frame t is at r * frames + t.
  public var values: [Float]

  /// A matrix of the given values, row after row.
  public init(rows: Int, frames: Int, values: [Float]) {
    precondition(values.count == rows * frames, "\(values.count) values do not make [\(rows), \(frames)]")
    (self.rows, self.frames, self.values) = (rows, frames, values)
  }

  /// A matrix of which `fill` writes every value.
  init(rows: Int, frames: Int, fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
    (self.rows, self.frames) = (rows, frames)
    values = [Float](unsafeUninitializedCapacity: rows * frames) { buffer, filled in
      let values = UnsafeMutableBufferPointer(rebasing: buffer[..<(rows * frames)])
      fill(values)
      filled = rows * frames
    }
  }

  /// The values of row `index`.
  public func row(_ index: Int) -> ArraySlice<Float> { values[index * frames..<(index + 1) * frames] }

  /// Rows and columns exchanged.
  var transposed: FeatureMatrix {
    FeatureMatrix(rows: frames, frames: rows) { output in
      values.withUnsafeBufferPointer { audio_transpose(output.baseAddress, $0.baseAddress, rows, frames) }
    }
  }

  /// The matrices one below the other; all have the same frames.
  public static func stacked(_ matrices: [FeatureMatrix]) -> FeatureMatrix {
    let frames = matrices.first?.frames ?? 0
    precondition(matrices.allSatisfy { $0.frames == frames }, "stacked matrices differ in frames")
    var values: [Float] = []
    values.reserveCapacity(matrices.reduce(0) { $0 + $1.values.count })
    for matrix in matrices { values += matrix.values }
    return FeatureMatrix(rows: matrices.reduce(0) { $0 + $1.rows }, frames: frames, values: values)
  }

  /// The matrix with copies of its last frame behind it, `count` frames in all.
  public func extended(to count: Int) -> FeatureMatrix {
    precondition(frames > 0 && count >= frames, "\(frames) frames cannot be extended to \(count)")
    return FeatureMatrix(rows: rows, frames: count) { output in
      values.withUnsafeBufferPointer { values in
        guard let source = values.baseAddress, let target = output.baseAddress else { return }
        for row in 0..<rows {
          let start = target + row * count
          start.initialize(from: source + row * frames, count: frames)
          (start + frames).initialize(repeating: source[(row + 1) * frames - 1], count: count - frames)
        }
      }
    }
  }

  /// The mean of each row.
  public var meanOverTime: [Float] {
    (0..<rows).map { row(_: $0).reduce(0) { $0 + Double($1) } }.map { Float($0 / Double(frames)) }
  }
}
