import CKernels
import Glibc

/// The block cipher that turns counters into random numbers.
package enum Philox {
  /// Writes blocks `first` ..< `first + count`, four numbers each.
  package static func blocks(key: UInt64, first: UInt64, count: Int, into out: UnsafeMutablePointer<UInt32>) {
    Kernels.table.philox(key, first, count, out)
  }
}

/// The random numbers of a `RandomKey`, by position: number i is the same whether it is drawn first, last or alone.
///
/// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011): block b of
/// four numbers is the cipher of the counter (b, 0) under the key.
public struct RandomStream: Sendable {
  public let key: RandomKey

  public init(_ key: RandomKey) { self.key = key }

  /// Writes the four numbers of each of the blocks `first` ..< `first + count`.
  public func blocks(first: UInt64, count: Int, into out: UnsafeMutablePointer<UInt32>) {
    Philox.blocks(key: key.bits, first: first, count: count, into: out)
  }

  /// Number `index` of the stream.
  public func uint32(at index: UInt64) -> UInt32 {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4) { block in
      guard let start = block.baseAddress else { return 0 }
      blocks(first: index / 4, count: 1, into: start)
      return start[Int(index % 4)]
    }
  }

  /// Numbers `first` ..< `first + count` as uniform values in [0, 1), with 24 bits.
  public func uniforms(first: UInt64 = 0, count: Int) -> [Float] {
    var cursor = RandomCursor(self, at: first)
    return (0..<count).map { _ in cursor.uniform() }
  }

  /// `count` standard normal values (Box, Muller 1958); value i takes the numbers 2 (i / 2) and 2 (i / 2) + 1.
  public func normals(count: Int) -> [Float] {
    var cursor = RandomCursor(self)
    var values = [Float]()
    values.reserveCapacity(count + 1)
    while values.count < count {
      let (a, b) = cursor.normalPair()
      values.append(a)
      values.append(b)
    }
    if values.count > count { values.removeLast() }
    return values
  }

  /// A permutation of 0 ..< count (Fisher, Yates; Durstenfeld 1964), each equally likely.
  public func permutation(_ count: Int) -> [Int] {
    var cursor = RandomCursor(self)
    var values = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { values.swapAt(last, cursor.below(last + 1)) }
    return values
  }
}

/// Reads a `RandomStream` from a position onwards.
public struct RandomCursor: RandomNumberGenerator {
  public let stream: RandomStream
  /// The index of the next 32-bit number.
  public private(set) var position: UInt64
  /// Numbers that were drawn ahead, the first of them at `bufferStart`.
  private var buffer: [UInt32] = []
  private var bufferStart: UInt64 = 0

  public init(_ stream: RandomStream, at position: UInt64 = 0) {
    self.stream = stream
    self.position = position
  }

  public mutating func uint32() -> UInt32 {
    if position < bufferStart || position - bufferStart >= UInt64(buffer.count) {
      // A short stream costs little, a long one few calls.
      let ahead = buffer.isEmpty ? 4 : 64
      bufferStart = position & ~3
      buffer = [UInt32](unsafeUninitializedCapacity: 4 * ahead) { [stream, bufferStart] memory, count in
        guard let start = memory.baseAddress else { return }
        stream.blocks(first: bufferStart / 4, count: ahead, into: start)
        count = 4 * ahead
      }
    }
    defer { position += 1 }
    return buffer[Int(position - bufferStart)]
  }

  /// The next 64 bits: two numbers, the first in the low half. Makes the cursor a source for the standard library's
  /// `random(in:using:)`.
  public mutating func next() -> UInt64 {
    let low = UInt64(uint32())
    return low | UInt64(uint32()) << 32
  }

  /// Uniform in [0, 1), a multiple of 2^-24.
  public mutating func uniform() -> Float { Float(uint32() >> 8) * 0x1p-24 }

  /// Two independent standard normal values from two numbers (Box, Muller 1958).
  public mutating func normalPair() -> (Float, Float) {
    // In (0, 1], so that the logarithm is finite.
    let radius = (-2 * log(Double(uint32()) * 0x1p-32 + 0x1p-32)).squareRoot()
    let angle = 2 * Double.pi * Double(uint32()) * 0x1p-32
    return (Float(radius * cos(angle)), Float(radius * sin(angle)))
  }

  /// Uniform in 0 ..< `bound`, without bias, by rejection (Lemire 2019, "Fast random integer generation in an
  /// interval"). `bound` is in 1 ... 2^32.
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound >= 1 && bound <= 1 << 32, "a bound of 32 bits")
    let range = UInt64(bound)
    let tooLow = (1 << 32) % range
    while true {
      let product = UInt64(uint32()) * range
      if product & 0xFFFF_FFFF >= tooLow { return Int(product >> 32) }
    }
  }
}
