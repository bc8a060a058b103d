import Glibc

/// Owns floats that start on a 64-byte boundary, a cache line; zeroed.
///
/// A large buffer is a mapping of its own, in pages of 2 MB where the system grants them: a step walks through hundreds
/// of megabytes, and with pages of 4 kB the processor spends part of it on looking up addresses. Its pages take no memory
/// until they are first written.
public final class AlignedBuffer: @unchecked Sendable {
  public let count: Int
  /// Valid as long as the buffer lives, which is until its last mention: hold on to it with `withExtendedLifetime` or a
  /// stored property while only the pointer is in use. Who writes where is the caller's business.
  public let pointer: UnsafeMutablePointer<Float>
  /// The mapping that `pointer` lies in; nil for memory of the heap.
  private let mapping: UnsafeMutableRawBufferPointer?

  /// A large page, and what is large enough to be mapped.
  private static let largePage = 2 << 20

  public init(count: Int) {
    precondition(count >= 0, "a count")
    self.count = count
    let bytes = max(64, (count * MemoryLayout<Float>.stride + 63) & ~63)
    let memory: UnsafeMutableRawPointer
    mapping = bytes >= AlignedBuffer.largePage ? AlignedBuffer.mapped(bytes) : nil
    if let start = mapping?.baseAddress {
      memory = start.alignedUp(toMultipleOf: AlignedBuffer.largePage)
      // Where the system has no large pages, the small ones serve.
      madvise(memory, bytes, MADV_HUGEPAGE)
    } else {
      memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      memset(memory, 0, bytes)
    }
    pointer = memory.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
  }

  deinit {
    if let mapping {
      munmap(mapping.baseAddress, mapping.count)
    } else {
      UnsafeMutableRawPointer(pointer).deallocate()
    }
  }

  /// Zeroed memory with room to align `bytes` to a large page; nil where the system gives none.
  private static func mapped(_ bytes: Int) -> UnsafeMutableRawBufferPointer? {
    let length = bytes + largePage
    let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start, start != MAP_FAILED else { return nil }
    return UnsafeMutableRawBufferPointer(start: start, count: length)
  }

  /// The values as an array.
  public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Copies `values`, at most `count`, to the start of the buffer.
  public func assign(_ values: [Float]) {
    precondition(values.count <= count, "the values fit")
    pointer.update(from: values, count: values.count)
  }
}
