import Diagnostics
import Syntax

/// What two specs say differently outside their models. Names, texts for people and the folder of the audio are not
/// compared: they say nothing about what is computed.
public struct ValueComparison: Sendable {
  /// By area, within it in the order of the tables.
  public private(set) var changes: [ValueChange] = []
  /// Features of the first spec that are called otherwise in the second.
  public private(set) var renamedFeatures: [String: String] = [:]

  /// Compares the values of two resolved specs.
  public init(_ a: SpecValue, _ b: SpecValue) {
    var names = a.parts.map(\.name)
    names += b.parts.map(\.name).filter { !names.contains($0) }
    for name in names where name != "model" && !unhashedKeys.contains(name) {
      let area = SpecArea(key: name)
      switch name {
      case "corpus":
        compare(a[name]?.without(unhashedCorpusKeys), b[name]?.without(unhashedCorpusKeys), at: name, name, area)
      case "train":
        compare(a[name]?.without(unhashedTrainingKeys), b[name]?.without(unhashedTrainingKeys), at: name, name, area)
      case "features": compareFeatures(a[name], b[name])
      default: compare(a[name], b[name], at: name, name, area)
      }
    }
    let order = SpecArea.allCases
    changes = changes.enumerated().sorted { x, y in
      let (left, right) = (order.firstIndex(of: x.element.area) ?? 0, order.firstIndex(of: y.element.area) ?? 0)
      return (left, x.offset) < (right, y.offset)
    }.map(\.element)
  }

  private mutating func compare(_ a: SpecValue?, _ b: SpecValue?, at pathA: String, _ pathB: String, _ area: SpecArea) {
    guard let a, let b else {
      if let a { add(.removed, area, (a, pathA), nil) }
      if let b { add(.added, area, nil, (b, pathB)) }
      return
    }
    switch (a.form, b.form) {
    case (.mapping, .mapping): compareParts(a, b, at: pathA, pathB, area)
    case (.step(let x), .step(let y)) where x == y: compareParts(a, b, at: pathA, pathB, area)
    case (.steps, .steps): compareSteps(a, b, at: pathA, pathB, area)
    default:
      if !hasSameMeaning(a.node, b.node) { add(.changed, area, (a, pathA), (b, pathB)) }
    }
  }

  private mutating func compareParts(
    _ a: SpecValue, _ b: SpecValue, at pathA: String, _ pathB: String, _ area: SpecArea
  ) {
    var names = a.parts.map(\.name)
    names += b.parts.map(\.name).filter { !names.contains($0) }
    for name in names {
      let (x, y) = (a[name], b[name])
      compare(
        x, y, at: x.map { a.path(of: $0, below: pathA) } ?? "", y.map { b.path(of: $0, below: pathB) } ?? "", area)
    }
    compareOrder(a, b, at: pathA, pathB, area)
  }

  /// Names that both have, but in another order: that of classes gives them their indices.
  private mutating func compareOrder(
    _ a: SpecValue, _ b: SpecValue, at pathA: String, _ pathB: String, _ area: SpecArea
  ) {
    guard a.parts.contains(where: { $0.field == nil }) else { return }
    for (x, y) in movedNames(a.parts.map(\.name), b.parts.map(\.name)) {
      let (left, right) = (a.parts[x], b.parts[y])
      changes.append(
        ValueChange(
          .moved, in: area,
          before: ValueChange.Side(path: a.path(of: left, below: pathA), node: left.node, index: x),
          after: ValueChange.Side(path: b.path(of: right, below: pathB), node: right.node, index: y)))
    }
  }

  private mutating func compareSteps(
    _ a: SpecValue, _ b: SpecValue, at pathA: String, _ pathB: String, _ area: SpecArea
  ) {
    let alignment = SequenceAlignment(
      a.parts, b.parts, signature: { StepLikeness.signature($0) + $0.name },
      cost: { left, right in
        StepLikeness.cost(left, right, areRelated: false).map { $0 + (left.name == right.name ? 0 : 1) }
      })
    var removed = alignment.rows.compactMap { $0.b == nil ? $0.a : nil }
    var moved: [Int: Int] = [:]
    for y in alignment.rows.compactMap({ $0.a == nil ? $0.b : nil }) {
      let wanted = StepLikeness.signature(b.parts[y])
      guard let place = removed.firstIndex(where: { StepLikeness.signature(a.parts[$0]) == wanted }) else { continue }
      moved[y] = removed.remove(at: place)
    }
    for row in alignment.rows {
      let left = row.a.map { (a.parts[$0], a.path(of: a.parts[$0], below: pathA)) }
      let right = row.b.map { (b.parts[$0], b.path(of: b.parts[$0], below: pathB)) }
      if let left, let right {
        compare(left.0, right.0, at: left.1, right.1, area)
      } else if let y = row.b, let right, let x = moved[y] {
        add(.moved, area, (a.parts[x], a.path(of: a.parts[x], below: pathA)), right)
      } else if let x = row.a, removed.contains(x) {
        add(.removed, area, left, nil)
      } else if let right {
        add(.added, area, nil, right)
      }
    }
  }

  private mutating func compareFeatures(_ a: SpecValue?, _ b: SpecValue?) {
    guard let a, let b else { return }
    let gone = a.parts.filter { b[$0.name] == nil }
    var new = b.parts.filter { a[$0.name] == nil }
    for feature in gone {
      guard let place = new.firstIndex(where: { hasSameMeaning($0.node, feature.node) }) else { continue }
      renamedFeatures[feature.name] = new.remove(at: place).name
    }
    var names: [(String?, String?)] = a.parts.map { ($0.name, b[$0.name]?.name ?? renamedFeatures[$0.name]) }
    names += new.map { (nil, $0.name) }
    for (old, current) in names {
      let (left, right) = (old.flatMap { a[$0] }, current.flatMap { b[$0] })
      let paths = (below("features", old ?? ""), below("features", current ?? ""))
      if let left, let right, old != current {
        add(.renamed, .features, (left, paths.0), (right, paths.1))
      } else {
        compare(left, right, at: paths.0, paths.1, .features)
      }
    }
    compareOrder(a, b, at: "features", "features", .features)
  }

  private mutating func add(
    _ kind: ChangeKind, _ area: SpecArea, _ before: (SpecValue, String)?, _ after: (SpecValue, String)?
  ) {
    changes.append(
      ValueChange(
        kind, in: area,
        before: before.map { ValueChange.Side(path: $0.1, node: $0.0.node, index: $0.0.index) },
        after: after.map { ValueChange.Side(path: $0.1, node: $0.0.node, index: $0.0.index) }))
  }
}

/// The names of both lists that must move for the first to come into the order of the second, as few as can be.
package func movedNames(_ a: [String], _ b: [String]) -> [(Int, Int)] {
  let places = Dictionary(b.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  let common = a.indices.filter { places[a[$0]] != nil }
  let targets = b.indices.filter { a.contains(b[$0]) }
  let alignment = SequenceAlignment(
    common.map { a[$0] }, targets.map { b[$0] }, signature: { $0 }, cost: { $0 == $1 ? 0 : nil })
  return alignment.rows.compactMap { row in
    guard row.b == nil, let x = row.a, let y = places[a[common[x]]] else { return nil }
    return (common[x], y)
  }
}

extension SpecValue {
  /// The value without parts that say nothing about results.
  fileprivate func without(_ names: Set<String>) -> SpecValue {
    SpecValue(
      name: name, index: nil, form: form, node: node, field: field, parts: parts.filter { !names.contains($0.name) })
  }
}
