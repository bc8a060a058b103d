/// The first line of a span as a terminal shows it, and the columns that the span takes up there.
///
/// Tabs become four spaces, wide characters count two columns, invisible ones are made visible. A line that is too long
/// is cut so that the marked part stays in view.
package struct MarkedLine {
  /// The line as it is to be printed, without trailing blanks.
  package let text: String
  /// Columns before the marks.
  package let offset: Int
  /// How many columns are marked; at least one.
  package let length: Int

  /// `width` is the number of columns that there is room for.
  package init(_ span: SourceSpan, width: Int) {
    var cells = Array(span.file.line(span.start.line).unicodeScalars).map(Cell.init)
    let lastInk = cells.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? 0
    let first = max(span.start.column - 1, 0)
    // A span that goes on in later lines is marked to the end of this one.
    let last = span.end.line > span.start.line ? max(lastInk, first) : max(span.end.column - 1, first)
    cells.removeLast(cells.count - min(cells.count, max(lastInk, 0)))

    // Marks may stand behind the last character, where something is missing.
    func column(_ index: Int) -> Int {
      cells.prefix(index).reduce(0) { $0 + $1.width } + max(0, index - cells.count)
    }
    let start = column(first)
    let end = max(column(last), start + 1)

    if column(cells.count) <= width && end <= width {
      text = cells.map(\.text).joined()
      offset = start
      length = end - start
      return
    }
    // Cut: a third of the room for what stands before the marks, an ellipsis for what is left out at either side.
    let room = max(width - 2, 8)
    let from = max(0, min(start - room / 3, column(cells.count) - room))
    var shown = ""
    var position = 0
    var shownFrom: Int?
    var shownTo = from
    for cell in cells {
      defer { position += cell.width }
      guard position >= from, position + cell.width <= from + room else { continue }
      if shownFrom == nil { shownFrom = position }
      shown += cell.text
      shownTo = position + cell.width
    }
    let lead = from > 0 ? "…" : ""
    text = lead + shown + (shownTo < column(cells.count) ? "…" : "")
    offset = max(start - (shownFrom ?? from), 0) + lead.unicodeScalars.count
    length = max(1, min(end, from + room) - start)
  }
}

/// What one Unicode scalar looks like in a terminal.
private struct Cell {
  let text: String
  let width: Int
  let isBlank: Bool

  init(_ scalar: Unicode.Scalar) {
    isBlank = scalar == " " || scalar == "\t"
    if scalar == "\t" {
      (text, width) = ("    ", 4)
    } else {
      let shown = printable(scalar)
      (text, width) = (String(Character(shown)), columns(of: shown))
    }
  }
}
