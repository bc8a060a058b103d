import Training

/// How much room the parts of a graph's picture take: every card has the same columns, so that shapes and counts of
/// neighbours can be compared.
struct GraphMetrics {
  static let rowHeight = 19.0
  static let textSize = 11.5
  static let titleSize = 12.0
  static let cardPadding = 6.0
  static let titleHeight = 21.0
  static let inputHeight = 30.0
  /// From a card's left edge to the names.
  static let nameLeft = 20.0
  static let columnGap = 14.0

  let nameWidth: Double
  let shapeWidth: Double
  let countWidth: Double

  init(_ scene: GraphScene) {
    func widest(_ texts: [String]) -> Double { texts.map { LetterWidth.of($0, size: Self.textSize) }.max() ?? 0 }
    nameWidth = min(230, widest(scene.layers.map(Self.rowText)))
    shapeWidth = widest(scene.layers.map(\.shape))
    countWidth = widest(scene.layers.map { Self.count($0.parameters) })
  }

  var cardWidth: Double {
    Self.nameLeft + nameWidth + Self.columnGap + shapeWidth + Self.columnGap + countWidth + 12
  }

  func cardHeight(rows: Int, hasTitle: Bool) -> Double {
    Double(rows) * Self.rowHeight + 2 * Self.cardPadding + (hasTitle ? Self.titleHeight : 0)
  }

  func inputWidth(_ input: GraphScene.Input) -> Double {
    LetterWidth.of(input.name, size: Self.titleSize, bold: true) + 8
      + LetterWidth.of(input.shape, size: Self.textSize) + 30
  }

  /// A frame's heading: its name and, to the right, its parameters.
  func titleWidth(_ title: String) -> Double {
    LetterWidth.of(title, size: Self.titleSize, bold: true) + 24 + countWidth + 24
  }

  /// The label within its group, and the kind where the label does not say it.
  static func rowText(_ node: GraphScene.Layer) -> String {
    let label = GraphOutline.label(node.name)
    let isNamedByKind = label == node.kind || label.hasPrefix(node.kind + "_")
    return isNamedByKind ? label : "\(label)  \(node.kind)"
  }

  /// `1,234`, or nothing for none.
  static func count(_ parameters: Int) -> String { parameters == 0 ? "" : grouped(parameters) }
}
