import Diagnostics

/// The clips of a corpus by what they have in common, such as their speaker.
struct ClipGroups {
  /// Names of the groups, sorted by code point.
  let names: [String]
  /// The clips of each group, ascending: positions in the list that `init` was given.
  let members: [[Int]]
  /// How many clips of each class (sorted by code point of their codes) each group has.
  let classCounts: [[Int]]
  /// The class codes, sorted by code point.
  let classes: [String]

  /// Groups the clips at `indices` by their attribute `name`.
  ///
  /// Throws a `DiagnosticFailure` where the corpus does not tell it (`split.field_unknown`) or tells it of some clips only
  /// (`data.field_missing`).
  init(_ clips: [ClipReference], at indices: [Int], by attribute: Located<String>) throws {
    let values = indices.map { clips[$0].attribute(attribute.value) }
    if let missing = zip(indices, values).first(where: { $0.1 == nil }) {
      if let unknown = unknownAttribute(attribute, clips) { throw DiagnosticFailure([unknown]) }
      let count = values.count { $0 == nil }
      throw DiagnosticFailure([
        Diagnostic(
          "data.field_missing", .error, "nothing tells the \(attribute.value) of \(count) clips",
          detail: "The split needs it of every clip. The first without one is \(clips[missing.0].relativePath).",
          at: attribute.span)
      ])
    }
    let groups = indicesByClass(values.map { $0 ?? "" })
    let labels = indicesByClass(indices.map { clips[$0].label })
    var classOf = Array(repeating: 0, count: indices.count)
    for (index, label) in labels.enumerated() {
      for position in label.indices { classOf[position] = index }
    }
    names = groups.map(\.label)
    members = groups.map(\.indices)
    classes = labels.map(\.label)
    classCounts = groups.map { group in
      group.indices.reduce(into: Array(repeating: 0, count: labels.count)) { $0[classOf[$1]] += 1 }
    }
  }
}

/// The error for an attribute that no clip has; nil where one has it.
func unknownAttribute(_ attribute: Located<String>, _ clips: [ClipReference]) -> Diagnostic? {
  guard !clips.contains(where: { $0.attribute(attribute.value) != nil }) else { return nil }
  let known = clips.first.map(\.attributeNames) ?? []
  return Diagnostic(
    "split.field_unknown", .error, "the corpus does not tell the '\(attribute.value)' of its clips",
    detail: "It tells " + known.joined(separator: ", ")
      + ". Say in the corpus file where it stands: in the name pattern or in a column of a table.",
    at: attribute.span, suggestion: nearest(attribute.value, in: known))
}
