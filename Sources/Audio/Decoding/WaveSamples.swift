import Foundation

/// Reads the samples of WAV files, as libsndfile scales them: whole numbers of b bits are divided by 2^(b-1), those of 8 bits are unsigned.
enum WaveSamples {
  /// Samples over all channels that are read at once.
  private static let block = 1 << 16

  /// All samples, one channel beside the other in time, from a file whose size has been compared with the header's.
  static func interleaved(_ descriptor: Int32, _ header: AudioHeader) throws(AudioProblem) -> [Float] {
    let count = header.frames * header.format.channels
    let width = header.format.bits / 8
    let isFloat = header.format.encoding == .float
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: min(count, block) * width, alignment: 64)
    defer { raw.deallocate() }
    let samples = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      guard let target = buffer.baseAddress else { return }
      while filled < count {
        let wanted = min(count - filled, block)
        let read = readFully(descriptor, raw, wanted * width, at: header.offset + filled * width) / width
        convert(UnsafeRawBufferPointer(raw), read, bits: header.format.bits, isFloat: isFloat, to: target + filled)
        filled += read
        if read < wanted { return }
      }
    }
    // It became shorter since it was opened, or the disk cannot be read.
    guard samples.count == count else {
      throw .truncated(expected: count * width, found: samples.count * width, unit: "bytes")
    }
    return samples
  }

  /// `count` little-endian samples as floats. Every machine that this runs on is little endian.
  private static func convert(
    _ raw: UnsafeRawBufferPointer, _ count: Int, bits: Int, isFloat: Bool, to target: UnsafeMutablePointer<Float>
  ) {
    switch (bits, isFloat) {
    case (8, _):
      let source = raw.bindMemory(to: UInt8.self)
      for index in 0..<count { target[index] = (Float(source[index]) - 128) * 0x1p-7 }
    case (16, _):
      let source = raw.bindMemory(to: Int16.self)
      for index in 0..<count { target[index] = Float(source[index]) * 0x1p-15 }
    case (24, _):
      let source = raw.bindMemory(to: UInt8.self)
      for index in 0..<count {
        let low = UInt32(source[3 * index]) << 8 | UInt32(source[3 * index + 1]) << 16
        let value = Int32(bitPattern: low | UInt32(source[3 * index + 2]) << 24)
        target[index] = Float(value) * 0x1p-31
      }
    case (32, false):
      let source = raw.bindMemory(to: Int32.self)
      for index in 0..<count { target[index] = Float(source[index]) * 0x1p-31 }
    case (32, true):
      let source = raw.bindMemory(to: Float.self)
      for index in 0..<count { target[index] = source[index] }
    default:
      let source = raw.bindMemory(to: Double.self)
      for index in 0..<count { target[index] = Float(source[index]) }
    }
  }
}
