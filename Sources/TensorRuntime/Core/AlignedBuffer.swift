import Glibc

/// Owns floats that start on a 64-byte boundary, a cache line; zeroed.
public final class AlignedBuffer: @unchecked Sendable {
  public let count: Int
  /// Valid as long as the buffer lives, which is until its last mention: hold on to it with `withExtendedLifetime` or a
  /// stored property while only the pointer is in use. Who writes where is the caller's business.
  public let pointer: UnsafeMutablePointer<Float>

  public init(count: Int) {
    precondition(count >= 0, "a count")
    self.count = count
    let bytes = max(64, (count * MemoryLayout<Float>.stride + 63) & ~63)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    memset(memory, 0, bytes)
    pointer = memory.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// The values as an array.
  public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Copies `values`, at most `count`, to the start of the buffer.
  public func assign(_ values: [Float]) {
    precondition(values.count <= count, "the values fit")
    pointer.update(from: values, count: values.count)
  }
}
