import Diagnostics
import Syntax

/// One variant of a swept experiment.
public struct SweepCell: Sendable {
  /// Counts from 1 in the order of the sweep, excluded cells left out.
  public let index: Int
  /// Parameters, paths of keys or `extends`, each with its value, in the order of the sweep.
  public let values: [(key: String, value: Node)]

  /// `activation=relu lr=0.01`
  public var title: String {
    values.map { "\($0.key)=\(flowText($0.value))" }.joined(separator: " ")
  }

  /// The same with another seed, as the cell `index`.
  public func seeded(_ seed: Int, index: Int) -> SweepCell {
    let place = values.last?.value.span ?? .standard
    return SweepCell(
      index: index, values: values.filter { $0.key != "seed" } + [("seed", Node(integer: seed, at: place))])
  }

  /// The base files that the cell starts from instead of the spec's own.
  var bases: Node? { values.last { $0.key == "extends" }?.value }
  /// What is set in the merged spec.
  var settings: [(key: String, value: Node)] { values.filter { $0.key != "extends" } }
}

/// The cells of a spec's sweep; none where it has no sweep.
public struct Sweep: Sendable {
  public let cells: [SweepCell]
  /// Findings about the sweep itself, in reading order.
  public let diagnostics: [Diagnostic]
  /// Where the sweep stands; nil where the spec has none.
  public let span: SourceSpan?

  /// Says that there is no cell `number` among `count`.
  public func noCell(_ number: Int, of source: SourceFile, count: Int) -> Diagnostic {
    Diagnostic(
      "sweep.index", "the sweep of \(source.name) has no cell \(number)",
      detail: "Its cells are numbered from 1 to \(count): see 'serspec sweep \(source.name) --list'.", at: span)
  }
}

/// Reads the `sweep` of the spec in `source`. Its cells are not resolved: `ResolveOptions.cell` picks one.
///
/// - Parameter withoutSeeds: leaves the sweep's `seeds` out of account.
public func readSweep(_ source: SourceFile, vocabulary: Vocabulary, withoutSeeds: Bool = false) -> Sweep {
  let findings = Findings()
  guard let tree = findings.collect({ try parseYAML(source) }) else {
    return Sweep(cells: [], diagnostics: findings.all, span: nil)
  }
  let entry = tree.entry(forKey: "sweep").flatMap { $0.value.isNull ? nil : $0 }
  let cells = entry.map {
    SweepReader(vocabulary: vocabulary, findings: findings, tree: tree, withoutSeeds: withoutSeeds).cells($0)
  }
  return Sweep(cells: cells ?? [], diagnostics: findings.sorted(from: source), span: entry?.key.span)
}

/// A value on one line, as commands show it: `0.01`, `relu`, `{adam: {lr: 0.1}}`.
public func flowText(_ node: Node) -> String {
  switch node.content {
  case .scalar(let scalar): scalar.text
  case .sequence(let items): "[" + items.map(flowText).joined(separator: ", ") + "]"
  case .mapping(let entries):
    "{" + entries.map { "\($0.key.value): \(flowText($0.value))" }.joined(separator: ", ") + "}"
  }
}
