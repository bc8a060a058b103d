import Planning
import Spec
import Syntax
import Training

/// A change in the words of people: a line of the text form, a row of the Markdown tables.
struct ComparisonRow {
  let kind: ChangeKind
  let area: SpecArea
  /// `time_path.conv_block_1.conv1d`, without the area.
  var name: String
  /// `kernel_size 3 → 5`
  let what: String
  /// `[128, 301]`, with what it was before where that differs.
  let shape: String
  /// `10,496 → 17,408`
  let parameters: String
  let multiplyAdds: String
  /// How many layers the row stands for.
  var count = 1

  private let labels: [String]

  init(_ change: ValueChange) {
    kind = change.kind
    area = change.area
    name = Self.short(change.path, change.area)
    (shape, parameters, multiplyAdds, labels) = ("", "", "", [])
    let (before, after) = (change.before.map { Self.text($0.node) }, change.after.map { Self.text($0.node) })
    switch change.kind {
    case .added: what = change.after.map { Self.text(Self.withoutKind($0.node)) } ?? ""
    case .removed: what = change.before.map { Self.text(Self.withoutKind($0.node)) } ?? ""
    case .changed: what = "\(before ?? "") → \(after ?? "")"
    case .moved: what = "position \((change.before?.index ?? 0) + 1) → \((change.after?.index ?? 0) + 1)"
    case .renamed: what = "was \(Self.short(change.before?.path ?? "", change.area))"
    }
  }

  /// - Parameter renamed: nodes of the first model by their names in the second, where they differ.
  init(_ change: ModelChange, renamed: [String: String]) {
    kind = change.kind
    area = .model
    // A layer that another kind took the place of is known by what it was.
    let isReplaced = change.kind == .changed && change.fields.isEmpty
    name = Self.short(isReplaced ? change.before?.path ?? "" : change.path, .model)
    what = Self.what(change, renamed)
    let side = isReplaced ? change.before : change.after ?? change.before
    labels = change.subject == .layer ? (side?.label ?? "").split(separator: ".").map(String.init) : []
    let (old, new) = (change.before?.figures, change.after?.figures)
    let showsFigures = change.subject == .layer || change.kind == .added || change.kind == .removed
    shape = showsFigures ? Self.span(old?.outputShape.description, new?.outputShape.description) : ""
    parameters = showsFigures ? Self.span(Self.number(old?.parameters), Self.number(new?.parameters)) : ""
    multiplyAdds = showsFigures ? Self.span(Self.number(old?.multiplyAdds), Self.number(new?.multiplyAdds)) : ""
  }

  /// All changes as rows; consecutive layers to which the same happened share one.
  static func rows(of comparison: ExperimentComparison) -> [ComparisonRow] {
    let renames = comparison.model.changes.filter { $0.kind == .renamed && $0.subject == .node }.compactMap { change in
      change.before.flatMap { before in change.after.map { (before.node, $0.node) } }
    }
    let renamed = Dictionary(renames, uniquingKeysWith: { first, _ in first })
    let layers = comparison.model.changes.map { ComparisonRow($0, renamed: renamed) }
    return comparison.values.map(ComparisonRow.init) + summedUp(layers)
  }

  // MARK: words

  private static func what(_ change: ModelChange, _ renamed: [String: String]) -> String {
    let side = change.after ?? change.before
    switch (change.kind, change.subject) {
    case (.added, .node), (.removed, .node):
      let count = side?.layers.count ?? 0
      let layers = count == 0 ? "" : "\(count) \(count == 1 ? "layer" : "layers")"
      return [source(side), layers].filter { !$0.isEmpty }.joined(separator: ", ")
    case (.added, .layer), (.removed, .layer):
      let inner = side?.layers.count ?? 0
      return arguments(side) + (inner == 0 ? "" : " with \(inner) \(inner == 1 ? "layer" : "layers")")
    case (.renamed, _):
      return "was \(change.before.map { short($0.path, .model) } ?? "")"
    case (.moved, _):
      guard let before = change.before, let after = change.after else { return "" }
      if renamed[before.node] ?? before.node != after.node { return "from \(short(before.path, .model))" }
      let homes = [before, after].map { $0.label.split(separator: ".").dropLast() }
      if homes[0] != homes[1] { return "was \(short(before.path, .model))" }
      // Others that came or went in front can make up for the way that it went.
      if before.index == after.index { return "among other neighbours" }
      return "position \(before.index + 1) → \(after.index + 1)"
    case (.changed, _):
      if change.fields.isEmpty { return "→ \(arguments(change.after))" }
      // Another source is one change, though the key may be another one too.
      return change.fields.map { field in
        switch (field.before, field.after) {
        case (let old?, let new?) where !old.isNull && !new.isNull: "\(field.name) \(text(old)) → \(text(new))"
        case (let old?, _) where !old.isNull: "without \(field.name) \(text(old))"
        default: "with \(field.name) \(field.after.map(text) ?? "~")"
        }
      }.joined(separator: ", ")
    }
  }

  /// `from spectral`, `concat time_path, image_path`
  private static func source(_ side: ModelChange.Side?) -> String {
    guard let entry = side?.value.entries?.first(where: { $0.key.value != "expect" }) else { return "" }
    let names =
      entry.value.scalar.map { [$0.text] } ?? entry.value.entries?.first?.value.items?.compactMap(\.scalar?.text)
    return "\(entry.key.value) \((names ?? []).joined(separator: ", "))"
  }

  /// A layer in short: `conv1d {out_channels: 128, kernel_size: 3}`, without what nobody wrote.
  private static func arguments(_ side: ModelChange.Side?) -> String {
    guard let side else { return "" }
    let entries = side.value.entries?.first?.value.entries ?? []
    let written = entries.filter { $0.value.span.file !== standardSource && $0.value.items?.first?.entries == nil }
    if written.isEmpty { return side.kind }
    return side.kind + " " + text(Node(.mapping(written), at: side.value.span))
  }

  /// A step's fields alone: its path names the kind.
  private static func withoutKind(_ node: Node) -> Node {
    if let entries = node.entries, entries.count == 1, let only = entries.first, only.value.entries != nil {
      return only.value
    }
    return node
  }

  private static func short(_ path: String, _ area: SpecArea) -> String {
    let prefix = area.rawValue + "."
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }

  static func text(_ node: Node) -> String {
    let text = emitFlow(written(node))
    return text.count > 90 ? text.prefix(89) + "…" : text
  }

  /// The tree without what nobody wrote, where something is left.
  private static func written(_ node: Node) -> Node {
    switch node.content {
    case .mapping(let entries):
      let kept = entries.filter { $0.value.span.file !== standardSource || $0.value.entries != nil }
      return Node(.mapping(kept.map { Entry(key: $0.key, value: written($0.value)) }), at: node.span)
    case .sequence(let items): return Node(.sequence(items.map(written)), at: node.span)
    case .scalar: return node
    }
  }

  private static func number(_ value: Int?) -> String? { value.map { grouped($0) } }

  /// `a → b`, or the one that there is.
  private static func span(_ before: String?, _ after: String?) -> String {
    guard let before, let after else { return before ?? after ?? "" }
    return before == after ? after : "\(before) → \(after)"
  }

  // MARK: runs

  /// Layers whose names differ in one number that counts up, and to which the same happened, in one row:
  /// `time_path.conv_block_1..3.silu`.
  private static func summedUp(_ rows: [ComparisonRow]) -> [ComparisonRow] {
    var result: [ComparisonRow] = []
    var runs: [String: (row: Int, last: Int)] = [:]
    for row in rows {
      let keys = row.runKeys
      if let key = keys.first(where: { key, number in runs[key].map { $0.last + 1 == number } ?? false }),
        let run = runs[key.0]
      {
        result[run.row].name = row.runName(key.0, from: key.1 - result[run.row].count)
        result[run.row].count += 1
        runs = runs.filter { $0.value.row != run.row }
        runs[key.0] = (run.row, key.1)
      } else {
        result.append(row)
        for (key, number) in keys { runs[key] = (result.count - 1, number) }
      }
    }
    return result
  }

  /// What rows of a run have in common, once for each part of the name that could count up, with that part's number.
  private var runKeys: [(String, Int)] {
    guard !labels.isEmpty, kind != .moved else { return [] }
    return labels.indices.compactMap { position in
      guard let (stem, number) = Self.numbered(labels[position]) else { return nil }
      var parts = labels
      parts[position] = "\(stem)_#"
      let node = name.prefix(while: { $0 != "." })
      return ("\(kind)\u{1F}\(what)\u{1F}\(node).\(parts.joined(separator: "."))", number)
    }
  }

  private func runName(_ key: String, from first: Int) -> String {
    let pattern = key.split(separator: "\u{1F}").last.map(String.init) ?? name
    let last = runKeys.first { $0.0 == key }?.1 ?? first
    return pattern.replacing("#", with: "\(first)..\(last)")
  }

  /// `conv_block_2` as stem and number; a kind that stands alone is the first of its name.
  private static func numbered(_ label: String) -> (String, Int)? {
    guard let underscore = label.lastIndex(of: "_"), let number = Int(label[label.index(after: underscore)...]) else {
      return (label, 1)
    }
    return (String(label[..<underscore]), number)
  }
}
