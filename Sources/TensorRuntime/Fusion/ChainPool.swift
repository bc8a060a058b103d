import CKernels
import Glibc

/// A pool as part of a fused operation: it runs on some rows of an image at a time.
///
/// An image is [rows, width, channels]; a signal is an image one column wide, so that its positions are the rows.
struct ChainPool: Sendable {
  private enum Kind: Sendable {
    case max(serspec_pool, placeBytes: Int)
    case average(PoolGrid)
    /// The mean over all positions.
    case global
  }

  let label: String
  let channels: Int
  let rows: Int
  let width: Int
  let outRows: Int
  let outWidth: Int
  /// The input rows of each output row; neither end ever falls.
  private let windows: [Range<Int>]
  private let kind: Kind

  /// Takes a `MaxPool`, an `AveragePool` or a `GlobalAveragePool`; nil for anything else.
  init?(_ operation: any Operation) {
    let input = operation.inputs[0].shape
    let spatial = Array(input.extents.dropFirst(2))
    label = operation.label
    channels = input[1]
    rows = spatial.first ?? 1
    width = spatial.dropFirst().reduce(1, *)
    switch operation {
    case let pool as MaxPool:
      let out = pool.output.shape.extents.dropFirst(2)
      func pair(_ values: [Int], _ otherwise: Int32) -> (y: Int32, x: Int32) {
        (Int32(values[0]), values.count == 2 ? Int32(values[1]) : otherwise)
      }
      let (kernel, stride, padding) = (pair(pool.kernel, 1), pair(pool.stride, 1), pair(pool.padding, 0))
      let outExtents = pair(Array(out), 1)
      let geometry = serspec_pool(
        height: Int32(rows), width: Int32(width), channels: Int32(channels), out_height: outExtents.y,
        out_width: outExtents.x, kernel_y: kernel.y, kernel_x: kernel.x, stride_y: stride.y, stride_x: stride.x,
        padding_y: padding.y, padding_x: padding.x)
      kind = .max(geometry, placeBytes: pool.placeBytes)
      (outRows, outWidth) = (Int(outExtents.y), Int(outExtents.x))
      let rows = rows
      windows = (0..<outRows).map {
        let start = $0 * pool.stride[0] - pool.padding[0]
        return max(0, start)..<min(rows, start + pool.kernel[0])
      }
    case let pool as AveragePool:
      // Where there is one axis, the grid keeps it as its columns.
      let isSignal = spatial.count == 1
      let (down, across) = isSignal ? (pool.grid.columns, .point) : (pool.grid.rows, pool.grid.columns)
      kind = .average(
        PoolGrid(channels: channels, input: isSignal ? spatial + [1] : spatial, windows: [down, across]))
      (outRows, outWidth) = (down.count, across.count)
      windows = (0..<down.count).map { Int(down.bounds[2 * $0])..<Int(down.bounds[2 * $0 + 1]) }
    case is GlobalAveragePool:
      kind = .global
      (outRows, outWidth) = (1, 1)
      windows = [0..<rows]
    default: return nil
    }
  }

  /// Whether one window covers everything, and each value's gradient is the same.
  var isGlobal: Bool {
    if case .global = kind { true } else { false }
  }

  /// Floats of the places that a max pool keeps of `samples` samples; 0 for other pools.
  func places(samples: Int) -> Int {
    guard case .max(_, let bytes) = kind else { return 0 }
    return (samples * outRows * outWidth * channels * bytes + 3) / 4
  }

  /// The input rows that `outputs` read, the rows between them too.
  func inputs(of outputs: Range<Int>) -> Range<Int> {
    outputs.isEmpty ? 0..<0 : windows[outputs.lowerBound].lowerBound..<windows[outputs.upperBound - 1].upperBound
  }

  /// The output rows that read any of the rows `inputs`.
  func outputs(reading inputs: Range<Int>) -> Range<Int> {
    let first = windows.firstIndex { $0.upperBound > inputs.lowerBound } ?? windows.count
    let end = windows.firstIndex { $0.lowerBound >= inputs.upperBound } ?? windows.count
    return first..<max(first, end)
  }

  /// Writes the output rows `outputs` of one image.
  ///
  /// - Parameters:
  ///   - x: input rows from `first` on, those of `inputs(of:)` at least.
  ///   - y: where the first of the output rows goes.
  ///   - places: of the whole batch; nil where nobody asks for them.
  func forward(
    _ outputs: Range<Int>, sample: Int, x: UnsafePointer<Float>, first: Int, y: UnsafeMutablePointer<Float>,
    places: UnsafeMutablePointer<Float>?
  ) {
    switch kind {
    case .max(let geometry, let bytes):
      withUnsafePointer(to: part(geometry, outputs, first: first, end: inputs(of: outputs).upperBound)) {
        Kernels.table.max_pool(
          $0, x, y, places.map { UnsafeMutableRawPointer($0) + placeOffset(sample, outputs.lowerBound) * bytes },
          bytes > 1 ? 1 : 0)
      }
    case .average(let grid):
      grid.withLoops {
        withUnsafePointer(to: part($0.pointee, outputs)) {
          Kernels.table.window_average($0, x - first * width * channels, y)
        }
      }
    case .global:
      Kernels.table.column_sums(rows * width, channels, channels, 1 / Float(rows * width), x, y)
    }
  }

  /// Writes the gradient of the input rows `rows`, zeros where no window is, as far as it comes from `outputs`.
  ///
  /// - Parameters:
  ///   - dy: the gradient of the first of the output rows.
  ///   - dx: where the first of the input rows goes.
  func gradient(
    _ outputs: Range<Int>, sample: Int, dy: UnsafePointer<Float>, places: UnsafePointer<Float>?, rows: Range<Int>,
    dx: UnsafeMutablePointer<Float>
  ) {
    let rowCount = width * channels
    switch kind {
    case .max(let geometry, let bytes):
      guard let places else { return }
      withUnsafePointer(to: part(geometry, outputs, first: rows.lowerBound, end: rows.upperBound)) {
        Kernels.table.max_pool_gradient(
          $0, dy, UnsafeRawPointer(places) + placeOffset(sample, outputs.lowerBound) * bytes, dx, bytes > 1 ? 1 : 0, 0)
      }
    case .average(let grid):
      memset(dx, 0, rows.count * rowCount * MemoryLayout<Float>.stride)
      grid.withLoops {
        withUnsafePointer(to: part($0.pointee, outputs)) {
          Kernels.table.window_average_gradient($0, dy, dx - rows.lowerBound * rowCount, 1)
        }
      }
    case .global:
      Kernels.table.spread_row(rows.count * width, channels, 1 / Float(self.rows * width), dy, dx, 0)
    }
  }

  private func placeOffset(_ sample: Int, _ row: Int) -> Int { (sample * outRows + row) * outWidth * channels }

  /// The pool of the output rows `outputs` on an image that has the rows `first` ..< `end` only.
  private func part(_ whole: serspec_pool, _ outputs: Range<Int>, first: Int, end: Int) -> serspec_pool {
    var part = whole
    part.height = Int32(end - first)
    part.out_height = Int32(outputs.count)
    part.padding_y = Int32(first) - Int32(outputs.lowerBound) * whole.stride_y + whole.padding_y
    return part
  }

  /// The windows of the output rows `outputs`; they name rows of the whole image.
  private func part(_ whole: serspec_windows, _ outputs: Range<Int>) -> serspec_windows {
    var part = whole
    part.out_height = Int32(outputs.count)
    part.y += 2 * outputs.lowerBound
    part.scale_y += outputs.lowerBound
    return part
  }
}
