import Diagnostics
import Spec

/// How the names of a corpus are read: its pattern, checked against the fields that label and speaker are taken from.
public struct CorpusLayout: Sendable {
  public let pattern: NamePattern
  /// Which of the pattern's fields holds the class code.
  public let labelIndex: Int
  /// Which of the pattern's fields names the speaker.
  public let speakerIndex: Int?
  private let extensions: [String]
  private let classIndices: [String: Int]

  /// Compiles the layout of `corpus`. Throws a `DiagnosticFailure` with every mistake in the pattern (`pattern.*`) or, if
  /// the pattern is good, every field that it lacks (`corpus.*`).
  public init(_ corpus: CorpusSpec) throws {
    let pattern = try NamePattern(corpus.pattern)
    var problems: [Diagnostic] = []
    func index(_ field: Located<String>, _ role: String) -> Int? {
      if let index = pattern.fields.firstIndex(of: field.value) { return index }
      problems.append(
        Diagnostic(
          "corpus.field_unknown", .error, "the name pattern has no field '\(field.value)' to take the \(role) from",
          detail: "The pattern `\(pattern.text)` has the fields \(pattern.fields.joined(separator: ", ")).",
          at: field.span, suggestion: nearest(field.value, in: pattern.fields)))
      return nil
    }
    let label = index(corpus.labelField, "class")
    speakerIndex = corpus.speakerField.flatMap { index($0, "speaker") }
    guard let label, problems.isEmpty else { throw DiagnosticFailure(problems) }
    self.pattern = pattern
    labelIndex = label
    extensions = corpus.extensions.map { "." + $0.lowercased() }
    classIndices = Dictionary(
      corpus.classes.enumerated().map { ($0.element.code.value, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// What a file name turned out to be.
  enum Reading {
    /// Not audio, by its ending.
    case otherFile
    /// Audio, but the pattern does not match.
    case noMatch
    /// The pattern matches, but the corpus has no such class.
    case unknownClass(String)
    case clip(ClipReference)
  }

  /// Reads a path below the corpus's folder.
  func read(_ relativePath: String, audio: ClipReference.Audio) -> Reading {
    let name = relativePath[
      (relativePath.lastIndex(of: "/").map(relativePath.index(after:)) ?? relativePath.startIndex)...]
    let lowercased = name.lowercased()
    guard let ending = extensions.first(where: { lowercased.hasSuffix($0) }) else { return .otherFile }
    guard let values = pattern.match(String(name.dropLast(ending.count))) else { return .noMatch }
    let label = values[labelIndex]
    guard let classIndex = classIndices[label] else { return .unknownClass(label) }
    return .clip(
      ClipReference(
        audio: audio, relativePath: relativePath, classIndex: classIndex, label: label,
        speaker: speakerIndex.map { values[$0] }, fields: Array(zip(pattern.fields, values))))
  }
}
