import Diagnostics
import Spec

/// Takes names one by one, keeps the clips and counts what does not fit, whether the names come from a folder or a list.
struct NameCollector {
  private let corpus: CorpusSpec
  private let layout: CorpusLayout
  private var clips: [ClipReference] = []
  private var leftOut: [LeftOutFile] = []
  private var unmatched: [String] = []
  private var otherFiles: [String] = []
  private var unknownClasses: [String: [String]] = [:]

  init(_ corpus: CorpusSpec) throws {
    self.corpus = corpus
    layout = try CorpusLayout(corpus)
  }

  mutating func add(_ relativePath: String, audio: ClipReference.Audio) {
    switch layout.read(relativePath, audio: audio) {
    case .otherFile: otherFiles.append(relativePath)
    case .noMatch:
      unmatched.append(relativePath)
      leftOut.append(LeftOutFile(path: relativePath, reason: .unmatched))
    case .unknownClass(let code):
      unknownClasses[code, default: []].append(relativePath)
      leftOut.append(LeftOutFile(path: relativePath, reason: .unknownClass(code)))
    case .clip(let clip): clips.append(clip)
    }
  }

  /// A name that is not UTF-8 and so can match nothing.
  mutating func addUnreadable(_ repaired: String) {
    unmatched.append(repaired)
    leftOut.append(LeftOutFile(path: repaired, reason: .notUTF8))
  }

  /// The clips in order. Throws a `DiagnosticFailure` where there are none (`data.no_clips`) or a class has none
  /// (`data.class_empty`). `place` says where the names come from, as in "the folder x".
  func finish(place: String) throws -> CorpusScan {
    let warnings = namesLeftOut() + doubles()
    guard !clips.isEmpty else { throw DiagnosticFailure([noClips(place)]) }
    let counts = clips.reduce(into: Array(repeating: 0, count: corpus.classes.count)) { $0[$1.classIndex] += 1 }
    let empty = zip(corpus.classes, counts).filter { $0.1 == 0 }.map { $0.0 }
    guard empty.isEmpty else {
      let errors = empty.map { entry in
        let title = entry.name == entry.code.value ? entry.name : "\(entry.code.value) (\(entry.name))"
        return Diagnostic(
          "data.class_empty", .error, "class \(title) of corpus '\(corpus.name)' has no clips",
          detail: """
            None of the \(clips.count) clips of \(place) has '\(entry.code.value)' in the field \
            {\(corpus.labelField.value)} of `\(corpus.pattern.value)`. Is the corpus complete? To train without the class, \
            leave it out of the corpus's `classes`.
            """, at: entry.code.span)
      }
      throw DiagnosticFailure(errors + warnings)
    }
    return CorpusScan(
      clips: clips.sorted { sortKey($0.relativePath).precedes(sortKey($1.relativePath)) }, warnings: warnings,
      leftOut: leftOut.sorted { sortKey($0.path).precedes(sortKey($1.path)) })
  }

  private func noClips(_ place: String) -> Diagnostic {
    let detail: String
    if let found = examples(unmatched) {
      detail = "Found there, for example: \(found)."
    } else if let found = examples(unknownClasses.values.flatMap { $0 }) {
      let codes = corpus.classes.map(\.code.value).joined(separator: ", ")
      detail = "Names match, such as \(found), but none has one of the class codes \(codes)."
    } else if let found = examples(otherFiles) {
      detail = "No name ends in .\(corpus.extensions.joined(separator: " or .")). Found there, for example: \(found)."
    } else {
      detail = "There are no files at all."
    }
    return Diagnostic(
      "data.no_clips", .error, "no file of \(place) is named like a clip of corpus '\(corpus.name)'",
      detail: "Expected names like `\(corpus.pattern.value).\(corpus.extensions.first ?? "wav")`. \(detail)",
      at: corpus.pattern.span)
  }

  private func namesLeftOut() -> [Diagnostic] {
    var warnings: [Diagnostic] = []
    if let found = examples(unmatched) {
      warnings.append(
        Diagnostic(
          "data.names_unmatched", .warning, "\(plural(unmatched.count, "audio file")) left out: not named like a clip",
          detail: "Expected `\(corpus.pattern.value)`; found, for example: \(found).", at: corpus.pattern.span))
    }
    for (code, names) in unknownClasses.sorted(by: { $0.key < $1.key }) {
      let codes = corpus.classes.map(\.code.value).joined(separator: ", ")
      warnings.append(
        Diagnostic(
          "data.class_unknown", .warning,
          "\(plural(names.count, "clip")) of class '\(code)' left out: the corpus lists no such class",
          detail: "The class codes are \(codes); found, for example: \(examples(names) ?? "").",
          at: corpus.labelField.span))
    }
    return warnings
  }

  /// Copies of the corpus inside itself put the same clip into training and test; only people can tell which to delete.
  private func doubles() -> [Diagnostic] {
    let names = Dictionary(grouping: clips.map(\.relativePath)) { sortKey($0).name }
    let doubled = names.values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    guard let first = doubled.first else { return [] }
    return [
      Diagnostic(
        "data.name_twice", .warning, "\(plural(doubled.count, "file name")) found more than once",
        detail: """
          If these are copies, the same clip lands in training and test, and the result is too good. For example: \
          \(first.prefix(3).joined(separator: ", ")).
          """, at: corpus.pattern.span)
    ]
  }

  /// The first three names in order, or nil if there are none.
  private func examples(_ names: [String]) -> String? {
    names.isEmpty ? nil : names.sorted { sortKey($0).precedes(sortKey($1)) }.prefix(3).joined(separator: ", ")
  }

  private func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

/// What clips are sorted by: the bytes of the name, then of the path.
private struct SortKey {
  let name: [UInt8]
  let path: [UInt8]

  func precedes(_ other: SortKey) -> Bool {
    name == other.name ? path.lexicographicallyPrecedes(other.path) : name.lexicographicallyPrecedes(other.name)
  }
}

private func sortKey(_ path: String) -> SortKey {
  let bytes = Array(path.utf8)
  let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
  return SortKey(name: Array(bytes[start...]), path: bytes)
}
