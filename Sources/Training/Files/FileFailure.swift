import Diagnostics
import Glibc

/// Makes the diagnostics of failed system calls.
enum FileFailure {
  /// An error that says which file could not be written and what the system said.
  ///
  /// - Parameter code: `errno` right after the call that failed.
  static func write(_ path: String, doing action: String, code: Int32) -> DiagnosticFailure {
    let advice =
      switch code {
      case ENOSPC, EDQUOT: "Make room on the disk, or choose another folder with --output-dir."
      case EACCES, EPERM, EROFS: "Check who may write to the folder, or choose another one with --output-dir."
      case ENOENT, ENOTDIR: "Check that the folder is still there."
      default: "Check the disk and the folder, then try again."
      }
    return DiagnosticFailure([
      Diagnostic(
        "run.write_failed", .error, "cannot write '\(path)'",
        detail: "The system said on trying to \(action): \(text(of: code)). \(advice)")
    ])
  }

  /// An error that says which file could not be read and what the system said.
  static func read(_ path: String, doing action: String, code: Int32) -> DiagnosticFailure {
    DiagnosticFailure([
      Diagnostic(
        "run.read_failed", .error, "cannot read '\(path)'",
        detail: "The system said on trying to \(action): \(text(of: code)). Check that the file is there and readable.")
    ])
  }

  /// The system's sentence for an `errno`.
  static func text(of code: Int32) -> String { String(cString: strerror(code)) }

  /// Whether `path` is a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
