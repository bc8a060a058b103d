import Diagnostics
import Syntax

/// How many layers lists come to, counted without writing them out: blocks that double with every level are refused
/// before they fill the memory.
extension Expander {
  /// Whether `copies` of `items` may still be added; reports it once where they may not.
  func hasRoom(for items: [Node], copies: Int, at span: SourceSpan) -> Bool {
    let (total, overflow) = count(of: items).multipliedReportingOverflow(by: copies)
    let limit = usesRepeats ? Self.repeatedLayerLimit : Self.layerLimit
    if !overflow, total <= limit - min(layerCount, limit) { return true }
    stop(at: span, limit: limit)
    return false
  }

  /// Ends expansion; what has been expanded is given up.
  func stop(at span: SourceSpan, limit: Int) {
    guard !isPastLimit else { return }
    isPastLimit = true
    findings.add(
      Diagnostic(
        "limit.layers", "the spec expands to more than \(limit) layers",
        detail: "Blocks within blocks multiply. Use fewer copies.", at: span))
  }

  /// At least as many layers result. What only an expression can tell counts once.
  private func count(of items: [Node]) -> Int {
    items.reduce(0) { sum, item in
      let (total, overflow) = sum.addingReportingOverflow(count(of: item))
      return overflow ? .max : total
    }
  }

  private func count(of item: Node) -> Int {
    guard let (name, arguments) = item.stepParts else { return 1 }
    let rounds = copies(askedBy: arguments)
    let one: Int
    if name.value == repeatKind.name {
      usesRepeats = usesRepeats || rounds > 1
      one = count(of: arguments?.value(forKey: "layers")?.items ?? [])
    } else if blocks[name.value] != nil {
      one = count(ofBlock: name.value)
    } else {
      return 1
    }
    let (total, overflow) = one.multipliedReportingOverflow(by: rounds)
    return overflow ? .max : total
  }

  private func count(ofBlock name: String) -> Int {
    if let known = blockCounts[name] { return known }
    blockCounts[name] = 1  // A block within itself, which is refused elsewhere, ends here.
    let layers = (blocks[name] ?? nil).map { count(of: $0.layers.items ?? []) } ?? 1
    blockCounts[name] = layers
    return layers
  }

  /// How many copies the arguments of a use ask for.
  private func copies(askedBy arguments: Node?) -> Int {
    if let count = (arguments?.value(forKey: "repeat") ?? arguments?.value(forKey: "times"))?.asInteger {
      return max(0, count)
    }
    return arguments?.value(forKey: "for")?.entries?.first?.value.items?.count ?? 1
  }
}
