import CKernels
import COpenBLAS
import Glibc

/// OpenBLAS, loaded at run time so that its kernel can be chosen first.
///
/// It runs one thread: OpenBLAS's own threads would change the bits with their number. `WorkerPool` spreads tiles
/// instead.
public final class BLAS: @unchecked Sendable {
  /// OpenBLAS's name of the kernel in use, such as `Zen` or `SkylakeX`.
  public let coreName: String
  /// OpenBLAS's version and build options.
  public let configuration: String
  private let product: serspec_sgemm

  private static let loaded = Result { try BLAS() }

  /// The library, loaded on the first call. Call it before any operation runs.
  /// - Throws: `BLASUnavailable` if it is missing.
  public static func load() throws -> BLAS { try loaded.get() }

  /// The library, where `load` is known to have succeeded.
  static var shared: BLAS {
    guard case .success(let blas) = loaded else {
      preconditionFailure("BLAS.load() succeeds before any operation runs")
    }
    return blas
  }

  private init() throws {
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    // The user's own setting wins.
    if serspec_prefers_skylakex() != 0 { setenv("OPENBLAS_CORETYPE", "SkylakeX", 0) }
    guard
      let library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL) ?? dlopen("libopenblas.so", RTLD_NOW | RTLD_LOCAL)
    else {
      throw BLASUnavailable(reason: dlerror().map { String(cString: $0) } ?? "libopenblas.so.0 was not found")
    }
    guard let product = dlsym(library, "cblas_sgemm") else {
      throw BLASUnavailable(reason: "libopenblas.so.0 has no cblas_sgemm")
    }
    self.product = unsafeBitCast(product, to: serspec_sgemm.self)
    if let setThreads = dlsym(library, "openblas_set_num_threads") {
      unsafeBitCast(setThreads, to: serspec_set_threads.self)(1)
    }
    func text(_ symbol: String) -> String {
      guard let function = dlsym(library, symbol), let text = unsafeBitCast(function, to: serspec_text.self)() else {
        return "unknown"
      }
      return String(cString: text)
    }
    coreName = text("openblas_get_corename")
    configuration = text("openblas_get_config")
  }

  /// `c = alpha op(a) op(b) + beta c`, row-major: op(a) is m x k, op(b) is k x n, c is m x n, and `ld*` are the
  /// distances between rows in memory.
  func sgemm(
    transA: Bool, transB: Bool, m: Int, n: Int, k: Int, alpha: Float, a: UnsafePointer<Float>, lda: Int,
    b: UnsafePointer<Float>, ldb: Int, beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    product(
      Int32(SERSPEC_ROW_MAJOR), Int32((transA ? SERSPEC_TRANSPOSE : SERSPEC_NO_TRANSPOSE)),
      Int32((transB ? SERSPEC_TRANSPOSE : SERSPEC_NO_TRANSPOSE)), Int32(m), Int32(n), Int32(k), alpha, a,
      Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }
}

/// OpenBLAS could not be loaded.
public struct BLASUnavailable: Error, CustomStringConvertible {
  /// What the loader said.
  public let reason: String

  public var description: String {
    "OpenBLAS cannot be loaded (\(reason)): install libopenblas0 (Debian, Ubuntu) or add its folder to LD_LIBRARY_PATH"
  }
}
