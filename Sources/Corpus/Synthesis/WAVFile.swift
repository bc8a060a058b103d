import Diagnostics
import Foundation

/// Writes mono 16-bit PCM WAV files.
enum WAVFile {
  /// Writes `samples` to `path` whole or not at all: under a temporary name in the same folder, then renamed. Throws
  /// `run.write_failed`.
  static func write(_ samples: [Int16], rate: Int, to path: String) throws(Diagnostic) {
    let temporary = "\(path).\(getpid()).part"
    do {
      try bytes(samples, rate: rate).write(to: URL(fileURLWithPath: temporary))
    } catch {
      unlink(temporary)
      throw Diagnostic(
        "run.write_failed", .error, "cannot write \(path)", detail: (error as NSError).localizedDescription)
    }
    guard rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw Diagnostic("run.write_failed", .error, "cannot write \(path)", detail: reason)
    }
  }

  /// The 44-byte header and the samples, little-endian.
  static func bytes(_ samples: [Int16], rate: Int) -> Data {
    var data = Data(capacity: 44 + 2 * samples.count)
    func append(_ text: String) { data.append(contentsOf: text.utf8) }
    func append<Number: FixedWidthInteger>(_ number: Number) {
      withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
    }
    append("RIFF")
    append(UInt32(36 + 2 * samples.count))
    append("WAVEfmt ")
    append(UInt32(16))
    // PCM, one channel.
    append(UInt16(1))
    append(UInt16(1))
    append(UInt32(rate))
    append(UInt32(2 * rate))
    append(UInt16(2))
    append(UInt16(16))
    append("data")
    append(UInt32(2 * samples.count))
    samples.map(\.littleEndian).withUnsafeBytes { data.append(contentsOf: $0) }
    return data
  }
}
