import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing

/// Runs the specs of Tests/SpecSuite. A comment `# ERROR "regexp"` or `# WARNING "regexp"` stands at the line where a
/// finding must begin, and is matched against `id: summary`; several can stand at one line. `# ERROR+1 "..."` is about
/// the next line and `# ERROR elsewhere "..."` about another file or none. `# SET key=value` lines are settings. A
/// finding that no comment announces fails the test, and so does a comment without a finding. Files and folders whose
/// names start with `_` are used by others.
@Suite struct SuiteTests {
  static let folder = Shared.project.appendingPathComponent("Tests/SpecSuite")

  static let files: [String] = {
    let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return all.filter { path in
      path.hasSuffix(".yaml") && !path.split(separator: "/").contains { $0.hasPrefix("_") || $0 == "corpora" }
    }.sorted()
  }()

  @Test("each mistake is reported at its line, and nothing else is", arguments: files)
  func reports(_ file: String) throws {
    let path = Self.folder.appendingPathComponent(file).path
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let text = String(decoding: bytes, as: UTF8.self)
    let expected = try Expectation.all(in: text)
    let result = resolve(path: path, options: ResolveOptions(sets: settings(in: text)), vocabulary: testVocabulary)

    var unexpected: [Diagnostic] = []
    var open = expected
    for found in result.diagnostics {
      let line = found.span?.file.name == path ? found.span?.start.line : nil
      if let index = open.firstIndex(where: { $0.matches(found, at: line) }) {
        open.remove(at: index)
      } else {
        unexpected.append(found)
      }
    }
    #expect(open.isEmpty, "not reported: \(open.map(\.description))\nreported:\n\(result.report)")
    #expect(unexpected.isEmpty, "unexpected:\n\(TextRenderer(color: false).render(unexpected))")
    let hasErrors = expected.contains { $0.severity == .error }
    #expect((result.spec == nil) == hasErrors)
  }

  @Test("the suite is there, and covers many mistakes")
  func coverage() throws {
    let expectations = try Self.files.map { file in
      try Expectation.all(
        in: String(contentsOf: Self.folder.appendingPathComponent(file), encoding: .utf8))
    }
    #expect(expectations.joined().count >= 60)
  }

  private func settings(in text: String) -> [(key: String, value: String)] {
    text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("# SET "), let equals = line.firstIndex(of: "=") else { return nil }
      let key = line[line.index(line.startIndex, offsetBy: 6)..<equals]
      return (String(key), String(line[line.index(after: equals)...]))
    }
  }
}

/// One announced finding.
private struct Expectation {
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
