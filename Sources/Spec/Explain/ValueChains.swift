import Diagnostics
import Syntax

/// Follows a value from where it stands through the expressions and parameters that it came from.
///
/// A value knows its place and those that it replaced. For one that is nothing but `${name}`, expansion puts the place
/// of the name's value first (or, in a list, that of the expression) and the other behind it; what was said before the
/// name's value comes last.
struct ValueChains {
  typealias Link = Explanation.Link

  let provenance: Provenance

  /// All places that have to do with a value, newest first. Of a value with parts, that is only where its kind comes
  /// from, if an expression gives it.
  func links(of value: SpecValue) -> [Link] {
    guard let kind = value.kind, !value.isVariant else { return value.parts.isEmpty ? links(of: value.node) : [] }
    // `${conv}: {...}` has the name of the kind as its key.
    let key = value.node.entries?.first?.key.span
    let places = [value.node.span] + [key].compactMap { $0 }
    let name = places.compactMap { place in names(at: place).isEmpty ? nil : place }.last
    guard let name, soleName(at: name) != nil else { return value.parts.isEmpty ? links(of: value.node) : [] }
    return links([name], Node(string: kind, at: name), depth: 0)
  }

  /// The same for a value that is known by its node alone.
  func links(of value: Node) -> [Link] {
    links([value.span] + value.replaced, value, depth: 0)
  }

  /// - Parameter role: what the first place is to what is explained.
  private func links(_ places: [SourceSpan], _ value: Node, depth: Int, as role: Link.Role = .written) -> [Link] {
    guard let first = places.first, depth < 32 else { return [] }
    if first.file === standardSource {
      return [Link(role: .standard, text: emitFlow(value), value: value, span: nil, depth: depth)]
    }
    if let name = soleName(at: first) {
      return [link(role, first, value, depth)]
        + follow(name, Array(places.dropFirst()), value, from: first, depth: depth + 1)
    }
    if let (index, name) = expression(behind: places) {
      let rest = [first] + places[(index + 1)...]
      return [link(role, places[index], value, depth)]
        + follow(name, rest, value, from: places[index], depth: depth + 1)
    }
    var result = [link(role, first, value, depth)]
    var seen: Set<String> = []
    for name in names(at: first) where seen.insert(name).inserted {
      result += follow(name, [], nil, from: first, depth: depth + 1)
    }
    return result
      + places.dropFirst().map { link(.overridden, $0, nil, depth) }
  }

  /// The first place behind that of a value whose expression is one name that gives this value.
  private func expression(behind places: [SourceSpan]) -> (index: Int, name: String)? {
    for index in places.indices.dropFirst() {
      guard let name = soleName(at: places[index]) else { continue }
      let given = provenance.parameter(name)?.value.span ?? (name == "classes" ? provenance.classes?.span : nil)
      // A value that was written over an expression has nothing to do with its name.
      let isIts = given.map { $0 == places[0] } ?? !places[0].file.name.hasPrefix("--set blocks")
      return isIts ? (index, name) : nil
    }
    return nil
  }

  /// The links of a name in an expression at `place`.
  ///
  /// - Parameter places: those of the name's value, newest first; empty where only the name is known.
  private func follow(
    _ name: String, _ places: [SourceSpan], _ value: Node?, from place: SourceSpan, depth: Int
  ) -> [Link] {
    if let parameter = provenance.parameter(name), provenance.block(around: place, with: name) == nil {
      return links(
        [parameter.value.span] + parameter.value.replaced, parameter.value, depth: depth,
        as: .name(name, of: .parameter))
    }
    if name == "classes", let classes = provenance.classes {
      return [link(.name(name, of: .classes), classes.span, classes, depth)]
    }
    let role = Link.Role.name(name, of: .block(provenance.block(around: place, with: name)))
    guard !places.isEmpty, let value else {
      return [Link(role: role, text: "", value: nil, span: nil, depth: depth)]
    }
    return links(places, value, depth: depth, as: role)
  }

  private func link(_ role: Link.Role, _ span: SourceSpan, _ value: Node?, _ depth: Int) -> Link {
    Link(role: role, text: text(at: span), value: value, span: span, depth: depth)
  }

  // MARK: reading the source

  /// The text of a place on one line.
  private func text(at span: SourceSpan) -> String {
    var result = String.UnicodeScalarView()
    for (scalar, place) in span.file.scalars(in: span).map({ ($0.value, $0.span.start.line) }) {
      if place > span.start.line { break }
      result.append(scalar)
    }
    let line = String(result)
    return span.end.line > span.start.line && span.end.column > 1 ? line + " …" : line
  }

  private func names(at span: SourceSpan) -> [String] {
    let template = try? Template.parse(Node(string: text(at: span), at: span))
    return (template ?? nil)?.names.map(\.value) ?? []
  }

  /// The name where a place holds one `${name}` and nothing else but quotes.
  private func soleName(at span: SourceSpan) -> String? {
    var text = text(at: span)[...]
    for quote in ["\"", "'"] where text.count > 1 && text.hasPrefix(quote) && text.hasSuffix(quote) {
      text = text.dropFirst().dropLast()
    }
    guard text.hasPrefix("${"), text.hasSuffix("}") else { return nil }
    let inner = String(text.dropFirst(2).dropLast()).filter { $0 != " " }
    return isIdentifier(inner) ? inner : nil
  }
}
