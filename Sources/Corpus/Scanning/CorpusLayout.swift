import Diagnostics
import Spec

/// How the clips of a corpus are read: its pattern and table, checked against the fields that label and speaker are taken
/// from.
public struct CorpusLayout: Sendable {
  /// Nil where a table tells all.
  public let pattern: NamePattern?
  /// The pattern's fields, then the columns of the table.
  public let fields: [String]
  /// Which of the fields holds the class code.
  public let labelIndex: Int
  /// Which of the fields names the speaker.
  public var speakerIndex: Int? { speaker?.index }
  private let speaker: AttributeReading?
  private let sentence: AttributeReading?
  private let gender: AttributeReading?
  private let intensity: AttributeReading?
  private let corpus: CorpusSpec
  private let table: ClipTable?
  private let endings: [String]
  /// The class of each code; nil for codes whose clips are left out.
  private let classIndices: [String: Int?]

  /// Where an attribute is read: in a field, or nowhere as it is the same for all.
  private struct AttributeReading: Sendable {
    let index: Int?
    let source: AttributeSource

    func value(_ values: [String]) -> String? {
      index.map { source.meaning(of: values[$0]) } ?? source.constant
    }
  }

  /// Compiles the layout of `corpus`, a single one that takes no table. Throws a `DiagnosticFailure` with every mistake in the
  /// pattern (`pattern.*`) or, if the pattern is good, every field that it lacks (`corpus.*`).
  public init(_ corpus: CorpusSpec) throws { try self.init(corpus, table: nil) }

  /// The same with the corpus's table, whose columns are fields, too.
  init(_ corpus: CorpusSpec, table: ClipTable?) throws {
    let pattern = try corpus.pattern.map { try NamePattern($0) }
    let known = (pattern?.fields ?? []) + (table?.columns ?? [])
    var problems: [Diagnostic] = []
    for column in table?.columns ?? [] where pattern?.fields.contains(column) == true {
      problems.append(
        Diagnostic(
          "corpus.field_twice", .error, "'\(column)' is a field of the name pattern and a column of the table",
          detail: "Call the field of the pattern something else.", at: corpus.pattern?.span))
    }
    func index(_ field: Located<String>, _ role: String) -> Int? {
      if let index = known.firstIndex(of: field.value) { return index }
      problems.append(Self.unknownField(field, role, pattern, table, known))
      return nil
    }
    func reading(_ source: AttributeSource?, _ role: String) -> AttributeReading? {
      source.map { AttributeReading(index: $0.field.flatMap { index($0, role) }, source: $0) }
    }
    let label = index(corpus.labelField, "class")
    speaker = reading(corpus.speaker, "speaker")
    sentence = reading(corpus.sentence, "sentence")
    gender = reading(corpus.gender, "gender")
    intensity = reading(corpus.intensity, "intensity")
    guard let label, problems.isEmpty else { throw DiagnosticFailure(problems) }
    self.pattern = pattern
    self.table = table
    self.corpus = corpus
    fields = known
    labelIndex = label
    endings = corpus.extensions.map { "." + $0.lowercased() }
    var classIndices: [String: Int?] = Dictionary(
      corpus.classes.enumerated().map { ($0.element.code.value, $0.offset) }, uniquingKeysWith: { first, _ in first })
    for (code, target) in corpus.labels {
      classIndices[code.value] = .some(target.flatMap { name in corpus.classes.firstIndex { $0.code.value == name } })
    }
    self.classIndices = classIndices
  }

  /// What can be said of `corpus`, and of those that it joins, before its folder and tables are read; empty where nothing
  /// is wrong.
  public static func check(_ corpus: CorpusSpec) -> [Diagnostic] {
    if !corpus.parts.isEmpty { return corpus.parts.flatMap(check) }
    do {
      if corpus.table == nil {
        _ = try CorpusLayout(corpus)
      } else {
        _ = try corpus.pattern.map { try NamePattern($0) }
      }
      return []
    } catch let failure as DiagnosticFailure {
      return failure.diagnostics
    } catch {
      return [Diagnostic("run.unexpected", "\(error)")]
    }
  }

  private static func unknownField(
    _ field: Located<String>, _ role: String, _ pattern: NamePattern?, _ table: ClipTable?, _ known: [String]
  ) -> Diagnostic {
    var sources: [String] = []
    if let pattern {
      sources.append("The pattern `\(pattern.text)` has the fields \(pattern.fields.joined(separator: ", ")).")
    }
    if let table { sources.append("The table \(table.name) has the columns \(table.columns.joined(separator: ", ")).") }
    let what =
      switch (pattern, table) {
      case (_, nil): "the name pattern has no field"
      case (nil, _): "the table has no column"
      default: "neither name pattern nor table has a field"
      }
    return Diagnostic(
      "corpus.field_unknown", .error, "\(what) '\(field.value)' to take the \(role) from",
      detail: sources.joined(separator: " "), at: field.span, suggestion: nearest(field.value, in: known))
  }

  /// What a file turned out to be.
  enum Reading {
    /// Not audio, by its ending.
    case otherFile
    /// Audio, but the pattern does not match.
    case noMatch
    /// Audio, but the table has no row for it.
    case noRow
    /// A clip, but the corpus has no such class.
    case unknownClass(String)
    /// A clip of a class that the corpus file leaves out.
    case dropped
    case clip(ClipReference)
  }

  /// Reads a path below the corpus's folder. `rowUsed` is told the row of the table that was taken.
  func read(
    _ relativePath: String, audio: ClipReference.Audio, seconds: Double? = nil, rowUsed: (Int) -> Void = { _ in }
  ) -> Reading {
    let lowercased = relativePath.lowercased()
    guard let ending = endings.first(where: { lowercased.hasSuffix($0) }) else { return .otherFile }
    var values: [String] = []
    if let pattern {
      guard let found = pattern.match(path: String(relativePath.dropLast(ending.count))) else { return .noMatch }
      values = found
    }
    if let table {
      guard let row = table.row(for: relativePath) else { return .noRow }
      rowUsed(row)
      values += table.values(of: row)
    }
    let code = values[labelIndex]
    guard let found = classIndices[code] else { return .unknownClass(code) }
    guard let classIndex = found else { return .dropped }
    return .clip(
      ClipReference(
        audio: audio, relativePath: relativePath, classIndex: classIndex, label: corpus.classes[classIndex].code.value,
        speaker: speaker?.value(values), fields: Array(zip(fields, values)), corpus: corpus.name,
        sentence: sentence?.value(values), gender: gender?.value(values), intensity: intensity?.value(values),
        seconds: seconds))
  }

  /// Whether a row of the table is of a class that the corpus lists; true where the table does not tell classes.
  func isListed(_ row: Int) -> Bool {
    guard let table, labelIndex >= (pattern?.fields.count ?? 0) else { return true }
    let code = table.values(of: row)[labelIndex - (pattern?.fields.count ?? 0)]
    return (classIndices[code] ?? nil) != nil
  }
}
