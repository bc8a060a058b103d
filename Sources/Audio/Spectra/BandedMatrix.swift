import CKernels

/// A matrix that multiplies from the left and of which each row is zero outside one stretch of columns: mel and chroma
/// filters, the cosine transform, smoothing, interpolation.
public struct BandedMatrix: Sendable {
  /// Rows of the product.
  public let rows: Int
  /// Rows of what it multiplies.
  public let columns: Int
  private let starts: [Int32]
  private let counts: [Int32]
  private let offsets: [Int32]
  private let weights: [Float]

  /// The matrix with the given rows of `columns` values each; zeros at both ends of a row are left out.
  public init(_ dense: [[Float]], columns: Int) {
    rows = dense.count
    self.columns = columns
    var (starts, counts, offsets, weights): ([Int32], [Int32], [Int32], [Float]) = ([], [], [], [])
    for row in dense {
      let first = row.firstIndex { $0 != 0 } ?? 0
      let end = (row.lastIndex { $0 != 0 } ?? -1) + 1
      starts.append(Int32(first))
      counts.append(Int32(max(0, end - first)))
      offsets.append(Int32(weights.count))
      if end > first { weights += row[first..<end] }
    }
    (self.starts, self.counts, self.offsets, self.weights) = (starts, counts, offsets, weights)
  }

  /// The row `index` in full.
  public subscript(index: Int) -> [Float] {
    var row = [Float](repeating: 0, count: columns)
    for tap in 0..<Int(counts[index]) { row[Int(starts[index]) + tap] = weights[Int(offsets[index]) + tap] }
    return row
  }

  /// `[rows, width]` from `[columns, width]`, written to `output` with rows `outputStride` apart.
  func multiply(
    _ input: UnsafePointer<Float>, stride: Int, width: Int, to output: UnsafeMutablePointer<Float>, outputStride: Int
  ) {
    audio_banded_product(output, outputStride, input, stride, width, rows, starts, counts, offsets, weights)
  }

  /// `[rows, frames]` from `[columns, frames]`.
  public func multiply(_ matrix: FeatureMatrix) -> FeatureMatrix {
    precondition(matrix.rows == columns, "a matrix of \(columns) columns cannot multiply \(matrix.rows) rows")
    return FeatureMatrix(rows: rows, frames: matrix.frames) { output in
      matrix.values.withUnsafeBufferPointer { input in
        guard let input = input.baseAddress, let output = output.baseAddress else { return }
        multiply(input, stride: matrix.frames, width: matrix.frames, to: output, outputStride: matrix.frames)
      }
    }
  }

  /// `[rows, frames]` from `[columns, frames]`, in tiles both.
  public func multiply(_ tiled: TiledFrames) -> TiledFrames {
    precondition(tiled.rows == columns, "a matrix of \(columns) columns cannot multiply \(tiled.rows) rows")
    return TiledFrames(rows: rows, frames: tiled.frames) { output in
      audio_banded_tiles(
        output.baseAddress, tiled.values, tiled.count, columns, rows, starts, counts, offsets, weights)
    }
  }
}
