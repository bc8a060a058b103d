import CKernels

/// Where the windows of a pool lie on one axis, and what an average over them multiplies its sum by.
struct PoolWindows: Sendable {
  /// First and end of each window, one behind the other.
  private(set) var bounds: [Int32] = []
  private(set) var scales: [Float] = []

  var count: Int { scales.count }

  /// One window over one point, for the axis that a signal lacks.
  static let point = PoolWindows(input: 1, output: 1)

  /// Sliding windows. With `countIncludePad` an average divides by the window's part of the padded input, else by its
  /// part of the input.
  init(input: Int, kernel: Int, stride: Int, padding: Int, ceilMode: Bool, countIncludePad: Bool) {
    let count = MaxPool.outputExtent(
      input: input, kernel: kernel, stride: stride, padding: padding, ceilMode: ceilMode)
    for index in 0..<count {
      let start = index * stride - padding
      let (first, end) = (max(0, start), min(start + kernel, input))
      append(first, end, divisor: countIncludePad ? min(start + kernel, input + padding) - start : end - first)
    }
  }

  /// PyTorch's adaptive windows: window i covers floor(i input / output) ..< ceil((i + 1) input / output).
  init(input: Int, output: Int) {
    for index in 0..<output {
      let (first, end) = (index * input / output, ((index + 1) * input + output - 1) / output)
      append(first, end, divisor: end - first)
    }
  }

  private mutating func append(_ first: Int, _ end: Int, divisor: Int) {
    bounds += [Int32(first), Int32(end)]
    scales.append(1 / Float(divisor))
  }
}

/// The windows of an image, for the C loops.
struct PoolGrid: Sendable {
  let channels: Int
  let height: Int
  let width: Int
  let rows: PoolWindows
  let columns: PoolWindows

  /// `input` and `windows` have one value a spatial axis: one or two.
  init(channels: Int, input: [Int], windows: [PoolWindows]) {
    precondition((1...2).contains(input.count) && windows.count == input.count, "a pool has one or two spatial axes")
    self.channels = channels
    (height, width) = (input.count == 2 ? input[0] : 1, input[input.count - 1])
    (rows, columns) = (windows.count == 2 ? windows[0] : .point, windows[windows.count - 1])
  }

  var imageCount: Int { height * width * channels }
  var outImageCount: Int { rows.count * columns.count * channels }

  /// Calls `body` with the grid as C wants it.
  func withLoops(_ body: (UnsafePointer<serspec_windows>) -> Void) {
    rows.bounds.withUnsafeBufferPointer { y in
      columns.bounds.withUnsafeBufferPointer { x in
        rows.scales.withUnsafeBufferPointer { scaleY in
          columns.scales.withUnsafeBufferPointer { scaleX in
            guard let y = y.baseAddress, let x = x.baseAddress, let scaleY = scaleY.baseAddress,
              let scaleX = scaleX.baseAddress
            else { return }
            let loops = serspec_windows(
              height: Int32(height), width: Int32(width), channels: Int32(channels), out_height: Int32(rows.count),
              out_width: Int32(columns.count), y: y, x: x, scale_y: scaleY, scale_x: scaleX)
            withUnsafePointer(to: loops, body)
          }
        }
      }
    }
  }
}
