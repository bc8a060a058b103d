import CKernels

/// How the C library's heap treats freed memory.
public enum HeapPolicy {
  /// Keeps freed memory in the process, once and for all threads; false where the C library cannot.
  ///
  /// Decoding and analysis free about 2 MB a clip and want as much again for the next. Given back to the kernel each time, the pages
  /// are cleared and mapped anew, which takes a quarter of a clip's time.
  public static let keepsFreedMemory = heap_set_thresholds(32 << 20, 256 << 20) != 0
}
