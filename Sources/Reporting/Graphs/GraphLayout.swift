/// Where every box and line of a graph's picture lies. Groups are laid out from the inside out: each is one box for the
/// group that it lies in.
struct GraphLayout {
  static let framePadding = 14.0
  static let headerHeight = 28.0
  /// Columns of one group are so far apart.
  static let columnGap = 46.0
  /// Higher than this, and than wide pictures are, a chain is broken into columns.
  static let columnHeight = 900.0

  let metrics: GraphMetrics
  private let scene: GraphScene
  private(set) var piece = GraphPiece(width: 0, height: 0, entry: 0, exit: 0)

  init(_ scene: GraphScene) {
    self.scene = scene
    metrics = GraphMetrics(scene)
    piece = arranged(GraphOutline(scene).items)
  }

  private func laidOut(_ item: GraphOutline.Item) -> GraphPiece {
    switch item {
    case .input(let index):
      return single(.input(index), width: metrics.inputWidth(scene.inputs[index]), height: GraphMetrics.inputHeight)
    case .run(let layers):
      return single(.card(title: nil, layers: layers), layers)
    case .group(let name, let items):
      if items.count == 1, case .run(let layers) = items[0] {
        return single(.card(title: name, layers: layers), layers)
      }
      return framed(arranged(items), title: name, item.layers)
    }
  }

  private func single(_ content: GraphPiece.Box.Content, _ layers: [Int]) -> GraphPiece {
    var hasTitle = false
    if case .card(.some, _) = content { hasTitle = true }
    return single(content, width: metrics.cardWidth, height: metrics.cardHeight(rows: layers.count, hasTitle: hasTitle))
  }

  private func single(_ content: GraphPiece.Box.Content, width: Double, height: Double) -> GraphPiece {
    GraphPiece(
      width: width, height: height, entry: width / 2, exit: width / 2,
      boxes: [GraphPiece.Box(content: content, x: 0, y: 0, width: width, height: height)])
  }

  private func framed(_ inner: GraphPiece, title: String, _ layers: [Int]) -> GraphPiece {
    let padding = Self.framePadding
    let width = max(inner.width + 2 * padding, metrics.titleWidth(title))
    let height = inner.height + Self.headerHeight + padding
    let left = (width - inner.width) / 2
    var piece = GraphPiece(width: width, height: height, entry: left + inner.entry, exit: left + inner.exit)
    let frame: GraphPiece.Box.Content = .frame(title: title, layers: layers)
    piece.boxes.append(GraphPiece.Box(content: frame, x: 0, y: 0, width: width, height: height))
    piece.add(inner, x: left, y: Self.headerHeight)
    return piece
  }

  /// The items of one group, placed.
  private func arranged(_ items: [GraphOutline.Item]) -> GraphPiece {
    let wiring = LevelWiring(items, scene)
    var pieces = items.map(laidOut)
    for _ in wiring.ports.indices { pieces.append(GraphPiece(width: 8, height: 8, entry: 4, exit: 4)) }
    var inputs: Set<Int> = []
    for (index, item) in items.enumerated() { if case .input = item { inputs.insert(index) } }
    let level = LevelLayout(
      pieces.map { LevelLayout.Box(width: $0.width, height: $0.height, entry: $0.entry, exit: $0.exit) }, wiring.edges,
      floating: inputs)
    return LevelAssembly(level: level, pieces: pieces, wiring: wiring, firstPort: items.count).piece
  }
}

/// What joins the items of one group, and what comes in from outside.
struct LevelWiring {
  private(set) var edges: [LevelLayout.Edge] = []
  /// Sources outside that feed several items, or one that others feed too; in the layout they follow the items.
  private(set) var ports: [GraphScene.Source] = []

  init(_ items: [GraphOutline.Item], _ scene: GraphScene) {
    var home: [GraphScene.Source: Int] = [:]
    for (index, item) in items.enumerated() {
      if case .input(let input) = item { home[.input(input)] = index }
      for layer in item.layers { home[.layer(layer)] = index }
    }
    var seen: Set<[Int]> = []
    var outside: [(source: GraphScene.Source, to: Int)] = []
    for (index, item) in items.enumerated() {
      for source in item.layers.flatMap({ scene.layers[$0].sources }) {
        if let from = home[source] {
          if from != index, seen.insert([from, index]).inserted { edges.append(.init(from: from, to: index)) }
        } else if !outside.contains(where: { $0.source == source && $0.to == index }) {
          outside.append((source, index))
        }
      }
    }
    let fed = Set(edges.map(\.to))
    for entry in outside where !ports.contains(entry.source) {
      let targets = outside.filter { $0.source == entry.source }.map(\.to)
      guard targets.count > 1 || targets.contains(where: fed.contains) else { continue }
      ports.append(entry.source)
      edges += targets.map { .init(from: items.count + ports.count - 1, to: $0) }
    }
  }
}
