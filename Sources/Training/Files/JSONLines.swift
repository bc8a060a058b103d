import Diagnostics
import Glibc

/// A file with one JSON object a line, to which a line is added for each finished epoch.
///
/// A line is appended and synced in one go. Should the process die within it, the file ends in a part of a line,
/// which `resume` removes.
public final class JSONLines {
  public let path: String
  private let descriptor: Int32

  /// Starts an empty file in place of whatever stands at `path`.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  public static func create(_ path: String) throws -> JSONLines {
    try AtomicFile.write([], to: path)
    return try JSONLines(path)
  }

  /// Opens a file to go on after epoch `epoch`: drops an unfinished last line and the rows of later epochs.
  ///
  /// - Returns: the file, and the rows that stand in it: one for each of the epochs 1 to `epoch`.
  /// - Throws: `DiagnosticFailure` with `run.records_incomplete` where one of these rows is missing or damaged; then the file is as
  ///   it was. `run.read_failed` and `run.write_failed` where the file cannot be read or written.
  public static func resume(_ path: String, afterEpoch epoch: Int) throws -> (file: JSONLines, rows: [JSON]) {
    let bytes = try ReadableFile.contents(path)
    var rows: [JSON] = []
    var kept = 0
    var start = 0
    while rows.count < epoch, let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      guard let row = try? JSON.parse(bytes[start..<end]), row["epoch"]?.asInteger == rows.count + 1 else { break }
      rows.append(row)
      start = end + 1
      kept = start
    }
    guard rows.count == epoch else {
      throw DiagnosticFailure([
        Diagnostic(
          "run.records_incomplete", .error, "'\(path)' lacks the row of epoch \(rows.count + 1)",
          detail: """
            Expected a row for each of the epochs 1 to \(epoch), which the checkpoint has behind it; found \(rows.count) whole rows \
            in order. Restore the file, or start over with --force.
            """)
      ])
    }
    if kept < bytes.count { try AtomicFile.write(bytes[..<kept], to: path) }
    return (try JSONLines(path), rows)
  }

  /// Adds a row and syncs the file.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`; then the file may end in a part of the row.
  public func append(_ row: JSON) throws {
    var line = Array(row.text(.line).utf8)
    line.append(UInt8(ascii: "\n"))
    var written = 0
    while written < line.count {
      let count = line.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written) }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw FileFailure.write(path, doing: "add a row", code: errno)
      }
    }
    guard fsync(descriptor) == 0 else { throw FileFailure.write(path, doing: "sync the file", code: errno) }
  }

  private init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure.write(path, doing: "open it for adding rows", code: errno) }
  }

  deinit { close(descriptor) }
}
