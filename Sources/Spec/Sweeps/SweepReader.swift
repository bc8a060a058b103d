import Diagnostics
import Syntax

/// Makes the cells of a `sweep`: all combinations of `grid`, the last key fastest, then those of `cells`; without those
/// that `exclude` or `when` leave out; each with every seed.
struct SweepReader {
  /// A sweep of more would never end.
  static let cellLimit = 10_000

  let vocabulary: Vocabulary
  let findings: Findings
  /// The spec's own tree, for the seed that counting starts from.
  let tree: Node
  /// Whether `seeds` is checked but makes no cells.
  let withoutSeeds: Bool

  typealias Values = [(key: String, value: Node)]

  func cells(_ entry: Entry) -> [SweepCell] {
    let before = findings.errorCount
    let decoder = Decoder(vocabulary: vocabulary, findings: findings)
    guard let fields = entry.value.entries else {
      findings.add(
        Diagnostic(
          "value.type", "'sweep' must be a mapping, but is \(entry.value.described)",
          detail: "Write 'sweep: {grid: {lr: [0.001, 0.01]}}'.", at: entry.value.span))
      return []
    }
    decoder.checkKeys(fields, of: sweepTable, Subject("'sweep'", anchor: entry.key.span))
    let grid = axes(entry.value.value(forKey: "grid"))
    let listed = mappings(entry.value.value(forKey: "cells"), "cells")
    let excluded = mappings(entry.value.value(forKey: "exclude"), "exclude")
    let condition = condition(entry.value.value(forKey: "when"))
    let written = seeds(entry.value.value(forKey: "seeds"))
    let seeds = withoutSeeds ? [] : written
    guard findings.errorCount == before else { return [] }

    let count = grid.isEmpty ? 0 : grid.reduce(1) { product($0, $1.values.count) }
    guard count <= Self.cellLimit, product(count + listed.count, max(1, seeds.count)) <= Self.cellLimit else {
      findings.add(
        Diagnostic(
          "limit.cells", "the sweep has more than \(Self.cellLimit) cells",
          detail: "Every axis multiplies their number. Use fewer values, or several sweeps.", at: entry.key.span))
      return []
    }
    let all = (grid.isEmpty ? [] : combinations(grid)) + listed.map(\.values)
    checkNames(excluded, all, condition)
    var kept = all.filter { cell in !excluded.contains { matches($0.values, cell) } }
    // What is wrong with the condition is so in every cell.
    if let condition { kept = kept.filter { findings.errorCount == before && holds(condition, for: $0) } }
    guard findings.errorCount == before else { return [] }
    if kept.isEmpty {
      findings.add(
        Diagnostic(
          "sweep.empty", "the sweep has no cells",
          detail: all.isEmpty ? "Give 'grid' or 'cells'." : "'exclude' and 'when' leave none.", at: entry.key.span))
    }
    let seeded = seeds.isEmpty ? kept : kept.flatMap { cell in seeds.map { cell + [("seed", $0)] } }
    reportRepeats(seeded, at: entry)
    return seeded.enumerated().map { SweepCell(index: $0 + 1, values: $1) }
  }

  private struct Axis {
    let key: Located<String>
    let values: [Node]
  }

  private func axes(_ node: Node?) -> [Axis] {
    guard let node, !node.isNull else { return [] }
    guard let entries = node.entries else {
      wrongType("'grid' must be a mapping", node, "Write one 'parameter: [value, value]' a line.")
      return []
    }
    return entries.compactMap { entry in
      guard let items = entry.value.items, !items.isEmpty else {
        wrongType(
          "'\(entry.key.value)' needs a list of values", entry.value, "Write the values in brackets: '[0.001, 0.01]'.")
        return nil
      }
      return Axis(key: entry.key, values: items)
    }
  }

  private func mappings(_ node: Node?, _ name: String) -> [(values: Values, keys: [Located<String>])] {
    guard let node, !node.isNull else { return [] }
    guard let items = node.items else {
      wrongType("'\(name)' must be a list", node, "Write one mapping an item: '- {lr: 0.1, activation: relu}'.")
      return []
    }
    return items.compactMap { item in
      guard let entries = item.entries, !entries.isEmpty else {
        wrongType("an item of '\(name)' must be a mapping", item, "Write '{lr: 0.1, activation: relu}'.")
        return nil
      }
      return (entries.map { ($0.key.value, $0.value) }, entries.map(\.key))
    }
  }

  private func wrongType(_ what: String, _ node: Node, _ help: String) {
    findings.add(Diagnostic("value.type", "\(what), but is \(node.described)", detail: help, at: node.span))
  }

  /// Given seeds, or that many counted from the spec's own.
  private func seeds(_ node: Node?) -> [Node] {
    guard let node, !node.isNull else { return [] }
    if let count = node.asInteger, count >= 1 {
      let first = tree.value(forKey: "seed")?.asInteger ?? standardSeed
      guard first <= Int.max - Self.cellLimit else {
        wrongType("'seed' must leave room to count from where 'seeds' is a number", node, "Use a smaller seed.")
        return []
      }
      return (0..<min(count, Self.cellLimit + 1)).map { Node(integer: first + $0, at: node.span) }
    }
    if let items = node.items, !items.isEmpty, items.allSatisfy({ ($0.asInteger ?? -1) >= 0 }) { return items }
    wrongType("'seeds' must be a number of seeds or a list of them", node, "Write 'seeds: 5' or 'seeds: [1, 2, 3]'.")
    return []
  }

  private var standardSeed: Int {
    guard case .value(.integer(let seed))? = specTable(vocabulary).field("seed")?.default else { return 0 }
    return seed
  }

  private func combinations(_ axes: [Axis]) -> [Values] {
    axes.reduce([[]]) { cells, axis in
      cells.flatMap { cell in axis.values.map { cell + [(axis.key.value, $0)] } }
    }
  }

  private func matches(_ pattern: Values, _ cell: Values) -> Bool {
    pattern.allSatisfy { wanted in
      cell.contains { $0.key == wanted.key && isSame($0.value, wanted.value) }
    }
  }

  /// `0.10` and `0.1` are one value.
  private func isSame(_ a: Node, _ b: Node) -> Bool {
    if let left = a.asNumber, let right = b.asNumber { return left == right }
    return a.means(sameAs: b)
  }

  private func condition(_ node: Node?) -> Expression? {
    guard let node, !node.isNull else { return nil }
    guard let scalar = node.scalar else {
      wrongType("'when' must be an expression", node, "Write 'when: \"lr < 0.1 or activation == 'relu'\"'.")
      return nil
    }
    return findings.collect { try Expression.parse(scalar.text, at: node.span) }
  }

  /// Values by the names that a condition can use: a key without dots, or what stands behind its last dot.
  private func names(_ cell: Values) -> [String: Node] {
    Dictionary(
      cell.map { ($0.key.split(separator: ".").last.map(String.init) ?? $0.key, $0.value) },
      uniquingKeysWith: { _, last in last })
  }

  private func holds(_ condition: Expression, for cell: Values) -> Bool {
    let names = names(cell)
    let value = findings.collect {
      do {
        return try condition.evaluate(known: names.keys.sorted()) { names[$0].flatMap(ExpressionValue.init) }
      } catch let failure as DiagnosticFailure {
        let title = cell.map { "\($0.key)=\(flowText($0.value))" }.joined(separator: " ")
        throw DiagnosticFailure(
          failure.diagnostics.map { $0.noting("for the cell \(title)", at: cell.last?.value.span) })
      }
    }
    guard let value else { return false }
    if case .boolean(let holds) = value { return holds }
    if let place = condition.names.first?.span {
      findings.add(
        Diagnostic(
          "sweep.when", "'when' must be true or false for each cell, but is \(value.described)",
          detail: "Compare values, as in \"lr < 0.1\".", at: place))
    }
    return false
  }

  /// An exclusion that names a key of no cell excludes nothing, which cannot be meant.
  private func checkNames(
    _ excluded: [(values: Values, keys: [Located<String>])], _ cells: [Values], _ condition: Expression?
  ) {
    let known = Set(cells.flatMap { $0.map(\.key) })
    for key in excluded.flatMap(\.keys) where !known.contains(key.value) {
      findings.add(
        Diagnostic(
          "sweep.unknown", "no cell of the sweep has '\(key.value)'",
          detail: "Known are \(wordList(known.sorted())).", at: key.span,
          suggestion: nearest(key.value, in: known.sorted())))
    }
  }

  private func reportRepeats(_ cells: [Values], at entry: Entry) {
    var seen: [String: Int] = [:]
    for (index, cell) in cells.enumerated() {
      let title = cell.map { "\($0.key)=\(flowText($0.value))" }.sorted().joined(separator: " ")
      if let first = seen[title] {
        findings.add(
          Diagnostic(
            "sweep.repeated", .warning, "cells \(first + 1) and \(index + 1) of the sweep are the same: \(title)",
            at: cell.last?.value.span ?? entry.key.span))
      }
      seen[title] = seen[title] ?? index
    }
  }
}

/// The product, or the greatest number there is.
private func product(_ a: Int, _ b: Int) -> Int {
  let (value, overflow) = a.multipliedReportingOverflow(by: b)
  return overflow ? .max : value
}
