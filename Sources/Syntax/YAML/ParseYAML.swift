import Diagnostics

/// Reads one YAML document into a tree: anchors and merge keys are replaced by what they stand for, and every value
/// keeps its place. Scalars stay text; fields decide their types.
///
/// Throws `DiagnosticFailure` with everything that could be found out: `yaml.*` for texts that are not YAML or use
/// parts of it that specs do without (tags, several documents, keys that are no texts), `key.duplicate`, `alias.*`,
/// `limit.*`, `file.empty`, `file.encoding`. Reading stops at the first mistake in the grammar and at the first limit
/// passed.
public func parseYAML(_ file: SourceFile, limits: SyntaxLimits = .standard) throws -> Node {
  guard file.text.count <= limits.bytes else {
    throw DiagnosticFailure(
      Diagnostic("file.too_large", "\(file.name) is larger than \(limits.bytes) bytes"))
  }
  if let offset = firstInvalidUTF8(file.text) { throw DiagnosticFailure(badEncoding(in: file, at: offset)) }
  let map = SourceMap(file)
  if let offset = firstUnprintable(file.text) { throw DiagnosticFailure(unprintable(at: offset, in: map)) }
  if let line = firstTagDirective(file) {
    let range = map.lineRange(at: map.index(SourcePosition(line: line, column: 1)))
    throw DiagnosticFailure(
      Diagnostic(
        "yaml.directive", "tag directives are not allowed", detail: "A spec uses no tags. Delete the line.",
        at: map.span(range.lowerBound, range.upperBound)))
  }

  let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  let skipped = file.text.starts(with: mark) ? mark.count : 0
  return try file.text.withUnsafeBufferPointer { bytes in
    let text = UnsafeBufferPointer(rebasing: bytes[skipped...])
    guard let reader = EventReader(text, base: skipped == 0 ? 0 : 1, scalarBytes: limits.scalarBytes) else {
      throw DiagnosticFailure(Diagnostic("run.memory", "there is not enough memory to read \(file.name)"))
    }
    var builder = TreeBuilder(reader, map: map, limits: limits)
    return try builder.document()
  }
}

/// Reads a value given on its own, as after `--set KEY=`: like `parseYAML`, but no text at all is null.
public func parseYAMLValue(_ file: SourceFile, limits: SyntaxLimits = .standard) throws -> Node {
  if file.text.allSatisfy(isSpace) {
    let start = SourcePosition(line: 1, column: 1)
    return Node(scalar: "", style: .plain, at: SourceSpan(file: file, start: start, end: start))
  }
  return try parseYAML(file, limits: limits)
}

/// The number of the first line that begins with `%TAG`. libyaml compares each with all before it, so that a file of
/// them would keep it busy for minutes before its first event.
private func firstTagDirective(_ file: SourceFile) -> Int? {
  let directive = Array("%TAG".utf8)
  return file.lineStarts.firstIndex { file.text[$0...].starts(with: directive) }.map { $0 + 1 }
}

private func unprintable(at offset: Int, in map: SourceMap) -> Diagnostic {
  let before = map.file.text[..<offset].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  let scalar = map.text(before, before + 1).unicodeScalars.first?.value ?? 0
  let hex = String(scalar, radix: 16, uppercase: true)
  let name = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
  return Diagnostic(
    "yaml.control", "the control character \(name) is not allowed in YAML",
    detail: "Delete it, or write it as an escape inside double quotes. Is this file text at all?",
    at: map.span(before, before + 1))
}
