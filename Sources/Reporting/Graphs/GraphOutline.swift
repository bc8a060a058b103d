import Planning

/// The layers of a graph by the parts of their names: `time_path.conv_block_1.conv1d` lies in `conv_block_1`, and that
/// in `time_path`. Layers in a row that lie in the same group form a run.
struct GraphOutline {
  indirect enum Item {
    case input(Int)
    /// Consecutive layers, each fed by the one before alone; indices into the graph's nodes.
    case run([Int])
    case group(name: String, items: [Item])

    /// The layers within.
    var layers: [Int] {
      switch self {
      case .input: []
      case .run(let layers): layers
      case .group(_, let items): items.flatMap(\.layers)
      }
    }
  }

  /// Features, nodes of the model and what lies in them, each behind all that it reads.
  let items: [Item]
  /// How many layers read each layer.
  private let readers: [Int]
  private let graph: LayerGraph
  private let parts: [[Substring]]

  init(_ graph: LayerGraph) {
    self.graph = graph
    parts = graph.nodes.map { $0.name.split(separator: ".") }
    var readers = Array(repeating: 0, count: graph.nodes.count)
    for case .node(let index) in graph.nodes.flatMap(\.inputs) { readers[index] += 1 }
    self.readers = readers
    var builder = Builder(graph: graph, parts: parts, readers: readers)
    items = graph.inputs.indices.map { .input($0) } + builder.items(Array(graph.nodes.indices), depth: 0)
  }

  /// The name of a layer within its innermost group.
  static func label(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }

  private struct Builder {
    let graph: LayerGraph
    let parts: [[Substring]]
    let readers: [Int]

    /// What the layers with equal first `depth` parts of their names make.
    mutating func items(_ layers: [Int], depth: Int) -> [Item] {
      let grouped = split(layers) { parts[$0].count > depth + 1 ? parts[$0][depth] : nil }
      // A group that lies in two places of a chain could not be drawn as one box.
      let pieces = isAcyclic(grouped.map(\.layers)) ? grouped : split(layers) { _ in nil }
      return pieces.map { piece in
        guard let name = piece.name else { return .run(piece.layers) }
        let inner = items(piece.layers, depth: depth + 1)
        if inner.count == 1, case .group(let last, let items) = inner[0] {
          return .group(name: "\(name) · \(last)", items: items)
        }
        return .group(name: String(name), items: inner)
      }
    }

    /// Layers by the group that `name` gives, and runs of those without one.
    private func split(_ layers: [Int], by name: (Int) -> Substring?) -> [(name: Substring?, layers: [Int])] {
      var pieces: [(name: Substring?, layers: [Int])] = []
      for layer in layers {
        if let name = name(layer) {
          if let index = pieces.firstIndex(where: { $0.name == name }) {
            pieces[index].layers.append(layer)
          } else {
            pieces.append((name, [layer]))
          }
        } else if let last = pieces.lastIndex(where: {
          $0.name == nil && $0.layers.last.map { follows(layer, $0) } == true
        }) {
          pieces[last].layers.append(layer)
        } else {
          pieces.append((nil, [layer]))
        }
      }
      return pieces
    }

    private func follows(_ layer: Int, _ before: Int) -> Bool {
      graph.nodes[layer].inputs == [.node(before)] && readers[before] == 1
    }

    private func isAcyclic(_ pieces: [[Int]]) -> Bool {
      var home: [Int: Int] = [:]
      for (index, layers) in pieces.enumerated() { for layer in layers { home[layer] = index } }
      var open = pieces.map { _ in Set<Int>() }
      for (index, layers) in pieces.enumerated() {
        for case .node(let source) in layers.flatMap({ graph.nodes[$0].inputs }) {
          if let other = home[source], other != index { open[index].insert(other) }
        }
      }
      var left = Set(pieces.indices)
      while let next = left.sorted().first(where: { open[$0].isDisjoint(with: left) }) { left.remove(next) }
      return left.isEmpty
    }
  }
}
