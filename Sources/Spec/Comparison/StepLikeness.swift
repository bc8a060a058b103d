import Syntax

/// How alike two steps are, in the costs of `SequenceAlignment`.
package enum StepLikeness {
  /// What a pair of steps costs, whatever their labels; nil where they are better shown as one that went and one that came.
  ///
  /// Another label should cost 1 more: equal fields weigh most, since labels shift with every step that is put in before.
  /// A step of another kind can take the place of one only if `areRelated` says so.
  package static func cost(_ a: SpecValue, _ b: SpecValue, areRelated: Bool) -> Int? {
    guard a.kind == b.kind else { return areRelated ? 90 : nil }
    let names = fieldNames(a, b)
    let different = names.reduce(0) { $0 + (isSame(a[$1], b[$1]) ? 0 : 1) }
    return different == 0 ? 0 : 20 + 60 * different / names.count
  }

  /// Everything that is said of a step but its label.
  package static func signature(_ step: SpecValue) -> String {
    let fields = fieldNames(step, step).map { name in "\(name)=\(step[name].map { emitFlow($0.node) } ?? "~")" }
    return ([step.kind ?? ""] + fields).joined(separator: "\u{1F}")
  }

  /// The fields that steps are compared by; layers within layers are compared on their own.
  package static func fieldNames(_ a: SpecValue, _ b: SpecValue) -> [String] {
    var names = a.parts.filter { !holdsSteps($0) }.map(\.name)
    names += b.parts.filter { !holdsSteps($0) }.map(\.name).filter { !names.contains($0) }
    return names
  }

  /// Whether the value is made of steps, at any depth.
  package static func holdsSteps(_ value: SpecValue) -> Bool {
    value.form == .steps || (value.form == .list && value.parts.contains(where: holdsSteps))
  }

  /// Whether both values mean the same; one that is absent means `~`.
  package static func isSame(_ a: SpecValue?, _ b: SpecValue?) -> Bool {
    switch (a, b) {
    case (let a?, let b?): hasSameMeaning(a.node, b.node)
    case (let only?, nil), (nil, let only?): only.node.isNull
    case (nil, nil): true
    }
  }
}

/// Whether two resolved values mean the same: numbers by value, everything else as written.
package func hasSameMeaning(_ a: Node, _ b: Node) -> Bool {
  switch (a.content, b.content) {
  case (.scalar(let x), .scalar(let y)):
    if let left = x.asNumber, let right = y.asNumber { return left == right }
    return a.means(sameAs: b)
  case (.sequence(let x), .sequence(let y)):
    return x.count == y.count && zip(x, y).allSatisfy(hasSameMeaning)
  case (.mapping(let x), .mapping(let y)):
    return x.count == y.count
      && zip(x, y).allSatisfy { $0.key.value == $1.key.value && hasSameMeaning($0.value, $1.value) }
  default:
    return false
  }
}
