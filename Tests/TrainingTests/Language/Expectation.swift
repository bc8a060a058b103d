import Diagnostics
import Foundation

/// A finding that a comment of a spec announces.
///
/// `# ERROR "regexp"` or `# WARNING "regexp"` stands at the line where the finding must begin, and is matched against
/// `id: summary`; several can stand at one line. `# ERROR+1 "..."` is about the next line and `# ERROR elsewhere "..."`
/// about another file or none.
struct Expectation {
  let severity: Severity
  /// nil for one that is not in the file itself.
  let line: Int?
  let pattern: String
  let regex: Regex<AnyRegexOutput>

  var description: String { "\(severity.rawValue) at line \(line.map(String.init) ?? "elsewhere"): \(pattern)" }

  func matches(_ found: Diagnostic, at line: Int?) -> Bool {
    found.severity == severity && line == self.line
      && "\(found.id): \(found.summary)".firstMatch(of: regex) != nil
  }

  static func all(in text: String) throws -> [Expectation] {
    let comment = /# (ERROR|WARNING)([+-]\d+)?( elsewhere)? "((?:[^"\\]|\\.)*)"/
    var result: [Expectation] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      for match in String(line).matches(of: comment) {
        let offset = match.output.2.flatMap { Int($0) } ?? 0
        let pattern = String(match.output.4)
        result.append(
          Expectation(
            severity: match.output.1 == "ERROR" ? .error : .warning,
            line: match.output.3 == nil ? index + 1 + offset : nil, pattern: pattern, regex: try Regex(pattern)))
      }
    }
    return result
  }
}
