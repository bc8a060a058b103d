import Training

/// The confusion matrix of a test set in pixels, for trackers, which show no SVG: true classes from above, predicted ones from the left, each
/// cell with its count, coloured by its share of the row.
public enum ConfusionPicture {
  /// The picture of a finished run; nil where there are so many classes that nobody could see anything.
  @Sendable public static func draw(_ results: RunResults) -> TrackedImage? {
    guard results.classNames.count <= 200 else { return nil }
    return draw(results.test.metrics.confusion, classNames: results.classNames)
  }

  /// - Parameter classNames: in index order, as many as the matrix has classes.
  package static func draw(_ matrix: ConfusionMatrix, classNames: [String]) -> TrackedImage {
    var canvas = Canvas(matrix, classNames)
    canvas.drawCells()
    canvas.drawLabels()
    let image = PNGImage(width: canvas.width, height: canvas.height, palette: palette, pixels: canvas.pixels)
    return TrackedImage(width: canvas.width, height: canvas.height, png: image.bytes)
  }

  private static let shades = 200
  private static let paper: UInt8 = 0
  private static let ink: UInt8 = 1
  private static let palette =
    [FigureStyle.background, FigureStyle.ink].map(PNGImage.colour)
    + (0...shades).map { PNGImage.colour(ColourScale.colour(Double($0) / Double(shades))) }

  private struct Canvas {
    let matrix: ConfusionMatrix
    let classNames: [String]
    let cell: Int
    let labelScale: Int
    let left: Int
    let top = 28
    let width: Int
    let height: Int
    var pixels: [UInt8]

    private static let margin = 12
    private static let longestLabel = 14

    init(_ matrix: ConfusionMatrix, _ classNames: [String]) {
      self.matrix = matrix
      self.classNames = classNames.map { String($0.prefix(Self.longestLabel)) }
      labelScale = matrix.classes <= 12 ? 2 : 1
      let scale = labelScale
      let longest = self.classNames.map { PixelFont.width(of: $0) * scale }.max() ?? 0
      // The names of a few classes fit below their columns.
      cell = matrix.classes <= 12 ? min(112, max(64, longest + 10)) : matrix.classes <= 24 ? 40 : 16
      left = 2 * Self.margin + longest
      width = left + cell * matrix.classes + Self.margin
      height = top + cell * matrix.classes + 52
      pixels = [UInt8](repeating: ConfusionPicture.paper, count: width * height)
    }

    mutating func drawCells() {
      let shares = matrix.rowShares
      for truth in 0..<matrix.classes {
        for prediction in 0..<matrix.classes {
          let share = shares[truth][prediction]
          let (x, y) = (left + prediction * cell, top + truth * cell)
          fill(x, y, cell - 1, cell - 1, 2 + UInt8((share * Double(ConfusionPicture.shades)).rounded()))
          let text = String(matrix[truth: truth, prediction: prediction])
          let scale = [2, 1].first { PixelFont.width(of: text) * $0 <= cell - 6 }
          guard cell >= 40, let scale else { continue }
          let colour = ColourScale.isDark(share) ? ConfusionPicture.paper : ConfusionPicture.ink
          write(text, middle: x + cell / 2, y + (cell - PixelFont.height * scale) / 2, scale: scale, colour)
        }
      }
    }

    mutating func drawLabels() {
      let bottom = top + cell * matrix.classes
      for (index, name) in classNames.enumerated() {
        let middle = index * cell + cell / 2
        write(
          name, x: left - Self.margin - PixelFont.width(of: name) * labelScale,
          top + middle - PixelFont.height * labelScale / 2, scale: labelScale, ConfusionPicture.ink)
        // What does not fit below a cell is cut: rows and columns have the same order.
        let short = String(name.prefix(max(1, (cell - 4) / (PixelFont.advance * labelScale))))
        write(short, middle: left + middle, bottom + 8, scale: labelScale, ConfusionPicture.ink)
      }
      let middle = left + cell * matrix.classes / 2
      write("predicted class", middle: middle, bottom + 32, scale: 2, ConfusionPicture.ink)
      write("true class", x: Self.margin, 8, scale: 2, ConfusionPicture.ink)
    }

    private mutating func write(_ text: String, middle: Int, _ y: Int, scale: Int, _ colour: UInt8) {
      write(text, x: middle - PixelFont.width(of: text) * scale / 2, y, scale: scale, colour)
    }

    private mutating func write(_ text: String, x: Int, _ y: Int, scale: Int, _ colour: UInt8) {
      PixelFont.draw(text) { column, row in
        fill(x + column * scale, y + row * scale, scale, scale, colour)
      }
    }

    /// What lies outside is not drawn.
    private mutating func fill(_ x: Int, _ y: Int, _ columns: Int, _ rows: Int, _ colour: UInt8) {
      for row in y..<y + rows where (0..<height).contains(row) {
        for column in x..<x + columns where (0..<width).contains(column) { pixels[row * width + column] = colour }
      }
    }
  }
}
