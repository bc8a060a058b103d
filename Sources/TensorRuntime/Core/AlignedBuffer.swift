import Glibc

/// Owns floats that start on a 64-byte boundary, a cache line; zeroed.
///
/// A large buffer is a mapping of its own: its pages take no memory until they are first written, and go back to the system
/// with it. (Asking for pages of 2 MB was tried: it saved no time in a step, and the system took a second to find them.)
public final class AlignedBuffer: @unchecked Sendable {
  public let count: Int
  /// Valid as long as the buffer lives, which is until its last mention: hold on to it with `withExtendedLifetime` or a
  /// stored property while only the pointer is in use. Who writes where is the caller's business.
  public let pointer: UnsafeMutablePointer<Float>
  /// The bytes of the mapping; nil for memory of the heap.
  private let mapped: Int?
  /// The buffer that this one is a part of.
  private let whole: AlignedBuffer?

  /// What is large enough for a mapping of its own.
  private static let largeBytes = 1 << 20

  public init(count: Int) {
    precondition(count >= 0, "a count")
    self.count = count
    whole = nil
    let bytes = max(64, (count * MemoryLayout<Float>.stride + 63) & ~63)
    let memory: UnsafeMutableRawPointer
    if bytes >= AlignedBuffer.largeBytes, let pages = AlignedBuffer.map(bytes) {
      memory = pages
      mapped = bytes
    } else {
      memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      memset(memory, 0, bytes)
      mapped = nil
    }
    pointer = memory.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
  }

  /// The first `count` floats of another buffer, which lives as long as this one does.
  public init(start count: Int, of whole: AlignedBuffer) {
    precondition((0...whole.count).contains(count), "a part")
    self.count = count
    self.whole = whole
    pointer = whole.pointer
    mapped = nil
  }

  deinit {
    if whole != nil { return }
    if let mapped {
      munmap(pointer, mapped)
    } else {
      UnsafeMutableRawPointer(pointer).deallocate()
    }
  }

  /// Zeroed pages; nil where the system gives none.
  private static func map(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let pages = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    return pages == MAP_FAILED ? nil : pages
  }

  /// The values as an array.
  public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Copies `values`, at most `count`, to the start of the buffer.
  public func assign(_ values: [Float]) {
    precondition(values.count <= count, "the values fit")
    pointer.update(from: values, count: values.count)
  }
}
