/// The layers of a graph by the parts of their names: `time_path.conv_block_1.conv1d` lies in `conv_block_1`, and that
/// in `time_path`. Layers in a row that lie in the same group form a run.
struct GraphOutline {
  indirect enum Item {
    case input(Int)
    /// Consecutive layers, each fed by the one before alone; indices into the scene's layers.
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

  /// More layers than this do not stand in one card.
  static let longestRun = 32

  /// Features, nodes of the model and what lies in them, each behind all that it reads.
  let items: [Item]

  init(_ scene: GraphScene) {
    var readers = Array(repeating: 0, count: scene.layers.count)
    for case .layer(let index) in scene.layers.flatMap(\.sources) { readers[index] += 1 }
    let builder = Builder(scene: scene, parts: scene.layers.map { $0.name.split(separator: ".") }, readers: readers)
    items = scene.inputs.indices.map { .input($0) } + builder.items(Array(scene.layers.indices), depth: 0)
  }

  /// The name of a layer within its innermost group.
  static func label(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }

  private struct Builder {
    let scene: GraphScene
    let parts: [[Substring]]
    /// How many layers read each layer.
    let readers: [Int]

    /// What the layers with equal first `depth` parts of their names make.
    func items(_ layers: [Int], depth: Int) -> [Item] {
      let grouped = split(layers) { parts[$0].count > depth + 1 ? parts[$0][depth] : nil }
      // A group that lies in two places of a chain could not be drawn as one box.
      let pieces = isAcyclic(grouped.map(\.layers)) ? grouped : split(layers) { _ in nil }
      return pieces.flatMap { piece -> [Item] in
        guard let name = piece.name else { return chunks(piece.layers).map(Item.run) }
        let inner = items(piece.layers, depth: depth + 1)
        if inner.count == 1, case .group(let last, let items) = inner[0] {
          return [.group(name: "\(name) · \(last)", items: items)]
        }
        return [.group(name: String(name), items: inner)]
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

    /// A long run as several of nearly equal length, which can stand in columns.
    private func chunks(_ layers: [Int]) -> [[Int]] {
      let count = (layers.count + GraphOutline.longestRun - 1) / GraphOutline.longestRun
      return (0..<count).map { Array(layers[layers.count * $0 / count..<layers.count * ($0 + 1) / count]) }
    }

    private func follows(_ layer: Int, _ before: Int) -> Bool {
      scene.layers[layer].sources == [.layer(before)] && readers[before] == 1
    }

    private func isAcyclic(_ pieces: [[Int]]) -> Bool {
      var home: [Int: Int] = [:]
      for (index, layers) in pieces.enumerated() { for layer in layers { home[layer] = index } }
      var open = pieces.map { _ in Set<Int>() }
      for (index, layers) in pieces.enumerated() {
        for case .layer(let source) in layers.flatMap({ scene.layers[$0].sources }) {
          if let other = home[source], other != index { open[index].insert(other) }
        }
      }
      var left = Set(pieces.indices)
      while let next = left.sorted().first(where: { open[$0].isDisjoint(with: left) }) { left.remove(next) }
      return left.isEmpty
    }
  }
}
