/// Pieces of an HTML page, as text that is escaped where it is not markup.
enum HTML {
  /// - Parameter keepsLines: line breaks stay, for preformatted text.
  static func escaped(_ text: String, keepsLines: Bool = false) -> String {
    if !keepsLines { return SVGCanvas.escaped(text) }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { SVGCanvas.escaped(String($0)) }
      .joined(separator: "\n")
  }

  static func paragraph(_ text: String, kind: String? = nil) -> String {
    "<p\(kind.map { " class=\"\($0)\"" } ?? "")>\(escaped(text))</p>\n"
  }

  /// A section with its heading; nothing where there is no content.
  static func section(_ id: String, _ title: String, _ content: String) -> String {
    content.isEmpty ? "" : "<section id=\"\(id)\">\n<h2>\(escaped(title))</h2>\n\(content)</section>\n"
  }

  /// A figure with an SVG document in it and a caption.
  ///
  /// - Parameter keepsColours: on dark pages the figure keeps its light ground, as shades of cells need.
  static func figure(_ svg: String, caption: String, keepsColours: Bool = false) -> String {
    var drawing = svg
    if let start = drawing.range(of: "<svg") { drawing.removeSubrange(drawing.startIndex..<start.lowerBound) }
    return
      "<figure\(keepsColours ? " class=\"light\"" : "")>\n\(drawing)<figcaption>\(escaped(caption))</figcaption>\n</figure>\n"
  }

  static func list(_ items: [String]) -> String {
    items.isEmpty ? "" : "<ul>\n" + items.map { "<li>\(escaped($0))</li>\n" }.joined() + "</ul>\n"
  }

  /// A table that scrolls by itself where the page is narrow.
  static func table(_ table: ResultTable, caption: Bool = true) -> String {
    var text = "<div class=\"scroll\">\n<table>\n"
    if caption { text += "<caption>\(escaped(table.title))</caption>\n" }
    func kind(_ column: Int) -> String { table.columns[column].alignment == .right ? " class=\"number\"" : "" }
    let titles = table.columns.enumerated().map { "<th scope=\"col\"\(kind($0))>\(escaped($1.title))</th>" }
    text += "<thead>\n<tr>\(titles.joined())</tr>\n</thead>\n<tbody>\n"
    for row in table.rows {
      let cells = row.enumerated().map { index, cell in
        let content = cell.isBest ? "<strong>\(escaped(cell.text))</strong>" : escaped(cell.text)
        return "<td\(kind(index))>\(content)</td>"
      }
      text += "<tr>\(cells.joined())</tr>\n"
    }
    return text + "</tbody>\n</table>\n</div>\n"
  }

  /// A whole page in English.
  static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>\(escaped(title))</title>
    <style>
    \(PageStyle.sheet)
    </style>
    </head>
    <body>
    <main>
    \(body)</main>
    </body>
    </html>

    """
  }
}
