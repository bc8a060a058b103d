import Audio
import Foundation

/// The files of Fixtures/, made by make_audio_fixtures.py.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Raw float32 values.
  static func floats(_ name: String) throws -> [Float] {
    try Data(contentsOf: folder.appendingPathComponent(name)).withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  static func voice() throws -> [Float] { try AudioDecoder.decode(path: path("voice.wav")).channels[0] }
}

/// The largest difference; infinite where the counts differ.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
}

/// The largest difference in any row of a matrix as a share of the range of the reference row.
func largestShare(_ matrix: FeatureMatrix, _ reference: [Float]) -> Float {
  guard reference.count == matrix.values.count else { return .infinity }
  return (0..<matrix.rows).map { row in
    let expected = Array(reference[row * matrix.frames..<(row + 1) * matrix.frames])
    let range = (expected.max() ?? 0) - (expected.min() ?? 0)
    return largestDifference(Array(matrix.row(row)), expected) / max(range, 1e-12)
  }.max() ?? 0
}
