import Diagnostics
import Foundation

/// The two output streams: results on standard output, everything else on standard error.
enum Console {
  /// Whether to colour text on a stream: a terminal, and no `NO_COLOR` in the environment (https://no-color.org).
  static func usesColor(_ descriptor: Int32) -> Bool {
    let noColor = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
    return noColor.isEmpty && isatty(descriptor) == 1
  }

  /// Writes `text` and a line break to standard output.
  static func result(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

  /// Writes a JSON document and a line break to standard output.
  static func document(_ json: JSON) { result(json.text().trimmingCharacters(in: .newlines)) }

  /// Writes `text` and a line break to standard error.
  static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// Shows findings on standard error.
  static func report(_ diagnostics: [Diagnostic]) {
    if diagnostics.isEmpty { return }
    error(TextRenderer(color: usesColor(STDERR_FILENO)).render(diagnostics))
  }

  /// A reader that has gone away (`| head`) ends the output, not the program.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
