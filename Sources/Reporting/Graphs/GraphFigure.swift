import Planning
import Training

/// `show --svg`: the layer graph as a picture. Groups are boxes within boxes, layers are lines in them with output shape
/// and parameters, and data flows downwards.
public struct GraphFigure: Sendable {
  /// The heading.
  public var title: String
  /// A line below it, such as the number of parameters.
  public var subtitle: String
  private let scene: GraphScene

  public init(title: String, subtitle: String, graph: LayerGraph) {
    self.title = title
    self.subtitle = subtitle
    scene = GraphScene(graph)
  }

  /// The picture of something that is no model, for tests.
  package init(title: String, subtitle: String, scene: GraphScene) {
    self.title = title
    self.subtitle = subtitle
    self.scene = scene
  }

  private static let margin = 24.0
  private static let top = 78.0
  private static let bottom = 52.0
  private static let line = "#8b95a1"

  /// The picture as an SVG document.
  public func svg() -> String {
    let layout = GraphLayout(scene)
    let heading = max(
      LetterWidth.of(title, size: 16, bold: true), LetterWidth.of(subtitle, size: FigureStyle.labelSize), legendWidth)
    let width = max(layout.piece.width, min(heading, 900)) + 2 * Self.margin
    var canvas = SVGCanvas(
      width: width, height: Self.top + layout.piece.height + Self.bottom, title: "Layer graph of \(title)")
    let room = width - 2 * Self.margin
    canvas.text(LetterWidth.fitted(title, size: 16, bold: true, into: room), Self.margin, 30, size: 16, bold: true)
    canvas.text(
      LetterWidth.fitted(subtitle, size: FigureStyle.labelSize, into: room), Self.margin, 50,
      size: FigureStyle.labelSize, fill: FigureStyle.quiet)
    var piece = GraphPiece(width: 0, height: 0, entry: 0, exit: 0)
    piece.add(layout.piece, x: (width - layout.piece.width) / 2, y: Self.top)
    for box in piece.boxes {
      if case .frame(let title, let layers) = box.content { drawFrame(box, title, layers, &canvas) }
    }
    for route in piece.routes { draw(route, &canvas) }
    for dot in piece.dots { canvas.circle(dot.x, dot.y, radius: 3, fill: Self.line) }
    for box in piece.boxes {
      switch box.content {
      case .input(let index): drawInput(box, scene.inputs[index], &canvas)
      case .card(let title, let layers): drawCard(box, title, layers, layout.metrics, &canvas)
      case .frame: break
      }
    }
    drawLegend(y: Self.top + layout.piece.height + 34, &canvas)
    return canvas.document
  }

  private func drawFrame(_ box: GraphPiece.Box, _ title: String, _ layers: [Int], _ canvas: inout SVGCanvas) {
    canvas.box(box.x, box.y, box.width, box.height, radius: 9, fill: "#f4f6f8", stroke: "#dde2e7")
    drawTitle(title, layers, box, y: box.y + 18.5, &canvas)
  }

  private func drawTitle(
    _ title: String, _ layers: [Int], _ box: GraphPiece.Box, y: Double, _ canvas: inout SVGCanvas
  ) {
    let count = GraphMetrics.count(layers.reduce(0) { $0 + scene.layers[$1].parameters })
    let size = GraphMetrics.titleSize
    let room = box.width - 36 - LetterWidth.of(count, size: GraphMetrics.textSize)
    canvas.text(LetterWidth.fitted(title, size: size, bold: true, into: room), box.x + 12, y, size: size, bold: true)
    canvas.text(
      count, box.x + box.width - 12, y, size: GraphMetrics.textSize, fill: FigureStyle.quiet, anchor: .end, bold: true)
  }

  private func drawInput(_ box: GraphPiece.Box, _ input: GraphScene.Input, _ canvas: inout SVGCanvas) {
    canvas.box(box.x, box.y, box.width, box.height, radius: box.height / 2, fill: "#e6f0f9", stroke: "#a9c8e4")
    let y = box.y + box.height / 2 + 4
    canvas.text(input.name, box.x + 15, y, size: GraphMetrics.titleSize, bold: true)
    canvas.text(
      input.shape, box.x + box.width - 15, y, size: GraphMetrics.textSize, fill: FigureStyle.quiet,
      anchor: .end)
  }

  private func drawCard(
    _ box: GraphPiece.Box, _ title: String?, _ layers: [Int], _ metrics: GraphMetrics, _ canvas: inout SVGCanvas
  ) {
    canvas.box(box.x, box.y, box.width, box.height, radius: 6, fill: FigureStyle.background, stroke: "#c5ccd4")
    var y = box.y + GraphMetrics.cardPadding
    if let title {
      drawTitle(title, layers, box, y: y + 13.5, &canvas)
      y += GraphMetrics.titleHeight
      canvas.line(box.x + 1, y - 1.5, box.x + box.width - 1, y - 1.5, stroke: FigureStyle.grid)
    }
    for layer in layers {
      drawRow(scene.layers[layer], box, y: y, metrics, &canvas)
      y += GraphMetrics.rowHeight
    }
  }

  private func drawRow(
    _ node: GraphScene.Layer, _ box: GraphPiece.Box, y: Double, _ metrics: GraphMetrics, _ canvas: inout SVGCanvas
  ) {
    let size = GraphMetrics.textSize
    let baseline = y + GraphMetrics.rowHeight / 2 + 4
    let counts = "\(grouped(node.parameters)) parameters, \(grouped(node.multiplyAdds)) multiply-adds"
    canvas.rectangle(
      box.x + 1, y, box.width - 2, GraphMetrics.rowHeight, fill: FigureStyle.background,
      tooltip: "\(node.name): \(node.kind), output \(node.shape), \(counts)")
    canvas.rectangle(box.x + 10, y + 4, 4, GraphMetrics.rowHeight - 8, fill: node.role.colour)
    let name = LetterWidth.fitted(GraphMetrics.rowText(node), size: size, into: metrics.nameWidth)
    canvas.text(
      name, box.x + GraphMetrics.nameLeft, baseline, size: size,
      fill: node.role == .pointwise ? FigureStyle.quiet : FigureStyle.ink)
    let right = box.x + box.width - 12
    canvas.text(
      node.shape, right - metrics.countWidth - GraphMetrics.columnGap, baseline, size: size,
      fill: FigureStyle.quiet, anchor: .end)
    let count = GraphMetrics.count(node.parameters)
    if !count.isEmpty { canvas.text(count, right, baseline, size: size, anchor: .end) }
  }

  private func draw(_ route: GraphPiece.Route, _ canvas: inout SVGCanvas) {
    guard let first = route.points.first, let last = route.points.last else { return }
    let number = SVGCanvas.number
    var commands = "M\(number(first.x)) \(number(first.y))"
    let headless = route.points.dropLast() + [GraphPiece.Point(x: last.x, y: last.y - 5)]
    switch route.shape {
    case .curve:
      for (a, b) in zip(headless, headless.dropFirst()) {
        let middle = number((a.y + b.y) / 2)
        commands +=
          a.x == b.x
          ? "V\(number(b.y))" : "C\(number(a.x)) \(middle) \(number(b.x)) \(middle) \(number(b.x)) \(number(b.y))"
      }
    case .corners:
      commands += Self.rounded(Array(headless))
    }
    canvas.path(commands, stroke: Self.line, width: 1.4)
    canvas.polygon(
      [(last.x - 3.6, last.y - 6.5), (last.x + 3.6, last.y - 6.5), (last.x, last.y - 0.5)], fill: Self.line)
  }

  /// Straight lines through points, with an arc at each corner between.
  private static func rounded(_ points: [GraphPiece.Point]) -> String {
    let number = SVGCanvas.number
    var commands = ""
    for index in points.indices.dropFirst().dropLast() {
      let (before, corner, after) = (points[index - 1], points[index], points[index + 1])
      func towards(_ other: GraphPiece.Point) -> GraphPiece.Point {
        let (dx, dy) = (other.x - corner.x, other.y - corner.y)
        let length = (dx * dx + dy * dy).squareRoot()
        let share = length > 0 ? min(8, length / 2) / length : 0
        return .init(x: corner.x + dx * share, y: corner.y + dy * share)
      }
      let (start, end) = (towards(before), towards(after))
      commands += "L\(number(start.x)) \(number(start.y))"
      commands += "Q\(number(corner.x)) \(number(corner.y)) \(number(end.x)) \(number(end.y))"
    }
    if let last = points.last { commands += "L\(number(last.x)) \(number(last.y))" }
    return commands
  }

  private var usedRoles: [LayerRole] {
    let used = Set(scene.layers.map(\.role))
    return LayerRole.allCases.filter(used.contains)
  }

  private var legendWidth: Double {
    usedRoles.reduce(0) { $0 + 14 + LetterWidth.of($1.title, size: FigureStyle.tickSize) + 16 }
  }

  private func drawLegend(y: Double, _ canvas: inout SVGCanvas) {
    var x = Self.margin
    for role in usedRoles {
      canvas.rectangle(x, y - 9, 4, 11, fill: role.colour)
      canvas.text(role.title, x + 10, y, size: FigureStyle.tickSize, fill: FigureStyle.quiet)
      x += 14 + LetterWidth.of(role.title, size: FigureStyle.tickSize) + 16
    }
  }
}

extension GraphFigure {
  /// A box of a picture, in its units.
  package struct Box: Sendable {
    package let x: Double
    package let y: Double
    package let width: Double
    package let height: Double
    /// Whether it is a group with other boxes in it.
    package let holdsBoxes: Bool
  }

  /// Where the boxes of a scene lie.
  package static func boxes(of scene: GraphScene) -> [Box] {
    GraphLayout(scene).piece.boxes.map { box in
      var isFrame = false
      if case .frame = box.content { isFrame = true }
      return Box(x: box.x, y: box.y, width: box.width, height: box.height, holdsBoxes: isFrame)
    }
  }
}
