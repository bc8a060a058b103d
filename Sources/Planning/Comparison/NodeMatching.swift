import Spec

/// Which node of one model is which of the other: those of one name, then those that are alike under another name.
struct NodeMatching {
  /// Names of the first model's nodes with those of the second's.
  private(set) var names: [String: String] = [:]
  private let a: ComparedModel
  private let b: ComparedModel
  private let renamedFeatures: [String: String]

  init(_ a: ComparedModel, _ b: ComparedModel, renamedFeatures: [String: String]) {
    self.a = a
    self.b = b
    self.renamedFeatures = renamedFeatures
    let known = Set(b.nodes.map(\.name))
    for node in a.nodes where known.contains(node.name) { names[node.name] = node.name }
    matchAlike()
  }

  /// The name in the second model of what feeds a node of the first.
  func counterpart(of name: String) -> String { names[name] ?? renamedFeatures[name] ?? name }

  /// Whether two nodes are fed by the same, joined in the same way.
  func haveSameSource(_ x: ComparedModel.Node, _ y: ComparedModel.Node) -> Bool {
    combinator(x) == combinator(y) && x.inputs.map(counterpart) == y.inputs
  }

  private func combinator(_ node: ComparedModel.Node) -> String {
    node.fields.first { $0.name != "expect" && !$0.node.isNull }?.name ?? ""
  }

  /// A pair of nodes with what speaks for it; the best comes first whichever model does.
  private struct Candidate: Comparable {
    let x: Int
    let y: Int
    let unlikeness: Double
    let places: [String]

    static func < (a: Candidate, b: Candidate) -> Bool {
      a.unlikeness != b.unlikeness ? a.unlikeness < b.unlikeness : a.places.lexicographicallyPrecedes(b.places)
    }
    static func == (a: Candidate, b: Candidate) -> Bool { a.x == b.x && a.y == b.y }
  }

  /// A node that was renamed makes others alike that it feeds: it goes on until nothing more is found.
  private mutating func matchAlike() {
    var unlikeness: [[Int]: Double] = [:]
    while true {
      let taken = Set(names.values)
      let left = a.nodes.indices.filter { names[a.nodes[$0].name] == nil }
      let right = b.nodes.indices.filter { !taken.contains(b.nodes[$0].name) }
      var best: Candidate?
      for x in left {
        for y in right {
          let (p, q) = (a.nodes[x], b.nodes[y])
          let layers = unlikeness[[x, y]] ?? Self.unlikeness(p.layers, q.layers)
          unlikeness[[x, y]] = layers
          // Either the same input and mostly the same layers, or, fed by something else, all but the same layers.
          guard haveSameSource(p, q) ? layers <= 0.5 : layers <= 0.1 && !p.layers.isEmpty else { continue }
          let total = layers + (haveSameSource(p, q) ? 0 : 0.5)
          let candidate = Candidate(x: x, y: y, unlikeness: total, places: [p.name, q.name].sorted())
          if best.map({ candidate < $0 }) ?? true { best = candidate }
        }
      }
      guard let best else { return }
      names[a.nodes[best.x].name] = b.nodes[best.y].name
    }
  }

  /// 0 where all layers are the same, 1 where none is.
  private static func unlikeness(_ a: [ComparedLayer], _ b: [ComparedLayer]) -> Double {
    guard !a.isEmpty || !b.isEmpty else { return 0 }
    return Double(align(a, b).cost) / Double(SequenceAlignment.gap * (a.count + b.count))
  }

  /// The layers of two nodes side by side. What layers cost depends on little more than their fields and shapes, so that
  /// it is worked out once for all layers that say the same.
  static func align(_ a: [ComparedLayer], _ b: [ComparedLayer]) -> SequenceAlignment {
    var classes: [String: Int] = [:]
    func items(_ layers: [ComparedLayer]) -> [(layer: ComparedLayer, class: Int)] {
      layers.map { layer in
        let shape = layer.figures?.outputShape.description ?? ""
        let key = "\(layer.keepsShape) \(layer.parent == nil) \(shape) \(layer.signature)"
        let number = classes[key] ?? classes.count
        classes[key] = number
        return (layer, number)
      }
    }
    let (left, right) = (items(a), items(b))
    var costs = [Int?](repeating: nil, count: classes.count * classes.count)
    var isKnown = [Bool](repeating: false, count: costs.count)
    func cost(_ x: (layer: ComparedLayer, class: Int), _ y: (layer: ComparedLayer, class: Int)) -> Int? {
      let cell = x.class * classes.count + y.class
      if !isKnown[cell] { (costs[cell], isKnown[cell]) = (ComparedLayer.cost(x.layer, y.layer), true) }
      return costs[cell].map { $0 + (x.layer.label == y.layer.label ? 0 : 1) }
    }
    return SequenceAlignment(left, right, signature: { $0.layer.signature + $0.layer.label }, cost: cost)
  }
}
