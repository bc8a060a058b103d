/// Findings in SARIF 2.1.0 (OASIS standard, 2020), which code hosts show beside the changed lines.
public struct SARIFRenderer: Sendable {
  private let version: String

  /// `version` is serspec's own.
  public init(version: String) {
    self.version = version
  }

  /// One document with one run, keys sorted and indented, without a line break at the end.
  public func render(_ all: [Diagnostic]) -> String {
    let rules = Set(all.map(\.id)).sorted()
    let driver: [String: JSONValue] = [
      "name": .string("serspec"),
      "version": .string(version),
      "rules": .array(rules.map { .object(["id": .string($0)]) }),
    ]
    let run: [String: JSONValue] = [
      "columnKind": .string("unicodeCodePoints"),
      "results": .array(all.map(result)),
      "tool": .object(["driver": .object(driver)]),
    ]
    return JSONValue.object([
      "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"),
      "version": .string("2.1.0"),
      "runs": .array([.object(run)]),
    ]).text()
  }

  private func result(_ diagnostic: Diagnostic) -> JSONValue {
    let text = [diagnostic.summary, diagnostic.detail].compactMap { $0 }.joined(separator: "\n")
    var members: [String: JSONValue] = [
      "ruleId": .string(diagnostic.id),
      "level": .string(diagnostic.severity.rawValue),
      "message": .object(["text": .string(text)]),
    ]
    if let span = diagnostic.span { members["locations"] = .array([.object(location(span))]) }
    let related = diagnostic.notes.compactMap { note in
      note.span.map {
        JSONValue.object(location($0).merging(["message": .object(["text": .string(note.message)])]) { $1 })
      }
    }
    if !related.isEmpty { members["relatedLocations"] = .array(related) }
    if let span = diagnostic.span, let suggestion = diagnostic.suggestion {
      let replacement: [String: JSONValue] = [
        "deletedRegion": region(span), "insertedContent": .object(["text": .string(suggestion)]),
      ]
      let change: [String: JSONValue] = [
        "artifactLocation": artifact(span.file), "replacements": .array([.object(replacement)]),
      ]
      members["fixes"] = .array([.object(["artifactChanges": .array([.object(change)])])])
    }
    return .object(members)
  }

  private func location(_ span: SourceSpan) -> [String: JSONValue] {
    ["physicalLocation": .object(["artifactLocation": artifact(span.file), "region": region(span)])]
  }

  private func region(_ span: SourceSpan) -> JSONValue {
    .object([
      "startLine": .integer(span.start.line),
      "startColumn": .integer(span.start.column),
      "endLine": .integer(span.end.line),
      "endColumn": .integer(span.end.column),
    ])
  }

  private func artifact(_ file: SourceFile) -> JSONValue {
    .object(["uri": .string((file.name.hasPrefix("/") ? "file://" : "") + percentEncoded(file.name))])
  }

  /// The path of a URI reference (RFC 3986): all but unreserved characters and `/` escaped.
  private func percentEncoded(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let hex = String(byte, radix: 16, uppercase: true)
        result += "%" + (hex.count < 2 ? "0" : "") + hex
      }
    }
    return result
  }
}
