import CKernels
import Glibc

/// The C inner loops in use: the best level that this CPU has, or a lower one that the environment variable
/// `SERSPEC_KERNELS` asks for (`baseline`, `avx2`, `avx512`).
public enum Kernels {
  static let table: serspec_kernels = serspec_kernels_for(getenv("SERSPEC_KERNELS")).pointee

  /// Columns of a panel of a matrix product at this level.
  static let panelWidth = Int(table.panel)

  /// The level in use: `baseline`, `avx2` or `avx512`.
  public static var level: String { String(cString: table.name) }
}
