import Spec
import Syntax

/// What changed from one model to another. Nodes are matched by name, then by likeness; the layers of matched nodes are
/// laid side by side by what they say, so that a layer that was put in is one change though labels behind it shift.
public struct ModelComparison: Sendable {
  /// A model and what it comes to.
  public struct Model: Sendable {
    let spec: ExperimentSpec
    let values: SpecValue
    let graph: LayerGraph

    /// - Parameter values: those of `spec`.
    public init(_ spec: ExperimentSpec, values: SpecValue, graph: LayerGraph) {
      self.spec = spec
      self.values = values
      self.graph = graph
    }

    var compared: ComparedModel {
      let inputs = spec.model.nodes.map { ($0.name.value, $0.inputs.map(\.value)) }
      let empty = SpecValue(name: "model", index: nil, form: .mapping, node: values.node, field: nil, parts: [])
      return ComparedModel(
        values["model"] ?? empty, inputs: Dictionary(inputs, uniquingKeysWith: { first, _ in first }), graph: graph)
    }
  }

  /// In the order of the second model, what was removed where it stood.
  public private(set) var changes: [ModelChange] = []
  /// In the order of the second model.
  public private(set) var affected: [AffectedLayer] = []
  /// The figures of the whole models.
  public let parameters: (before: Int, after: Int)
  public let multiplyAdds: (before: Int, after: Int)

  /// - Parameter renamedFeatures: features of the first spec by their names in the second, where they differ.
  public init(_ a: Model, _ b: Model, renamedFeatures: [String: String] = [:]) {
    parameters = (a.graph.parameterCount, b.graph.parameterCount)
    multiplyAdds = (a.graph.multiplyAdds, b.graph.multiplyAdds)
    var work = ModelComparing(a.compared, b.compared, renamedFeatures: renamedFeatures)
    work.compare()
    changes = work.changes
    affected = work.affected
  }
}

/// The work of `ModelComparison`.
private struct ModelComparing {
  let a: ComparedModel
  let b: ComparedModel
  let matching: NodeMatching
  var changes: [ModelChange] = []
  var affected: [AffectedLayer] = []

  /// Two matched nodes with their layers side by side.
  private struct Pair {
    let x: Int
    let y: Int
    let rows: [SequenceAlignment.Row]
  }

  /// A layer by its node and its position there.
  private struct Place: Hashable {
    let node: Int
    let layer: Int
  }

  init(_ a: ComparedModel, _ b: ComparedModel, renamedFeatures: [String: String]) {
    self.a = a
    self.b = b
    matching = NodeMatching(a, b, renamedFeatures: renamedFeatures)
  }

  mutating func compare() {
    var pairs: [Int: Pair] = [:]
    for (x, node) in a.nodes.enumerated() {
      guard let name = matching.names[node.name], let y = b.nodes.firstIndex(where: { $0.name == name }) else {
        changes.append(change(.removed, .node, ModelChange.Side(node, index: x, withLayers: true), nil))
        continue
      }
      pairs[y] = Pair(x: x, y: y, rows: NodeMatching.align(node.layers, b.nodes[y].layers).rows)
    }
    let moves = moves(b.nodes.indices.compactMap { pairs[$0] })
    for (y, node) in b.nodes.enumerated() {
      guard let pair = pairs[y] else {
        changes.append(change(.added, .node, nil, ModelChange.Side(node, index: y, withLayers: true)))
        continue
      }
      compareNodes(pair)
      compareLayers(pair, moves)
    }
    compareOrder(pairs)
  }

  // MARK: nodes

  private mutating func compareNodes(_ pair: Pair) {
    let (x, y) = (a.nodes[pair.x], b.nodes[pair.y])
    let before = ModelChange.Side(x, index: pair.x, withLayers: false)
    let after = ModelChange.Side(y, index: pair.y, withLayers: false)
    if x.name != y.name { changes.append(change(.renamed, .node, before, after)) }
    var names = x.fields.map(\.name)
    names += y.fields.map(\.name).filter { !names.contains($0) }
    let fields = names.compactMap { name -> ModelChange.Field? in
      let (left, right) = (x.value[name], y.value[name])
      if StepLikeness.isSame(left, right) { return nil }
      // Another name for the same is no other input.
      if name != "expect", matching.haveSameSource(x, y), hasSameArguments(left, right) { return nil }
      return ModelChange.Field(name: name, before: left?.node, after: right?.node)
    }
    if !fields.isEmpty { changes.append(change(.changed, .node, before, after, fields)) }
  }

  /// Whether two combinators say the same beside their inputs, which are compared by what they stand for.
  private func hasSameArguments(_ a: SpecValue?, _ b: SpecValue?) -> Bool {
    guard let a, let b, a.form == .mapping, b.form == .mapping else { return a?.form == b?.form }
    guard case .optional(.group(let table))? = a.field?.type else { return false }
    return StepLikeness.fieldNames(a, b).filter { $0 != table.primary }.allSatisfy {
      StepLikeness.isSame(a[$0], b[$0])
    }
  }

  /// Nodes that both have, but written in another order.
  private mutating func compareOrder(_ pairs: [Int: Pair]) {
    let common = pairs.values.sorted { $0.x < $1.x }
    for (first, _) in movedNames(common.map { b.nodes[$0.y].name }, b.nodes.map(\.name)) {
      let pair = common[first]
      changes.append(
        change(
          .moved, .node, ModelChange.Side(a.nodes[pair.x], index: pair.x, withLayers: false),
          ModelChange.Side(b.nodes[pair.y], index: pair.y, withLayers: false)))
    }
  }

  // MARK: layers

  /// Layers that are gone at one place and new at another, by their new place: in the same node first.
  private func moves(_ pairs: [Pair]) -> [Place: Place] {
    var moves: [Place: Place] = [:]
    var gone: [(place: Place, layer: ComparedLayer)] = []
    var new: [(place: Place, layer: ComparedLayer, home: Int)] = []
    for pair in pairs {
      for row in pair.rows {
        if let x = row.a, row.b == nil { gone.append((Place(node: pair.x, layer: x), a.nodes[pair.x].layers[x])) }
        if let y = row.b, row.a == nil {
          new.append((Place(node: pair.y, layer: y), b.nodes[pair.y].layers[y], pair.x))
        }
      }
    }
    for staysInNode in [true, false] {
      for candidate in new where moves[candidate.place] == nil {
        // An activation that comes in one node and goes in another is not one that moved.
        if !staysInNode, candidate.layer.figures?.parameters ?? 0 == 0 { continue }
        let signature = candidate.layer.signature
        guard
          let index = gone.firstIndex(where: {
            (!staysInNode || $0.place.node == candidate.home) && $0.layer.signature == signature
              && (($0.layer.parent == nil) == (candidate.layer.parent == nil)
                || ComparedLayer.areTwins($0.layer, candidate.layer))
          })
        else { continue }
        moves[candidate.place] = gone.remove(at: index).place
      }
    }
    return moves
  }

  private mutating func compareLayers(_ pair: Pair, _ moves: [Place: Place]) {
    let (left, right) = (a.nodes[pair.x].layers, b.nodes[pair.y].layers)
    let goneElsewhere = Set(moves.values.filter { $0.node == pair.x }.map(\.layer))
    let partner = Dictionary(
      pair.rows.compactMap { row in row.a.flatMap { x in row.b.map { (x, $0) } } }, uniquingKeysWith: { $1 })
    let isRemoved: (Int) -> Bool = { partner[$0] == nil && !goneElsewhere.contains($0) }
    let stays = Set(partner.values)
    let isAdded: (Int) -> Bool = { !stays.contains($0) && moves[Place(node: pair.y, layer: $0)] == nil }

    for row in pair.rows {
      switch (row.a, row.b) {
      case (let x?, let y?):
        let hasMoved =
          left[x].branch != right[y].branch
          || !isSameHome(left[x].parent, right[y].parent, partner, isRemoved, isAdded)
        compare(left[x], x, right[y], y, hasMoved: hasMoved)
      case (let x?, nil) where isRemoved(x):
        // What lies in a layer that is gone is gone with it.
        if left[x].parent.map(isRemoved) ?? false { continue }
        changes.append(change(.removed, .layer, side(left, x, where: isRemoved), nil))
      case (nil, let y?):
        if let from = moves[Place(node: pair.y, layer: y)] {
          let before = a.nodes[from.node].layers
          changes.append(
            change(
              .moved, .layer, ModelChange.Side(before[from.layer], index: from.layer),
              ModelChange.Side(right[y], index: y)))
        } else if !(right[y].parent.map(isAdded) ?? false) {
          changes.append(change(.added, .layer, nil, side(right, y, where: isAdded)))
        }
      default: break
      }
    }
  }

  /// A layer with the names of those within it that came or went with it.
  private func side(_ layers: [ComparedLayer], _ index: Int, where isChanged: (Int) -> Bool) -> ModelChange.Side {
    var within: Set<Int> = [index]
    for (position, layer) in layers.enumerated() where layer.parent.map(within.contains) ?? false {
      if isChanged(position) { within.insert(position) }
    }
    return ModelChange.Side(
      layers[index], index: index, inner: within.subtracting([index]).sorted().map { layers[$0].label })
  }

  /// Whether two layers lie in the same layer, or in ones that came or went around them.
  private func isSameHome(
    _ x: Int?, _ y: Int?, _ partner: [Int: Int], _ isRemoved: (Int) -> Bool, _ isAdded: (Int) -> Bool
  ) -> Bool {
    if let x, partner[x] != nil { return partner[x] == y || (y.map(isAdded) ?? false) }
    if let x, !isRemoved(x) { return false }
    return y.map(isAdded) ?? true
  }

  private mutating func compare(_ x: ComparedLayer, _ i: Int, _ y: ComparedLayer, _ j: Int, hasMoved: Bool) {
    let (before, after) = (ModelChange.Side(x, index: i), ModelChange.Side(y, index: j))
    if hasMoved { changes.append(change(.moved, .layer, before, after)) }
    if x.kind != y.kind {
      changes.append(change(.changed, .layer, before, after))
      return
    }
    let fields = StepLikeness.fieldNames(x.value, y.value).compactMap { name -> ModelChange.Field? in
      let (left, right) = (x.value[name], y.value[name])
      if StepLikeness.isSame(left, right) { return nil }
      return ModelChange.Field(name: name, before: left?.node, after: right?.node)
    }
    if !fields.isEmpty {
      // A name of its own is all that differs: it is the same layer under that name.
      let kind: ChangeKind = fields.map(\.name) == ["name"] ? .renamed : .changed
      changes.append(change(kind, .layer, before, after, fields))
    } else if !hasMoved, let old = x.figures, let new = y.figures, old != new {
      affected.append(AffectedLayer(path: y.path, before: old, after: new))
    }
  }

  private func change(
    _ kind: ChangeKind, _ subject: ModelChange.Subject, _ before: ModelChange.Side?, _ after: ModelChange.Side?,
    _ fields: [ModelChange.Field] = []
  ) -> ModelChange {
    ModelChange(kind: kind, subject: subject, before: before, after: after, fields: fields)
  }
}
