import Diagnostics
import Foundation
import Testing

@Suite struct JSONRendererTests {
  private let file = SourceFile(name: "a b.yaml", text: "x: 1\ny: 2\n")

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func theDocumentIsTheContract() {
    let finding = Diagnostic(
      "key.unknown", "no \"x\"", at: span(file, 1, 1, 2, 2), notes: [DiagnosticNote("see")], suggestion: "z")
    #expect(
      JSONRenderer().render([finding]) == #"""
        {
          "diagnostics": [
            {
              "column": 1,
              "detail": null,
              "end_column": 2,
              "end_line": 2,
              "file": "a b.yaml",
              "id": "key.unknown",
              "line": 1,
              "notes": [
                {
                  "column": null,
                  "end_column": null,
                  "end_line": null,
                  "file": null,
                  "line": null,
                  "message": "see"
                }
              ],
              "severity": "error",
              "suggestion": "z",
              "summary": "no \"x\""
            }
          ],
          "errors": 1,
          "warnings": 0
        }
        """#)
  }

  @Test func everyCharacterComesBack() throws {
    let text = String(String.UnicodeScalarView((0..<0x3000).compactMap(Unicode.Scalar.init))) + "\u{1F600}"
    let document = try object(JSONRenderer().render([Diagnostic("a.b", .warning, text)]))
    let found = try #require(document["diagnostics"] as? [[String: Any]])
    #expect(found.first?["summary"] as? String == text)
    #expect(document["warnings"] as? Int == 1 && document["errors"] as? Int == 0)
  }

  @Test func noFindingsAreADocumentToo() throws {
    #expect(JSONRenderer().render([]) == "{\n  \"diagnostics\": [],\n  \"errors\": 0,\n  \"warnings\": 0\n}")
  }

  @Test func sarifHasResultsWithRegionsAndFixes() throws {
    let findings = [
      Diagnostic(
        "key.unknown", "no x", detail: "Write y.", at: span(file, 1, 1, 1, 2),
        notes: [DiagnosticNote("see", at: span(file, 2, 1, 2, 2))], suggestion: "y"),
      Diagnostic("param.unused", .warning, "unused"),
    ]
    let document = try object(SARIFRenderer(version: "1.0").render(findings))
    #expect(document["version"] as? String == "2.1.0")
    let run = try #require((document["runs"] as? [[String: Any]])?.first)
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.map { $0["ruleId"] as? String } == ["key.unknown", "param.unused"])
    #expect(results.map { $0["level"] as? String } == ["error", "warning"])
    #expect(results.map { ($0["locations"] as? [Any])?.count } == [1, nil])
    #expect(results.map { ($0["relatedLocations"] as? [Any])?.count } == [1, nil])
    #expect(results.map { ($0["fixes"] as? [Any])?.count } == [1, nil])
    #expect(SARIFRenderer(version: "1.0").render(findings).contains("\"uri\": \"a%20b.yaml\""))
  }
}
