import Glibc

/// How progress is shown.
public enum ProgressStyle: Hashable, Sendable {
  /// Not at all.
  case silent
  /// Lines that stay, for files and logs.
  case plain
  /// One line that is redrawn.
  case terminal(colour: Bool, unicode: Bool)

  /// The style for a place that output goes to.
  ///
  /// Terminals get a bar unless `TERM` is `dumb`; colour unless `NO_COLOR` is set and not empty (no-color.org); line-drawing
  /// characters where the locale is UTF-8.
  public static func suited(isTerminal: Bool, environment: [String: String], quiet: Bool) -> ProgressStyle {
    if quiet { return .silent }
    guard isTerminal, environment["TERM"] != "dumb" else { return .plain }
    // The first that is set and not empty decides, as POSIX says.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let name = locale.uppercased()
    return .terminal(
      colour: (environment["NO_COLOR"] ?? "").isEmpty, unicode: name.contains("UTF-8") || name.contains("UTF8"))
  }

  /// The columns of the terminal that standard error goes to; 80 where it does not tell.
  public static func terminalWidth() -> Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes text on standard error. What cannot be written is lost: a closed terminal must not end a training.
  public static func writeToStandardError(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return }
      bytes = bytes.dropFirst(max(0, count))
    }
  }
}
