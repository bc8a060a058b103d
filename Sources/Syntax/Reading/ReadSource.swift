import Diagnostics
import Foundation

/// Reads the file at `path`, which must be a regular file of UTF-8 text; a byte order mark at its start is dropped.
///
/// Throws `DiagnosticFailure` with `file.missing`, `file.folder`, `file.unreadable` (no permission, or a pipe or
/// device: these are refused without being opened, so that nothing blocks), `file.too_large`, `file.empty` or
/// `file.encoding`.
public func readSource(path: String, limits: SyntaxLimits = .standard) throws -> SourceFile {
  var text = try bytes(of: path, limits: limits)
  guard !text.isEmpty else {
    throw DiagnosticFailure(Diagnostic("file.empty", "\(path) is empty", detail: "A YAML text was expected."))
  }
  if let kind = foreignEncoding(text) {
    throw DiagnosticFailure(
      Diagnostic(
        "file.encoding", "\(path) is \(kind) text, not UTF-8", detail: "Save the file in the encoding UTF-8."))
  }
  if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
  let file = SourceFile(name: path, text: text)
  if let offset = firstInvalidUTF8(text) { throw DiagnosticFailure(badEncoding(in: file, at: offset)) }
  return file
}

/// The content of a regular file of at most `limits.bytes`.
private func bytes(of path: String, limits: SyntaxLimits) throws -> [UInt8] {
  guard !path.isEmpty, !path.utf8.contains(0) else { throw missing(path) }
  var status = stat()
  guard stat(path, &status) == 0 else { throw failure(path, errno) }
  try check(status, path, limits)
  // What the path names may have changed since: without O_NONBLOCK, opening a pipe would wait for its other end.
  let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard descriptor >= 0 else { throw failure(path, errno) }
  defer { close(descriptor) }
  guard fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
  try check(status, path, limits)

  // One byte past the limit is asked for, so that a file that grows meanwhile is found out.
  var buffer = [UInt8](repeating: 0, count: min(max(Int(status.st_size), 4096), limits.bytes) + 1)
  var filled = 0
  while true {
    if filled == buffer.count {
      guard filled <= limits.bytes else { throw tooLarge(path, limits) }
      buffer.append(contentsOf: [UInt8](repeating: 0, count: min(filled, limits.bytes + 1 - filled)))
    }
    let count = buffer.withUnsafeMutableBytes {
      read(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled)
    }
    if count == 0 { break }
    if count > 0 {
      filled += count
    } else if errno != EINTR {
      throw failure(path, errno)
    }
  }
  guard filled <= limits.bytes else { throw tooLarge(path, limits) }
  return Array(buffer[..<filled])
}

private func check(_ status: stat, _ path: String, _ limits: SyntaxLimits) throws {
  switch status.st_mode & S_IFMT {
  case S_IFREG:
    if status.st_size > limits.bytes { throw tooLarge(path, limits) }
  case S_IFDIR:
    throw DiagnosticFailure(
      Diagnostic("file.folder", "\(path) is a folder", detail: "A YAML file was expected. Name a file in the folder."))
  default:
    throw DiagnosticFailure(
      Diagnostic(
        "file.unreadable", "\(path) is not a regular file",
        detail: "Pipes, sockets and devices are not read. Write the text to a file and name that."))
  }
}

private func tooLarge(_ path: String, _ limits: SyntaxLimits) -> DiagnosticFailure {
  DiagnosticFailure(
    Diagnostic(
      "file.too_large", "\(path) is larger than \(limits.bytes) bytes",
      detail: "A spec is far smaller than that. Is this the file that was meant?"))
}

private func failure(_ path: String, _ code: Int32) -> DiagnosticFailure {
  switch code {
  case ENOENT, ENOTDIR:
    return missing(path)
  default:
    return DiagnosticFailure(
      Diagnostic(
        "file.unreadable", "\(path) cannot be read", detail: "The system says: \(String(cString: strerror(code)))."))
  }
}

/// The file is not there: names the one beside it that may have been meant.
private func missing(_ path: String) -> DiagnosticFailure {
  let url = URL(fileURLWithPath: path)
  let folder = url.deletingLastPathComponent().path
  guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
    return DiagnosticFailure(
      Diagnostic("file.missing", "there is no file \(path)", detail: "The folder \(folder) is not there either."))
  }
  let near = nearest(url.lastPathComponent, in: names.sorted())
  let prefix = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  return DiagnosticFailure(
    Diagnostic("file.missing", "there is no file \(path)", suggestion: near.map { prefix + $0 }))
}

/// The finding about the byte at `offset`.
func badEncoding(in file: SourceFile, at offset: Int) -> Diagnostic {
  let byte = String(file.text[offset], radix: 16, uppercase: true)
  let line = (file.lineStarts.firstIndex { $0 > offset } ?? file.lineStarts.count)
  let before = file.text[file.lineStarts[line - 1]..<offset]
  let column = String(decoding: before, as: UTF8.self).unicodeScalars.count + 1
  let span = SourceSpan(
    file: file, start: SourcePosition(line: line, column: column), end: SourcePosition(line: line, column: column + 1))
  return Diagnostic(
    "file.encoding", "\(file.name) is not UTF-8",
    detail: "Byte \(offset) (0x\(byte)) does not belong to a UTF-8 character. Save the file in the encoding UTF-8.",
    at: span)
}
