/// `curves.svg`: how a training went, in three panels over epochs: losses, validation figures, learning rate.
public struct CurvesFigure: Sendable {
  /// A validation figure with one value an epoch, a share between 0 and 1.
  public struct Figure: Sendable {
    /// As people read it: `accuracy`, `UAR`.
    public let name: String
    public let values: [Double]

    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// The heading.
  public var title: String
  /// Mean losses, one an epoch; NaN where there is none.
  public var trainLoss: [Double]
  public var validationLoss: [Double]
  public var validation: [Figure]
  /// At the end of each epoch.
  public var learningRate: [Double]
  /// The epoch whose weights are kept, counted from 1.
  public var bestEpoch: Int?
  /// The name of the figure in `validation` that decided which epoch is best; nil where the validation loss did.
  public var decidingFigure: String?

  public init(
    title: String, trainLoss: [Double], validationLoss: [Double], validation: [Figure], learningRate: [Double],
    bestEpoch: Int?, decidingFigure: String? = nil
  ) {
    self.title = title
    self.trainLoss = trainLoss
    self.validationLoss = validationLoss
    self.validation = validation
    self.learningRate = learningRate
    self.bestEpoch = bestEpoch
    self.decidingFigure = decidingFigure
  }

  /// The figure as an SVG document. Any numbers will do: there is something to see from the first epoch on.
  public func svg() -> String {
    let panelWidth = 316.0
    let panelHeight = 268.0
    let margin = 14.0
    let heading = 40.0
    let panels = self.panels
    var canvas = SVGCanvas(
      width: margin * 2 + panelWidth * Double(panels.count), height: heading + panelHeight + margin,
      title: "Training curves of \(title)")
    let room = panelWidth * Double(panels.count) - LinePanel.leftWidth
    canvas.text(
      LetterWidth.fitted(title, size: 16, bold: true, into: room), margin + LinePanel.leftWidth, 26, size: 16,
      bold: true)
    for (index, panel) in panels.enumerated() {
      panel.draw(
        on: &canvas, x: margin + panelWidth * Double(index), y: heading, width: panelWidth, height: panelHeight)
    }
    return canvas.document
  }

  private var panels: [LinePanel] {
    let colours = FigureStyle.lines
    let label = bestEpoch.map { "best: epoch \($0)" } ?? ""
    return [
      LinePanel(
        title: "Loss",
        series: [
          .init(name: "train", values: trainLoss, colour: colours[0]),
          .init(name: "validation", values: validationLoss, colour: colours[1]),
        ], hasLegend: true, isShare: false, markedEpoch: bestEpoch, markLabel: label,
        markedSeries: decidingFigure == nil ? "validation" : nil),
      LinePanel(
        title: "Validation",
        series: validation.enumerated().map { index, figure in
          .init(name: figure.name, values: figure.values, colour: colours[(index + 1) % colours.count])
        }, hasLegend: true, isShare: true, markedEpoch: bestEpoch, markLabel: "", markedSeries: decidingFigure),
      LinePanel(
        title: "Learning rate", series: [.init(name: "learning rate", values: learningRate, colour: colours[0])],
        hasLegend: false, isShare: false, markedEpoch: bestEpoch, markLabel: "", markedSeries: nil),
    ]
  }
}
