import Foundation
import Reporting
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct GraphFigureTests {
  @Test("no two boxes overlap, unless one lies within a group's", arguments: Scenes.all.map(\.name))
  func boxes(_ name: String) throws {
    let scene = try #require(Scenes.all.first { $0.name == name }).scene
    let boxes = GraphFigure.boxes(of: scene)
    #expect(boxes.filter { !$0.holdsBoxes }.count > 1)
    for (index, a) in boxes.enumerated() {
      for b in boxes[(index + 1)...] {
        let isApart =
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
        let isNested =
          a.holdsBoxes && a.x < b.x && a.y < b.y && b.x + b.width < a.x + a.width && b.y + b.height < a.y + a.height
        #expect(isApart || isNested, "\(a) and \(b)")
      }
    }
  }

  @Test("every layer is named, once", arguments: Scenes.all.map(\.name))
  func names(_ name: String) throws {
    let scene = try #require(Scenes.all.first { $0.name == name }).scene
    let svg = GraphFigure(title: name, subtitle: "", scene: scene).svg()
    let document = try Document(svg)
    for layer in scene.layers {
      #expect(document.titles.filter { $0.hasPrefix("\(layer.name): ") }.count == 1, "\(layer.name)")
    }
    #expect(
      document.titles.contains { $0.contains("36,864 parameters") } == scene.layers.contains { $0.role == .weights })
    for input in scene.inputs { #expect(document.texts.contains(input.name)) }
  }

  @Test("the same graph gives the same picture")
  func isDeterministic() {
    for _ in 0..<3 {
      let figures = (0..<2).map { _ in GraphFigure(title: "a", subtitle: "b", scene: Scenes.residual(blocks: 6)).svg() }
      #expect(figures[0] == figures[1])
    }
  }

  @Test("long graphs are broken into columns", arguments: ["chain of 200", "residual, long"])
  func columns(_ name: String) throws {
    let scene = try #require(Scenes.all.first { $0.name == name }).scene
    let document = try Document(GraphFigure(title: "long", subtitle: "", scene: scene).svg())
    #expect(document.size.height < 2 * document.size.width && document.size.width < 2 * document.size.height)
    let short = try Document(GraphFigure(title: "short", subtitle: "", scene: Scenes.residual(blocks: 1)).svg())
    #expect(short.size.width < short.size.height)
  }

  /// What a parser finds in a picture; a picture that is no XML throws.
  private final class Document: NSObject, XMLParserDelegate {
    var titles: [String] = []
    var texts: [String] = []
    var size = (width: 0.0, height: 0.0)
    private var current = ""

    init(_ svg: String) throws {
      super.init()
      let parser = XMLParser(data: Data(svg.utf8))
      parser.delegate = self
      if !parser.parse() { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      current = ""
      if name == "svg" { size = (Double(attributes["width"] ?? "") ?? 0, Double(attributes["height"] ?? "") ?? 0) }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { current += text }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      if name == "title" { titles.append(current) }
      if name == "text" { texts.append(current) }
    }
  }
}
