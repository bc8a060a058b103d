import Planning
import Spec
import Syntax
import Training

extension ExperimentComparison {
  /// What `diff` prints: a line a change, what follows from them, and the totals. Without a line break at the end.
  public func text(color: Bool) -> String {
    let colour = TextColour(isOn: color)
    var lines = heading(colour)
    if isSame {
      lines += ["", "No differences: both say the same experiment."]
      return (lines + ["", consequence(checkpointText, colour, "checkpoint")]).joined(separator: "\n")
    }
    let rows = ComparisonRow.rows(of: self)
    let width = min(rows.map { DisplayWidth.of($0.name) }.max() ?? 0, 48)
    for area in SpecArea.allCases {
      let own = rows.filter { $0.area == area }
      if own.isEmpty && (area != .model || model.affected.isEmpty) { continue }
      lines += ["", colour.paint(area.rawValue, .title)]
      lines += own.map { line($0, width, colour) }
      if area == .model { lines += affectedLines(colour) }
    }
    lines += ["", colour.paint("totals", .title)]
    lines += totals.map { row in
      "  \(padded(row.name, 15))\(row.before)"
        + (row.change.isEmpty ? " (the same)" : " → \(row.after)   \(row.change)")
    }
    lines += ["", colour.paint("what follows", .title)]
    lines.append(consequence(featureText, colour, "features"))
    lines.append(consequence(splitText, colour, "splits"))
    lines.append(consequence(checkpointText, colour, "checkpoint"))
    lines.append(consequence("differ", colour, "results"))
    return lines.joined(separator: "\n")
  }

  /// What `diff --values` prints: a line a value, with where it comes from.
  public func valuesText(color: Bool) -> String {
    let colour = TextColour(isOn: color)
    let changes = flatValues
    return changes.map { change in
      let before = change.before.map { ComparisonRow.text($0.node) }
      let after = change.after.map { ComparisonRow.text($0.node) }
      let mark = colour.paint(change.kind.mark, change.kind.role)
      let places = [change.before, change.after].compactMap { $0 }.map { originText($0.node.span) }
      let origin = places.count == 2 && places[0] == places[1] ? places[0] : places.joined(separator: " → ")
      let values: String
      switch change.kind {
      case .added: values = after ?? ""
      case .removed: values = before ?? ""
      case .changed: values = "\(before ?? "") → \(after ?? "")"
      case .moved, .renamed: values = ComparisonRow(change).what
      }
      return "\(mark) \(change.path): \(values)  \(colour.paint("# \(origin)", .dim))"
    }.joined(separator: "\n")
  }

  // MARK: lines

  private func heading(_ colour: TextColour) -> [String] {
    let width = max(DisplayWidth.of(before.title), DisplayWidth.of(after.title))
    return [(before, "---", TextColour.Role.removed), (after, "+++", .added)].map { side, mark, role in
      colour.paint("\(mark) \(padded(side.title, width))", role)
        + colour.paint("  \(side.spec.name)-\(side.spec.hash.prefix(12))", .dim)
    }
  }

  private func line(_ row: ComparisonRow, _ width: Int, _ colour: TextColour) -> String {
    let count = row.count > 1 ? " (\(row.count) times)" : ""
    // A run's layers have figures of their own each.
    let figures =
      row.count > 1
      ? ""
      : [row.shape, row.parameters.isEmpty || row.parameters == "0" ? "" : "\(row.parameters) parameters"]
        .filter { !$0.isEmpty }.joined(separator: ", ")
    return "  \(colour.paint(row.kind.mark, row.kind.role)) \(padded(row.name, width))  \(row.what)\(count)"
      + (figures.isEmpty ? "" : "   " + colour.paint(figures, .dim))
  }

  /// Layers that say the same but come to something else: those with other parameters one by one.
  private func affectedLines(_ colour: TextColour) -> [String] {
    let resized = model.affected.filter { $0.before.parameters != $0.after.parameters }
    let others = model.affected.count - resized.count
    var lines = resized.prefix(8).map { layer in
      let name = String(layer.path.dropFirst("model.".count))
      return "    \(name): \(grouped(layer.before.parameters)) → \(grouped(layer.after.parameters)) parameters"
    }
    if resized.count > 8 { lines.append("    and \(resized.count - 8) more with other parameters") }
    if others > 0 {
      lines.append("    \(others) unchanged \(others == 1 ? "layer has" : "layers have") another output shape or cost")
    }
    return lines.map { colour.paint($0, .dim) }
  }

  private func consequence(_ text: String, _ colour: TextColour, _ name: String) -> String {
    "  \(padded(name, 12))\(text)"
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
  }
}

extension ChangeKind {
  /// The sign in front of a change.
  var mark: String {
    switch self {
    case .added: "+"
    case .removed: "-"
    case .changed: "~"
    case .moved: ">"
    case .renamed: "="
    }
  }

  var role: TextColour.Role {
    switch self {
    case .added: .added
    case .removed: .removed
    case .changed: .changed
    case .moved, .renamed: .moved
    }
  }
}
