import Diagnostics
import Foundation

/// What a command's exit code says; scripts rely on it.
enum ExitStatus: Int32, Error {
  case done = 0
  /// It failed while running.
  case failed = 1
  /// Wrong options or arguments.
  case usage = 2
  /// The spec is invalid.
  case invalidSpec = 3
  /// The audio data is at fault.
  case badData = 4
  /// A run that was made again differs.
  case differs = 5
  /// Interrupted, after a checkpoint.
  case interrupted = 130

  /// The code for findings, by the area of their ids: a mistake in the spec before one in the data before a failure.
  init(_ diagnostics: [Diagnostic]) {
    let errors = diagnostics.filter { $0.severity == .error }.map(\.id)
    if errors.isEmpty {
      self = .done
    } else if errors.contains(where: { !$0.hasPrefix("data.") && !$0.hasPrefix("run.") }) {
      self = .invalidSpec
    } else {
      self = errors.contains { $0.hasPrefix("data.") } ? .badData : .failed
    }
  }

  /// Ends the process.
  func exit() -> Never { Foundation.exit(rawValue) }
}
