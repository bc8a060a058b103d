import Diagnostics
import TensorRuntime

/// OpenBLAS, which must be loaded before any operation runs.
///
/// - Throws: `DiagnosticFailure` (`run.blas_missing`) where the library is not installed.
public func loadBLAS() throws -> BLAS {
  do {
    return try BLAS.load()
  } catch {
    throw DiagnosticFailure([
      Diagnostic(
        "run.blas_missing", "OpenBLAS cannot be loaded",
        detail: "The system said: \(error). Install Debian's package libopenblas0, or run scripts/install-libraries.sh."
      )
    ])
  }
}
