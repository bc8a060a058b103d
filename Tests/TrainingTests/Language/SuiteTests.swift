import Diagnostics
import Testing

/// Runs the specs of Tests/SpecSuite through what `validate` does. A finding that no comment announces fails the test,
/// and so does a comment without a finding: see `Expectation`.
@Suite struct SuiteTests {
  @Test("each mistake is reported at its line, and nothing else is", arguments: SuiteFile.all)
  func reports(_ file: SuiteFile) throws {
    let expected = try Expectation.all(in: file.text())
    let result = try file.validation()

    var unexpected: [Diagnostic] = []
    var open = expected
    for found in result.diagnostics {
      let line = found.span?.file.name == file.path ? found.span?.start.line : nil
      if let index = open.firstIndex(where: { $0.matches(found, at: line) }) {
        open.remove(at: index)
      } else {
        unexpected.append(found)
      }
    }
    #expect(
      open.isEmpty,
      "not reported: \(open.map(\.description))\nreported:\n\(TextRenderer(color: false).render(result.diagnostics))")
    #expect(unexpected.isEmpty, "unexpected:\n\(TextRenderer(color: false).render(unexpected))")
    let hasErrors = expected.contains { $0.severity == .error }
    #expect((result.summary == nil) == hasErrors)
  }

  @Test("the suite is there, and covers many mistakes")
  func coverage() throws {
    let expectations = try SuiteFile.all.flatMap { try Expectation.all(in: $0.text()) }
    #expect(expectations.count { $0.severity == .error } >= 450)
  }

  @Test("every finding that validate can make is made at least once")
  func everyId() throws {
    var found = Set(GeneratedSpec.all.map(\.id)).union(["extends.limit"])
    for file in SuiteFile.all { found.formUnion(try file.validation().diagnostics.map(\.id)) }
    let exempt = Set(DiagnosticIds.testedElsewhere.map(\.id))
    let known = try DiagnosticIds.all().filter { id in !DiagnosticIds.laterAreas.contains { id.hasPrefix($0 + ".") } }
    let open = known.subtracting(found).subtracting(exempt)
    #expect(open.isEmpty, "no file of Tests/SpecSuite shows \(open.sorted())")
    #expect(found.intersection(exempt).isEmpty, "not tested elsewhere only: \(found.intersection(exempt).sorted())")
  }
}
