/// An array as `numpy.load` reads it: NumPy's format, version 1.0 (numpy.lib.format; NEP 1).
package struct NumpyArray {
  private enum Content {
    /// Stretches of single-precision numbers, one behind the other.
    case floats([[Float]])
    case bytes([UInt8])
  }

  package let shape: [Int]
  /// NumPy's name of the type: `<f4`, `<U12`.
  package let type: String
  private let content: Content

  /// Single-precision numbers, row-major; `parts` one behind the other make the whole.
  package init(shape: [Int], parts: [[Float]]) {
    precondition(parts.reduce(0) { $0 + $1.count } == shape.reduce(1, *), "the values do not make the shape")
    (self.shape, type, content) = (shape, "<f4", .floats(parts))
  }

  /// Texts, all kept as long as the longest.
  package init(texts: [String]) {
    let scalars = texts.map { Array($0.unicodeScalars) }
    // NumPy has no texts of no characters.
    let length = max(1, scalars.map(\.count).max() ?? 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * length * texts.count)
    for text in scalars {
      for index in 0..<length {
        let value = index < text.count ? text[index].value : 0
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
      }
    }
    (shape, type, content) = ([texts.count], "<U\(length)", .bytes(bytes))
  }

  /// How many bytes `forEachPart` gives.
  var byteCount: Int {
    switch content {
    case .floats(let parts): header.count + parts.reduce(0) { $0 + 4 * $1.count }
    case .bytes(let bytes): header.count + bytes.count
    }
  }

  /// The file's bytes in order. Every machine that this runs on is little endian.
  func forEachPart(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try header.withUnsafeBytes(body)
    switch content {
    case .floats(let parts): for part in parts { try part.withUnsafeBytes(body) }
    case .bytes(let bytes): try bytes.withUnsafeBytes(body)
    }
  }

  /// Magic, version, length and a Python literal, padded so that the values begin at a multiple of 64.
  private var header: [UInt8] {
    let extents = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    let unpadded = 10 + text.utf8.count + 1
    let padding = (64 - unpadded % 64) % 64
    let length = unpadded + padding - 10
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
      + [UInt8](repeating: 0x20, count: padding) + [0x0A]
  }
}
